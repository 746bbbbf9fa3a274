"""Whole figures: what is drawn in which panel, and what the axes are called."""

from collections.abc import Callable, Mapping, Sequence, Sized
from itertools import zip_longest

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from negoenv.benchmark.evaluation import Interval

from ..compare import Comparison
from ..report import Report, move_groups, played_moves
from ..statistics import Returns
from .drawing import (
    LearningCurve,
    by_supplier,
    draw_endings,
    draw_fan,
    draw_intervals,
    draw_learning,
    draw_outcomes,
    draw_profile,
    draw_table,
    sides,
)
from .heatmaps import (
    CHOICE,
    abbreviation,
    choice_edges,
    draw_choice,
    draw_moves,
    group_colours,
)
from .theme import CARD, Theme, sheet, short

_COLUMNS = 3  # of small multiples
_PANEL = (2.75, 1.75)  # inches
_ROW = 0.148  # inches, of a chart with a row for each policy
_FEWEST = 5  # rows that there is room for in any case
_LONGEST = 18  # characters of the name of a move that there is room for on a card
_LETTER = 0.075  # inches, of each that is beyond
_LEGEND_COLUMN = 0.95  # inches
_TICKS = (0.0, 0.05, 0.2, 0.5, 1.0)  # of colour bars
_PRICE = "price / first ask\n(lower is better)"
_RETURN = "return (higher is better)"


def prices(report: Report, theme: Theme) -> Figure:
    """Draw offer and ask of one policy, and below them which share of its negotiations is over."""
    figure = sheet(*CARD)
    fan, endings = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    draw_fan(fan, report.episodes, theme)
    fan.set(title=short(report.policy), ylabel=_PRICE)
    draw_endings(endings, report.episodes, theme)
    endings.set(xlabel="round", ylabel="ended")
    lines = [Line2D([], [], color=colour, linewidth=2.5, label=side) for side, colour in sides(theme).items()]
    _legend(figure, [*lines, *_outcome_patches(theme)], beside=True)
    return figure


def tactics(report: Report, theme: Theme) -> Figure:
    """Draw the use of each family of moves by one policy, round by round."""
    return _moves(report, theme, by_group=True)


def moves(report: Report, theme: Theme) -> Figure:
    """Draw the use of each move by one policy, round by round."""
    return _moves(report, theme, by_group=False)


def _moves(report: Report, theme: Theme, by_group: bool) -> Figure:
    names = move_groups(report.episodes)[0] if by_group else played_moves(report.episodes)[0]
    longer = max(0, max(map(len, names)) - _LONGEST)
    figure = sheet(CARD[0] + _LETTER * longer, 0.7 + 0.155 * len(names))
    axes = figure.subplots()
    image = draw_moves(axes, report.episodes, theme, by_group)
    axes.set(title=short(report.policy), xlabel="round")
    _colour_bar(figure, image, [axes], "share of moves")
    return figure


def returns(comparison: Comparison, theme: Theme) -> Figure:
    """Draw mean returns with their intervals; trainings that differ by their seed alone have one row."""
    means = {configuration.name: comparison.mean_of(configuration) for configuration in comparison.configurations}
    return _intervals(means, theme, f"mean {_RETURN}")


def differences_to_best(comparison: Comparison, theme: Theme) -> Figure:
    """Draw the differences of returns to the best policy, paired by supplier; rows are those of `returns`."""
    best, *others = comparison.configurations
    less = {best.name: Interval(0.0, 0.0, 0.0)} | {other.name: comparison.less(other, best) for other in others}
    figure = _intervals(less, theme, "difference to the best (higher is better)")
    figure.axes[0].axvline(0.0, color=theme.pale, linewidth=0.8, zorder=0)
    return figure


def _intervals(intervals: Mapping[str, Interval], theme: Theme, label: str) -> Figure:
    """Draw a mean with its interval for each policy."""
    figure = sheet(CARD[0], 0.48 + _height(intervals))
    axes = figure.subplots()
    draw_intervals(axes, intervals, theme)
    _label(axes, label)
    return figure


def learning(policy: str, curves: Mapping[str, LearningCurve], theme: Theme) -> Figure:
    """Draw the return by step on training, validation and test suppliers."""
    figure = sheet(*CARD)
    axes = figure.subplots()
    draw_learning(axes, curves, theme)
    axes.set(title=short(policy), xlabel="environment steps", ylabel="return\n(higher is better)")
    return figure


def outcomes(reports: Sequence[Report], theme: Theme) -> Figure:
    """Draw how negotiations end, a row for each policy."""
    figure = sheet(CARD[0], 0.65 + _height(reports))
    axes = figure.subplots()
    draw_outcomes(axes, reports, theme)
    _label(axes, "share of negotiations (deals are good)")
    _legend(figure, _outcome_patches(theme))
    return figure


def _outcome_patches(theme: Theme) -> list[Artist]:
    return [Patch(color=colour, label=name.replace("_", " ")) for name, colour in theme.outcomes.items()]


def kinds(reports: Sequence[Report], metric: str, theme: Theme) -> Figure:
    """Draw what each kind of supplier yields to each policy: ``return`` or ``breakdown_rate``."""
    columns, values = by_supplier(reports, metric)
    good = metric == "return"
    figure = sheet(max(CARD[0], 1.6 + 0.4 * len(columns)), 0.9 + _height(reports))
    axes = figure.subplots()
    colours, lowest = (theme.heat, None) if good else (theme.alarm, 0.0)
    draw_table(axes, [report.policy for report in reports], columns, values, colours, theme, lowest)
    _label(axes, f"mean {_RETURN}" if good else "share of breakdowns (lower is better)")
    return figure


def _height(rows: Sized) -> float:
    """Return the inches that rows take."""
    return _ROW * max(len(rows), _FEWEST)


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
        axes.set_title(short(report.policy), pad=3)
    for number in range(max(0, len(reports) - min(_COLUMNS, len(reports))), len(reports)):
        panels[number].tick_params(labelbottom=True)


def all_prices(reports: Sequence[Report], theme: Theme) -> Figure:
    """Draw offer and ask, a panel for each policy."""
    figure, panels = _panels(len(reports))
    _fill(panels, reports, lambda axes, report: draw_fan(axes, report.episodes, theme))
    _legend(figure, [Patch(color=colour, label=side) for side, colour in sides(theme).items()])
    figure.supxlabel("round", size=9)
    figure.supylabel(_PRICE, size=9)
    return figure


def all_moves(reports: Sequence[Report], theme: Theme) -> Figure:
    """Draw the use of tactics, a panel for each policy."""
    figure, panels = _panels(len(reports))
    images: list[ScalarMappable] = []
    _fill(panels, reports, lambda axes, r: images.append(draw_moves(axes, r.episodes, theme, by_group=True)))
    _colour_bar(figure, images[0], panels, "share of the open negotiations")
    figure.supxlabel("round", size=9)
    return figure


def choices(reports: Sequence[Report], theme: Theme) -> Figure:
    """Draw what is chosen over pressure and strain, a panel for each policy."""
    edges = choice_edges([report.episodes for report in reports])
    if len(reports) == 1:
        figure = sheet(*CARD)
        panels = [figure.subplots()]
    else:
        figure, panels = _panels(len(reports))
    shown: set[str] = set()
    _fill(panels, reports, lambda axes, report: shown.update(draw_choice(axes, report.episodes, theme, edges)))
    colours = group_colours(move_groups(reports[0].episodes)[0], theme)
    patches = [Patch(color=colours[n], label=f"{abbreviation(n)} {n}") for n in colours if n in shown]
    _legend(figure, patches, beside=len(reports) == 1)
    along, up = CHOICE.values()
    figure.supxlabel(along, size=9)
    figure.supylabel(up, size=9)
    return figure


def profile(returns: Mapping[str, Sequence[Returns]], theme: Theme) -> Figure:
    """Draw the performance profiles of all scenarios together, from the returns of each policy in each of them."""
    figure = sheet(6.8, 3.6)
    axes = figure.subplots()
    draw_profile(axes, returns, theme)
    axes.set(xlabel="return", ylabel="share with at least that\n(higher is better)")
    return figure


def middle(means: Mapping[str, Interval], theme: Theme) -> Figure:
    """Draw the interquartile means of all scenarios together."""
    return _intervals(means, theme, "interquartile mean (higher is better)")


def scenarios(returns: Mapping[str, Sequence[Returns]], names: list[str], theme: Theme) -> Figure:
    """Draw the mean return of each policy in each scenario."""
    means = np.array([[values.mean() for values in strata] for strata in returns.values()])
    figure = sheet(max(CARD[0], 1.9 + 0.5 * len(names)), 1.0 + _height(returns))
    axes = figure.subplots()
    draw_table(axes, list(returns), names, means, theme.heat, theme)
    _label(axes, f"mean {_RETURN}")
    return figure


def _label(axes: Axes, label: str) -> None:
    """Say below a chart with named rows what it shows; from the right, for the label may be longer than the axis."""
    axes.set_xlabel(label, x=1.0, horizontalalignment="right")


def _legend(figure: Figure, handles: Sequence[Artist], beside: bool = False) -> None:
    """Put a legend above a figure, or beside it, where there is more room on a card."""
    columns = 1 if beside else max(1, min(int(figure.get_figwidth() / _LEGEND_COLUMN), len(handles)))
    figure.legend(handles=list(handles), loc="outside right upper" if beside else "outside upper left", ncols=columns)


def _colour_bar(figure: Figure, image: ScalarMappable, panels: Sequence[Axes], label: str) -> None:
    """Say which colour is which share."""
    bar = figure.colorbar(image, ax=panels, label=label, aspect=40, pad=0.02)
    bar.set_ticks(_TICKS, labels=[f"{tick:.0%}" for tick in _TICKS])
