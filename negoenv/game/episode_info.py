"""What became of rows: outcome, price, shares, goodwill and counts, as ``info`` reports them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.game.persuasion import Record
from negoenv.game.reward import buyer_share, goodwill_after, supplier_margin, under_delivery_probability
from negoenv.game.state import Outcome
from negoenv.numerics.compiled import compiled, compiled_entry
from negoenv.numerics.layout import Records

Array = NDArray[Any]

_OUTCOMES = np.array([outcome.name.lower() for outcome in Outcome])
_LETTERS = _OUTCOMES.dtype.itemsize // np.dtype(np.uint32).itemsize  # of a name, as NumPy stores it
_CODES = _OUTCOMES.view(np.uint32).reshape(len(_OUTCOMES), _LETTERS)
_DEAL = int(Outcome.DEAL)

OF_A_DEAL = ("price", "surplus_share", "supplier_margin", "goodwill", "under_delivery_probability")
"""What is reported of a deal, and does not apply without one."""

_COUNTS = ("rounds", "illegal_moves", "bluffs", "deals")
MASKS_OF_A_DEAL = tuple(f"_{name}" for name in OF_A_DEAL)
OTHER_MASKS = tuple(f"_{name}" for name in ("outcome", *_COUNTS))
"""In vectors of infos: the names of the masks that say in which rows something applies."""

EPISODE_INFO = np.dtype(
    [
        ("letters", np.uint32, (_LETTERS,)),  # of the outcome: compiled code writes no strings
        *((name, np.float64) for name in OF_A_DEAL),
        *((name, np.int64) for name in _COUNTS),
        ("is_deal", np.bool_),
    ],
    align=True,
)
"""What is told of one row after its episode."""


@compiled
def write_episode_info(s: Record, p: Record, c: Record, report: Record) -> None:
    """Write what became of a row; what a deal did is NaN without one."""
    outcome = int(s.outcome)
    for letter in range(_LETTERS):
        report.letters[letter] = _CODES[outcome, letter]
    report.is_deal = outcome == _DEAL
    report.price = s.price if report.is_deal else np.nan
    report.surplus_share = buyer_share(s.price, s, p, c) if report.is_deal else np.nan
    report.supplier_margin = supplier_margin(s, p) if report.is_deal else np.nan
    report.goodwill = goodwill_after(s, p, c) if report.is_deal else np.nan
    report.under_delivery_probability = under_delivery_probability(s, p, c) if report.is_deal else np.nan
    report.rounds = int(s.step)
    report.illegal_moves = int(s.illegal_moves)
    report.bluffs = int(s.bluffs)
    report.deals = int(s.deals)


@compiled
def clear_episode_info(report: Record) -> None:
    """Write that there is nothing to report."""
    for letter in range(_LETTERS):
        report.letters[letter] = 0
    report.is_deal = False
    report.price = 0.0
    report.surplus_share = 0.0
    report.supplier_margin = 0.0
    report.goodwill = 0.0
    report.under_delivery_probability = 0.0
    report.rounds = 0
    report.illegal_moves = 0
    report.bluffs = 0
    report.deals = 0


@compiled_entry
def write_episode_infos(chosen: Array, records: Records, games: Records, reports: Records) -> None:
    """Write what became of each of the ``chosen`` rows into as many reports."""
    for k in range(len(chosen)):
        row = records[chosen[k]]
        write_episode_info(row.state, row.supplier, games[0].constants, reports[k])


def columns(reports: Records) -> dict[str, Array]:
    """Return what is reported by name, views of the ``reports``."""
    outcome = reports["letters"].view(_OUTCOMES.dtype)[:, 0]
    return {"outcome": outcome, **{name: reports[name] for name in (*OF_A_DEAL, *_COUNTS)}}
