"""Play a fixed set of negotiations and store everything that came of it: ``python -m tests.uncompiled FILE``.

With ``NUMBA_DISABLE_JIT=1`` the same source runs as plain Python.
"""

import sys
from typing import Any

import numpy as np
from numba import config

from negoenv import kernels, reports
from negoenv.ladder import LadderBatch
from negoenv.negotiation import NegotiationBatch
from negoenv.presets import resolve

ROWS, STEPS = 48, 45  # two episodes and more


class Record:
    """One record with its fields as attributes, as in compiled code (``numpy.record`` hides the field ``round``)."""

    def __init__(self, record: np.void) -> None:
        object.__setattr__(self, "record", record)

    def __getattr__(self, name: str) -> Any:
        found = self.record[name]
        if isinstance(found, np.void):
            return Record(found)
        if isinstance(found, np.ndarray) and found.dtype.names:
            return Records(found)
        return float(found) if isinstance(found, np.floating) else found

    def __setattr__(self, name: str, value: float) -> None:
        self.record[name] = value


class Records:
    """A structured array whose rows are such records."""

    def __init__(self, array: np.ndarray) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, key: Any) -> Any:
        found = self.array[key]
        return Record(found) if isinstance(found, np.void) else found


if config.DISABLE_JIT:
    TILES = Records(kernels.tiles(1))
    kernels.tiles = lambda threads: TILES
    write_reports = reports.write_reports
    reports.write_reports = lambda *arguments: write_reports(*arguments[:-1], Records(arguments[-1]))


def negotiations(scenario: str) -> NegotiationBatch:
    """Return a batch whose records have names, in compiled code and in Python."""
    batch = NegotiationBatch(ROWS, resolve(scenario))
    if config.DISABLE_JIT:
        for name in ("state", "supplier", "constants", "memory", "game", "reports"):
            setattr(batch, name, Records(getattr(batch, name)))
    return batch


def results() -> dict[str, np.ndarray]:
    """Play random moves, some not legal, over several episodes; return every number of every step."""
    kept = {}
    for game, batch in {
        "procurement": negotiations("Procurement"),
        "marketplace": negotiations("Marketplace"),
        "partnership": negotiations("Partnership"),
        "ladder": LadderBatch(ROWS),
    }.items():
        rng = np.random.default_rng(5)
        rows = np.ones(ROWS, np.bool_)
        batch.seed(17)
        batch.begin(rows)
        for step in range(STEPS):
            moves = rng.integers(-1, int(batch.action_space.n) + 1, ROWS)
            leaving = moves == batch.action_space.n - 1
            moves[leaving & (rng.random(ROWS) < 0.9)] = 1
            batch.step(moves, rows)
            shown = {"observations": batch.observations, "masks": batch.action_masks, "terms": batch.reward_terms}
            shown |= {"rewards": batch.rewards, "terminated": batch.terminated, **batch.outcomes()}
            if isinstance(batch, NegotiationBatch):
                shown |= {"state": batch.state_matrix, "supplier": batch.supplier_matrix}
            kept |= {f"{game}.{step}.{name}": values.copy() for name, values in shown.items()}
            if batch.terminated.any():
                batch.begin(batch.terminated.copy())
    return kept


if __name__ == "__main__":
    np.savez(sys.argv[1], **results())
