"""The moves of a game by name, and the groups in which figures show them."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Episodes
from negoenv.game.tactics import FAMILY_OF, Family, Move
from negoenv.ladder.rules import LadderMove

_GAMES: dict[int, type[IntEnum]] = {len(Move): Move, len(LadderMove): LadderMove}


def move_names(episodes: Episodes) -> list[str]:
    """Return the names of the game's moves, in order, as a person reads them."""
    count = episodes.uses.shape[1]
    return [_readable(move.name) for move in _GAMES[count]] if count in _GAMES else [str(m) for m in range(count)]


def groups(episodes: Episodes) -> tuple[list[str], NDArray[np.int64]]:
    """Return the names of the groups of moves, and the group of each move: families, or each move its own."""
    if episodes.uses.shape[1] == len(Move):
        return [_readable(family.name) for family in Family], np.array([FAMILY_OF[move] for move in Move], np.int64)
    return move_names(episodes), np.arange(episodes.uses.shape[1])


def move_shares(episodes: Episodes, by_group: bool) -> NDArray[np.float64]:
    """Return the share of each move, or group, among the moves of each round; shape ``(moves or groups, rounds)``.

    Of the episodes that are over by then nothing is counted.
    """
    assert episodes.trace is not None
    moves = episodes.trace.moves.astype(np.int64)
    names, group = groups(episodes) if by_group else (move_names(episodes), np.arange(episodes.uses.shape[1]))
    codes = np.where(moves < 0, -1, group[moves])
    counts = np.array([(codes == code).sum(axis=1) for code in range(len(names))], np.float64)
    shares: NDArray[np.float64] = counts / np.maximum(1.0, episodes.trace.running.sum(axis=1))
    return shares


def _readable(name: str) -> str:
    return name.lower().replace("_", " ")
