"""Kernel smoothing of hidden types: particles that were copied many times are moved apart again."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.supplier import SUPPLIER
from negoenv.numerics.compiled import compiled_entry

_BANDWIDTH = 0.5  # how far a type is moved, fraction of the spread that its kind has left
_KEEP = float(np.sqrt(1.0 - _BANDWIDTH**2))  # what keeps that spread as it is
_TRIANGULAR = float(np.sqrt(6.0))  # one over the standard deviation of a symmetric triangular number in (-1, 1)
_WHOLE = ("archetype", "weakness")
_MOVABLE = np.array([name not in _WHOLE for name in SUPPLIER.names])
_LOWS = SUPPLIER.lows
_HIGHS = SUPPLIER.highs


def smooth(particles: NegotiationBatch, count: int, keys: NDArray[np.uint64]) -> None:
    """Move the suppliers of particles, keeping mean and spread of each kind in each row of particles.

    Shrinking towards the mean makes up for what the noise adds, so that smoothing blurs nothing that was learned (Liu &
    West 2001, *Combined parameter and state estimation in simulation-based filtering*).

    Args:
        particles: the particles; ``count`` in succession belong to one row.
        count: particles a row.
        keys: key the noise of each particle.
    """
    fresh = particles.resized(particles.num_rows)
    fresh.keys[:] = keys
    fresh.reset(np.ones(fresh.num_rows, np.bool_))
    population = particles.population
    kinds, others = (batch.supplier["archetype"].astype(np.int64) for batch in (particles, fresh))
    _smooth(
        particles.supplier_matrix, kinds, fresh.supplier_matrix, others, population.means,
        np.where(_MOVABLE, population.spreads, 0.0), count,
    )  # fmt: skip


@compiled_entry
def _smooth(
    types: NDArray[Any], kinds: NDArray[Any], fresh: NDArray[Any], fresh_kinds: NDArray[Any], means: NDArray[Any],
    spreads: NDArray[Any], count: int,
) -> None:  # fmt: skip
    """Smooth the fields with a spread; what a type drawn anew differs from the mean of its kind is the noise."""
    fields = types.shape[1]
    size = np.zeros(len(means))
    total = np.zeros(means.shape)
    squares = np.zeros(means.shape)
    for first in range(0, len(types), count):
        size[:] = 0.0
        total[:] = 0.0
        squares[:] = 0.0
        for i in range(first, first + count):
            size[kinds[i]] += 1.0
            for field in range(fields):
                total[kinds[i], field] += types[i, field]
        for i in range(first, first + count):
            for field in range(fields):
                off = types[i, field] - total[kinds[i], field] / size[kinds[i]]
                squares[kinds[i], field] += off * off
        for i in range(first, first + count):
            kind, other = kinds[i], fresh_kinds[i]
            for field in range(fields):
                if spreads[kind, field] > 0.0:
                    noise = 0.0
                    if spreads[other, field] > 0.0:
                        noise = (fresh[i, field] - means[other, field]) / spreads[other, field] * _TRIANGULAR
                    mean = total[kind, field] / size[kind]
                    spread = np.sqrt(squares[kind, field] / size[kind])
                    moved = mean + _KEEP * (types[i, field] - mean) + _BANDWIDTH * spread * noise
                    types[i, field] = min(max(moved, _LOWS[field]), _HIGHS[field])
