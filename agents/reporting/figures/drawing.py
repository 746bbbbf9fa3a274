"""What is drawn into one panel of a figure: offers and asks, endings, returns and how sure they are, words."""

import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from matplotlib.figure import Figure
from matplotlib.ticker import EngFormatter, MaxNLocator
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import OUTCOMES, Episodes, Interval

from ..report import Report
from ..statistics import Returns, performance_profile
from ..tags import TEST, TRAIN, VALIDATION
from .theme import CARD, Theme, name_legend, policy_rows, policy_styles, sheet, short

SIDES = ("ask", "offer")
_FANS = ((10, 90), (25, 75))  # percentiles
_MIN_SHARE = 0.03  # of the episodes still open; the quantiles of fewer are noise
_STARTED = 1e-9  # an offer of 0 means that there is none yet


def has_prices(episodes: Episodes) -> bool:
    """Return whether there is something to draw."""
    return episodes.trace is not None and all(side in episodes.trace.columns for side in SIDES)


def sides(theme: Theme) -> dict[str, str]:
    """Return what the two fans are called, and their colours."""
    return {"supplier's ask": theme.supplier, "buyer's offer": theme.buyer}


def draw_fan(axes: Axes, episodes: Episodes, theme: Theme) -> None:
    """Draw median, quartiles and deciles of offer and ask among the episodes that are still open."""
    assert episodes.trace is not None
    open_share = episodes.trace.running.mean(axis=1)
    last = int((open_share >= _MIN_SHARE).sum())
    for side, colour in zip(SIDES, sides(theme).values(), strict=True):
        prices = episodes.trace.columns[side]
        rounds, quantiles = _quantiles(np.where(prices > _STARTED, prices, np.nan), last)
        for low, high in _FANS:
            axes.fill_between(rounds, quantiles[low], quantiles[high], color=colour, alpha=0.22, linewidth=0)
        axes.plot(rounds, quantiles[50], color=colour, linewidth=1.8)
    axes.grid(axis="y", linewidth=0.6)
    axes.margins(x=0.02)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _quantiles(prices: NDArray[np.float32], last: int) -> tuple[NDArray[np.int64], dict[int, NDArray[np.float64]]]:
    """Return the rounds in which there is a price, counted from 1, and the quantiles over the episodes there."""
    rounds = np.array([number for number in range(last) if not np.isnan(prices[number]).all()], np.int64)
    percents = sorted({50, *(percent for fan in _FANS for percent in fan)})
    if not rounds.size:
        return rounds, {percent: np.array([]) for percent in percents}
    values = np.nanpercentile(prices[rounds], percents, axis=1)
    return rounds + 1, dict(zip(percents, values, strict=True))


def draw_endings(axes: Axes, episodes: Episodes, theme: Theme) -> None:
    """Draw which share of the episodes is over after each round, by how they ended; the rest is still open."""
    lengths = episodes.outcomes["rounds"]
    rounds = np.arange(1, int(lengths.max()) + 1)
    ended = [
        [float(((episodes.outcomes["outcome"] == name) & (lengths <= last)).mean()) for last in rounds]
        for name in OUTCOMES
    ]
    axes.stackplot(rounds, ended, colors=[theme.outcomes[name] for name in OUTCOMES], step="post", linewidth=0)
    axes.set_ylim(0, 1)
    axes.set_yticks([0, 1], ["0", "1"])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


_MIN_LABEL = 0.12  # share below which a bar holds no number


def draw_outcomes(axes: Axes, reports: Sequence[Report], theme: Theme) -> None:
    """Draw the share of each outcome as stacked bars, a row for each policy."""
    left = np.zeros(len(reports))
    for name in OUTCOMES:
        shares = np.array([report.episodes.metrics()[f"{name}_rate"].mean for report in reports])
        colour = theme.outcomes[name]
        axes.barh(range(len(reports)), shares, left=left, color=colour, height=0.76)
        for row in np.flatnonzero(shares >= _MIN_LABEL).tolist():
            axes.text(
                left[row] + shares[row] / 2, row, f"{shares[row]:.0%}", ha="center", va="center", size=8,
                color=theme.text_on(colour),
            )  # fmt: skip
        left += shares
    policy_rows(axes, [report.policy for report in reports])
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["0", "50%", "100%"])


def by_supplier(reports: Sequence[Report], metric: str) -> tuple[list[str], NDArray[np.float64]]:
    """Return the kinds of supplier, and a metric's means, float64 of shape ``(policies, kinds)``."""
    kinds = [str(kind) for kind in np.unique(reports[0].episodes.suppliers)]
    means = [[interval.mean for interval in report.episodes.by_supplier(metric).values()] for report in reports]
    return kinds, np.array(means, np.float64)


_STRONGEST = 0.6  # share of a range of colours that a table goes up to: numbers are read on all of it


def draw_table(
    axes: Axes, policies: Sequence[str], columns: Sequence[str], values: NDArray[np.float64], colours: Colormap,
    theme: Theme, lowest: float | None = None,
) -> None:  # fmt: skip
    """Draw numbers as a table, a row for each policy, whose cells are the stronger, the higher they are."""
    low = float(np.nanmin(values)) if lowest is None else lowest
    high = low + max(float(np.nanmax(values)) - low, 1e-9) / _STRONGEST
    axes.imshow(values, cmap=colours, vmin=low, vmax=high, aspect="auto", interpolation="nearest")
    for (row, column), value in np.ndenumerate(values):
        cell = colours((value - low) / (high - low))
        axes.text(column, row, f"{value:.2f}", ha="center", va="center", size=8, color=theme.text_on(cell[:3]))
    policy_rows(axes, policies)
    heads = [column.replace("_", " ") for column in columns]
    axes.set_xticks(range(len(columns)), heads, rotation=30, rotation_mode="anchor", ha="left")
    axes.tick_params(length=0, top=False, bottom=False, labeltop=True, labelbottom=False)
    for spine in axes.spines.values():
        spine.set_visible(False)


_SHOWN = (0.2, 99.8)  # percentiles of all returns between which profiles are drawn
_POINTS = 161  # thresholds of a profile

LearningCurve = Sequence[tuple[int, Interval]]
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
    axes.xaxis.set_major_locator(MaxNLocator(3, steps=[1, 2, 2.5, 5, 10]))  # there is width for three labels
    axes.xaxis.set_major_formatter("{x:g}")
    axes.margins(x=0.08)


def draw_learning(axes: Axes, curves: Mapping[str, LearningCurve], theme: Theme) -> None:
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


_LINE = 0.165  # inches
_LONGEST = 58  # characters a line
_MIDDLE = 0.5  # where places begin, share of the width


def draw_guide(title: str, facts: Sequence[str], places: Mapping[str, str], theme: Theme) -> Figure:
    """Draw what there is to know, and below it where each question is answered."""
    lines = [part for fact in facts for part in textwrap.wrap(fact, _LONGEST)]
    height = _LINE * (len(lines) + len(places) + 2)
    figure = sheet(CARD[0], height)
    down = iter([1.0 - number * _LINE / height for number in range(1, len(lines) + len(places) + 2)])
    figure.text(0.01, next(down), title, color=theme.ink, fontweight="bold")
    for line in lines:
        figure.text(0.01, next(down), line, color=theme.ink, fontsize=8.5)
    for question, place in places.items():
        y = next(down)
        figure.text(0.01, y, question, color=theme.buyer, fontweight="bold", fontsize=8.5)
        figure.text(_MIDDLE, y, place, color=theme.ink, fontsize=8.5)
    return figure
