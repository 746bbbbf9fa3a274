"""The table of moments: small named numbers of a set of negotiations, the same for measured and for simulated ones.

`MOMENTS` maps each name to its `Moment`. Those with ``fitted`` are what a calibration may aim at; the others are only
reported, as a check of what was not aimed at. A moment of nothing (no such negotiation) is ``nan``.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np

from negoenv.errors import NegoenvError
from negoenv.human import measures as m
from negoenv.human.bargains import Bargains, Floats

PERCENTS = (10, 20, 25, 30, 40, 50, 60, 70, 75, 80, 90)
FIRST_PRICE_EDGES = (0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)  # fractions of the list price
POSITIONS = {  # of a buyer price, 0: the buyer's target, 1: the list price
    "to_target": (-np.inf, 0.0),
    "to_quarter": (0.0, 0.25),
    "to_half": (0.25, 0.5),
    "past_half": (0.5, np.inf),
}
LENGTHS = {"short": (1, 1), "medium": (2, 3), "long": (4, np.inf)}  # prices named by both sides
SELLER_MOVES = (1, 2, 3)


@dataclass(frozen=True)
class Moment:
    """One number of a set of negotiations.

    Attributes:
        name: key in `MOMENTS`.
        of: computes it.
        meaning: what it is; prices are fractions of the list price.
        fitted: whether a calibration may aim at it; otherwise it is only reported.
    """

    name: str
    of: Callable[[Bargains], float]
    meaning: str
    fitted: bool = True


def evaluate(bargains: Bargains, names: Iterable[str] | None = None) -> dict[str, float]:
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
    draws = [evaluate(bargains.take(rng.integers(n, size=n))) for _ in range(resamples)]
    return {name: np.array([draw[name] for draw in draws]) for name in MOMENTS}


def standard_errors(bargains: Bargains, resamples: int = 500, seed: int = 0) -> dict[str, float]:
    """Return the bootstrap standard error of every moment, by name; negotiations are resampled, not prices.

    Resamples in which a moment is undefined are left out of its error.
    """
    return {name: m.sd(values) for name, values in bootstrap(bargains, resamples, seed).items()}


def _fitted() -> Iterator[Moment]:
    yield Moment("agreement", lambda b: m.mean(b.agreement), "share of negotiations that end in a deal")
    yield Moment("sale_price_mean", lambda b: m.mean(b.sale_price), "price of the deals, mean")
    yield Moment("sale_price_sd", lambda b: m.sd(b.sale_price), "price of the deals, standard deviation")
    yield Moment("reply_accept", lambda b: m.mean(b.accepted_at_once), "first buyer price accepted at once, share")
    yield Moment("reply_counter", lambda b: m.mean(b.countered), "first buyer price countered, share")
    yield Moment("reply_none", m.no_price, "first buyer price neither accepted nor countered, share")
    yield Moment("counter_mean", m.first_counter, "first seller price after the buyer's first, mean")
    yield Moment("counter_fraction_mean", lambda b: m.mean(m.first_fractions(b)), "gap closed by it, mean")
    yield Moment("counter_fraction_sd", lambda b: m.sd(m.first_fractions(b)), "gap closed by it, standard deviation")
    yield Moment("counter_firm", lambda b: m.first_counter_at(b, 0.0), "share of it that closes nothing")
    yield Moment("counter_midpoint", lambda b: m.first_counter_at(b, 0.5), "share of it at the exact midpoint")
    for move in SELLER_MOVES:
        measure = partial(m.seller_concession, move=move)
        yield Moment(f"seller_concession_{move}", measure, f"concession of the seller's own move {move}, mean")
    for low, high in pairwise(FIRST_PRICE_EDGES):
        where = f"first buyer price in ({low}, {high}]"
        accepted, broken = partial(_accepted, low=low, high=high), partial(_broken, low=low, high=high)
        yield Moment(f"accept_to_{high:.1f}", accepted, f"accepted at once, {where}, share")
        yield Moment(f"breakdown_to_{high:.1f}", broken, f"no deal in the end, {where}, share")


def _reported() -> Iterator[Moment]:
    def reported(name: str, of: Callable[[Bargains], float], meaning: str) -> Moment:
        return Moment(name, of, meaning, fitted=False)

    yield reported("first_price_mean", lambda b: m.mean(b.first_price), "first buyer price, mean")
    yield reported("first_price_sd", lambda b: m.sd(b.first_price), "first buyer price, standard deviation")
    for percent in PERCENTS:
        measure = partial(_sale_quantile, share=percent / 100)
        yield reported(f"sale_price_{percent}", measure, f"price of the deals, {percent} % quantile")
    yield reported(
        "anchoring_correlation", lambda b: m.correlation(b.first_price, b.sale_price), "first buyer and sale price"
    )
    yield reported("anchoring_slope", lambda b: m.slope(b.first_price, b.sale_price), "sale on first buyer price")
    yield reported("anchoring_slope_bargained", m.bargained_slope, "the same without immediate acceptances")
    yield reported("prices_named", lambda b: m.mean(b.prices_named.astype(np.float64)), "by both sides, mean")
    for position, (low, high) in POSITIONS.items():
        measure = partial(m.later_acceptance, low=low, high=high)
        where = f"({low}, {high}] of the way from target to list"
        yield reported(f"later_accept_{position}", measure, f"later buyer price accepted, {where}, share")
    yield reported("midpoint_deals", m.midpoint_deals, "deals at the midpoint of each side's last price, share")
    yield reported("reciprocity_slope", m.reciprocity, "seller's gap fraction on the buyer's last one, slope")
    for length, (least, most) in LENGTHS.items():
        measure = partial(m.agreement_by_length, least=least, most=most)
        yield reported(f"agreement_{length}", measure, f"share of deals, {least} to {most} prices named")


def _accepted(b: Bargains, low: float, high: float) -> float:
    return m.mean(b.accepted_at_once[m.first_price_within(b, low, high)])


def _broken(b: Bargains, low: float, high: float) -> float:
    return m.mean(~b.agreement[m.first_price_within(b, low, high)])


def _sale_quantile(b: Bargains, share: float) -> float:
    return m.quantile(b.sale_price, share)


MOMENTS: dict[str, Moment] = {moment.name: moment for moment in (*_fitted(), *_reported())}
"""Every moment by name, in the order of the report."""
