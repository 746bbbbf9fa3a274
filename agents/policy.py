"""What a policy is: a rule that names a move, for one observation or for a batch of them."""

import copy
from abc import ABC, abstractmethod
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

Observations = NDArray[Any]
Masks = NDArray[np.int8]
Actions = NDArray[np.int64]
EpisodeStarts = NDArray[np.bool_]


class Policy(ABC):
    """A rule that names a move. It may remember, row by row, what happened since the episode began.

    Attributes:
        name: short name, as in tables and TensorBoard runs.
        most_rows: of how many rows there should be at most; a planner needs much memory for each.
    """

    name: str
    most_rows: int = 1_000_000

    def reset(self, num_rows: int, seed: int = 0) -> None:  # noqa: B027 - most policies have nothing to prepare
        """Prepare for ``num_rows`` episodes side by side; ``seed`` keys the policy's own randomness, if it has any."""

    def branch(self, index: NDArray[np.intp], keys: NDArray[np.uint64]) -> Self:
        """Return a policy whose row i goes on from where row ``rows[i]`` of this one stands; this one stays as it is.

        A planner lets it play many copies of an episode ahead. A policy that remembers something of its rows, or draws
        random numbers, overrides this.

        Args:
            index: numbers of rows; one may be named many times.
            keys: what keys each new row's own randomness, uint64 of shape ``(len(rows),)``.
        """
        return copy.copy(self)

    def act(self, observation: Observations, action_mask: Masks, episode_starts: EpisodeStarts | None = None) -> Any:
        """Name a move for one observation, or one for each row of a batch.

        Args:
            observation: shape ``(columns,)`` or ``(rows, columns)``; integer observations have no columns.
            action_mask: 1 for each legal move, else 0; int8 of shape ``(n,)`` or ``(rows, n)``.
            episode_starts: whether a row's episode has just begun, bool of shape ``()`` or ``(rows,)``; memory starts
                anew there. Left out, nothing has just begun.

        Returns:
            The move, an int for one observation, else int64 of shape ``(rows,)``.
        """
        if action_mask.ndim == 1:
            one = np.zeros(1, np.bool_) if episode_starts is None else np.asarray(episode_starts).reshape(1)
            return int(self.choose(np.asarray(observation)[None], action_mask[None], one)[0])
        fresh = np.zeros(len(action_mask), np.bool_) if episode_starts is None else episode_starts
        return self.choose(observation, action_mask, fresh)

    @abstractmethod
    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name a move for each row; what `act` calls, always with a batch."""
