"""The practical limit: draws the random numbers of a negotiation, writes as much, and does nothing else."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from negoenv.engine.batch import Mask
from negoenv.engine.kernels import Array, draw_step
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.engine.reset import collect_resets, draw_setup
from negoenv.game.episode_info import clear_episode_info
from negoenv.numerics.compiled import compiled_entry, compiled_parallel_entry
from negoenv.numerics.layout import Records
from negoenv.numerics.randomness import TILE
from negoenv.numerics.threads import run_in_parts

_FINISHED = 0.126  # share of rows that finish in a step of negotiations under random moves


@compiled_entry
def _null_rows(
    chunk: int, chunks: int, begins: Array, records: Records, tiles: Records, spreads: Array, observations: Array,
    masks: Array, rewards: Array, terms: Array, terminated: Array, reports: Records,
) -> None:  # fmt: skip
    """Draw what `negoenv.engine.kernels.step_rows` draws and write as much as it writes."""
    draws = tiles[chunk]
    numbers = draws.numbers
    size = (len(begins) + chunks - 1) // chunks
    last = min(len(begins), (chunk + 1) * size)
    for start in range(chunk * size, last, TILE):
        count = min(TILE, last - start)
        begun = collect_resets(start, count, begins, records, draws)
        draw_setup(draws, begun, spreads)
        draw_step(records, start, count, draws)
        for k in range(count):
            i = start + k
            records[i].state.round += 1.0
            observations[i] = 0.0
            masks[i] = 1
            for column in range(terms.shape[1]):
                terms[i, column] = 0.0
            clear_episode_info(reports[i])
            rewards[i] = numbers[1, k]
            terminated[i] = not begins[i] and numbers[0, k] < _FINISHED


@compiled_parallel_entry
def _null_rows_in_parallel(
    chunks: int, begins: Array, records: Records, tiles: Records, spreads: Array, observations: Array, masks: Array,
    rewards: Array, terms: Array, terminated: Array, reports: Records,
) -> None:  # fmt: skip
    for chunk in prange(chunks):
        _null_rows(
            chunk, chunks, begins, records, tiles, spreads, observations, masks, rewards, terms, terminated, reports
        )


class NullBatch(NegotiationBatch):
    """Negotiations in which nothing happens."""

    def _play(self, actions: NDArray[np.int64], plays: Mask, begins: Mask) -> None:
        arguments = (
            begins, self.records, self.tiles, self.population.spreads, self.observations,
            self.action_masks, self.rewards, self.reward_terms, self.terminated, self.reports,
        )  # fmt: skip
        run_in_parts(_null_rows, _null_rows_in_parallel, len(self.tiles), *arguments)
