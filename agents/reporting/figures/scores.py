"""Which policy is better, and how sure that is: returns, learning curves, interquartile means, performance profiles."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import EngFormatter, MaxNLocator

from negoenv.benchmark.evaluation import Interval

from ..statistics import Returns, performance_profile
from ..tags import TEST, TRAIN, VALIDATION
from .theme import Theme, name_legend, policy_rows, policy_styles, short

_SHOWN = (0.2, 99.8)  # percentiles of all returns between which profiles are drawn
_POINTS = 161  # thresholds of a profile

Curve = Sequence[tuple[int, Interval]]
"""Steps, and the mean return at each."""


def draw_intervals(axes: Axes, intervals: Mapping[str, Interval], theme: Theme) -> None:
    """Draw a mean with its 95% interval in each row, the first on top, with its numbers at the right."""
    styles = policy_styles(list(intervals), theme)
    numbers = []
    for row, (policy, interval) in enumerate(intervals.items()):
        colour = styles[policy][0]
        axes.plot([interval.low, interval.high], [row, row], color=colour, linewidth=3, solid_capstyle="butt")
        axes.plot(interval.mean, row, "o", color=colour, markersize=3)
        half = (interval.high - interval.low) / 2
        numbers.append(f"{interval.mean:.3f} ± {half:.3f}" if half > 0.0 else "best")
    policy_rows(axes, list(intervals))
    right = axes.secondary_yaxis("right")
    right.set_yticks(range(len(numbers)), numbers)
    right.tick_params(length=0)
    right.spines["right"].set_visible(False)
    axes.grid(axis="x", linewidth=0.6)
    axes.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 5, 10]))  # there is width for three labels
    axes.margins(x=0.08)


def draw_learning(axes: Axes, curves: Mapping[str, Curve], theme: Theme) -> None:
    """Draw the return by step on each split, with its 95% interval; a single value as a point."""
    colours = {TRAIN: theme.pale, VALIDATION: theme.buyer, TEST: theme.supplier}
    for split, curve in curves.items():
        steps = [step for step, _ in curve]
        low, mean, high = ([getattr(value, end) for _, value in curve] for end in ("low", "mean", "high"))
        marker = "D" if len(curve) == 1 else ""
        axes.fill_between(steps, low, high, color=colours[split], alpha=0.25, linewidth=0)
        axes.plot(steps, mean, marker=marker, color=colours[split], linewidth=1.6, label=f"{split} suppliers")
    axes.grid(linewidth=0.6)
    axes.xaxis.set_major_formatter(EngFormatter(sep=""))
    axes.xaxis.set_major_locator(MaxNLocator(5))
    axes.legend(loc="lower right")


def draw_profile(axes: Axes, returns: Mapping[str, Sequence[Returns]], theme: Theme) -> None:
    """Draw for each policy the share of negotiations that return at least so much, with its 95% interval."""
    everything = np.concatenate([values for strata in returns.values() for values in strata])
    low, high = np.percentile(everything, _SHOWN)
    thresholds = np.linspace(low, high, _POINTS)
    lines = []
    styles = policy_styles(list(returns), theme)
    for policy, strata in returns.items():
        colour, line = styles[policy]
        profile = performance_profile(strata, thresholds)
        ends = [point.low for point in profile], [point.high for point in profile]
        axes.fill_between(thresholds, *ends, color=colour, alpha=0.2, linewidth=0)
        lines += axes.plot(thresholds, [point.mean for point in profile], line, color=colour, linewidth=1.4)
    axes.set_ylim(0, 1)
    axes.set_xlim(thresholds[0], thresholds[-1])
    axes.grid(linewidth=0.6)
    names = [short(policy) for policy in returns]
    legend = axes.legend(lines, ["."] * len(lines), loc="upper left", bbox_to_anchor=(1.01, 1.02), borderaxespad=0.0)
    name_legend(legend, names)
