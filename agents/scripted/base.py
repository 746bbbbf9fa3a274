"""What every scripted policy shares: the table it reads, what it remembers, and the way to a legal move."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError
from negoenv.game.effects import Family
from negoenv.game.observation import COLUMNS, ROUND_SCALE, named
from negoenv.game.state import STATE
from negoenv.game.tactics import FAMILY_OF, MOVES, SIMPLE, AnyMove, Move
from negoenv.game.term_moves import ALL_MOVES
from negoenv.game.terms_observation import COLUMNS as TERM_COLUMNS

from ..policy import Actions, EpisodeStarts, Masks, Observations
from .remembering import RememberingPolicy

Column = NDArray[np.float64]
Flags = NDArray[np.bool_]
Table = dict[str, Column]
"""What lies on the table, by name: the observation's columns in the units of the state, and what `read` adds."""

_WHOLE = ("rounds", "count")
_SCALE = {column.name: column.scale for column in COLUMNS}
_MIN_ROOM = 1e-9  # smaller than any round, share or price; keeps divisions finite
_HARMLESS = (Move.HOLD, Move.PROBE, Move.SILENCE, Move.CONCEDE_SMALL)
"""What to do instead of a move that is not legal, in this order."""


def _substitutes(moves: Sequence[AnyMove]) -> NDArray[np.int64]:
    """Return for each move all moves, nearest first, int64 of shape ``(moves, moves)``: its family, the milder first.

    Only ACCEPT and WALK_AWAY, a family by name, do not stand in for each other, and moves on terms for none.
    """
    ranked = []
    for move in moves:
        family = FAMILY_OF.get(move, Family.TERMS)  # type: ignore[call-overload]
        alone = family in (Family.CLOSE, Family.TERMS)
        kin = [move] if alone else [other for other in SIMPLE if FAMILY_OF[other] == family]
        kin.sort(key=lambda other: (abs(other - move), other))
        ranked.append(list(dict.fromkeys([*kin, *_HARMLESS, *moves])))
    return np.array(ranked, np.int64)


_SUBSTITUTES = {len(moves): _substitutes(moves) for moves in (tuple(Move), ALL_MOVES)}
_MEMBERS = {family: np.array([FAMILY_OF[move] == family for move in Move]) for family in sorted({*FAMILY_OF.values()})}
_STEPS = (Move.HOLD, Move.CONCEDE_SMALL, Move.CONCEDE_MODERATE, Move.CONCEDE_LARGE)
_STEP_MOVES = np.array(_STEPS, np.int64)
_STEP_FRACTIONS = np.array([move.tactic.effects.concession for move in _STEPS])


def nearest_legal(moves: Actions, masks: Masks) -> Actions:
    """Return the proposed move where it is legal, else the nearest one that is; shape ``(rows,)``."""
    ranked = _SUBSTITUTES[masks.shape[1]][moves]
    first = np.take_along_axis(masks, ranked, axis=1).argmax(axis=1)
    chosen: Actions = ranked[np.arange(len(moves)), first]
    return chosen


def concession_of(fraction: Column) -> Actions:
    """Return HOLD or the concession whose share of the gap is nearest to ``fraction``, shape ``(rows,)``."""
    nearest: Actions = _STEP_MOVES[np.abs(_STEP_FRACTIONS - fraction[:, None]).argmin(axis=1)]
    return nearest


def concession_towards(table: Table, price: Column) -> Actions:
    """Return HOLD or the concession that leads nearest to an offer of ``price``, shape ``(rows,)``."""
    return concession_of((price - table["offer"]) / np.maximum(table["gap"], _MIN_ROOM))


def read(observations: Observations, masks: Masks) -> Table:
    """Return the columns by name, unscaled, and ``round``, ``deadline``, ``gap``, ``worth`` and ``can_<family>``.

    The columns on terms are as they are, and 0 in a game about the price alone. ``gap`` is the ask less the offer;
    ``worth`` is the most that a deal is worth to the buyer: its limit, or a rival's quote below that; ``can_<family>``
    is 1 where a move of the family is legal, else 0.
    """
    table: Table = {}
    for name, column in named(observations).items():
        values: Column = column.astype(np.float64) / _SCALE[name]
        known = STATE.by_name.get(name)
        table[name] = np.rint(values) if known is not None and known.unit in _WHOLE else values
    for place, on_terms in enumerate(TERM_COLUMNS, start=len(COLUMNS)):
        shown = place < observations.shape[1]
        table[on_terms.name] = observations[:, place].astype(np.float64) if shown else np.zeros(len(observations))
    table["rounds_left"] = np.rint(table["rounds_left"] / ROUND_SCALE)
    ahead = np.maximum(_MIN_ROOM, 1.0 - table["progress"])
    table["deadline"] = np.maximum(1.0, np.rint(table["rounds_left"] / ahead))
    table["round"] = table["deadline"] - table["rounds_left"]
    table["gap"] = np.maximum(0.0, table["ask"] - table["offer"])
    table["worth"] = np.where(table["quote"] > 0.0, np.minimum(table["limit"], table["quote"]), table["limit"])
    for family, members in _MEMBERS.items():
        table[f"can_{family.name.lower()}"] = np.asarray(masks[:, :MOVES][:, members].any(axis=1), np.float64)
    table["can_terms"] = np.asarray(masks[:, MOVES:].any(axis=1), np.float64)
    return table


class ScriptedPolicy(RememberingPolicy):
    """A rule written by hand for negotiations: it proposes a move for each row, and gets the nearest legal one.

    Attributes:
        first_move: how it opens.
    """

    first_move: ClassVar[Move] = Move.OPEN_MODERATE

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name a legal move for each row.

        Raises:
            NegoenvError: if the game is not one of these moves with the observation of `negoenv.game.observation`.
        """
        games = {(len(COLUMNS), MOVES), (len(COLUMNS) + len(TERM_COLUMNS), len(ALL_MOVES))}
        if observations.ndim != 2 or (observations.shape[1], action_masks.shape[1]) not in games:
            raise NegoenvError(
                f"The policy {self.name!r} plays {MOVES} moves and reads {len(COLUMNS)} columns; "
                f"this game has {action_masks.shape[1]} moves and observations of shape {observations.shape[1:]}; "
                "'random' plays any game."
            )
        self.make_room(len(observations))
        table = read(observations, action_masks)
        begun = episode_starts | (table["can_opening"] == 1.0)  # openings are legal only at the start
        self.forget(begun)
        proposed = np.where(begun, self.first_move, self.propose(table))
        return nearest_legal(proposed, action_masks)

    @abstractmethod
    def propose(self, table: Table) -> Actions:
        """Return the move it would play in each row, legal or not, int64 of shape ``(rows,)``.

        It sees every round, so that memory is complete; in the first, ``first_move`` is played in its place.
        """


def first_true(choices: Sequence[tuple[Flags, Actions | Move]], otherwise: Actions | Move) -> Actions:
    """Return for each row the move of the first condition that holds there, else ``otherwise``."""
    conditions, moves = zip(*choices, strict=True)
    return np.select(conditions, [np.asarray(move, np.int64) for move in moves], np.asarray(otherwise, np.int64))


def acceptable(table: Table) -> Flags:
    """Return where the ask is no more than a deal is worth."""
    return table["ask"] <= table["worth"]


def acceptable_at_last(table: Table) -> Flags:
    """Return where that is so in the last round."""
    return acceptable(table) & (table["rounds_left"] <= 1.0)
