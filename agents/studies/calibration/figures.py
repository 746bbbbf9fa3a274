"""Figures of a calibration: measured against simulated moments, and how far apart they are."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from negoenv.colours import BLUE, GREEN, VERMILION
from negoenv.facts.figures import STYLE
from negoenv.human import MOMENTS
from negoenv.human.check import FAR, Comparison

from ..drawing import save_figure

MOMENTS_FIGURE = "human_moments.png"
ERRORS_FIGURE = "human_errors.png"
_FITTED, _OTHER, _UNSEEN = BLUE, VERMILION, GREEN
_BARS = 1.96  # 95% intervals


def moments_figure(moments: Sequence[Comparison]) -> Figure:
    """Draw simulated against measured moments with 95% intervals of what was measured.

    Slopes and counts above 1 are left to the table.
    """
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(5.2, 5.0), layout="constrained")
        axes = figure.add_subplot()
        axes.axline((0.0, 0.0), slope=1.0, color="0.6", linewidth=0.8, zorder=0)
        for fitted, colour, marker in ((True, _FITTED, "o"), (False, _OTHER, "s")):
            part = [m for m in moments if MOMENTS[m.name].fitted is fitted and m.measured <= 1.0]
            measured, simulated, error = (
                np.array([getattr(m, field) for m in part]) for field in ("measured", "simulated", "error")
            )
            axes.errorbar(
                measured, simulated, xerr=_BARS * error, fmt=marker, color=colour, markersize=4, elinewidth=0.8,
                label="fitted" if fitted else "not fitted",
            )  # fmt: skip
        axes.set(xlabel="measured, with 95% interval", ylabel="simulated", xlim=(0.0, 1.0), ylim=(0.0, 1.0))
        axes.set_aspect("equal")
        axes.legend(frameon=False, loc="upper left")
    return figure


def errors_figure(moments: Sequence[Comparison], checks: Sequence[Sequence[Comparison]]) -> Figure:
    """Draw the distance of each moment in standard errors: on the data of the fit, and on unseen halves."""
    rows = np.arange(len(moments))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4, 9.0), layout="constrained")
        axes = figure.add_subplot()
        axes.axvspan(-FAR, FAR, color="0.94", zorder=0)
        axes.axvline(0.0, color="0.6", linewidth=0.8, zorder=0)
        for number, check in enumerate(checks):
            label = "fit of one half, checked on the other" if number == 0 else None
            axes.plot([m.z for m in check], rows, "|", color=_UNSEEN, markersize=6, alpha=0.7, label=label)
        for fitted, colour, marker in ((True, _FITTED, "o"), (False, _OTHER, "s")):
            chosen = np.array([MOMENTS[m.name].fitted is fitted for m in moments])
            z = np.array([m.z for m in moments])[chosen]
            label = f"fit of all, {'fitted' if fitted else 'not fitted'}"
            axes.plot(z, rows[chosen], marker, color=colour, markersize=4, label=label)
        axes.set_yticks(rows, [m.name for m in moments], fontsize=7)
        axes.invert_yaxis()
        axes.set(xlabel="simulated less measured, in standard errors of the difference")
        figure.legend(frameon=False, loc="outside upper center", ncols=3, fontsize=8)
    return figure


def save(moments: Sequence[Comparison], checks: Sequence[Sequence[Comparison]], folder: Path) -> None:
    """Write both figures into a folder."""
    save_figure(moments_figure(moments), folder / MOMENTS_FIGURE)
    save_figure(errors_figure(moments, checks), folder / ERRORS_FIGURE)
