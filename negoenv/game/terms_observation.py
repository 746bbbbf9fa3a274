"""What the buyer sees of a contract with several issues: the columns on the price, then these."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.game import observation
from negoenv.game.observation import Column
from negoenv.game.persuasion import Record
from negoenv.game.state import STATE
from negoenv.game.supplier import PRICE
from negoenv.game.tactics import MOVES
from negoenv.game.term_moves import ISSUES
from negoenv.game.terms_state import TERMS
from negoenv.numerics.compiled import compiled

Array = NDArray[Any]

STEP_SCALE = 10.0
"""What the price and the worth of a step are multiplied by."""


def _columns(name: str, unit: str, high: float, meaning: str) -> tuple[Column, ...]:
    return tuple(Column(f"{issue}_{name}", unit, 0, high, meaning.format(issue=issue)) for issue in ISSUES)


COLUMNS: tuple[Column, ...] = (
    *_columns(
        "level", "fraction of its levels", 1, "Level of {issue} on the table, from the buyer's worst to its best."
    ),
    *_columns(
        "quote", f"{PRICE} x {STEP_SCALE:g}", 20, "What the supplier last quoted for a step of {issue}; 0 before that."
    ),
    *_columns("priority", "fraction", 1, TERMS.by_name["payment_priority"].meaning.replace("payment", "{issue}")),
    *_columns(
        "up", f"{PRICE} x {STEP_SCALE:g}", 40, "What a level more of {issue} is worth to the buyer; 0 at its best."
    ),
    *_columns("down", f"{PRICE} x {STEP_SCALE:g}", 40, "What a level less costs it; 0 at its worst."),
    *_columns("weight", PRICE, 4, "What the whole range of {issue} costs the supplier; Contract-v0 hides it."),
    Column("terms_worth", PRICE, -8, 8, TERMS.by_name["worth"].meaning),
    Column("refused", "0 or 1", 0, 1, TERMS.by_name["refused"].meaning),
    Column("last_terms", "0 or 1", 0, 1, "The last move was of the family TERMS."),
)
"""The columns, which follow those of `negoenv.game.observation`."""

NAMES = tuple(column.name for column in COLUMNS)
ALL_NAMES = (*observation.NAMES, *NAMES)
WEIGHTS = tuple(f"{issue}_weight" for issue in ISSUES)
"""The columns of what the issues cost the supplier."""

LOWS = np.array([column.low for column in (*observation.COLUMNS, *COLUMNS)], np.float32)
HIGHS = np.array([column.high for column in (*observation.COLUMNS, *COLUMNS)], np.float32)

_FIRST = len(observation.COLUMNS)
_HIGHEST_STEP = 40.0
_N = len(ISSUES)
_OFFER, _ASK, _LIMIT, _BUDGET = (observation.INDEX[name] for name in ("offer", "ask", "limit", "budget"))
_HIGHEST = STATE.by_name["ask"].high
_FIRST_TERM_MOVE = float(MOVES)


@compiled
def shown_price(price: float) -> float:
    """Return a price as it is shown: within the range of its column."""
    return min(max(price, 0.0), _HIGHEST)


@compiled
def observe_terms(s: Record, t: Record, g: Record, sight: Record, out: Array, i: int) -> None:
    """Write what is seen of the terms behind the columns on the price, whose prices hold for the terms on the table.

    Args:
        s: the state, by name; its prices are supplier-equivalent.
        t: the terms.
        g: the issues.
        sight: how the buyer sees, a record of `negoenv.game.observation.SIGHT`.
        out: where it is written; float32 of shape ``(rows, columns)``.
        i: into which row.
    """
    out[i, _OFFER] = shown_price(s.offer + t.cost) * sight.visible[_OFFER] if s.offer > 0.0 else 0.0
    out[i, _ASK] = shown_price(s.ask + t.cost) * sight.visible[_ASK]
    out[i, _LIMIT] = shown_price(s.limit + t.worth) * sight.visible[_LIMIT]
    out[i, _BUDGET] = shown_price(s.budget + t.cost) * sight.visible[_BUDGET]
    for k in range(_N):
        place = _FIRST + k
        out[i, place] = t.level[k] / (g.levels[k] - 1) * g.visible[k]
        out[i, place + _N] = STEP_SCALE * t.quote[k] * g.visible[_N + k]
        out[i, place + 2 * _N] = t.priority[k] * g.visible[2 * _N + k]
        level = int(t.level[k])
        here = g.worth[k, level]
        up = g.worth[k, level + 1] - here if level + 1 < g.levels[k] else 0.0
        down = here - g.worth[k, level - 1] if level > 0 else 0.0
        out[i, place + 3 * _N] = min(STEP_SCALE * up, _HIGHEST_STEP) * g.visible[3 * _N + k]
        out[i, place + 4 * _N] = min(STEP_SCALE * down, _HIGHEST_STEP) * g.visible[4 * _N + k]
        out[i, place + 5 * _N] = t.weight[k] * g.visible[5 * _N + k]
    place = _FIRST + 6 * _N
    out[i, place] = t.worth * g.visible[6 * _N]
    out[i, place + 1] = t.refused * g.visible[6 * _N + 1]
    out[i, place + 2] = g.visible[6 * _N + 2] if s.last_move >= _FIRST_TERM_MOVE else 0.0
