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
_DEAL = float(Outcome.DEAL)

OF_A_DEAL = ("price", "surplus_share", "supplier_margin", "goodwill", "under_delivery_probability")
"""What is reported of a deal, and does not apply without one."""

_COUNTS = ("rounds", "illegal_moves", "bluffs", "deals")
_REPORT = np.dtype(
    [
        ("letters", np.uint32, (_LETTERS,)),  # of the outcome: compiled code writes no strings
        *((name, np.float64) for name in OF_A_DEAL),
        *((name, np.int64) for name in _COUNTS),
        ("is_deal", np.bool_),
    ],
    align=True,
)


@compiled_entry
def _report_rows(chosen: Array, places: Array, rows: Records, games: Records, reports: Records) -> None:
    """Write what became of each of the ``chosen`` rows into the record of ``places``."""
    c = games[0].constants
    for k in range(len(chosen)):
        s = rows[chosen[k]].state
        p = rows[chosen[k]].supplier
        report = reports[places[k]]
        for letter in range(_LETTERS):
            report.letters[letter] = _CODES[int(s.outcome), letter]
        report.is_deal = s.outcome == _DEAL
        report.price = s.price if report.is_deal else np.nan
        report.surplus_share = buyer_share(s.price, s, p, c) if report.is_deal else np.nan
        report.supplier_margin = supplier_margin(s, p) if report.is_deal else np.nan
        report.goodwill = goodwill_after(s, p, c) if report.is_deal else np.nan
        report.under_delivery_probability = under_delivery_probability(s, p, c) if report.is_deal else np.nan
        report.rounds = int(s.step)
        report.illegal_moves = int(s.illegal_moves)
        report.bluffs = int(s.bluffs)
        report.deals = int(s.deals)


def report(
    chosen: NDArray[np.intp], rows: Records, games: Records, over_all: bool = False
) -> tuple[dict[str, Array], NDArray[np.bool_]]:
    """Return how the ``chosen`` rows ended, what a deal did to both sides (NaN without one), and which are deals.

    Args:
        chosen: numbers of rows.
        rows: all rows.
        games: the game.
        over_all: whether the arrays are as long as ``rows``, with 0 elsewhere, or as long as ``chosen``.
    """
    reports = np.zeros(len(rows) if over_all else len(chosen), _REPORT)
    _report_rows(chosen, chosen if over_all else np.arange(len(chosen)), rows, games, reports)
    outcome = reports["letters"].view(_OUTCOMES.dtype)[:, 0]
    return {"outcome": outcome, **{name: reports[name] for name in (*OF_A_DEAL, *_COUNTS)}}, reports["is_deal"]
