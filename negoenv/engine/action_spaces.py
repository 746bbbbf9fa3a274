"""The action spaces of a negotiation: how what an agent hands over becomes the moves that a batch plays.

A move is an argument and an offer (`negoenv.game.tactics`). "discrete" numbers the moves, "factored" takes an argument
and an offer, "price" an argument and any price.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.engine.actions import Actions, Discrete, Masks, Moves, take_actions, take_rows
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError, unknown_name
from negoenv.game.legal_moves import PRICE_STEP, with_price
from negoenv.game.state import STATE
from negoenv.game.tactics import ARGUMENTS, MOVES, NAMED_PRICES, OFFERS, AnyMove, Move
from negoenv.game.term_moves import ALL_ARGUMENTS, ALL_OFFERS, TermMove, combined_with_terms

Row = tuple[AnyMove, ...]


def _parts(batch: NegotiationBatch) -> tuple[Row, Row]:
    """Return the arguments and the offers of a game."""
    return (ARGUMENTS, OFFERS) if batch.scenario.issues is None else (ALL_ARGUMENTS, ALL_OFFERS)


class Factored(Actions):
    """An argument and an offer, by their numbers in `ARGUMENTS` and `OFFERS`; terms are offers, too.

    Where nobody would say the argument with that offer, the offer is made without it: masks of the two parts cannot
    tell which pairs there are.
    """

    def __init__(self, batch: NegotiationBatch) -> None:
        arguments, offers = _parts(batch)
        self._combined = np.array([[combined_with_terms(a, offer) for offer in offers] for a in arguments], np.int64)
        self._places = [*arguments, *offers]
        self.space = spaces.MultiDiscrete([*self._combined.shape])

    def take(self, actions: Any, into: Moves) -> None:
        """Look the pairs up; int64 of shape ``(rows, 2)``."""
        counts = (self._combined.shape[0], self._combined.shape[1])
        pairs = take_rows(actions, counts, len(into))
        into[:] = self._combined[pairs[:, 0], pairs[:, 1]]

    def masks(self, moves: Masks) -> Masks:
        """Return the masks of the arguments and those of the offers side by side, shape ``(rows, 14 + 19)``."""
        return moves[:, self._places]


_FIRST_NAMED = Move[f"OFFER_{100 * NAMED_PRICES[0]:.0f}"]
_HIGHEST = STATE.by_name["offer"].high


class Price(Actions):
    """An argument of `ARGUMENTS` (or, as the last one, leaving), and the price that is offered with it.

    A price up to the standing offer keeps that offer, one from the ask up accepts it, one between raises the offer to
    it, rounded down to a thousandth of the first ask; one above the budget counts as the budget. In round 0 it is the
    first offer, made without the argument; 0 makes none. An argument that nobody says with an offer is left unsaid.
    Where there are several issues, what is offered or asked on terms comes after leaving, as an argument of which the
    price does not matter; prices are those for the terms on the table.
    """

    def __init__(self, batch: NegotiationBatch) -> None:
        self._batch = batch
        terms = () if batch.scenario.issues is None else tuple(TermMove)
        self._spoken = np.array([*ARGUMENTS, Move.WALK_AWAY, *terms], np.int64)
        self._with_price = np.array(
            [combined_with_terms(batch.move_table[argument], _FIRST_NAMED) for argument in self._spoken], np.int64
        )
        self.space = spaces.Dict(
            argument=spaces.Discrete(len(self._spoken)), price=spaces.Box(0.0, _HIGHEST, (1,), np.float32)
        )

    def take(self, actions: Any, into: Moves) -> None:
        """Turn arguments, int64 of shape ``(rows,)``, and prices, ``(rows, 1)``, into moves."""
        if not isinstance(actions, Mapping) or {*actions} != {"argument", "price"}:
            raise NegoenvError("An action is a dictionary with an 'argument' and a 'price'.")
        rows = len(into)
        arguments = np.empty(rows, np.int64)
        take_actions(actions["argument"], len(self._spoken), arguments)
        into[:] = self._moves(arguments, _prices(actions["price"], (rows, 1))[:, 0])

    def take_one(self, action: Any, into: Moves) -> None:
        """Turn one dictionary into a move."""
        one = isinstance(action, Mapping)
        self.take({name: [part] for name, part in action.items()} if one else action, into)

    def _moves(self, arguments: Moves, prices: NDArray[np.float64]) -> Moves:
        batch = self._batch
        prices = np.minimum(prices, batch.seen("budget"))
        spoken = self._spoken[arguments]
        named = np.where(batch.state["round"] == 0.0, Move.OPEN_LOW, self._with_price[arguments])
        raised = with_price(named, prices)
        moves = np.where(prices > batch.seen("offer") + PRICE_STEP, raised, spoken)
        moves = np.where(prices >= batch.seen("ask"), Move.ACCEPT, moves)
        return np.where((spoken == Move.WALK_AWAY) | (spoken >= MOVES), spoken, moves)

    def masks(self, moves: Masks) -> Masks:
        """Return the masks of the arguments and of leaving, shape ``(rows, 14 + 1)``; prices have none."""
        return moves[:, self._spoken]


def _prices(value: Any, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Return prices as an array of a shape.

    Raises:
        NegoenvError: for another shape, or what is no number from 0 to the highest price.
    """
    try:
        prices = np.asarray(value)
    except (TypeError, ValueError, RuntimeError):  # a ragged list; a tensor on a GPU, or with a gradient
        prices = np.empty(0, np.object_)
    if prices.shape != shape or prices.dtype.kind not in "fiu" or not ((prices >= 0.0) & (prices <= _HIGHEST)).all():
        expected = f"numbers from 0 to {_HIGHEST:g} in an array of shape {shape} are expected."
        raise NegoenvError(f"prices are {value!r:.60}; {expected}")
    return prices.astype(np.float64)


ACTION_SPACES = {"discrete": Discrete, "factored": Factored, "price": Price}


def make_actions(name: str, batch: NegotiationBatch) -> Actions:
    """Return the action space of this name for the rows of ``batch``.

    Raises:
        NegoenvError: if there is none.
    """
    if name not in ACTION_SPACES:
        raise unknown_name("action_space", name, ACTION_SPACES)
    made: Actions = ACTION_SPACES[name](batch)  # type: ignore[abstract]
    return made
