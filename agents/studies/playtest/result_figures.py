"""Figures of a playtest, drawn with matplotlib: legible small, told apart by marker as well as by colour."""

from collections.abc import Callable, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from negoenv.benchmark.evaluation import Interval
from negoenv.colours import BLUE, GREEN, GREY, ORANGE, VERMILION
from negoenv.facts.figures import STYLE

from ..pages import label, save_figure
from .sweep import SWEEP_MEASURES, Sweep
from .verdict import MAX_REPEATED, MAX_RULES, MAX_SEQUENCE, WORTH, ScenarioResult

_KINDS = {
    "fixed": (VERMILION, "s"),
    "random": (GREY, "D"),
    "scripted": (ORANGE, "^"),
    "learned": (BLUE, "o"),
    "reference": (GREEN, "v"),
}
_LIMITS = (MAX_REPEATED, MAX_RULES, MAX_SEQUENCE, 1.0)  # of the normalised score; 1 is the best known
_LABELS = {
    "hard_moves": "hard moves",
    "price": "price",
    "goodwill": "goodwill",
    "breakdown_rate": "breakdowns",
    "rounds": "rounds",
}


def playtest_figure_name(scenario: str, kind: str) -> str:
    """Return the name of a scenario's figure; kinds are those of `KINDS`."""
    return f"playtest_{scenario.lower()}_{kind}.png"


def draw_standings(result: ScenarioResult) -> Figure:
    """Draw the normalised score of each player, the best on top."""
    rows = result.standings.rows[::-1]
    figure, axes = _figure(len(rows))
    for place, row in enumerate(rows):
        colour, marker = _KINDS[row.kind]
        _dot(axes, place, row.score, colour, marker)
    for kind, (colour, marker) in _KINDS.items():
        if any(row.kind == kind for row in rows):
            axes.plot([], [], marker, color=colour, label=kind)
    for limit in _LIMITS:
        axes.axvline(limit, color="0.6", linewidth=0.8, linestyle="--", zorder=0)
    axes.set_yticks(range(len(rows)), [label(row.name) for row in rows])
    axes.set_xlabel(f"normalised score: 0 random, 1 {label(result.standings.best)}")
    figure.legend(frameon=False, loc="outside upper center", ncols=len(_KINDS), handletextpad=0.1, columnspacing=1.0)
    return figure


def draw_families(result: ScenarioResult) -> Figure:
    """Draw what is lost without each family."""
    families = list((result.families or {}).items())[::-1]
    figure, axes = _figure(len(families))
    for place, (_, gain) in enumerate(families):
        _dot(axes, place, gain.score, *_KINDS["learned"])
    axes.axvline(0.0, color="0.6", linewidth=0.8, zorder=0)
    axes.axvline(WORTH, color="0.6", linewidth=0.8, linestyle="--", zorder=0)
    axes.set_yticks(range(len(families)), [name for name, _ in families])
    axes.set_xlabel("lost without it, share of the span from random to best")
    return figure


def draw_weights(result: ScenarioResult) -> Figure:
    """Draw how the policy moves with each reward weight: a column a weight, a row a measure."""
    sweeps = result.weights or []
    figure = Figure(figsize=(2.3 * len(sweeps) + 0.6, 1.25 * len(SWEEP_MEASURES) + 0.6), layout="constrained")
    grid = figure.subplots(len(SWEEP_MEASURES), len(sweeps), squeeze=False, sharey="row", sharex="col")
    for column, sweep in enumerate(sweeps):
        for row, measure in enumerate(SWEEP_MEASURES):
            _curve(grid[row][column], sweep, measure)
        grid[-1][column].set_xlabel(f"weight of {sweep.weight}")
    for row, measure in enumerate(SWEEP_MEASURES):
        grid[row][0].set_ylabel(_LABELS[measure])
    figure.align_ylabels()
    return figure


KINDS: dict[str, Callable[[ScenarioResult], Figure]] = {
    "standings": draw_standings,
    "families": draw_families,
    "weights": draw_weights,
}
"""The figures of a scenario, by the part of the result that they show."""


def save_playtest_figures(results: Sequence[ScenarioResult], folder: Path) -> None:
    """Write the figures of each scenario into a folder."""
    for result in results:
        for kind, draw in KINDS.items():
            if getattr(result, kind):
                with mpl.rc_context(STYLE):
                    save_figure(draw(result), folder / playtest_figure_name(result.scenario, kind))


def _figure(num_rows: int) -> tuple[Figure, Axes]:
    """Return a figure with room for so many names."""
    figure = Figure(figsize=(6.4, 0.26 * num_rows + 1.1), layout="constrained")
    axes = figure.add_subplot()
    axes.grid(axis="y", color="0.92")
    axes.set_axisbelow(True)
    return figure, axes


def _dot(axes: Axes, place: int, interval: Interval, colour: str, marker: str) -> None:
    """Draw a mean with its interval."""
    axes.plot([interval.low, interval.high], [place, place], color=colour, linewidth=1.4)
    axes.plot([interval.mean], [place], marker, color=colour, markersize=5)


def _curve(axes: Axes, sweep: Sweep, measure: str) -> None:
    """Draw one measure against one weight; the scenario's own value is filled."""
    colour, marker = _KINDS["learned"]
    x = [point.value for point in sweep.points]
    y = [point.measures[measure] for point in sweep.points]
    axes.fill_between(x, [i.low for i in y], [i.high for i in y], color=colour, alpha=0.2, linewidth=0)
    axes.plot(x, [i.mean for i in y], "-", color=colour, marker=marker, markersize=4, markerfacecolor="white")
    for point in sweep.points:
        if point.default:
            axes.plot([point.value], [point.measures[measure].mean], marker, color=colour, markersize=4)
