"""What the policies for several suppliers share: the table they read, their memory, bargaining with one of them."""

from abc import abstractmethod
from collections.abc import Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError
from negoenv.game.observation import COLUMNS
from negoenv.game.tactics import MOVES, Move
from negoenv.numerics.layout import Field, Layout
from negoenv.sourcing.moves import ACTIONS, LAYOUT, MOVES_A_SUPPLIER, SourcingAction, SourcingMove
from negoenv.sourcing.observation import CONTACT_COLUMNS, WIDTH, supplier_views

from ..policy import Actions, EpisodeStarts, Masks, Observations
from .gradual import Gradual
from .remembering import RememberingPolicy

Table = dict[str, NDArray[np.float64]]
"""What lies on the table, by name and unscaled: a number for each supplier of the layout, shape ``(rows, LAYOUT)``."""

Flags = NDArray[np.bool_]
Choice = tuple[Flags, Actions]
"""Where an action is wanted, and which."""

_SCALES = {column.name: column.scale for column in (*COLUMNS, *CONTACT_COLUMNS)} | {
    "rounds_left": 0.05,
    "need_left": 0.05,
    "arrival": 0.05,
}
NO_PRICE = 9.0
"""A price above all prices, fraction of the first ask."""
_HOLD = int(SourcingAction["HOLD"])


def read_suppliers(observations: Observations) -> Table:
    """Return the columns by name, unscaled, and ``price``: the price that stands, `NO_PRICE` where none does."""
    table = {name: view.astype(np.float64) / _SCALES[name] for name, view in supplier_views(observations).items()}
    table["price"] = np.where(table["stands"] > 0.0, table["ask"], NO_PRICE)
    return table


def towards(suppliers: NDArray[np.intp], move: SourcingMove | Actions) -> Actions:
    """Return the actions of a move, or one for each row, towards the supplier of each row, shape ``(rows,)``."""
    return np.asarray(suppliers * MOVES_A_SUPPLIER + move, np.int64)


def may(masks: Masks, move: SourcingMove) -> Flags:
    """Return towards whom a move is legal, shape ``(rows, LAYOUT)``."""
    flags: Flags = masks[:, : LAYOUT * MOVES_A_SUPPLIER].reshape(-1, LAYOUT, MOVES_A_SUPPLIER)[:, :, move] == 1
    return flags


class SourcingPolicy(RememberingPolicy):
    """A rule written by hand for Sourcing: of the actions that it names in order, the first legal one is played."""

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name a legal action for each row.

        Raises:
            NegoenvError: if the game is not Sourcing.
        """
        if observations.ndim != 2 or observations.shape[1] != LAYOUT * WIDTH or action_masks.shape[1] != ACTIONS:
            raise NegoenvError(
                f"The policy {self.name!r} plays {ACTIONS} actions and reads {LAYOUT * WIDTH} columns; this game has "
                f"{action_masks.shape[1]} moves and observations of shape {observations.shape[1:]}; 'random' plays any "
                "game."
            )
        rows = len(observations)
        self.make_room(rows)
        self.forget(episode_starts)
        chosen = np.full(rows, _HOLD, np.int64)
        for wanted, actions in reversed(self.preferences(read_suppliers(observations), action_masks)):
            legal = action_masks[np.arange(rows), actions] == 1
            chosen = np.where(wanted & legal, actions, chosen)
        return chosen

    @abstractmethod
    def preferences(self, table: Table, masks: Masks) -> Sequence[Choice]:
        """Return what it would do, where, the most wanted first."""


_LIKE = {move.stands_for: move for move in SourcingMove if move.tactic is move.stands_for.tactic} | {
    Move.ACCEPT: SourcingMove.AWARD
}
"""The moves of a price negotiation that can be made towards a supplier, and what they are here."""

_LIKE_MOVE = np.array([_LIKE.get(move, SourcingMove.HOLD) for move in Move], np.int64)


class WithGradual(SourcingPolicy):
    """A policy that bargains with one supplier at a time as `Gradual` would, whatever else it does."""

    remembers = Layout("memory", Field("partner", "index", -1, LAYOUT, "Whom it bargains with; -1 for nobody.", -1.0))

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Forget everything."""
        super().reset(num_rows, seed)
        self._gradual = Gradual()
        self._gradual.reset(num_rows, seed)

    def branch(self, index: NDArray[np.intp], keys: NDArray[np.uint64]) -> Self:
        """Return a policy that remembers what this one remembers of the rows ``index``."""
        other = super().branch(index, keys)
        other._gradual = self._gradual.branch(index, keys)
        return other

    def bargain(self, table: Table, masks: Masks, partner: NDArray[np.intp]) -> tuple[Actions, Flags]:
        """Return what `Gradual` would do with the partner of each row, and where it would rather leave.

        Where the partner is a new one, it begins without memories of the last.
        """
        rows = np.arange(len(masks))
        new = self.memory["partner"] != partner
        self.memory["partner"] = partner
        names = [column.name for column in COLUMNS]
        block = np.stack([table[name][rows, partner] * _SCALES[name] for name in names], axis=1)
        mine = masks[:, : LAYOUT * MOVES_A_SUPPLIER].reshape(-1, LAYOUT, MOVES_A_SUPPLIER)[rows, partner]
        legal = np.zeros((len(masks), MOVES), np.int8)
        legal[:, [*_LIKE]] = mine[:, [*_LIKE.values()]]
        legal[:, Move.WALK_AWAY] = 1
        moves = self._gradual.choose(block.astype(np.float32), legal, new)
        return towards(partner, _LIKE_MOVE[moves]), moves == Move.WALK_AWAY
