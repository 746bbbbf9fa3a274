"""What a planner takes the hidden truth to be."""

from abc import ABC, abstractmethod

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Batch

from ..policy import Actions, EpisodeStarts, Observations

Indices = NDArray[np.intp]


class Hypotheses(ABC):
    """States that each real row may be in, to start rollouts from: the one thing that a game has to bring along."""

    def reset(self, num_rows: int, seed: int) -> None:  # noqa: B027 - not all have something to prepare
        """Prepare for ``num_rows`` episodes side by side."""

    def update(  # noqa: B027 - the truth needs no watching
        self, observations: Observations, moves: Actions, episode_starts: EpisodeStarts, running: NDArray[np.bool_]
    ) -> None:
        """Learn from what a buyer sees, once before each of its moves.

        Args:
            observations: shape ``(rows, ...)``.
            moves: what it played last, int64 of shape ``(rows,)``; without meaning where ``episode_starts``.
            episode_starts: whether a row's episode has just begun, bool of shape ``(rows,)``.
            running: whether it goes on, bool of shape ``(rows,)``.
        """

    @abstractmethod
    def place(self, model: Batch, rows: Indices, draws: Indices) -> None:
        """Put row i of ``model`` into the ``draws[i]``-th state that the real row ``rows[i]`` may be in."""


class Truth(Hypotheses):
    """The states themselves, hidden fields and all: what a planner assumes that is told everything."""

    def __init__(self, game: Batch) -> None:
        self._game = game

    def place(self, model: Batch, rows: Indices, draws: Indices) -> None:
        """Copy the real rows."""
        model.copy_rows(self._game, rows, np.arange(model.num_rows))
