"""Figures of what ``negoenv speed`` measured."""

from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from negoenv.colours import BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION

from ..pages import save_figure
from .targets import SERIES

_STYLES = {
    "ours, 1": (BLUE, "o"),
    "ours, 2": (VERMILION, "s"),
    "cartpole": (GREEN, "^"),
    "null, 1": (GREY, "D"),
    "null, 2": ("#666666", "v"),
}
_PARTS = {"env": BLUE, "policy": ORANGE, "buffer": GREEN, "update": PURPLE, "rest": GREY}
_STARTUPS = {
    "import_over_dependencies": "import negoenv, over its dependencies",
    "first_step_warm": "first step, warm cache",
    "first_step_cold": "first step, cold cache",
}


def draw_speed(results: dict[str, Any], folder: Path) -> None:
    """Draw throughput, the cost of larger games, the split of training time and start-up times into a folder."""
    for name, draw_one in {"rows": _rows, "game": _game, "training": _training, "startup": _startup}.items():
        save_figure(draw_one(results), folder / f"speed_{name}.png")


def _sheet(width: float, height: float) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots()


def _rows(results: dict[str, Any]) -> Figure:
    figure, axes = _sheet(7, 4)
    rows = [result["rows"] for result in results["by_rows"]]
    for name, (colour, marker) in _STYLES.items():
        rates = [result["steps_per_second"][name] for result in results["by_rows"]]
        axes.loglog(rows, rates, color=colour, marker=marker, label=SERIES[name])
    axes.set(xlabel="rows", ylabel="steps per second")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    return figure


def _game(results: dict[str, Any]) -> Figure:
    figure = Figure(figsize=(8, 2.6), layout="constrained")
    panels = figure.subplots(1, 3, sharey=True)
    for axes, (what, costs) in zip(panels, results["game"].items(), strict=True):
        axes.plot([int(value) for value in costs], list(costs.values()), color=BLUE, marker="o")
        axes.set(xlabel=what, ylim=(0, None))
        axes.grid(alpha=0.3)
    panels[0].set(ylabel="nanoseconds a step")
    return figure


def _training(results: dict[str, Any]) -> Figure:
    figure, axes = _sheet(7, 2.2)
    for place, trained in enumerate(results["training"]):
        left = 0.0
        for part, share in trained["shares"].items():
            axes.barh(place, share, left=left, color=_PARTS[part], label=part if place == 0 else None)
            axes.text(left + share / 2, place, f"{share:.0%}", ha="center", va="center", fontsize=8)
            left += share
    axes.set_yticks(range(len(results["training"])), [f"{trained['rows']:,} rows" for trained in results["training"]])
    axes.set(xlabel="share of the time of PPO", xlim=(0, 1))
    axes.legend(ncols=len(_PARTS), frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure


def _startup(results: dict[str, Any]) -> Figure:
    figure, axes = _sheet(7, 1.8)
    known = {label: results["startup"][name] for name, label in _STARTUPS.items() if name in results["startup"]}
    bars = axes.barh(list(known), list(known.values()), color=BLUE)
    axes.bar_label(bars, fmt="%.2f s", padding=3)
    axes.set(xlabel="seconds", xscale="log", xlim=(0.05, 60))
    return figure
