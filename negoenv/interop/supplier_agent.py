"""The supplier as an agent: what one that is played may do, and what it sees.

It sees what a supplier knows: its own traits, prices and strain, what it believes of the buyer, and the buyer's last
move; never the buyer's limit, budget, benchmark, quote or what the buyer has found out.
"""

from dataclasses import dataclass

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.engine.two_sided import TwoSidedBatch, blank_answers
from negoenv.engine.two_sided_kernels import ACCEPT_COLUMN, AGREE_COLUMN, COUNTER_COLUMN, FIRST_TACTIC
from negoenv.game.chosen_answer import ACCEPTS, AGREES, COUNTERS, LEAVES
from negoenv.game.effects import PRESSING, Family
from negoenv.game.observation import ROUND_SCALE
from negoenv.game.state import STATE
from negoenv.game.supplier import SUPPLIER
from negoenv.game.supplier_tactics import TACTICS, SupplierTactic
from negoenv.game.tactics import Move, families_of
from negoenv.numerics.layout import Records

_PARTS = (0.05, 0.1, 0.2, 0.35, 0.5)  # of the gap, by which a counter-offer comes down; an assumption
_ALWAYS = -1  # of no column of what is possible


@dataclass(frozen=True)
class SupplierMove:
    """One thing that a supplier may do.

    Attributes:
        name: its name.
        kind: what sort of answer it is, see `negoenv.game.chosen_answer.COUNTERS`.
        column: of what is possible, see `negoenv.engine.two_sided_kernels.COUNTER_COLUMN`; below 0 where it always is.
        part: by which fraction of the gap its ask comes down.
        tactic: what it says.
        meant: whether that is true.
    """

    name: str
    kind: int
    column: int
    part: float = 0.0
    tactic: SupplierTactic = SupplierTactic.NONE
    meant: bool = False


def _sayings(tactic: SupplierTactic) -> tuple[SupplierMove, ...]:
    """Return a tactic as moves: meant and as a bluff, where it makes a difference."""
    column = FIRST_TACTIC + TACTICS.index(tactic)
    if tactic.effects.rounds == 0.0:
        return (SupplierMove(tactic.name, COUNTERS, column, tactic=tactic),)
    return tuple(
        SupplierMove(f"{tactic.name}_{how}", COUNTERS, column, tactic=tactic, meant=how == "MEANT")
        for how in ("MEANT", "BLUFF")
    )


SUPPLIER_MOVES: tuple[SupplierMove, ...] = (
    SupplierMove("HOLD", COUNTERS, _ALWAYS),
    SupplierMove("ACCEPT", ACCEPTS, ACCEPT_COLUMN),
    SupplierMove("LEAVE", LEAVES, _ALWAYS),
    SupplierMove("AGREE", AGREES, AGREE_COLUMN),
    *(SupplierMove(f"COUNTER_{part * 100:02.0f}", COUNTERS, COUNTER_COLUMN, part) for part in _PARTS),
    *(saying for tactic in TACTICS for saying in _sayings(tactic)),
)
"""What a supplier may do, by number: keep its ask, take the offer, leave, agree to an exchange that is proposed, come
down by 5 to 50% of the gap (of what is above its reservation price while no offer stands), or use a tactic of its own,
meant or as a bluff."""

SUPPLIER_MOVE_NAMES = tuple(move.name for move in SUPPLIER_MOVES)
HOLD_FIRM, TAKE_OFFER, LEAVE_TALKS, AGREE_TO_EXCHANGE = range(4)

_COLUMNS = np.array([max(move.column, 0) for move in SUPPLIER_MOVES])
_FREE = np.array([move.column == _ALWAYS for move in SUPPLIER_MOVES])
_TABLE = blank_answers(len(SUPPLIER_MOVES))
for _number, _move in enumerate(SUPPLIER_MOVES):
    _TABLE[_number] = (_move.kind, _move.part, 0.0, int(_move.tactic), _move.meant)

_OF_STATE = {
    "offer": 1.0, "ask": 1.0, "counter": 1.0, "concession": 1.0, "concession_step": 10.0, "named_price": 1.0,
    "wear_strong": 1.0, "wear_third_party": 1.0, "wear_ultimatum": 1.0, "wear_emotion": 1.0, "stalemate": 0.2,
    "goodwill": 1.0, "called": 1.0, "leader_used": 1.0, "probes": 0.2, "rivals": 0.2, "bluffs": 0.2,
    "deals_left": 0.2, "under_delivered": 1.0, "tactic_due": 1.0, "tactic_result": 1.0, "pending_meant": 1.0,
    "pending_given": 1.0, "ask_before": 1.0, "expected_limit": 1.0, "fallback": 1.0, "unanswered": 0.2,
    "refused": 0.2, "waited": 0.2, "demonstrated": 1.0, "goals": 1.0, "time": 1.0, "information": 1.0,
    "physical": 1.0, "tension": 1.0, "credibility": 1.0, "belief": 1.0, "resentment": 1.0,
}  # fmt: skip
_OF_SUPPLIER = (
    "reservation_price", "patience", "tolerance", "power", "pride", "feel_goals", "feel_time", "feel_information",
    "feel_physical", "informedness", "weakness",
)  # fmt: skip
_FAMILIES = (Family.OPENING, *PRESSING, Family.CONCESSION, Family.HOLD, Family.PROBE)

SUPPLIER_COLUMNS: tuple[str, ...] = (
    "progress", "rounds_left", "gap", *_OF_STATE, *_OF_SUPPLIER,
    *(f"last_{family.name.lower()}" for family in _FAMILIES), "last_walk_out", "last_asked",
    *(f"pending_{tactic.name.lower()}" for tactic in TACTICS),
)  # fmt: skip
"""Names of what a supplier sees. Of the state and of its traits they are those of `negoenv.game.state.STATE` and
`negoenv.game.supplier.SUPPLIER`, counts times 0.2, ``concession_step`` times 10; ``rounds_left`` is times 0.05, ``gap``
is what lies between the ask and the offer. ``last_...`` says of which families the buyer's last move is, and what it
asks for in an exchange as a fraction of the gap; ``pending_...`` what the supplier said that is still open."""

_LAST = np.array(
    [[0.0] * (len(_FAMILIES) + 2)]
    + [
        [float(family in families_of(move)) for family in _FAMILIES]
        + [float(move == Move.WALK_OUT), move.tactic.effects.asked]
        for move in Move
    ],
    np.float32,
)
_STATE_INDEX = np.array([STATE.names.index(name) for name in _OF_STATE])
_STATE_SCALE = np.array(list(_OF_STATE.values()))
_SUPPLIER_INDEX = np.array([SUPPLIER.names.index(name) for name in _OF_SUPPLIER])
_SAID = np.eye(len(SupplierTactic), dtype=np.float32)[:, 1:]


def supplier_space() -> spaces.Box:
    """Return the space of what a supplier sees, float32 of shape ``(columns,)``."""
    fields = [(STATE.by_name[name], scale) for name, scale in _OF_STATE.items()]
    fields += [(SUPPLIER.by_name[name], 1.0) for name in _OF_SUPPLIER]
    shares = len(SUPPLIER_COLUMNS) - 3 - len(fields)
    lows = [0.0, 0.0, -2.0, *(field.low * scale for field, scale in fields), *[0.0] * shares]
    highs = [1.0, 200 * ROUND_SCALE, 2.0, *(field.high * scale for field, scale in fields), *[1.0] * shares]
    return spaces.Box(np.array(lows, np.float32), np.array(highs, np.float32), dtype=np.float32)


def seen_by_suppliers(batch: TwoSidedBatch) -> NDArray[np.float32]:
    """Return what the supplier of each row sees, float32 of shape ``(rows, columns)``, see `SUPPLIER_COLUMNS`."""
    s = batch.state
    left = np.maximum(0.0, s["deadline"] - s["round"])
    parts = (
        np.minimum(1.0, s["round"] / s["deadline"])[:, None],
        ROUND_SCALE * left[:, None],
        (s["ask"] - s["offer"])[:, None],
        batch.state_matrix[:, _STATE_INDEX] * _STATE_SCALE,
        batch.supplier_matrix[:, _SUPPLIER_INDEX],
        _LAST[s["last_move"].astype(np.int64) + 1],
        _SAID[s["pending"].astype(np.int64)],
    )
    return np.concatenate(parts, axis=1).astype(np.float32)


def supplier_masks(batch: TwoSidedBatch) -> NDArray[np.int8]:
    """Return 1 for each move of `SUPPLIER_MOVES` that is possible, else 0, int8 of shape ``(rows, moves)``.

    Where no move of the buyer waits for an answer, that is HOLD alone.
    """
    possible = np.where(_FREE, np.int8(1), batch.possible[:, _COLUMNS])
    possible[~batch.waits, HOLD_FIRM + 1 :] = 0
    return possible


def answers_of(moves: NDArray[np.int64], asks: NDArray[np.float64] | None = None) -> Records:
    """Return moves of the supplier as answers, records of shape ``(rows,)``.

    Args:
        moves: numbers of `SUPPLIER_MOVES`, shape ``(rows,)``.
        asks: asks that are named, fractions of the first ask, instead of those that the moves lead to; 0 for none.
    """
    answers = _TABLE[moves]
    if asks is not None:
        answers["ask"] = asks
    return answers
