"""The table of moments: small named numbers of a set of negotiations, the same for measured and for simulated ones.

`MOMENTS` maps each name to its `Moment`. Those with ``fitted`` are what a calibration may aim at; the others are only
reported, as a check of what was not aimed at. A moment of nothing (no such negotiation) is ``nan``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError
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


def partial_effects(of: Floats | Mask, others: Floats, on: Floats) -> Floats:
    """Return what each of some measures adds to others, all else equal: coefficients of a linear regression.

    Args:
        of: the measures, shape ``(n, k)``; the coefficient of one that does not vary is NaN.
        others: what is held equal, shape ``(n, j)``.
        on: what they add to, shape ``(n, m)``.

    Returns:
        The coefficients, shape ``(m, k)``.
    """
    x = np.column_stack([np.asarray(of, np.float64), others])
    x, y = x - x.mean(axis=0), on - on.mean(axis=0)
    found: Floats = np.linalg.lstsq(x, y, rcond=None)[0].T[:, : of.shape[1]]
    return np.where(x[:, : of.shape[1]].any(axis=0), found, np.nan)


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


def reciprocity_slope(b: Bargains) -> float:
    """Return the slope of the seller's gap fraction on the buyer's last one, both between 0 and 1."""
    fractions = np.where((b.gap_fractions >= 0) & (b.gap_fractions <= 1), b.gap_fractions, np.nan)
    return slope(fractions[:, 3:-1:2].ravel(), fractions[:, 4::2].ravel())


def target_effect(target: Floats, of: Floats | Mask) -> float:
    """Return the mean of a measure for buyers with a low target less that for those with a high one.

    Targets were drawn at random by the experimenters, so the difference is their effect.
    """
    low, high = TARGETS
    values = np.asarray(of, np.float64)
    return mean(values[target <= low]) - mean(values[target >= high])


def agreement_by_length(b: Bargains, least: float, most: float) -> float:
    """Return the share of agreements among negotiations with ``least`` to ``most`` prices named."""
    return mean(b.agreement[(b.prices_named >= least) & (b.prices_named <= most)])


def _centred(x: Floats, y: Floats) -> tuple[Floats, Floats]:
    both = np.isfinite(x) & np.isfinite(y)
    if not both.any():
        return np.zeros(0), np.zeros(0)
    return x[both] - x[both].mean(), y[both] - y[both].mean()


PERCENTS = (10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90)
FIRST_PRICE_EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # fractions of the list price
POSITIONS = {  # of a buyer price, 0: the buyer's target, 1: the list price
    "to_target": (-np.inf, 0.0),
    "to_quarter": (0.0, 0.25),
    "to_half": (0.25, 0.5),
    "past_half": (0.5, np.inf),
}
TARGETS = (0.65, 0.85)  # buyer's targets up to the one are low, from the other on high, fractions of the list price
LENGTHS = {"short": (1, 1), "medium": (2, 3), "long": (4, np.inf)}  # prices named by both sides
SELLER_MOVES = (1, 2, 3)


@dataclass(frozen=True)
class Moment:
    """One number of a set of negotiations."""

    name: str  # key in `MOMENTS`
    of: Callable[[Bargains], float]  # computes it
    meaning: str  # what it is; prices are fractions of the list price
    fitted: bool = True  # whether a calibration may aim at it; otherwise it is only reported


def moments_of(bargains: Bargains, names: Iterable[str] | None = None) -> dict[str, float]:
    """Return every moment, or those of ``names``, by name; ``nan`` where there is nothing to compute it of."""
    return {name: float(MOMENTS[name].of(bargains)) for name in (MOMENTS if names is None else names)}


def bootstrap(bargains: Bargains, resamples: int = 500, seed: int = 0) -> dict[str, Floats]:
    """Return every moment of resampled negotiations, by name, each of shape ``(resamples,)``.

    Raises:
        NegoenvError: if there are no negotiations, or fewer than two resamples are asked for.
    """
    n = len(bargains)
    if n < 1 or resamples < 2:
        raise NegoenvError(f"A bootstrap needs 1 engaged negotiation and 2 resamples; it got {n} and {resamples}.")
    rng = np.random.default_rng(seed)
    draws = [moments_of(bargains.take(rng.integers(n, size=n))) for _ in range(resamples)]
    return {name: np.array([draw[name] for draw in draws]) for name in MOMENTS}


def standard_errors(bargains: Bargains, resamples: int = 500, seed: int = 0) -> dict[str, float]:
    """Return the bootstrap standard error of every moment, by name; negotiations are resampled, not prices.

    Resamples in which a moment is undefined are left out of its error.
    """
    return {name: sd(values) for name, values in bootstrap(bargains, resamples, seed).items()}


def _fitted() -> Iterator[Moment]:
    yield Moment("agreement", lambda b: mean(b.agreement), "share of negotiations that end in a deal")
    yield Moment("sale_price_mean", lambda b: mean(b.sale_price), "price of the deals, mean")
    yield Moment("sale_price_sd", lambda b: sd(b.sale_price), "price of the deals, standard deviation")
    yield Moment("reply_accept", lambda b: mean(b.accepted_at_once), "first buyer price accepted at once, share")
    yield Moment("reply_counter", lambda b: mean(b.countered), "first buyer price countered, share")
    yield Moment("reply_none", no_price, "first buyer price neither accepted nor countered, share")
    yield Moment("counter_mean", first_counter, "first seller price after the buyer's first, mean")
    yield Moment("counter_fraction_mean", lambda b: mean(first_fractions(b)), "gap closed by it, mean")
    yield Moment("counter_fraction_sd", lambda b: sd(first_fractions(b)), "gap closed by it, standard deviation")
    yield Moment("counter_firm", lambda b: first_counter_at(b, 0.0), "share of it that closes nothing")
    yield Moment("counter_midpoint", lambda b: first_counter_at(b, 0.5), "share of it at the exact midpoint")
    for move in SELLER_MOVES:
        measure = partial(seller_concession, move=move)
        yield Moment(f"seller_concession_{move}", measure, f"concession of the seller's own move {move}, mean")
    for low, high in pairwise(FIRST_PRICE_EDGES):
        where = f"first buyer price in ({low}, {high}]"
        accepted, broken = partial(_accepted, low=low, high=high), partial(_broken, low=low, high=high)
        yield Moment(f"accept_to_{high:.1f}", accepted, f"accepted at once, {where}, share")
        yield Moment(f"breakdown_to_{high:.1f}", broken, f"no deal in the end, {where}, share")


def _reported() -> Iterator[Moment]:
    def reported(name: str, of: Callable[[Bargains], float], meaning: str) -> Moment:
        return Moment(name, of, meaning, fitted=False)

    yield reported("first_price_mean", lambda b: mean(b.first_price), "first buyer price, mean")
    yield reported("first_price_sd", lambda b: sd(b.first_price), "first buyer price, standard deviation")
    for percent in PERCENTS:
        measure = partial(_sale_quantile, share=percent / 100)
        yield reported(f"sale_price_{percent}", measure, f"price of the deals, {percent} % quantile")
    yield reported(
        "anchoring_correlation", lambda b: correlation(b.first_price, b.sale_price), "first buyer and sale price"
    )
    yield reported("anchoring_slope", lambda b: slope(b.first_price, b.sale_price), "sale on first buyer price")
    yield reported("anchoring_slope_bargained", bargained_slope, "the same without immediate acceptances")
    yield reported("prices_named", lambda b: mean(b.prices_named.astype(np.float64)), "by both sides, mean")
    for position, (low, high) in POSITIONS.items():
        measure = partial(later_acceptance, low=low, high=high)
        where = f"({low}, {high}] of the way from target to list"
        yield reported(f"later_accept_{position}", measure, f"later buyer price accepted, {where}, share")
    yield reported("midpoint_deals", midpoint_deals, "deals at the midpoint of each side's last price, share")
    yield reported("reciprocity_slope", reciprocity_slope, "seller's gap fraction on the buyer's last one, slope")
    for name, of, meaning in (
        ("first_price", lambda b: b.first_price, "first buyer price"),
        ("agreement", lambda b: b.agreement, "share of deals"),
        ("price", lambda b: b.sale_price, "price of the deals"),
        ("prices_named", lambda b: b.prices_named, "prices named"),
    ):
        measure = partial(_target_effect_on, of=of)
        yield reported(f"target_{name}", measure, f"{meaning}, buyers of a low target less those of a high one")
    for length, (least, most) in LENGTHS.items():
        measure = partial(agreement_by_length, least=least, most=most)
        yield reported(f"agreement_{length}", measure, f"share of deals, {least} to {most} prices named")


def _target_effect_on(b: Bargains, of: Callable[[Bargains], Floats | Mask]) -> float:
    return target_effect(b.buyer_target, of(b))


def _accepted(b: Bargains, low: float, high: float) -> float:
    return mean(b.accepted_at_once[first_price_within(b, low, high)])


def _broken(b: Bargains, low: float, high: float) -> float:
    return mean(~b.agreement[first_price_within(b, low, high)])


def _sale_quantile(b: Bargains, share: float) -> float:
    return quantile(b.sale_price, share)


MOMENTS: dict[str, Moment] = {moment.name: moment for moment in (*_fitted(), *_reported())}
"""Every moment by name, in the order of the report."""
