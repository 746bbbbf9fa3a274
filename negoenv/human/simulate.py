"""Buyers against simulated sellers: the simulated side of the moments.

First prices are replayed as they are (of the buyer, and of the seller where it spoke first). After each price of the
seller the buyer closes a fraction of the gap, drawn from what the measured buyers did at their second move, or at their
third and later ones; or it walks away. A round is a turn: in some the buyer names no price, and a seller that does not
move names its ask again in some.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from negoenv.human.bargains import LIST_PRICE, SAME_PRICE, SMALLEST_GAP, Bargains, Floats
from negoenv.human.turns import SMALLEST_GAP as OPEN_GAP
from negoenv.human.turns import Turns
from negoenv.scenarios.scenario import Scenario

ROUNDING = 0.01
"""Fractions are rounded to a multiple of this: a fraction of one half stays one half."""

WHOLE = 0.95
"""Who closes more than this fraction of the gap has accepted the seller's price."""


TALKS = (0.22, 0.58)
"""Share of later turns of a chat in which a buyer names no price: after a move of the seller, and after none.

Of the shipped turns: 121 of 575, and 158 of the 271 that did not take the ask. Nobody takes an ask that was not just
named.
"""

RESTATES = 0.22
"""How often a seller that does not move names its ask again, after a first offer of the same turns (after any: .25)."""


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
    talks: tuple[float, float] = (0.0, 0.0)  # share of the later turns without a price: after a move, and after none
    restates: float = 1.0  # how often a seller that does not move names its ask again

    @classmethod
    def of(cls, measured: Bargains) -> "Buyers":
        """Return buyers who behave as those measured in chats."""
        return cls(
            measured.first_price, measured.prices[:, 0], measured.buyer_target, later_moves(measured), TALKS, RESTATES
        )

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
    """Return the prices of `replay`: ``len(buyers) * sellers`` negotiations, those of one buyer next to each other."""
    return replay(scenario, buyers, sellers, seed)[0]


def replay(scenario: Scenario, buyers: Buyers, sellers: int = 20, seed: int = 0) -> tuple[Bargains, Turns]:
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
        The prices named, and the turns of the buyers with the replies to them.
    """
    first = np.repeat(buyers.first_price, sellers)
    spoken = np.repeat(buyers.seller_price, sellers)
    ask = np.maximum(np.where(np.isnan(spoken), LIST_PRICE, spoken), first)
    rows, rounds = len(first), scenario.deadline
    batch = NegotiationBatch(rows, scenario)
    batch.seed(seed)
    running = np.ones(rows, np.bool_)
    batch.reset(running, {"context": {"benchmark": first / _OPENING, "budget": 2.0, "ask": ask}})
    draws = np.random.Generator(np.random.Philox(key=seed)).random((3, rounds, rows))
    buyer, seller, gaps, conceded, given = np.full((5, rows, rounds + 1), np.nan)
    seller[:, 0] = spoken
    accepted, moved_before = np.zeros((2, rows, rounds + 1), np.bool_)
    number = np.ones(rows, np.int64)  # of the buyer's next price
    moved, names = np.zeros((2, rows), np.bool_)
    for turn in range(1, rounds + 1):
        before, offered = batch.state["ask"].copy(), batch.state["offer"].copy()
        if turn == 1:
            batch.step(np.full(rows, Move.OPEN_MODERATE, np.int64), running)
            fractions = np.zeros(rows)
            buyer[:, 1] = first
            number[:] = 2
        else:
            second = buyers.moves.draw(2, draws[0, turn - 1], moved)
            later = buyers.moves.draw(3, draws[0, turn - 1], moved)
            fractions = np.where(number == 2, second, later)
            talks = draws[1, turn - 1] < np.where(moved, *buyers.talks)
            talks |= (fractions == 1.0) & ~names
            fractions = np.where(talks, 0.0, fractions)
            _concede(batch, fractions, running)
            named = running & ~talks & (fractions < 1.0)
            buyer[named, turn] = batch.state["offer"][named]
            number[running & ~talks] += 1
        after, offer = batch.state["ask"], batch.state["offer"]
        replied = running & (fractions < 1.0)  # who walks away (NaN) or accepts gets no reply
        takes = replied & batch.terminated & (batch.state["outcome"] == Outcome.DEAL)
        stays = replied & ~batch.terminated
        gap = before - offer
        seen = (takes | stays) & (gap > OPEN_GAP)
        gaps[seen, turn] = gap[seen]
        conceded[seen, turn] = ((offer - offered) / np.maximum(before - offered, OPEN_GAP))[seen]
        given[seen, turn] = np.where(takes, 1.0, (before - after) / np.maximum(gap, OPEN_GAP))[seen]
        accepted[takes, turn], moved_before[:, turn] = True, before < ask - SAME_PRICE
        running &= ~batch.terminated
        moved = before - after > SAME_PRICE
        names = running & (moved | (draws[2, turn - 1] < buyers.restates))
        seller[names, turn] = after[names]
        if not running.any():
            break
    agreement = batch.state["outcome"] == Outcome.DEAL
    price = np.where(agreement, batch.state["price"], np.nan)
    bargains = Bargains.from_rounds(buyer, seller, agreement, price, np.repeat(buyers.target, sellers))
    row, turn_of = np.nonzero(np.isfinite(gaps))
    conceded[:, 1] = 0.0
    at = (row, turn_of)
    return bargains, Turns(row, turn_of == 1, conceded[at], moved_before[at], given[at], accepted[at])


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
