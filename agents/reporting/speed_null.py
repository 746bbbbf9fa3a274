"""The practical limit: draws the random numbers of a negotiation, writes as much, and does nothing else."""

import numpy as np
from numpy.typing import NDArray

from negoenv.batch import Rows
from negoenv.compiled import compiled_entry
from negoenv.kernels import Array, draw_tile
from negoenv.layout import Records
from negoenv.negotiation import NegotiationBatch
from negoenv.randomness import uniforms_of_rows

_TILE = 64
_STEP_BLOCKS, _TRAIT_BLOCKS = 4, 15
_FINISHED = 0.126  # share of rows that finish in a step of negotiations under random moves


@compiled_entry
def _null_rows(
    begins: Array, rows: Records, observations: Array, masks: Array, rewards: Array, terms: Array, terminated: Array
) -> None:
    """Draw what `negoenv.kernels.step_rows` draws and write as much as it writes."""
    counters = np.empty((4, _TILE), np.uint64)
    draws, traits = np.empty((4 * _STEP_BLOCKS, _TILE)), np.empty((4 * _TRAIT_BLOCKS, _TILE))
    for start in range(0, len(begins), _TILE):
        count = min(_TILE, len(begins) - start)
        begun = 0
        for i in range(start, start + count):
            begun += begins[i]
        draw_tile(rows, start, count, counters, draws)
        if begun > 0:
            uniforms_of_rows(counters[0], counters[1], counters[2], begun, 0, 2, traits)
            uniforms_of_rows(counters[0], counters[1], counters[2], begun, 16, _TRAIT_BLOCKS, traits)
        for k in range(count):
            i = start + k
            rows[i].state.round += 1.0
            for column in range(observations.shape[1]):
                observations[i, column] = draws[column % 16, k]
            for move in range(masks.shape[1]):
                masks[i, move] = 1
            for column in range(terms.shape[1]):
                terms[i, column] = 0.0
            rewards[i] = draws[1, k]
            terminated[i] = not begins[i] and draws[0, k] < _FINISHED


class NullBatch(NegotiationBatch):
    """Negotiations in which nothing happens; on one thread."""

    def _play(self, actions: NDArray[np.int64], plays: Rows, begins: Rows) -> None:
        _null_rows(
            begins, self.memory, self.observations, self.action_masks, self.rewards, self.reward_terms, self.terminated
        )
