"""What the moments are made of: functions of a set of negotiations that return one number, ``nan`` where undefined."""

import numpy as np
from numpy.typing import NDArray

from negoenv.human.bargains import LIST_PRICE, SAME_PRICE, SMALLEST_GAP, Bargains, Floats

PLAUSIBLE_FRACTION = (-0.5, 1.5)
"""Gap fractions of first counters outside these are misread prices, and left out."""

Mask = NDArray[np.bool_]


def mean(values: Floats | Mask) -> float:
    """Return the mean of the known values, or a share if they are boolean."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else np.nan


def sd(values: Floats) -> float:
    """Return the standard deviation of the known values."""
    known = values[~np.isnan(values)]
    return float(known.std(ddof=1)) if known.size > 1 else np.nan


def quantile(values: Floats, share: float) -> float:
    """Return the value that ``share`` of the known values do not exceed."""
    known = values[~np.isnan(values)]
    return float(np.quantile(known, share)) if known.size else np.nan


def correlation(x: Floats, y: Floats) -> float:
    """Return the correlation of ``x`` and ``y`` where both are known."""
    dx, dy = _centred(x, y)
    return float(dx @ dy / np.sqrt((dx @ dx) * (dy @ dy))) if dx.any() and dy.any() else np.nan


def slope(x: Floats, y: Floats) -> float:
    """Return the least-squares slope of ``y`` on ``x`` where both are known."""
    dx, dy = _centred(x, y)
    return float(dx @ dy / (dx @ dx)) if dx.any() else np.nan


def no_price(b: Bargains) -> float:
    """Return the share of first buyer prices that were neither countered nor accepted."""
    return mean(~b.countered & ~b.accepted_at_once)


def first_counter(b: Bargains) -> float:
    """Return the mean first counter, where the buyer's first price is below the price that the seller leaves."""
    return mean(b.prices[b.standing[:, 0] > b.first_price, 2])


def first_fractions(b: Bargains) -> Floats:
    """Return the gap fraction of each first counter, ``nan`` where there is none or it is implausible; ``(n,)``."""
    fractions, (low, high) = b.gap_fractions[:, 2], PLAUSIBLE_FRACTION
    return np.where((fractions >= low) & (fractions <= high), fractions, np.nan)


def first_counter_at(b: Bargains, fraction: float) -> float:
    """Return the share of plausible first counters that close exactly ``fraction`` of the gap."""
    plausible = np.isfinite(first_fractions(b))
    own, other, price = b.standing[plausible, 0], b.first_price[plausible], b.prices[plausible, 2]
    return mean(np.abs(price - (own + fraction * (other - own))) <= SAME_PRICE)


def seller_concession(b: Bargains, move: int) -> float:
    """Return the mean concession of the seller's own move ``move``, counted from 1."""
    return mean(b.seller_concessions[:, move - 1])


def first_price_within(b: Bargains, low: float, high: float) -> Mask:
    """Return whether the buyer's first price is in ``(low, high]``, shape ``(n,)``."""
    return (b.first_price > low) & (b.first_price <= high)


def bargained_slope(b: Bargains) -> float:
    """Return the slope of the sale price on the first buyer price, immediate acceptances left out."""
    return slope(b.first_price, np.where(b.accepted_at_once, np.nan, b.sale_price))


def later_acceptance(b: Bargains, low: float, high: float) -> float:
    """Return the share accepted of the buyer's later prices whose position is in ``(low, high]``.

    Position: 0 at the buyer's target, 1 at the list price. Accepted: the deal, with no other price named after it.
    """
    room = np.where(b.buyer_target < LIST_PRICE, LIST_PRICE - b.buyer_target, np.nan)
    offers = b.prices[:, 3::2]
    replies = np.column_stack([b.prices[:, 4::2], np.full(len(b), np.nan)])
    position = (offers - b.buyer_target[:, None]) / room[:, None]
    accepted = np.isnan(replies) & (np.abs(offers - b.sale_price[:, None]) <= SAME_PRICE)
    return mean(accepted[(position > low) & (position <= high)])


def midpoint_deals(b: Bargains) -> float:
    """Return the share of deals at the exact midpoint of the last price of each side before the deal price.

    Of the deals before which both sides had named a price, `SMALLEST_GAP` or more apart.
    """
    rows = np.arange(len(b))
    last = b.prices.shape[1] - 1 - np.argmax(np.isfinite(b.prices[:, ::-1]), axis=1)
    last -= np.abs(b.prices[rows, last] - b.sale_price) <= SAME_PRICE
    one, other = b.prices[rows, last], b.prices[rows, np.maximum(last - 1, 0)]
    between = (np.abs(one - other) >= SMALLEST_GAP) & np.isfinite(b.sale_price)
    return mean((np.abs(b.sale_price - (one + other) / 2) <= SAME_PRICE)[between])


def reciprocity(b: Bargains) -> float:
    """Return the slope of the seller's gap fraction on the buyer's last one, both between 0 and 1."""
    fractions = np.where((b.gap_fractions >= 0) & (b.gap_fractions <= 1), b.gap_fractions, np.nan)
    return slope(fractions[:, 3:-1:2].ravel(), fractions[:, 4::2].ravel())


def agreement_by_length(b: Bargains, least: float, most: float) -> float:
    """Return the share of agreements among negotiations with ``least`` to ``most`` prices named."""
    return mean(b.agreement[(b.prices_named >= least) & (b.prices_named <= most)])


def _centred(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    both = np.isfinite(x) & np.isfinite(y)
    if not both.any():
        return np.zeros(0), np.zeros(0)
    return x[both] - x[both].mean(), y[both] - y[both].mean()
