"""Whole figures: what is drawn in which panel, and what the axes are called."""

from collections.abc import Callable, Mapping, Sequence
from itertools import zip_longest

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from numpy.typing import NDArray

from negoenv.evaluation import Interval

from ..compare import Comparison
from ..moves import groups
from ..report import Report
from ..statistics import Returns
from .endings import by_supplier, draw_outcomes, draw_table
from .prices import draw_endings, draw_fan, sides
from .scores import draw_intervals, draw_profile
from .tactics import (
    CHOICE,
    choice_edges,
    draw_choice,
    draw_moves,
    group_colours,
    later_moves,
    short,
)
from .theme import Theme, in_short, sheet

_COLUMNS = 3  # of small multiples
_PANEL = (2.75, 1.75)  # inches
_WIDTH = 5.6  # inches, of a chart that fits a card of TensorBoard
_ROW = 0.26  # inches, of a chart with a row for each policy
_LEGEND_COLUMN = 1.35  # inches
_TICKS = (0.0, 0.05, 0.2, 0.5, 1.0)  # of colour bars
_PRICE = "price, fraction of the first ask"


def prices(report: Report, theme: Theme) -> Figure:
    """Draw offer and ask of one policy, and below them which share of its negotiations is over."""
    figure = sheet(_WIDTH, 4.0)
    fan, endings = figure.subplots(2, 1, sharex=True, height_ratios=[4, 1])
    draw_fan(fan, report.episodes, theme)
    fan.set(title=f"{report.policy} on {report.scenario}", ylabel=_PRICE)
    _legend(fan, sides(theme))
    draw_endings(endings, report.episodes, theme)
    endings.set(xlabel="round", ylabel="ended as")
    _legend(figure, {name.replace("_", " "): colour for name, colour in theme.outcomes.items()})
    return figure


def moves(report: Report, theme: Theme) -> Figure:
    """Draw the use of each move by one policy, round by round."""
    figure = sheet(_WIDTH, 1.1 + 0.15 * report.episodes.uses.shape[1])
    axes = figure.subplots()
    image = draw_moves(axes, report.episodes, theme, by_group=False)
    axes.set(title=f"{report.policy} on {report.scenario}", xlabel="round")
    _colour_bar(figure, image, [axes])
    return figure


def returns(comparison: Comparison, theme: Theme) -> Figure:
    """Draw mean returns with their intervals."""
    means = {report.policy: report.episodes.metrics()["return"] for report in comparison.reports}
    return _intervals(means, theme, f"mean return on {comparison.best.scenario}")


def differences(comparison: Comparison, theme: Theme) -> Figure:
    """Draw the differences of returns to the best policy, paired by supplier."""
    figure = _intervals(comparison.differences(), theme, f"return less that of {comparison.best.policy}, by supplier")
    figure.axes[0].axvline(0.0, color=theme.pale, linewidth=0.8, zorder=0)
    return figure


def _intervals(intervals: Mapping[str, Interval], theme: Theme, label: str) -> Figure:
    """Draw a mean with its interval for each policy."""
    figure = sheet(_WIDTH, 0.7 + _ROW * len(intervals))
    axes = figure.subplots()
    draw_intervals(axes, intervals, theme)
    axes.set_xlabel(label)
    return figure


def outcomes(reports: Sequence[Report], theme: Theme) -> Figure:
    """Draw how negotiations end, a row for each policy."""
    figure = sheet(_WIDTH, 0.8 + _ROW * len(reports))
    draw_outcomes(figure.subplots(), reports, theme)
    return figure


def kinds(reports: Sequence[Report], theme: Theme) -> Figure:
    """Draw what each kind of supplier yields to each policy."""
    kinds, returns = by_supplier(reports, "return")
    _, breakdowns = by_supplier(reports, "breakdown_rate")
    figure = sheet(2.2 + 1.5 * len(kinds), 1.0 + _ROW * len(reports))
    left, right = figure.subplots(1, 2, sharey=True)
    names = [report.policy for report in reports]
    draw_table(left, names, kinds, returns, theme.heat, theme)
    draw_table(right, names, kinds, breakdowns, theme.alarm, theme, lowest=0.0)
    left.set_title("mean return")
    right.set_title("share of breakdowns")
    return figure


def _panels(count: int) -> tuple[Figure, list[Axes]]:
    """Return a figure of small panels that share their axes."""
    columns = min(_COLUMNS, count)
    rows = -(-count // columns)
    figure = sheet(0.5 + _PANEL[0] * columns, 0.7 + _PANEL[1] * rows)
    return figure, list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)


def _fill(panels: Sequence[Axes], reports: Sequence[Report], draw: Callable[[Axes, Report], object]) -> None:
    """Draw each report into its panel, and hide the panels that are left; the lowest of each column has the scale."""
    for axes, report in zip_longest(panels, reports):
        if report is None:
            axes.set_visible(False)
            continue
        draw(axes, report)
        axes.set_title(in_short(report.policy), pad=3)
    for number in range(max(0, len(reports) - min(_COLUMNS, len(reports))), len(reports)):
        panels[number].tick_params(labelbottom=True)


def all_prices(reports: Sequence[Report], theme: Theme) -> Figure:
    """Draw offer and ask, a panel for each policy."""
    figure, panels = _panels(len(reports))
    _fill(panels, reports, lambda axes, report: draw_fan(axes, report.episodes, theme))
    _legend(figure, sides(theme))
    figure.supxlabel("round", size=9)
    figure.supylabel(_PRICE, size=9)
    return figure


def all_moves(reports: Sequence[Report], theme: Theme) -> Figure:
    """Draw the use of tactics, a panel for each policy."""
    figure, panels = _panels(len(reports))
    images: list[ScalarMappable] = []
    _fill(panels, reports, lambda axes, r: images.append(draw_moves(axes, r.episodes, theme, by_group=True)))
    _colour_bar(figure, images[0], panels)
    figure.supxlabel("round", size=9)
    return figure


def choices(reports: Sequence[Report], theme: Theme) -> Figure:
    """Draw what is chosen over pressure and mood, a panel for each policy."""
    edges = choice_edges([report.episodes for report in reports])
    if len(reports) == 1:
        figure = sheet(_WIDTH, 4.0)
        panels = [figure.subplots()]
    else:
        figure, panels = _panels(len(reports))
    _fill(panels, reports, lambda axes, report: draw_choice(axes, report.episodes, theme, edges))
    names, group = groups(reports[0].episodes)
    played = {names[number] for report in reports for number in np.unique(group[_later(report)])}
    colours = group_colours(names, theme)
    _legend(figure, {f"{short(name)} {name}": colours[name] for name in names if name in played})
    figure.supxlabel(f"{CHOICE[0]} that has been built up", size=9)
    figure.supylabel(CHOICE[1], size=9)
    return figure


def profile(returns: Mapping[str, Sequence[Returns]], theme: Theme) -> Figure:
    """Draw the performance profiles of all scenarios together, from the returns of each policy in each of them."""
    figure = sheet(6.8, 3.6)
    axes = figure.subplots()
    draw_profile(axes, returns, theme)
    axes.set(xlabel="return", ylabel="share of negotiations with at least that")
    return figure


def middle(means: Mapping[str, Interval], theme: Theme) -> Figure:
    """Draw the interquartile means of all scenarios together."""
    return _intervals(means, theme, "interquartile mean of the return")


def scenarios(returns: Mapping[str, Sequence[Returns]], names: list[str], theme: Theme) -> Figure:
    """Draw the mean return of each policy in each scenario."""
    means = np.array([[values.mean() for values in strata] for strata in returns.values()])
    figure = sheet(2.4 + 1.0 * len(names), 0.8 + _ROW * len(returns))
    draw_table(figure.subplots(), list(returns), names, means, theme.heat, theme)
    return figure


def _later(report: Report) -> NDArray[np.int64]:
    """Return the moves after the first ones."""
    trace = report.episodes.trace
    assert trace is not None
    return trace.moves[later_moves(report.episodes)].astype(np.int64)


def _legend(where: Figure | Axes, colours: dict[str, str]) -> None:
    """Put patches with their names above a figure, or into the upper right corner of a chart."""
    patches = [Patch(color=colour, label=name) for name, colour in colours.items()]
    if isinstance(where, Axes):
        where.legend(handles=patches, loc="upper right", handlelength=1.0)
    else:
        columns = max(1, min(int(where.get_figwidth() / _LEGEND_COLUMN), len(patches)))
        where.legend(handles=patches, loc="outside upper left", ncols=columns, columnspacing=1.2, handlelength=1.0)


def _colour_bar(figure: Figure, image: ScalarMappable, panels: Sequence[Axes]) -> None:
    """Say which colour is which share."""
    bar = figure.colorbar(image, ax=panels, label="share of the open negotiations", aspect=40, pad=0.02)
    bar.set_ticks(_TICKS, labels=[f"{tick:.0%}" for tick in _TICKS])
