"""Many candidates side by side, each against the same suppliers of the training split."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Batch
from negoenv.make import make_batch
from negoenv.numerics.randomness import row_keys

_ROWS = 2**16  # episodes side by side; more fit no cache and gain nothing

Choose = Callable[[int, Batch], NDArray[np.int64]]
"""Names an action for every row of a batch, given how many steps its episodes have lasted."""


class CandidateEvaluator:
    """Plays what is searched against training suppliers, and remembers nothing.

    Args:
        scenario: the game, as in `negoenv.make.make_batch`.
    """

    def __init__(self, scenario: Mapping[str, Any] | str) -> None:
        self._scenario = scenario
        self.batch = make_batch(1, scenario, "train")

    @staticmethod
    def at_once(suppliers: int) -> int:
        """Return how many candidates are played side by side."""
        return max(1, _ROWS // suppliers)

    def played(self, choose: Choose, candidates: int, suppliers: int, seed: int) -> NDArray[np.float64]:
        """Return the mean return of each candidate, float64 of shape ``(candidates,)``.

        Args:
            choose: the candidates; the rows of one stand side by side.
            candidates: how many there are.
            suppliers: how many each meets; the same for all, and the same random numbers.
            seed: of the first supplier.
        """
        rows = candidates * suppliers
        if self.batch.num_rows != rows:
            self.batch = make_batch(rows, self._scenario, "train")
        batch = self.batch
        batch.keys[:] = np.tile(row_keys(seed, suppliers), candidates)
        batch.episodes[:] = -1
        running = np.ones(rows, np.bool_)
        batch.reset(running)
        returns = np.zeros(rows)
        steps = 0
        while running.any():
            batch.step(choose(steps, batch), running)
            returns[running] += batch.rewards[running]
            running &= ~batch.terminated
            steps += 1
        means: NDArray[np.float64] = returns.reshape(candidates, suppliers).mean(axis=1)
        return means
