"""What the buyer sees in Sourcing: a block of columns for each supplier of the layout, 0 where there is none.

A block begins with the columns of a price negotiation (`negoenv.game.observation`), so that a policy can look at every
supplier in the same columns; what the suppliers share stands in each of them.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.game import observation
from negoenv.game.observation import Column, observe
from negoenv.game.persuasion import Record
from negoenv.game.state import Outcome
from negoenv.game.supplier import PRICE
from negoenv.numerics.compiled import compiled
from negoenv.sourcing.moves import LAYOUT
from negoenv.sourcing.quotes import asked, gone, stands

Array = NDArray[Any]

_LIFE_SCALE, _FUNDS_SCALE = 0.1, 0.2

CONTACT_COLUMNS = (
    Column("present", "0 or 1", 0, 1, "There is such a supplier."),
    Column("awake", "0 or 1", 0, 1, "It takes part; who does not may be invited."),
    Column("gone", "0 or 1", 0, 1, "It has left in anger."),
    Column("agreed", "0 or 1", 0, 1, "Its price is one that both have agreed to."),
    Column("stands", "0 or 1", 0, 1, "Its price stands: it can be awarded, and shown to others."),
    Column("ask_left", "rounds x 0.1", 0, 20, "Rounds for which it stands without a word.", _LIFE_SCALE),
    Column("spoken", "0 or 1", 0, 1, "The last move was for this supplier."),
    Column("other_ask", PRICE, 0, 2, "Lowest price of the others that stands; 0 if none does."),
    Column("funds", f"{PRICE} x 0.2", 0, 4.8, "What is left of the budget over all.", _FUNDS_SCALE),
    Column("arrival", "rounds x 0.05", -10, 20, "Rounds until the next requirement arrives; below 0 if it waits."),
)
"""The columns of a block that no price negotiation has."""

SOURCING_COLUMNS = (*observation.COLUMNS, *CONTACT_COLUMNS)
"""The columns of one supplier's block."""

SOURCING_NAMES = tuple(column.name for column in SOURCING_COLUMNS)
"""Their names."""

WIDTH = len(SOURCING_COLUMNS)
"""How many there are."""

OBSERVATION_LOWS = np.tile(np.array([column.low for column in SOURCING_COLUMNS], np.float32), LAYOUT)
"""The smallest values of an observation, float32 of shape ``(LAYOUT * WIDTH,)``."""

OBSERVATION_HIGHS = np.tile(np.array([column.high for column in SOURCING_COLUMNS], np.float32), LAYOUT)
"""The largest values."""

_OWN = len(observation.COLUMNS)
_ASK = observation.INDEX["ask"]
_ROUNDS = observation.ROUND_SCALE
_DEAL = float(Outcome.DEAL)


def supplier_views(observations: Array) -> Mapping[str, Array]:
    """Return views of the columns by name, each of shape ``(..., LAYOUT)``: a number for each supplier.

    Args:
        observations: one observation or a batch, the last axis of length ``LAYOUT * WIDTH``.
    """
    blocks = observations.reshape(*observations.shape[:-1], LAYOUT, WIDTH)
    return {name: blocks[..., index] for index, name in enumerate(SOURCING_NAMES)}


@compiled
def observe_supplier(
    o: Record, record: Record, t: Record, game: Record, i: int, k: int, other: float, blocks: Array
) -> None:  # fmt: skip
    """Write block ``i``, that of supplier ``k``, where another asks ``other``; float32 ``(rows * LAYOUT, WIDTH)``."""
    m, s = game.market, record.state
    observe(s, record.state_numbers, game.base.sight, blocks, i)
    agreed = s.outcome == _DEAL
    if agreed:
        blocks[i, _ASK] = asked(s) * game.base.sight.visible[_ASK]
    blocks[i, _OWN] = 1.0
    blocks[i, _OWN + 1] = t.awake
    blocks[i, _OWN + 2] = gone(s)
    blocks[i, _OWN + 3] = agreed
    firm = stands(s, t, m)
    blocks[i, _OWN + 4] = firm
    blocks[i, _OWN + 5] = (m.ask_life - t.age) * _LIFE_SCALE if firm else 0.0
    blocks[i, _OWN + 6] = o.last_supplier == k
    blocks[i, _OWN + 7] = other
    blocks[i, _OWN + 8] = o.funds * _FUNDS_SCALE
    more = o.bought + 1.0 < o.requirements
    blocks[i, _OWN + 9] = max(-10.0, (o.next_arrival - o.round) * _ROUNDS) if more else 0.0


@compiled
def observe_order(
    o: Record, records: Array, contacts: Array, game: Record, count: int, row: int,
    lowest: tuple[int, float, int, float], blocks: Array,
) -> None:  # fmt: skip
    """Write the blocks of all suppliers of a row."""
    for k in range(count):
        other = lowest[3] if lowest[0] == k else lowest[1]
        observe_supplier(o, records[row * count + k], contacts[row, k], game, row * LAYOUT + k, k, other, blocks)
    for i in range(row * LAYOUT + count, (row + 1) * LAYOUT):
        for column in range(blocks.shape[1]):
            blocks[i, column] = 0.0
