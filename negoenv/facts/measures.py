"""Effects with their 95% intervals: paired differences, ratios, slopes, correlations, curves."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from negoenv.benchmark.evaluation import Z95, Interval
from negoenv.facts.experiment import Floats
from negoenv.facts.fact import Curve
from negoenv.game.constants import CONSTANTS


def difference(a: Floats, b: Floats) -> Interval:
    """Return the mean of a less b, row by row; rows in which one of them is NaN are left out."""
    return Interval.of(a - b)


def share(flags: Floats) -> Interval:
    """Return the share of ones among zeros and ones, with Wilson's interval, which holds near 0 and 1 too."""
    known = flags[~np.isnan(flags)]
    n, p = known.size, float(known.mean())
    centre = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * float(np.sqrt(p * (1 - p) / n + Z95**2 / (4 * n * n)))
    return Interval(p, min(p, centre - half), max(p, centre + half))


def ratio(a: Floats, b: Floats) -> Interval:
    """Return the ratio of two means over the same rows; its error to first order (the delta method)."""
    both = ~np.isnan(a) & ~np.isnan(b)
    a, b = a[both], b[both]
    if not a.size or b.mean() == 0.0:
        return Interval(np.nan, np.nan, np.nan)
    quotient = a.mean() / b.mean()
    return Interval.of(quotient + (a - quotient * b) / b.mean())


def slope_interval(x: Floats, y: Floats) -> Interval:
    """Return the least-squares slope of y on x, with the error that allows for unequal variances (White 1980)."""
    both = ~np.isnan(x) & ~np.isnan(y)
    dx, dy = x[both] - x[both].mean(), y[both] - y[both].mean()
    estimate = float(dx @ dy / (dx @ dx))
    error = float(np.sqrt(np.sum((dx * (dy - estimate * dx)) ** 2)) / (dx @ dx))
    return Interval(estimate, estimate - Z95 * error, estimate + Z95 * error)


def correlation_interval(x: Floats, y: Floats) -> Interval:
    """Return the correlation of x and y, with Fisher's interval."""
    both = ~np.isnan(x) & ~np.isnan(y)
    r = float(np.corrcoef(x[both], y[both])[0, 1])
    half = Z95 / np.sqrt(both.sum() - 3)
    return Interval(r, float(np.tanh(np.arctanh(r) - half)), float(np.tanh(np.arctanh(r) + half)))


def by_group(label: str, x: Floats, y: Floats, edges: Sequence[float]) -> Curve:
    """Return the mean of y in groups of x, drawn at the middle of each group; empty groups are left out."""
    groups = [(0.5 * (a + b), y[(x > a) & (x <= b)]) for a, b in pairwise(edges)]
    known = [(middle, values) for middle, values in groups if np.isfinite(values).sum() > 1]
    return Curve(label, [middle for middle, _ in known], [Interval.of(values) for _, values in known])


def sweep(name: str, measure: Callable[[float], Interval]) -> Curve:
    """Return a measure at 0, half of and all of the default of a constant: what becomes of an assumption without it."""
    usual = CONSTANTS.by_name[name].default
    return curve(name, [usual * multiple for multiple in (0.0, 0.5, 1.0)], measure)


def curve(label: str, x: Sequence[float], measure: Callable[[float], Interval]) -> Curve:
    """Return a measure at each x."""
    return Curve(label, tuple(x), [measure(value) for value in x])
