"""How negotiations end, and with whom they go how well."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import OUTCOMES

from ..report import Report
from .theme import Theme, policy_rows

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


def draw_table(
    axes: Axes, policies: Sequence[str], columns: Sequence[str], values: NDArray[np.float64], colours: Colormap,
    theme: Theme, lowest: float | None = None,
) -> None:  # fmt: skip
    """Draw numbers as a table, a row for each policy, whose cells are the stronger, the higher they are."""
    low = float(np.nanmin(values)) if lowest is None else lowest
    high = max(float(np.nanmax(values)), low + 1e-9)
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
