"""Figures of the model card: one a row, drawn with matplotlib. Needs the extra ``train``."""

from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from negoenv.colours import BLUE, GREEN, VERMILION
from negoenv.facts.card import FactResult

_COLOURS = (BLUE, VERMILION, GREEN)
_MARKERS = ("o", "s", "^")  # and without colours
_LINES = ("-", "--", ":")
_SIZE = (5.6, 3.4)  # inches
STYLE: dict[Any, Any] = {"font.size": 9, "axes.spines.top": False, "axes.spines.right": False}
"""What figures of this package look like, for `matplotlib.rc_context`."""


def fact_figure_name(row: int) -> str:
    """Return the name of a row's figure."""
    return f"fact_{row:02d}.png"


def draw_fact(result: FactResult) -> Figure:
    """Draw the curves of one row, with their 95% intervals."""
    plot = result.finding.plot
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=_SIZE, layout="constrained")
        axes = figure.add_subplot()
        for curve, colour, marker, line in zip(plot.curves, _COLOURS, _MARKERS, _LINES, strict=False):
            mean = [interval.mean for interval in curve.y]
            low, high = [interval.low for interval in curve.y], [interval.high for interval in curve.y]
            axes.fill_between(curve.x, low, high, color=colour, alpha=0.2, linewidth=0)
            axes.plot(curve.x, mean, line, color=colour, marker=marker, markersize=4, label=curve.label)
        bottom, top = axes.get_ylim()
        if bottom <= 0.0 <= top:
            axes.axhline(0.0, color="0.6", linewidth=0.8, zorder=0)
        if plot.ticks:
            axes.set_xticks(range(len(plot.ticks)), plot.ticks)
        axes.set_xlabel(plot.x)
        axes.set_ylabel(plot.y)
        axes.set_title(f"{result.fact.row}. {result.fact.name}: {result.verdict}", fontsize=9, loc="left")
        if len(plot.curves) > 1:
            axes.legend(frameon=False, loc="best")
    return figure
