"""Which policy is better, and how sure that is: returns, interquartile means and performance profiles."""

from collections.abc import Mapping, Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from negoenv.evaluation import Interval

from ..statistics import Returns, performance_profile
from .theme import Theme, in_short, rows_of

_LABEL_ROOM = 0.3  # to the right of the highest mean, for its numbers; share of the width
_LINES = ("-", "--", ":")
_SHOWN = (0.2, 99.8)  # percentiles of all returns between which profiles are drawn
_POINTS = 161  # thresholds of a profile


def draw_intervals(axes: Axes, intervals: Mapping[str, Interval], theme: Theme) -> None:
    """Draw a mean with its 95% interval in each row, the first on top; one without a width as a ring."""
    for row, interval in enumerate(intervals.values()):
        width = interval.high - interval.low
        if width > 0.0:
            axes.plot([interval.low, interval.high], [row, row], color=theme.buyer, linewidth=5, alpha=0.45,
                      solid_capstyle="butt")  # fmt: skip
            axes.plot(interval.mean, row, "|", color=theme.buyer, markersize=8, markeredgewidth=1.6)
        else:
            axes.plot(interval.mean, row, "o", color=theme.buyer, markersize=4.5, markerfacecolor=theme.paper)
        words = f"{interval.mean:.3f} ± {width / 2:.3f}" if width > 0.0 else "best"
        axes.annotate(
            words, (max(interval.mean, interval.high), row), (6, 0), textcoords="offset points", va="center", size=8,
            color=theme.pale, bbox={"facecolor": theme.paper, "edgecolor": "none", "pad": 0.5},
        )  # fmt: skip
    rows_of(axes, list(intervals))
    axes.grid(axis="x", linewidth=0.6)
    low, high = axes.get_xlim()
    axes.set_xlim(low, high + _LABEL_ROOM * (high - low))


def draw_profile(axes: Axes, returns: Mapping[str, Sequence[Returns]], theme: Theme) -> None:
    """Draw for each policy the share of negotiations that return at least so much, with its 95% interval."""
    everything = np.concatenate([values for strata in returns.values() for values in strata])
    low, high = np.percentile(everything, _SHOWN)
    thresholds = np.linspace(low, high, _POINTS)
    styles = [(colour, line) for line in _LINES for colour in theme.palette[:6]]
    handles: list[Line2D] = []
    for strata, (colour, line) in zip(returns.values(), cycle(styles), strict=False):
        profile = performance_profile(strata, thresholds)
        ends = [point.low for point in profile], [point.high for point in profile]
        axes.fill_between(thresholds, *ends, color=colour, alpha=0.2, linewidth=0)
        handles += axes.plot(thresholds, [point.mean for point in profile], line, color=colour, linewidth=1.4)
    axes.set_ylim(0, 1)
    axes.set_xlim(thresholds[0], thresholds[-1])
    axes.grid(linewidth=0.6)
    # Named here: lines whose labels begin with "_" are left out of a legend.
    axes.legend(
        handles, [in_short(name) for name in returns], loc="upper left", bbox_to_anchor=(1.01, 1.02), borderaxespad=0.0
    )
