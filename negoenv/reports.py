"""What became of rows: outcome, price, shares, goodwill and counts, as ``info`` reports them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.compiled import compiled_entry
from negoenv.dynamics.aftermath import buyer_share, goodwill_after, supplier_margin, under_delivery_probability
from negoenv.layout import Records
from negoenv.state import Outcome

Array = NDArray[Any]

_OUTCOMES = np.array([outcome.name.lower() for outcome in Outcome])
_LETTERS = _OUTCOMES.dtype.itemsize // np.dtype(np.uint32).itemsize  # of a name, as NumPy stores it
_CODES = _OUTCOMES.view(np.uint32).reshape(len(_OUTCOMES), _LETTERS)
OF_A_DEAL = ("price", "surplus_share", "supplier_margin", "goodwill", "under_delivery_probability")
"""What is reported of a deal, and does not apply without one."""

_COUNTS = ("rounds", "illegal_moves", "bluffs", "deals")
_DEAL = float(Outcome.DEAL)


@compiled_entry
def _report_rows(
    chosen: Array, rows: Records, games: Records, places: Array, names: Array, values: Array, counts: Array,
    deals: Array,
) -> None:  # fmt: skip
    """Write what became of each of the ``chosen`` rows into the column of ``places``."""
    c = games[0].constants
    for k in range(len(chosen)):
        s = rows[chosen[k]].state
        p = rows[chosen[k]].supplier
        place = places[k]
        for letter in range(_LETTERS):
            names[place, letter] = _CODES[int(s.outcome), letter]
        deals[place] = s.outcome == _DEAL
        if deals[place]:
            values[0, place] = s.price
            values[1, place] = buyer_share(s.price, s, p, c)
            values[2, place] = supplier_margin(s, p)
            values[3, place] = goodwill_after(s, p, c)
            values[4, place] = under_delivery_probability(s, p, c)
        else:
            for column in range(len(values)):
                values[column, place] = np.nan
        counts[0, place] = int(s.step)
        counts[1, place] = int(s.illegal_moves)
        counts[2, place] = int(s.bluffs)
        counts[3, place] = int(s.deals)


def report(
    chosen: Array, rows: Records, games: Records, places: Array | None = None
) -> tuple[dict[str, Array], NDArray[np.bool_]]:
    """Return how the ``chosen`` rows ended, what a deal did to both sides (NaN without one), and which are deals.

    Args:
        chosen: numbers of rows.
        rows: all rows.
        games: the game.
        places: where each of them goes in arrays as long as ``rows``, which hold 0 elsewhere; unless it is given, the
            arrays are as long as ``chosen``.
    """
    length = len(chosen) if places is None else len(rows)
    outcome = np.zeros(length, _OUTCOMES.dtype)
    values, counts = np.zeros((len(OF_A_DEAL), length)), np.zeros((len(_COUNTS), length), np.int64)
    deals = np.zeros(length, np.bool_)
    _report_rows(
        chosen, rows, games, np.arange(length) if places is None else places,
        outcome.view(np.uint32).reshape(length, _LETTERS), values, counts, deals,
    )  # fmt: skip
    columns = {"outcome": outcome} | dict(zip(OF_A_DEAL, values, strict=True)) | dict(zip(_COUNTS, counts, strict=True))
    return columns, deals
