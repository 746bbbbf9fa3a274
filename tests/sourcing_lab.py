"""Experiments on several suppliers: the same suppliers and random numbers, met by different moves."""

from collections.abc import Iterable
from typing import Any

import numpy as np

from negoenv.sourcing import SourcingBatch, SourcingMove, action_of, resolve_sourcing
from tests.laboratory import TYPICAL

BIDDERS = TYPICAL | {
    "tolerance": 5.0, "decisiveness": 0.0, "midpoint_affinity": 0.0, "tactics_rate": 0.0, "power": 0.0,
    "readiness": -10.0, "pride": 0.0, "reservation_price": 0.55,
}  # fmt: skip
"""Suppliers that move for nothing but the lower ask of another."""

OPEN_MARKET = {"bid_chance": 1.0, "beaten_out": 0.0, "drop_rate": 0.0, "ask_life": 200, "talk_chance": 0.0}
"""A market in which every supplier bids, and nobody drops out."""


def meet(
    rows: int = 512,
    traits: Any = None,
    scenario: Any = None,
    market: Any = None,
    seed: int = 0,
    context: Any = None,
    **changes: Any,
) -> SourcingBatch:
    """Return episodes that have just begun, with all suppliers awake; ``traits`` are one's for all, or a list."""
    listed = traits if isinstance(traits, list) else None
    game = {"deadline": 200, "patience": {"low": 1.0, "high": 1.0}, "delay_cost": {"low": 0.0, "high": 0.0}}
    game |= {"invited": 5, "market": market or {}, **changes}
    batch = SourcingBatch(rows, resolve_sourcing(scenario or game))
    batch.seed(seed)
    options = {"suppliers": listed} if listed else {"supplier": traits or {}}
    batch.reset(np.ones(rows, np.bool_), {**options, "context": context or {}})
    return batch


def act(batch: SourcingBatch, moves: Iterable[tuple[int, SourcingMove] | int]) -> SourcingBatch:
    """Play moves, each a supplier and what is done towards it, or an action, in all rows that are open."""
    for move in moves:
        action = action_of(*move) if isinstance(move, tuple) else int(move)
        batch.step(np.full(batch.num_rows, action, np.int64), ~batch.terminated)
    return batch


def bid_out(batch: SourcingBatch, rounds: int) -> SourcingBatch:
    """Show, for some rounds, the lowest ask to whoever asks most of those to whom it may be shown."""
    for _ in range(rounds):
        shows = np.stack([batch.action_masks[:, action_of(k, SourcingMove.SHOW_QUOTE)] for k in range(batch.count)], 1)
        k = np.where(shows == 1, batch.state["ask"], -1.0).argmax(axis=1)
        wanted = np.array([action_of(j, SourcingMove.SHOW_QUOTE) for j in range(batch.count)])[k]
        legal = batch.action_masks[np.arange(batch.num_rows), wanted] == 1
        batch.step(np.where(legal, wanted, 95), ~batch.terminated)
    return batch
