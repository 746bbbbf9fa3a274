"""Figures of what ``negoenv speed`` measured."""

from pathlib import Path
from typing import Any

_STYLES = {  # Okabe and Ito's colours, told apart by marker as well
    "ours, 1": ("#0072B2", "o", "ours, 1 thread"),
    "ours, 2": ("#D55E00", "s", "ours, 2 threads"),
    "cartpole": ("#009E73", "^", "CartPole, hand-vectorised"),
    "null, 1": ("#999999", "D", "null kernel, 1 thread"),
    "null, 2": ("#666666", "v", "null kernel, 2 threads"),
}
_PARTS = {"env": "#0072B2", "policy": "#E69F00", "buffer": "#009E73", "update": "#CC79A7", "rest": "#999999"}
_STARTUPS = {
    "import_over_dependencies": "import negoenv, over its dependencies",
    "first_step_warm": "first step, warm cache",
    "first_step_cold": "first step, cold cache",
}


def draw(results: dict[str, Any], folder: Path) -> list[Path]:
    """Draw throughput, the cost of larger games, the split of training time and start-up times; return the paths."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    figures = {"rows": _rows, "game": _game, "training": _training, "startup": _startup}
    paths = []
    for name, draw_one in figures.items():
        paths.append(folder / f"speed_{name}.png")
        draw_one(plt, results).savefig(paths[-1], dpi=120)
    plt.close("all")
    return paths


def _rows(plt: Any, results: dict[str, Any]) -> Any:
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    rows = [result["rows"] for result in results["by_rows"]]
    for name, (colour, marker, label) in _STYLES.items():
        rates = [result["steps_per_second"][name] for result in results["by_rows"]]
        axes.loglog(rows, rates, color=colour, marker=marker, label=label)
    axes.set(xlabel="rows", ylabel="steps per second")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    return figure


def _game(plt: Any, results: dict[str, Any]) -> Any:
    figure, panels = plt.subplots(1, 3, figsize=(8, 2.6), layout="constrained", sharey=True)
    for axes, (what, costs) in zip(panels, results["game"].items(), strict=True):
        axes.plot([int(value) for value in costs], list(costs.values()), color="#0072B2", marker="o")
        axes.set(xlabel=what, ylim=(0, None))
        axes.grid(alpha=0.3)
    panels[0].set(ylabel="nanoseconds a step")
    return figure


def _training(plt: Any, results: dict[str, Any]) -> Any:
    figure, axes = plt.subplots(figsize=(7, 2.2), layout="constrained")
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


def _startup(plt: Any, results: dict[str, Any]) -> Any:
    figure, axes = plt.subplots(figsize=(7, 1.8), layout="constrained")
    known = {label: results["startup"][name] for name, label in _STARTUPS.items() if name in results["startup"]}
    bars = axes.barh(list(known), list(known.values()), color="#0072B2")
    axes.bar_label(bars, fmt="%.2f s", padding=3)
    axes.set(xlabel="seconds", xscale="log", xlim=(0.05, 60))
    return figure
