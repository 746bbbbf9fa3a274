"""Buyers to be met by simulated sellers, and what the measured ones do.

First prices are replayed as they are (of the buyer, and of the seller where it spoke first). After each price of the
seller the buyer closes a fraction of the gap, drawn from what the measured buyers did at their second move, or at their
third and later ones; or it walks away.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from negoenv.human.bargains import SMALLEST_GAP, Bargains, Floats

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
    """Buyers that a simulated seller meets; prices as fractions of the list price.

    Attributes:
        first_price: the first price of each, float64 of shape ``(n,)``.
        seller_price: the seller's price before it, ``nan`` where the buyer spoke first, shape ``(n,)``.
        target: the price that the buyer hopes for, ``nan`` if unknown, shape ``(n,)``.
        moves: what they do later.
    """

    first_price: Floats
    seller_price: Floats
    target: Floats
    moves: Moves

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
