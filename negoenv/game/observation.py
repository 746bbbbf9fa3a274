"""What the buyer sees: public history and noisy cues, never the hidden type."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.game.effects import PRESSING, TOPICS, Family
from negoenv.game.persuasion import Record
from negoenv.game.state import STATE
from negoenv.game.supplier_tactics import TACTICS
from negoenv.game.tactics import families_of
from negoenv.game.term_moves import ALL_MOVES
from negoenv.numerics.compiled import compiled

Array = NDArray[Any]


@dataclass(frozen=True)
class Column:
    """One column of the observation.

    Attributes:
        name: its name.
        unit: its unit.
        low: smallest value.
        high: largest value.
        meaning: one sentence.
        scale: what the state field of the same name is multiplied by.
    """

    name: str
    unit: str
    low: float
    high: float
    meaning: str
    scale: float = 1.0


def _state_column(name: str, scale: float = 1.0) -> Column:
    """Return the column that shows the state field ``name``, scaled."""
    field = STATE.by_name[name]
    unit = field.unit if scale == 1.0 else f"{field.unit} x {scale:g}"
    return Column(name, unit, field.low * scale, field.high * scale, field.meaning, scale)


ROUND_SCALE = 0.05
"""What rounds that are left are multiplied by."""

_TIME = (
    Column("progress", "fraction of the deadline", 0, 1, "How much of the time is gone."),
    Column("rounds_left", "rounds x 0.05", 0, 10, "Rounds left."),
    Column("need_left", "rounds x 0.05", -10, 10, "Rounds left until the buyer needs the goods; below 0 after that."),
)
_SEEN = (
    *map(_state_column, ("offer", "ask", "limit", "budget", "benchmark", "counter", "concession")),
    *map(_state_column, ("reaction", "strain", *STATE.arrays["wear"])),
    _state_column("stalemate", 0.2),
    *map(_state_column, ("goodwill", "weakness_known", "cost_estimate", "quote", "called", "leader_used")),
    *(_state_column(name, 0.2) for name in ("probes", "rivals", "bluffs", "deals_left")),
    *map(_state_column, ("under_delivered", "tactic_due", "tactic_result")),
    _state_column("delay_cost", 20.0),
)
_FAMILIES = (*PRESSING, Family.CONCESSION, Family.HOLD, Family.PROBE)
_LAST = tuple(
    Column(f"last_{family.name.lower()}", "0 or 1", 0, 1, f"The last move was of the family {family.name}.")
    for family in _FAMILIES
)

_SPOKEN_OF: Mapping[Family, str] = {
    Family.STRONG: "orders and stock",
    Family.THIRD_PARTY: "other suppliers",
    Family.ULTIMATUM: "whether the buyer has decided",
    Family.EMOTION: "how they treat each other",
    Family.CONCESSION: "what it would get in return",
}

_SAID = tuple(
    Column(f"said_{tactic.name.lower()}", "0 or 1", 0, 1, f"In its last answer: {tactic.effects.meaning}")
    for tactic in TACTICS
)

_SPOKEN = tuple(
    Column(f"topic_{family.name.lower()}", "0 or 1", 0, 1, f"In its last answer it spoke of {_SPOKEN_OF[family]}.")
    for family in TOPICS
)

COLUMNS: tuple[Column, ...] = (*_TIME, *_SEEN, *_LAST, *_SAID, *_SPOKEN)
NAMES = tuple(column.name for column in COLUMNS)
INDEX = {name: index for index, name in enumerate(NAMES)}
LOWS = np.array([column.low for column in COLUMNS], np.float32)
HIGHS = np.array([column.high for column in COLUMNS], np.float32)

_FIRST_SEEN = len(_TIME)
_FIRST_LAST = _FIRST_SEEN + len(_SEEN)
_FIRST_SAID = _FIRST_LAST + len(_LAST)
_NUM_SAID = len(_SAID)
_FIRST_SPOKEN = _FIRST_SAID + _NUM_SAID
_SEEN_IN_STATE = STATE.names.index(_SEEN[0].name)
# By last move, from -1 (none yet): the columns that tell its families.
_LAST_OF_MOVE = np.array(
    [[False] * len(_FAMILIES), *([shown in families_of(move) for shown in _FAMILIES] for move in ALL_MOVES)],
    np.float32,
)

SIGHT = np.dtype(
    [
        ("visible", np.float32, (len(COLUMNS),)),  # 1 for each column that is shown, else 0
        ("scales", np.float64, (len(_SEEN),)),  # of what is seen of the state, 0 where it is hidden
        ("last", np.float32, _LAST_OF_MOVE.shape),  # the last ones by move, 0 where one is hidden
    ],
    align=True,
)
"""How a scenario lets its buyer see, with what hides a column multiplied in beforehand."""

if STATE.names[_SEEN_IN_STATE:][: len(_SEEN)] != NAMES[_FIRST_SEEN:_FIRST_LAST]:
    raise ImportError("What is seen of the state must stand in it side by side and in the order of the columns.")


def sight(visible: NDArray[np.float32]) -> NDArray[np.void]:
    """Return the `SIGHT` in which these columns are ``visible``, 1 or 0 of shape ``(columns,)``; one record."""
    seen: NDArray[np.void] = np.zeros(1, SIGHT)
    seen["visible"] = visible
    seen["scales"] = np.array([column.scale for column in _SEEN]) * visible[_FIRST_SEEN:_FIRST_LAST]
    seen["last"] = _LAST_OF_MOVE * visible[_FIRST_LAST:_FIRST_SAID]
    return seen


def named(observation: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """Return views of the columns by name, for one observation or a batch (the last axis holds the columns)."""
    return {name: observation[..., index] for index, name in enumerate(NAMES)}


@compiled
def observe(s: Record, numbers: Array, sight: Record, out: Array, i: int) -> None:
    """Write one observation.

    What is seen of the state lies side by side in it, so that one loop copies it.

    Args:
        s: the state, by name.
        numbers: the same state, by index.
        sight: how the buyer sees, a record of `SIGHT`.
        out: where it is written; float32 of shape ``(rows, columns)``.
        i: into which row.
    """
    out[i, 0] = min(1.0, s.round / s.deadline) * sight.visible[0]
    out[i, 1] = ROUND_SCALE * max(0.0, s.deadline - s.round) * sight.visible[1]
    out[i, 2] = ROUND_SCALE * (s.need_date - s.round) * sight.visible[2]
    for k in range(len(sight.scales)):
        out[i, _FIRST_SEEN + k] = numbers[_SEEN_IN_STATE + k] * sight.scales[k]
    last = sight.last[int(s.last_move) + 1]
    for k in range(len(last)):
        out[i, _FIRST_LAST + k] = last[k]
    for k in range(_FIRST_SAID, out.shape[1]):
        out[i, k] = 0.0
    said = int(s.supplier_tactic)
    if said > 0:
        out[i, _FIRST_SAID + said - 1] = sight.visible[_FIRST_SAID + said - 1]
    topic = int(s.topic)
    if topic > 0:
        out[i, _FIRST_SPOKEN + topic - 1] = sight.visible[_FIRST_SPOKEN + topic - 1]
