"""The action spaces of Sourcing: the actions by number, or a supplier, an argument and an offer."""

from typing import Any

import numpy as np
from gymnasium import spaces

from negoenv.engine.actions import Actions, Discrete, Masks, Moves, take_rows
from negoenv.errors import unknown_name
from negoenv.sourcing.engine.batch import SourcingBatch
from negoenv.sourcing.moves import (
    LAYOUT,
    MOVES_A_SUPPLIER,
    SOURCING_ARGUMENTS,
    SOURCING_OFFERS,
    SourcingAction,
    SourcingMove,
    joined,
)

_WALK_AWAY = int(SourcingAction["WALK_AWAY"])
_JOINED = np.array([[joined(argument, offer) for offer in SOURCING_OFFERS] for argument in SOURCING_ARGUMENTS])
_LEAVE = len(SOURCING_OFFERS)
_SAID = [[move for move in SourcingMove if move in (a, *_JOINED[i])] for i, a in enumerate(SOURCING_ARGUMENTS)]
_OFFERED = [[move for move in SourcingMove if move in _JOINED[:, i]] for i in range(len(SOURCING_OFFERS))]


class SourcingFactored(Actions):
    """A supplier, an argument of `SOURCING_ARGUMENTS`, and an offer of `SOURCING_OFFERS` or, as the last one, leaving.

    Where nobody would say the argument with that offer, the offer is made without it. An argument alone is legal with
    the offer HOLD, an offer with the argument HOLD: masks of the parts cannot tell which triples are.
    """

    def __init__(self, batch: SourcingBatch) -> None:
        self.space = spaces.MultiDiscrete([LAYOUT, len(SOURCING_ARGUMENTS), _LEAVE + 1])

    def take(self, actions: Any, into: Moves) -> None:
        """Look the triples up; int64 of shape ``(rows, 3)``."""
        triples = take_rows(actions, (LAYOUT, len(SOURCING_ARGUMENTS), _LEAVE + 1), len(into))
        leaves = triples[:, 2] == _LEAVE
        moves = _JOINED[triples[:, 1], np.where(leaves, 0, triples[:, 2])]
        into[:] = np.where(leaves, _WALK_AWAY, triples[:, 0] * MOVES_A_SUPPLIER + moves)

    def masks(self, moves: Masks) -> Masks:
        """Return the masks of suppliers, arguments and offers side by side, shape ``(rows, 5 + 8 + 12)``.

        A part is legal if it is with some other parts; saying nothing, and offering nothing, always are.
        """
        legal = moves[:, : LAYOUT * MOVES_A_SUPPLIER].reshape(-1, LAYOUT, MOVES_A_SUPPLIER)
        suppliers = np.asarray(legal.any(axis=2))
        by_move = np.asarray(legal.any(axis=1))
        suppliers[:, 0] |= ~suppliers.any(axis=1)  # somebody has to be named, and be it in vain
        arguments = [by_move[:, said].any(axis=1) for said in _SAID]
        offers = [by_move[:, offered].any(axis=1) for offered in _OFFERED]
        parts = np.column_stack([suppliers, *arguments, *offers, np.ones(len(moves), np.bool_)])
        parts[:, [LAYOUT, LAYOUT + len(SOURCING_ARGUMENTS)]] = True
        return parts.astype(np.int8)


SOURCING_SPACES = {"discrete": Discrete, "factored": SourcingFactored}


def make_sourcing_actions(name: str, batch: SourcingBatch) -> Actions:
    """Return the action space of this name for the rows of ``batch``.

    Raises:
        NegoenvError: if there is none.
    """
    if name not in SOURCING_SPACES:
        raise unknown_name("action_space", name, SOURCING_SPACES)
    made: Actions = SOURCING_SPACES[name](batch)
    return made
