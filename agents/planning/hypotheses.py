"""What a planner takes the hidden truth to be, and the random numbers of what it imagines.

Those are a pure function of a row's seed, the decision and what they are for, and none of the game's numbers, or a
planner would foresee the future: the generator is that of the game with a fourth word of the counter that no game uses
(`negoenv.numerics.randomness.uniforms` has 0 there).
"""

from abc import ABC, abstractmethod
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Batch
from negoenv.numerics.compiled import compiled_entry
from negoenv.numerics.randomness import philox

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


Keys = NDArray[np.uint64]
Numbers = NDArray[np.int64]

_PLANNING = np.uint64(0x706C616E)  # the fourth word of the counter, "plan" in ASCII
_WORD = np.uint64(32)
_MANTISSA = np.uint64(11)  # bits of a key that a float64 has no room for
GOLDEN = (np.sqrt(5.0) - 1.0) / 2.0  # multiples of it, less whole numbers, are spread most evenly over [0, 1)


class Purpose(IntEnum):
    """What random numbers are for; each purpose has its own."""

    ROLLOUT = 0  # what happens when a copy is played ahead
    PARTICLE = 1  # what happens to a particle in the move that was really made
    BEGIN = 2  # who is at the other side of a particle
    RESAMPLE = 3  # which particles are kept
    JITTER = 4  # how kept particles are moved apart
    DRAW = 5  # which hypotheses rollouts start from


@compiled_entry
def _fill(seeds: NDArray[Any], decisions: NDArray[Any], draws: NDArray[Any], purpose: int, out: NDArray[Any]) -> None:
    for i in range(len(out)):
        low, high, _, _ = philox(seeds[i], np.uint64(decisions[i]), np.uint64(draws[i]), np.uint64(purpose), _PLANNING)
        out[i] = low | (high << _WORD)


def stream_keys(seeds: Keys, decisions: Numbers, draws: Numbers, purpose: Purpose) -> Keys:
    """Return a 64-bit key for each element; all arguments have one shape, ``(n,)``.

    Args:
        seeds: seed of the row that is planned for.
        decisions: how many decisions were made in that row before.
        draws: number of the rollout or particle.
        purpose: what it is for.
    """
    keys = np.empty(len(seeds), np.uint64)
    _fill(seeds, decisions, draws, int(purpose), keys)
    return keys


def unit_number(keys: Keys) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each key."""
    return np.asarray((keys >> _MANTISSA) * 2.0**-53)
