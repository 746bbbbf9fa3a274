"""What the compiled loops work on: one record a row, and one record for the rules of the scenario.

Numba spends about 0.12 us on each structured array that Python hands over (0.05 us on a plain one), and numbers of a
row that lie side by side are fetched together; so what a row remembers is one record, and so is what all rows share.
"""

import numpy as np

from negoenv.constants import CONSTANTS
from negoenv.layout import Layout, Records
from negoenv.observation import COLUMNS
from negoenv.reward import WEIGHTS
from negoenv.state import STATE
from negoenv.supplier import SUPPLIER
from negoenv.tactics import EFFECT_DTYPE, MOVES

_NUMBER = np.dtype(np.float64).itemsize


def _numbers(layout: Layout) -> np.dtype[np.void]:
    """Return the type of a record's fields as a plain array."""
    return np.dtype((np.float64, (len(layout),)))


ROW = np.dtype(
    {
        "names": ["state", "state_numbers", "supplier", "supplier_numbers", "key", "episode"],
        "formats": [STATE.dtype, _numbers(STATE), SUPPLIER.dtype, _numbers(SUPPLIER), np.uint64, np.int64],
        # A record and its numbers are the same memory, by name and by index.
        "offsets": [_NUMBER * place for place in np.cumsum([0, 0, len(STATE), 0, len(SUPPLIER), 1]).tolist()],
    }
)
"""All that one row remembers between two steps; 8 bytes a number."""

GAME = np.dtype(
    [
        ("constants", CONSTANTS.dtype),
        ("weights", WEIGHTS.dtype),
        ("effects", EFFECT_DTYPE, (MOVES,)),
        ("ranges", np.float64, (3, 2)),  # low and high of limit, benchmark and goodwill
        ("deadline", np.float64),
        ("deals", np.float64),  # how many an episode may have
        ("slack", np.float64),  # how far the budget exceeds the limit
        ("visible", np.float32, (len(COLUMNS),)),
        ("allowed", np.int8, (MOVES,)),
    ],
    align=True,
)
"""What all rows share: the scenario, as numbers."""


def row_records(rows: int) -> Records:
    """Return ``rows`` records that hold the defaults."""
    memory = np.zeros(rows, ROW)
    for name, layout in (("state", STATE), ("supplier", SUPPLIER)):
        memory[f"{name}_numbers"] = [field.default for field in layout.fields]
    return memory
