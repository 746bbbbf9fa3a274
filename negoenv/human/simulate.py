"""Buyers against simulated sellers: the simulated side of the moments.

First prices are replayed as they are (of the buyer, and of the seller where it spoke first). After each price of the
seller the buyer closes a fraction of the gap, drawn from what the measured buyers did at their second move, or at their
third and later ones; or it walks away.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from negoenv.human.bargains import LIST_PRICE, SAME_PRICE, SMALLEST_GAP, Bargains, Floats
from negoenv.scenarios.scenario import Scenario

ROUNDING = 0.01
"""Fractions are rounded to a multiple of this: a fraction of one half stays one half."""

WHOLE = 0.95
"""Who closes more than this fraction of the gap has accepted the seller's price."""


class Moves(Protocol):
    """What buyers do after an answer of the seller."""

    def draw(self, number: int, uniform: Floats, conceded: NDArray[np.bool_]) -> Floats:
        """Return the fraction of the gap that each buyer closes: 0 holds, 1 accepts, ``nan`` walks away.

        Args:
            number: which move of the buyer it is; its first price is move 1.
            uniform: a uniform number for each buyer, float64 of shape ``(n,)``.
            conceded: whether the seller's answer was lower than what it asked before, shape ``(n,)``.
        """


@dataclass(frozen=True, eq=False)
class LaterMoves:
    """Moves of measured buyers, whatever the seller's answer was.

    Attributes:
        fractions: fraction of the gap that the buyer closes, 0 (same price again) to 1 (accepts), ``nan`` for walking
            away; sorted, one array for the second move and one for all later ones.
    """

    fractions: tuple[Floats, Floats]

    def draw(self, number: int, uniform: Floats, conceded: NDArray[np.bool_]) -> Floats:
        """See `Moves`."""
        known = self.fractions[0 if number == 2 else 1]
        if not known.size:
            return np.full(uniform.shape, np.nan)
        return known[(uniform * known.size).astype(np.int64)]


@dataclass(frozen=True, eq=False)
class Buyers:
    """Buyers that a simulated seller meets; prices as fractions of the list price."""

    first_price: Floats  # the first price of each, float64 of shape ``(n,)``
    seller_price: Floats  # the seller's price before it, ``nan`` where the buyer spoke first, shape ``(n,)``
    target: Floats  # the price that the buyer hopes for, ``nan`` if unknown, shape ``(n,)``
    moves: Moves  # what they do later

    @classmethod
    def of(cls, measured: Bargains) -> "Buyers":
        """Return buyers who behave as the measured ones."""
        return cls(measured.first_price, measured.prices[:, 0], measured.buyer_target, later_moves(measured))

    def __len__(self) -> int:
        return len(self.first_price)


def later_moves(bargains: Bargains) -> LaterMoves:
    """Return what buyers did after a price of the seller.

    Where the buyer names no further price, the deal price counts as the buyer's move (its own last price: it held and
    the seller gave in; the seller's: it accepted), and no deal as walking away, though who left is not recorded. Moves
    with a gap under `SMALLEST_GAP` or an implausible deal price are left out.
    """
    ours, theirs = bargains.prices[:, 1:-1:2], bargains.prices[:, 2::2]
    following = np.column_stack([bargains.prices[:, 3::2], np.full(len(bargains), np.nan)])[:, : theirs.shape[1]]
    gap = theirs - ours
    end = np.isfinite(theirs) & np.isnan(following)
    walks = end & ~bargains.agreement[:, None]
    reached = np.where(end, bargains.sale_price[:, None], following)
    fractions = np.divide(reached - ours, gap, out=np.full(gap.shape, np.nan), where=gap >= SMALLEST_GAP)
    counted = (gap >= SMALLEST_GAP) & (walks | np.isfinite(fractions))
    rounded = np.clip(np.round(fractions / ROUNDING) * ROUNDING, 0.0, 1.0)
    rounded[rounded > WHOLE] = 1.0
    second, later = (np.sort(rounded[:, part][counted[:, part]]) for part in (slice(0, 1), slice(1, None)))
    return LaterMoves((second, later))


_OPENING = Move.OPEN_MODERATE.tactic.effects.opening


def simulate(scenario: Scenario, buyers: Buyers, sellers: int = 20, seed: int = 0) -> Bargains:
    """Let buyers meet the sellers of a scenario's training population.

    A first price is played as OPEN_MODERATE, with the benchmark set so that the opening is that price; where the
    seller had spoken first, its price is the ask at the start. Later moves are concessions of just the fractions that
    the buyers' moves say.

    Args:
        scenario: the game; its benchmark and budget are overridden.
        buyers: who they are.
        sellers: how many sellers each buyer meets.
        seed: keys sellers and buyers; the same seed gives the same negotiations.

    Returns:
        ``len(buyers) * sellers`` negotiations, those of one buyer next to each other.
    """
    first = np.repeat(buyers.first_price, sellers)
    spoken = np.repeat(buyers.seller_price, sellers)
    ask = np.maximum(np.where(np.isnan(spoken), LIST_PRICE, spoken), first)
    rows = len(first)
    batch = NegotiationBatch(rows, scenario)
    batch.seed(seed)
    running = np.ones(rows, np.bool_)
    batch.reset(running, {"context": {"benchmark": first / _OPENING, "budget": 2.0, "ask": ask}})
    draws = np.random.Generator(np.random.Philox(key=seed)).random((scenario.deadline, rows))
    buyer = np.full((rows, scenario.deadline + 1), np.nan)
    seller = np.full((rows, scenario.deadline + 1), np.nan)
    seller[:, 0] = spoken
    conceded = np.zeros(rows, np.bool_)
    for number in range(1, scenario.deadline + 1):
        before = batch.state["ask"].copy()
        if number == 1:
            batch.step(np.full(rows, Move.OPEN_MODERATE, np.int64), running)
            buyer[:, 1] = first
        else:
            fractions = buyers.moves.draw(number, draws[number - 1], conceded)
            _concede(batch, fractions, running)
            named = running & (fractions < 1.0)
            buyer[named, number] = batch.state["offer"][named]
        running &= ~batch.terminated
        seller[running, number] = batch.state["ask"][running]
        conceded = before - batch.state["ask"] > SAME_PRICE
        if not running.any():
            break
    agreement = batch.state["outcome"] == Outcome.DEAL
    price = np.where(agreement, batch.state["price"], np.nan)
    return Bargains.from_rounds(buyer, seller, agreement, price, np.repeat(buyers.target, sellers))


def _concede(batch: NegotiationBatch, fractions: Floats, running: NDArray[np.bool_]) -> None:
    """Close the given fractions of the gaps in the running rows: 0 holds, 1 accepts, ``nan`` walks away."""
    for move, chosen in (
        (Move.WALK_AWAY, np.isnan(fractions)),
        (Move.HOLD, fractions == 0.0),
        (Move.ACCEPT, fractions == 1.0),
    ):
        batch.step(np.full(batch.num_rows, move, np.int64), running & chosen)
    between = running & (fractions > 0.0) & (fractions < 1.0)
    step_at(batch, "concession", Move.CONCEDE_MODERATE, fractions, between)


def step_at(batch: NegotiationBatch, effect: str, move: Move, values: Floats, running: NDArray[np.bool_]) -> None:
    """Play ``move`` in the running rows, with an effect of it set to each row's value, float64 of shape ``(n,)``."""
    column = batch.effects[effect]
    usual = float(column[move])
    for value in np.unique(values[running]):
        column[move] = value
        batch.step(np.full(batch.num_rows, move, np.int64), running & (values == value))
    column[move] = usual
