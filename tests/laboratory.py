"""Experiments on the supplier: the same suppliers and the same random numbers, met by different sequences of moves."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.state import Outcome
from negoenv.scenarios.presets import resolve

ROWS = 4000


def begin(
    num_rows: int = ROWS,
    seed: int = 0,
    scenario: Any = None,
    supplier: Mapping[str, Any] | str | None = None,
    context: Mapping[str, Any] | None = None,
    **arguments: Any,
) -> NegotiationBatch:
    """Return negotiations that have just begun; row i of two of them has the same random numbers."""
    batch = NegotiationBatch(num_rows, resolve(scenario), **arguments)
    batch.seed(seed)
    batch.reset(np.ones(num_rows, np.bool_), {"supplier": supplier or {}, "context": context or {}})
    return batch


def play(batch: NegotiationBatch, moves: Iterable[Any]) -> NegotiationBatch:
    """Play one move after the other (a number, or one for each row) in the rows that are still open."""
    for move in moves:
        batch.step(np.broadcast_to(np.asarray(move, np.int64), batch.num_rows).copy(), ~batch.terminated)
    return batch


def share(batch: NegotiationBatch, outcome: Outcome) -> float:
    """Return the fraction of rows that ended so."""
    return float((batch.state["outcome"] == outcome).mean())


def same(one: Any, other: Any) -> bool:
    """Return whether two results are equal to the last bit, however nested; NaN equals NaN."""
    try:
        np.testing.assert_equal(one, other, strict=True)
    except AssertionError:
        return False
    return True
