"""Random numbers of what a planner imagines: a pure function of a row's seed, the decision and what it is for.

They are none of the game's numbers, or a planner would foresee the future. The generator is that of the game with a
fourth word of the counter that no game uses (`negoenv.numerics.randomness.uniforms` has 0 there).
"""

from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.numerics.compiled import compiled_entry
from negoenv.numerics.randomness import philox

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
    BEGIN = 2  # who sits at the other side of a particle
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
