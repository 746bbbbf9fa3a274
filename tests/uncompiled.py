"""Play a fixed set of negotiations and store everything that came of it: ``python -m tests.uncompiled FILE``.

With ``NUMBA_DISABLE_JIT=1`` the same source runs as plain Python.
"""

import sys

import numpy as np

from negoenv.engine.contract_batch import negotiations
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.tactics import Move
from negoenv.ladder import LadderBatch
from negoenv.ladder.rules import LadderMove
from negoenv.scenarios.presets import resolve

ROWS, STEPS = 48, 45  # two episodes and more


def results() -> dict[str, np.ndarray]:
    """Play random moves, some not legal, over several episodes; return every number of every step."""
    kept = {}
    for game, batch in {
        "procurement": NegotiationBatch(ROWS, resolve("Procurement")),
        "marketplace": NegotiationBatch(ROWS, resolve("Marketplace")),
        "partnership": NegotiationBatch(ROWS, resolve("Partnership")),
        "contract": negotiations(ROWS, resolve({"base": "Contract", "deals": 2})),
        "ladder": LadderBatch(ROWS),
    }.items():
        rng = np.random.default_rng(5)
        rows = np.ones(ROWS, np.bool_)
        batch.seed(17)
        batch.reset(rows)
        for step in range(STEPS):
            moves = rng.integers(-1, int(batch.action_space.n) + 1, ROWS)
            legal = (rng.random(batch.action_masks.shape) * batch.action_masks).argmax(axis=1)
            moves = np.where(rng.random(ROWS) < 0.6, legal, moves)
            leaving = moves == (LadderMove if isinstance(batch, LadderBatch) else Move).WALK_AWAY
            moves[leaving & (rng.random(ROWS) < 0.9)] = 1
            batch.step(moves, rows)
            shown = {"observations": batch.observations, "masks": batch.action_masks, "terms": batch.reward_terms}
            shown |= {"rewards": batch.rewards, "terminated": batch.terminated, **batch.outcomes()}
            if isinstance(batch, NegotiationBatch):
                shown |= {"state": batch.state_matrix, "supplier": batch.supplier_matrix}
            kept |= {f"{game}.{step}.{name}": values.copy() for name, values in shown.items()}
            if batch.terminated.any():
                batch.reset(batch.terminated.copy())
    return kept


if __name__ == "__main__":
    np.savez(sys.argv[1], **results())
