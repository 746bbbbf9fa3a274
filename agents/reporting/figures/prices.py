"""Offer and ask by round, as fans over the episodes."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import OUTCOMES, Episodes

from .theme import Theme

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
