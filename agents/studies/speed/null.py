"""The practical limit: draws the random numbers of a negotiation, writes as much, and does nothing else."""

import numpy as np
from numba import prange
from numpy.typing import NDArray

from negoenv.batch import Rows
from negoenv.beginnings import draw_setup, gather
from negoenv.compiled import compiled_entry, compiled_parallel_entry
from negoenv.kernels import Array, draw_step
from negoenv.layout import Records
from negoenv.negotiation import NegotiationBatch
from negoenv.observation import COLUMNS
from negoenv.randomness import TILE
from negoenv.reports import clear_report
from negoenv.runs import copier
from negoenv.tactics import MOVES
from negoenv.threads import run_in_parts

_SEEN = np.zeros((1, len(COLUMNS)), np.float32)
_LEGAL = np.ones((1, MOVES), np.int8)
_observe, _mask = copier(len(COLUMNS)), copier(MOVES)
_FINISHED = 0.126  # share of rows that finish in a step of negotiations under random moves


@compiled_entry
def _null_rows(
    chunk: int, chunks: int, begins: Array, rows: Records, tiles: Records, spreads: Array, observations: Array,
    masks: Array, rewards: Array, terms: Array, terminated: Array, reports: Records,
) -> None:  # fmt: skip
    """Draw what `negoenv.kernels.step_rows` draws and write as much as it writes."""
    draws = tiles[chunk]
    numbers = draws.numbers
    size = (len(begins) + chunks - 1) // chunks
    last = min(len(begins), (chunk + 1) * size)
    for start in range(chunk * size, last, TILE):
        count = min(TILE, last - start)
        begun = gather(start, count, begins, rows, draws)
        draw_setup(draws, begun, spreads)
        draw_step(rows, start, count, draws)
        for k in range(count):
            i = np.uintp(start + k)
            rows[i].state.round += 1.0
            _observe(observations, i, 0, _SEEN, 0)
            _mask(masks, i, 0, _LEGAL, 0)
            for column in range(terms.shape[1]):
                terms[i, column] = 0.0
            clear_report(reports[i])
            rewards[i] = numbers[1, k]
            terminated[i] = not begins[i] and numbers[0, k] < _FINISHED


@compiled_parallel_entry
def _null_rows_in_parallel(
    chunks: int, begins: Array, rows: Records, tiles: Records, spreads: Array, observations: Array, masks: Array,
    rewards: Array, terms: Array, terminated: Array, reports: Records,
) -> None:  # fmt: skip
    for chunk in prange(chunks):
        _null_rows(
            chunk, chunks, begins, rows, tiles, spreads, observations, masks, rewards, terms, terminated, reports
        )


class NullBatch(NegotiationBatch):
    """Negotiations in which nothing happens."""

    def _play(self, actions: NDArray[np.int64], plays: Rows, begins: Rows) -> None:
        arguments = (
            begins, self.memory, self.tiles, self.population.spreads, self.observations,
            self.action_masks, self.rewards, self.reward_terms, self.terminated, self.reports,
        )  # fmt: skip
        run_in_parts(_null_rows, _null_rows_in_parallel, len(self.tiles), *arguments)
