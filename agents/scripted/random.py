"""The uniformly random policy: the zero of normalised scores."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from negoenv.numerics.compiled import compiled
from negoenv.numerics.randomness import row_keys, uniforms

from ..policy import Actions, EpisodeStarts, Masks, Observations, Policy

_BLOCK = 0xFFFFFFFF  # block of draws that no game uses, so a policy seeded like a game is independent of it


@compiled
def _draw(keys: NDArray[np.uint64], call: int, out: NDArray[np.float64]) -> None:
    for row in range(len(keys)):
        out[row] = uniforms(keys[row], 0, call, _BLOCK)[0]


class Random(Policy):
    """Each legal move with the same probability, in any game with a mask.

    A row's move is a pure function of the seed, the row and the number of calls since `reset`: row i draws what a
    single row seeded with ``seed + i`` draws, however many rows stand beside it.
    """

    name = "random"

    def __init__(self) -> None:
        self.reset(1)

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Key row i with ``seed + i`` and count the calls from 0."""
        self._seed = seed
        self._keys = row_keys(seed, num_rows)
        self._calls = 0

    def branch(self, index: NDArray[np.intp], keys: NDArray[np.uint64]) -> Self:
        """Return a policy that draws as ``keys`` say from here on."""
        other = super().branch(index, keys)
        other._keys = keys
        return other

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Draw one of the legal moves in each row; the first move where none is legal."""
        if len(self._keys) != len(action_masks):
            self.reset(len(action_masks), self._seed)
        draws = np.empty(len(action_masks))
        _draw(self._keys, self._calls, draws)
        self._calls += 1
        ranks = np.cumsum(action_masks == 1, axis=1)
        chosen = np.floor(draws * ranks[:, -1]) + 1.0
        return np.asarray((ranks >= chosen[:, None]).argmax(axis=1), np.int64)
