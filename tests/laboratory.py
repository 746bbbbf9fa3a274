"""Experiments on the supplier: the same suppliers and the same random numbers, met by different sequences of moves."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.beliefs import elapsed, going_on, urgency_at
from negoenv.game.state import Outcome
from negoenv.game.supplier import SUPPLIER
from negoenv.numerics.compiled import compiled
from negoenv.scenarios.presets import resolve

ROWS = 4000

TYPICAL = {field.name: field.default for field in SUPPLIER.fields if field.name != "archetype"} | {"exit_rate": 0.0}
"""One supplier with the default of every trait, which does not leave for no reason."""

STEADY = TYPICAL | {"tolerance": 5.0, "decisiveness": 0.0}
"""One that neither leaves for tension nor accepts, so that its answer is there to see in almost every row."""

STEPPING = STEADY | {"midpoint_affinity": 0.0}
"""One that never splits the difference, so that each step is one that was earned."""

TRUSTING = STEADY | {"informedness": 0.0}
"""One that finds no bluff out."""

RECEPTIVE = TRUSTING | {"receptive_strong": 1.0, "receptive_third_party": 1.0}
"""One that claims and third parties make an impression on, and all alike."""


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


def after(moves: Iterable[Any], supplier: Mapping[str, Any] | str | None = None, **context: Any) -> NegotiationBatch:
    """Return what such moves come to with one supplier, `STEADY` unless another is given."""
    return play(begin(supplier=STEADY if supplier is None else supplier, context=context), moves)


def mean(batch: NegotiationBatch, name: str, rows: Any = slice(None)) -> float:
    """Return the mean of a field of the state, over all rows or some."""
    return float(batch.state[name][rows].mean())


@compiled
def _write_worth(records: Any, games: Any, out: Any) -> None:
    for i in range(len(records)):
        s, p = records[i].state, records[i].supplier
        out[i] = going_on(s, p, games[0].constants, urgency_at(elapsed(s, p), p.boulware))


def worth(batch: NegotiationBatch) -> Any:
    """Return what going on is worth to each supplier now, as a price: float64 of shape ``(rows,)``."""
    found = np.empty(batch.num_rows)
    _write_worth(batch.records, batch.game, found)
    return found


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
