"""Use of tactics: by round, and as a choice over what was built up and how strained the talks are."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import PowerNorm
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Episodes

from ..report import move_groups, move_shares, played_moves
from .theme import Theme, mixed, rows_of

CHOICE = {"pressure": "pressure built up", "strain": "strain (higher is worse)"}
"""The columns of a trace over which a choice is drawn, from left to right and from bottom to top, and their labels."""

_GAMMA = 0.5  # colours go by the square root of a share, so that what is rare is seen
_BINS = 6  # on each side of a map of continuous numbers
_FEW = 12  # so many different numbers, or fewer, are drawn one by one
_TOP = 99.0  # percentile at which the last bin begins to hold all the rest
_MIN_MOVES = 0.002  # share of the moves that a cell needs to be drawn
_MIN_SHARE = 0.01  # of the episodes still open in a round that is drawn


def draw_moves(axes: Axes, episodes: Episodes, theme: Theme, by_group: bool) -> ScalarMappable:
    """Draw the share of each move, or group of moves, by round, among the episodes that are still open."""
    assert episodes.trace is not None
    rounds = int((episodes.trace.running.mean(axis=1) >= _MIN_SHARE).sum())
    if by_group:
        names, shares = move_groups(episodes)[0], move_shares(episodes, by_group)
    else:
        names, shares, groups = played_moves(episodes)
        borders = np.flatnonzero(np.diff(groups)) + 0.5
        axes.hlines(borders, 0.5, rounds + 0.5, color=theme.pale, linewidth=0.8, zorder=2.5)
    image = axes.imshow(
        shares[:, :rounds], cmap=theme.heat, norm=PowerNorm(_GAMMA, 0.0, 1.0), aspect="auto", interpolation="nearest",
        extent=(0.5, rounds + 0.5, len(names) - 0.5, -0.5),
    )  # fmt: skip
    rows_of(axes, names)
    axes.hlines(np.arange(len(names) - 1) + 0.5, 0.5, rounds + 0.5, color=theme.grid, linewidth=0.4)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return image


def has_choice(episodes: Episodes) -> bool:
    """Return whether there is something to draw a choice over."""
    return episodes.trace is not None and all(name in episodes.trace.columns for name in CHOICE)


def choice_edges(all_episodes: Sequence[Episodes]) -> list[NDArray[np.float64]]:
    """Return the edges of the cells along both sides, the same for all these episodes."""
    edges = []
    for name in CHOICE:
        traces = [episodes.trace for episodes in all_episodes if episodes.trace is not None]
        values = np.concatenate([trace.columns[name][trace.running] for trace in traces])
        distinct = np.unique(values)
        if len(distinct) <= _FEW:
            gaps = (distinct[1:] + distinct[:-1]) / 2.0
            edges.append(np.array([distinct[0] - 0.5, *gaps, distinct[-1] + 0.5], np.float64))
        else:
            edges.append(np.linspace(0.0, max(float(np.percentile(values, _TOP)), 1e-9), _BINS + 1))
    return edges


def draw_choice(axes: Axes, episodes: Episodes, theme: Theme, edges: Sequence[NDArray[np.float64]]) -> set[str]:
    """Draw the group of moves that is chosen most in each cell; the paler, the more often another is chosen.

    First moves are left out: nothing is built up yet, and they may be of a group of their own.

    Returns:
        The groups that are seen.
    """
    assert episodes.trace is not None
    names, group = move_groups(episodes)
    made = episodes.trace.running.copy()
    made[0] = False
    x, y = (
        np.clip(np.digitize(episodes.trace.columns[name][made], edge) - 1, 0, len(edge) - 2)
        for name, edge in zip(CHOICE, edges, strict=True)
    )
    counts = np.zeros((len(names), len(edges[1]) - 1, len(edges[0]) - 1))
    np.add.at(counts, (group[episodes.trace.moves[made].astype(np.int64)], y, x), 1.0)
    total = counts.sum(axis=0)
    colours = group_colours(names, theme)
    seen = set()
    for row, column in np.argwhere(total >= max(1.0, _MIN_MOVES * total.sum())):
        most = int(counts[:, row, column].argmax())
        seen.add(names[most])
        share = counts[most, row, column] / total[row, column]
        left, right = edges[0][column : column + 2]
        low, high = edges[1][row : row + 2]
        colour = mixed(colours[names[most]], share, theme.paper)
        axes.fill([left, right, right, left], [low, low, high, high], color=colour, linewidth=0)
        axes.text(
            (left + right) / 2, (low + high) / 2, abbreviation(names[most]), ha="center", va="center", size=8,
            color=theme.text_on(colour),
        )  # fmt: skip
    axes.set_xlim(edges[0][0], edges[0][-1])
    axes.set_ylim(edges[1][0], edges[1][-1])
    return seen


def group_colours(names: Sequence[str], theme: Theme) -> dict[str, str]:
    """Return a colour for each group of moves."""
    return {name: theme.groups[number % len(theme.groups)] for number, name in enumerate(names)}


def abbreviation(name: str) -> str:
    """Return the abbreviation of a group that a cell shows."""
    return "".join(word[0] for word in name.split()).upper() if " " in name else name[:2].capitalize()
