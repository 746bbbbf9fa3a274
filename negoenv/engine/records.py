"""What the compiled loops work on: one record a row, and one record for the rules of the scenario.

Numba spends time on each array that Python hands over, and numbers of a row that lie side by side are fetched together;
so what a row remembers is one record, and so is what all rows share.
"""

from typing import Any

import numpy as np

from negoenv.game.constants import CONSTANTS
from negoenv.game.legal_moves import CONDITIONS
from negoenv.game.observation import SIGHT
from negoenv.game.reward import WEIGHTS
from negoenv.game.state import STATE
from negoenv.game.supplier import SUPPLIER
from negoenv.game.supplier_tactics import SUPPLIER_EFFECT_DTYPE, SupplierTactic
from negoenv.game.tactics import EFFECT_DTYPE, MOVES
from negoenv.numerics.layout import Layout, Records


def _numbers(layout: Layout) -> np.dtype[np.void]:
    """Return the type of a record's fields as a plain array."""
    return np.dtype((layout.number, (len(layout),)))


def _row() -> np.dtype[np.void]:
    """Return the type of what one row remembers: two records, each also as plain numbers in the same memory."""
    fields: dict[str, tuple[np.dtype[Any], int]] = {"key": (np.dtype(np.uint64), 0), "episode": (np.dtype(np.int64), 8)}
    place = 16
    for name, layout in (("supplier", SUPPLIER), ("state", STATE)):
        fields |= {name: (layout.dtype, place), f"{name}_numbers": (_numbers(layout), place)}
        place += -(-layout.dtype.itemsize // 8) * 8  # the next one begins at a multiple of 8 bytes
    formats, offsets = zip(*fields.values(), strict=True)
    return np.dtype({"names": [*fields], "formats": formats, "offsets": offsets, "itemsize": place})


ROW = _row()
"""All that one row remembers between two steps, in at most 512 bytes: eight lines of the cache."""

GAME = np.dtype(
    [
        ("constants", CONSTANTS.dtype),
        ("weights", WEIGHTS.dtype),
        ("effects", EFFECT_DTYPE, (MOVES,)),
        ("tactics", SUPPLIER_EFFECT_DTYPE, (len(SupplierTactic),)),
        ("ranges", np.float64, (6, 2)),  # low and high of what `negoenv.scenarios.scenario.RANGES` names
        ("deadline", np.float64),
        ("deals", np.float64),  # how many an episode may have
        ("slack", np.float64),  # how far the budget exceeds the limit
        ("sight", SIGHT),
        ("legal", np.int8, (CONDITIONS, MOVES)),  # by what holds, see `negoenv.game.legal_moves.legal_moves`
    ],
    align=True,
)
"""What all rows share: the scenario, as numbers."""


def new_records(num_rows: int) -> Records:
    """Return ``num_rows`` records that hold the defaults."""
    memory = np.zeros(num_rows, ROW)
    for name, layout in (("state", STATE), ("supplier", SUPPLIER)):
        memory[f"{name}_numbers"] = layout.defaults
    return memory
