"""What the measured buyers do, to be replayed against a simulated seller.

The buyer's first price is drawn from the empirical distribution (`first_offers`); after each price of the seller, the
buyer makes one of `BUYER_MOVES`, with probabilities that depend on whether it is its second or a later move
(`later_moves`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from negoenv.human.bargains import SMALLEST_GAP, Bargains, Floats

CONCESSIONS = {"hold": 0.0, "small": 0.1, "moderate": 0.25, "large": 0.5, "accept": 1.0}
"""Moves of the buyer and the fraction of the gap to the seller's standing price that each concedes."""

BUYER_MOVES = (*CONCESSIONS, "walk_away")
MOVE_NUMBERS = ("second", "third and later")


@dataclass(frozen=True, eq=False)
class LaterMoves:
    """What buyers do after the seller's counter.

    Attributes:
        probability: shape ``(2, 6)``: a row for each of `MOVE_NUMBERS`, a column for each of `BUYER_MOVES`; rows sum
            to 1, or are ``nan`` without such a move.
        count: moves behind each row, int64 of shape ``(2,)``.
    """

    probability: Floats
    count: NDArray[np.int64]


def first_offers(bargains: Bargains) -> Floats:
    """Return the first buyer prices in ascending order, fractions of the list price, shape ``(n,)``.

    A draw from their distribution is ``offers[int(uniform * len(offers))]``.
    """
    return np.sort(bargains.first_price)


def later_moves(bargains: Bargains) -> LaterMoves:
    """Return how often buyers do what after a price of the seller.

    A move is taken for the one of `CONCESSIONS` whose fraction of the gap is nearest. Where the buyer names no further
    price, the deal price counts as the buyer's move (its own last price: it held and the seller gave in; the seller's:
    it accepted), and no deal as walking away, though who left is not recorded. Moves with a gap under `SMALLEST_GAP`
    or an implausible deal price are left out.
    """
    ours, theirs = bargains.prices[:, 1:-1:2], bargains.prices[:, 2::2]
    following = np.column_stack([bargains.prices[:, 3::2], np.full(len(bargains), np.nan)])[:, : theirs.shape[1]]
    gap = theirs - ours
    end = np.isfinite(theirs) & np.isnan(following)
    walks = end & ~bargains.agreement[:, None]
    reached = np.where(end, bargains.sale_price[:, None], following)
    fractions = np.divide(reached - ours, gap, out=np.full(gap.shape, np.nan), where=gap >= SMALLEST_GAP)
    edges = np.array(list(CONCESSIONS.values()))
    kinds = np.where(walks, len(edges), np.digitize(fractions, (edges[:-1] + edges[1:]) / 2))
    counted = (gap >= SMALLEST_GAP) & (walks | np.isfinite(fractions))
    counts = np.array(
        [
            np.bincount(kinds[:, columns][counted[:, columns]], minlength=len(BUYER_MOVES))
            for columns in (slice(0, 1), slice(1, None))
        ]
    )
    total = counts.sum(axis=1)
    probability = np.full(counts.shape, np.nan)
    np.divide(counts, total[:, None], out=probability, where=total[:, None] > 0)
    return LaterMoves(probability, total)
