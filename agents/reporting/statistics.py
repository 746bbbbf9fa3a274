"""How sure a result is: over several scenarios together, and over several trainings of one configuration.

Over scenarios: Agarwal et al. 2021, *Deep RL at the edge of the precipice*. Over trainings, two sources of chance enter
a comparison of learned policies. The suppliers: all policies meet the same, so differences are paired by supplier. The
training: another seed gives another policy. The variance between seeds is pooled over all groups of trainings (analysis
of variance: the mean of the groups' variances, with the sum of their degrees of freedom), since two or three seeds of
one group alone say next to nothing about it. Both variances are added, and the interval takes Student's t of the pooled
degrees of freedom. With one seed a group nothing is known of the second source, and intervals are those of the
suppliers alone.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

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
    from scipy.stats import bootstrap  # takes seconds to import

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


_TWO_SIDED = 0.975  # quantile of a two-sided 95% interval


@dataclass(frozen=True)
class SeedNoise:
    """How much the mean return of a policy depends on the seed of its training."""

    variance: float = 0.0  # of the mean return between seeds; 0 if nothing is known
    freedom: int = 0  # degrees of freedom of this estimate

    @classmethod
    def pooled(cls, groups: Iterable[Sequence[float]]) -> "SeedNoise":
        """Return what groups of trainings say together: of each the mean returns, which differ by the seed alone."""
        several = [group for group in groups if len(group) > 1]
        freedom = sum(len(group) - 1 for group in several)
        if not freedom:
            return cls()
        return cls(float(sum(np.var(group) * len(group) for group in several)) / freedom, freedom)

    def widen(self, interval: Interval, *seeds: int, unit: float = 1.0) -> Interval:
        """Return an interval over suppliers, widened by the seeds of the learned policies that it compares.

        Args:
            interval: of a mean or difference over suppliers.
            seeds: for each learned policy in it, how many trainings its returns are the mean of.
            unit: how much return is 1 in the interval.
        """
        if not seeds or not self.freedom:
            return interval
        suppliers = (interval.high - interval.mean) / Z95
        error = float(np.sqrt(suppliers**2 + self.variance * sum(1.0 / count for count in seeds) / unit**2))
        half = float(stdtrit(self.freedom, _TWO_SIDED)) * error
        return Interval(interval.mean, interval.mean - half, interval.mean + half)
