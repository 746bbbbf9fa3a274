"""Figures of what ``scripts/speed.py`` measured."""

from pathlib import Path
from typing import Any

_STYLES = {  # Okabe and Ito's colours, told apart by marker as well
    "ours, 1 threads": ("#0072B2", "o", "ours, 1 thread"),
    "ours, 2 threads": ("#D55E00", "s", "ours, 2 threads"),
    "cartpole": ("#009E73", "^", "CartPole, hand-vectorised"),
    "null": ("#999999", "D", "null kernel, 1 thread"),
}
_PARTS = {"env": "#0072B2", "policy": "#E69F00", "buffer": "#009E73", "update": "#CC79A7", "rest": "#999999"}


def draw(results: dict[str, Any], folder: Path) -> list[Path]:
    """Draw throughput against rows, and the split of training time; return the paths."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    figure, axes = plt.subplots(figsize=(7, 4), layout="constrained")
    for name, (colour, marker, label) in _STYLES.items():
        rows = [result["rows"] for result in results["by_rows"]]
        rates = [result["steps_per_second"][name] for result in results["by_rows"]]
        axes.loglog(rows, rates, color=colour, marker=marker, label=label)
    axes.set(xlabel="rows", ylabel="steps per second")
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    paths = [folder / "speed_rows.png", folder / "speed_training.png"]
    figure.savefig(paths[0], dpi=120)
    figure, axes = plt.subplots(figsize=(7, 1.8), layout="constrained")
    left = 0.0
    for part, share in results["training"]["shares"].items():
        axes.barh(0, share, left=left, color=_PARTS[part], label=f"{part} {share:.0%}")
        left += share
    axes.set(xlabel="share of the time of PPO", yticks=[], xlim=(0, max(1.0, left)))
    axes.legend(ncols=len(_PARTS), frameon=False, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    figure.savefig(paths[1], dpi=120)
    plt.close("all")
    return paths
