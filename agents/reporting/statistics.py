"""What is said of a policy over several scenarios (Agarwal et al. 2021, *Deep RL at the edge of the precipice*)."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap

from negoenv.benchmark.evaluation import Z95, Interval, interquartile_mean

RESAMPLES = 1000
_BATCH = 100  # resamples held in memory at a time

Returns = NDArray[np.float64]


def stratified_iqm(strata: Sequence[Returns], resamples: int = RESAMPLES, seed: int = 0) -> Interval:
    """Return the interquartile mean of all returns together, with its 95% interval.

    Args:
        strata: the returns of each scenario; the bootstrap draws within each, so that each keeps its weight.
        resamples: of the percentile bootstrap.
        seed: keys the resampling; policies with one seed are resampled alike, supplier by supplier.
    """
    result = bootstrap(
        tuple(strata), _iqm, n_resamples=resamples, batch=_BATCH, method="percentile", vectorized=False,
        rng=np.random.default_rng(seed),
    )  # fmt: skip
    low, high = result.confidence_interval
    return Interval(_iqm(*strata), float(low), float(high))


def _iqm(*strata: Returns) -> float:
    return interquartile_mean(np.concatenate(strata))


def performance_profile(strata: Sequence[Returns], thresholds: Returns) -> list[Interval]:
    """Return for each threshold the share of episodes with at least that return, each scenario with equal weight.

    The intervals are those of the normal approximation.
    """
    shares = np.stack([(returns[:, None] >= thresholds).mean(axis=0) for returns in strata])
    sizes = np.array([len(returns) for returns in strata])[:, None]
    mean = shares.mean(axis=0)
    half = Z95 * np.sqrt((shares * (1.0 - shares) / sizes).sum(axis=0)) / len(strata)
    return [Interval(float(m), float(m - h), float(m + h)) for m, h in zip(mean, half, strict=True)]
