"""Which moves are legal: what each of them needs, and what the state of a negotiation gives."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.game.bargaining import base_of, next_offer, offer_after_step
from negoenv.game.effects import Condition
from negoenv.game.persuasion import Record
from negoenv.game.state import STATE
from negoenv.game.tactics import MOVES, NAMED_PRICES, AnyMove, Move
from negoenv.numerics.compiled import compiled

PRICE_STEP = 0.001
"""The grid of prices of one's own, fraction of the first ask."""

OWN_PRICE = 1024
"""Actions from here on are a move, and a price of one's own in units of this."""

CONDITIONS = 2 ** len(Condition)
"""How many combinations of conditions there are."""


def legal_moves(allowed: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return which moves are legal by the conditions that hold, but for what a concession may cost.

    Args:
        allowed: 1 for each move that the scenario has, else 0; shape ``(moves,)``.

    Returns:
        1 or 0, int8 of shape ``(CONDITIONS, moves)``.
    """
    return np.where(_NEEDS & np.arange(CONDITIONS)[:, None], allowed, 0).astype(np.int8)


_NEEDS = np.array([move.tactic.needs for move in Move], np.uint8)
_PRICES = np.array(NAMED_PRICES)  # ascending
_NUM_PRICES = len(_PRICES)
_FRACTIONS = np.array(sorted({move.tactic.effects.concession for move in Move} - {0.0}))  # of the gap, by steps
_NUM_FRACTIONS = len(_FRACTIONS)


def _named_between(first: int, last: int) -> list[bool]:
    """Return by move whether it names no price, or one of the grid from ``first`` up to before ``last``."""
    left = NAMED_PRICES[first:last]
    return [move.tactic.effects.price == 0.0 or move.tactic.effects.price in left for move in Move]


_STEP_IS_ONE_OF = np.array(
    [[move.tactic.effects.concession in (0.0, *_FRACTIONS[:n]) for move in Move] for n in range(_NUM_FRACTIONS + 1)],
    np.int8,
)  # by how many fractions, the smallest first, and move
_NAMED_BETWEEN = np.array(
    [[_named_between(first, last) for last in range(_NUM_PRICES + 1)] for first in range(_NUM_PRICES + 1)], np.int8
)  # by first and last price, and move
_HIGHEST_PRICE = STATE.by_name["named_price"].high
_ROUNDING = 1e-4  # of a step: a price of single precision is not the step below for its last bit
_MIN_GAP = 1e-6  # fraction of the first ask
_HOLD = int(Move.HOLD)
_NONE, _FIRST_ROUND, _OFFER, _LEADER, _GAP, _AFFORDABLE_ASK, _OFFER_AND_GAP = map(int, Condition)


@compiled
def given(s: Record) -> int:
    """Return the conditions that hold now, as bits."""
    bits = _NONE
    bits |= _FIRST_ROUND if s.round == 0.0 else 0
    bits |= _OFFER if s.offer > 0.0 else 0
    bits |= _LEADER if s.offer > 0.0 and s.leader_used == 0.0 else 0
    bits |= _GAP if s.offer < s.ask - _MIN_GAP else 0
    bits |= _OFFER_AND_GAP if 0.0 < s.offer < s.ask - _MIN_GAP else 0
    bits |= _AFFORDABLE_ASK if s.ask <= s.budget else 0
    return bits


@compiled
def affordable(s: Record, e: Record) -> bool:
    """Return whether the offer that a step leads to lies within the budget."""
    return next_offer(s, e) <= s.budget


@compiled
def offerable(s: Record, price: float) -> bool:
    """Return whether a price may be named: above what a concession starts from, below the ask, within the budget."""
    return base_of(s) + _MIN_GAP < price < s.ask - _MIN_GAP and price <= s.budget


def with_price(moves: NDArray[np.int64], prices: NDArray[Any]) -> NDArray[np.int64]:
    """Return actions that name prices of one's own, rounded down to steps of `PRICE_STEP`; int64 of shape ``(rows,)``.

    Args:
        moves: moves that name a price, as numbers; shape ``(rows,)``.
        prices: the prices, fractions of the first ask; shape ``(rows,)``.
    """
    return moves + OWN_PRICE * (1 + np.floor(np.asarray(prices, np.float64) / PRICE_STEP + _ROUNDING).astype(np.int64))


def move_of(action: int, moves: Sequence[AnyMove] = tuple(Move)) -> AnyMove | None:
    """Return the move that an action asks for, whatever price it names; ``None`` if it is none of ``moves``."""
    move = action % OWN_PRICE
    return moves[move] if action >= 0 and move < len(moves) else None


@compiled
def admit(s: Record, game: Record, action: int, terms_cost: float) -> int:
    """Return the move that counts: HOLD for one that is not legal, which is counted; note the price that it names.

    Args:
        s: the state.
        game: the rules of the scenario.
        action: the number of a move, or a move with a price of one's own, see `with_price`.
        terms_cost: what the terms on the table cost the supplier; prices that are named hold for them. 0 where there is
            nothing but the price.
    """
    move, own = action % OWN_PRICE, action // OWN_PRICE
    bits = given(s)
    if own > 0 and bits & _GAP:  # a price of one's own may be the first offer after a missed opening, too
        bits |= _OFFER_AND_GAP
    if action >= 0 and move < MOVES and game.legal[bits, move]:
        e = game.effects[move]
        named = PRICE_STEP * (own - 1) if own > 0 else (e.opening + e.price) * s.benchmark
        s.named_price = min(named - terms_cost, _HIGHEST_PRICE)
        if e.price > 0.0:
            if offerable(s, s.named_price):
                return move
        elif e.concession == 0.0 or affordable(s, e):
            return move
    s.named_price = 0.0
    s.illegal_moves += 1.0
    return _HOLD


@compiled
def offerable_prices(s: Record, terms_cost: float) -> tuple[int, int]:
    """Return the first price of the ascending grid that is `offerable`, and the one after the last."""
    first, last = _NUM_PRICES, 0
    for k in range(_NUM_PRICES):
        if offerable(s, _PRICES[k] * s.benchmark - terms_cost):
            first, last = min(first, k), k + 1
    return first, last


@compiled
def affordable_steps(s: Record) -> int:
    """Return how many fractions of the gap, the smallest first, lead to an offer within the budget."""
    count = 0
    for k in range(_NUM_FRACTIONS):
        count += offer_after_step(s, _FRACTIONS[k]) <= s.budget
    return count


@compiled
def write_mask(s: Record, game: Record, terms_cost: float, out: NDArray[Any], i: int) -> None:
    """Write 1 into row ``i`` of ``out`` for each legal move, else 0; int8 of shape ``(rows, moves)``."""
    bits = given(s)
    first, last, steps = 0, _NUM_PRICES, _NUM_FRACTIONS
    if bits & _OFFER_AND_GAP:
        first, last = offerable_prices(s, terms_cost)
    if bits & _GAP and not bits & _AFFORDABLE_ASK:  # no step goes as far as the ask
        steps = affordable_steps(s)
    for move in range(MOVES):
        out[i, move] = game.legal[bits, move] & _NAMED_BETWEEN[first, last, move] & _STEP_IS_ONE_OF[steps, move]
