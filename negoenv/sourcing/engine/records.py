"""What the compiled loops of Sourcing work on besides the records of `negoenv.engine.records`."""

import numpy as np

from negoenv.engine.records import GAME
from negoenv.game.tactics import EFFECT_DTYPE
from negoenv.sourcing.constants import MARKET, SOURCING_WEIGHTS
from negoenv.sourcing.moves import AWARDS, MOVES_A_SUPPLIER

SOURCING_GAME = np.dtype(
    [
        ("base", GAME),  # the rules between the buyer and one supplier
        ("market", MARKET.dtype),
        ("weights", SOURCING_WEIGHTS.dtype),
        ("effects", EFFECT_DTYPE, (MOVES_A_SUPPLIER,)),
        ("needs", np.int64, (MOVES_A_SUPPLIER,)),  # how a supplier must stand for it, bits of `Situation`
        ("stands_for", np.int64, (MOVES_A_SUPPLIER,)),
        ("shares", np.float64, (len(AWARDS),)),  # of the first supplier, by award
        ("invited", np.float64),  # suppliers that take part from the start
        ("requirements", np.float64),
        ("budget_share", np.float64),  # the budget over all, as a part of the most that all requirements may cost
    ],
    align=True,
)
"""What all rows share: the scenario, as numbers."""

SOURCING_INFO = np.dtype(
    [
        ("deal", np.bool_),
        ("outcome", np.int64),
        *((name, np.float64) for name in (
            "price", "surplus_share", "supplier_margin", "goodwill", "under_delivery_probability", "best_share"
        )),
        *((name, np.int64) for name in (
            "rounds", "illegal_moves", "bluffs", "deals", "sources", "splits", "lost", "talked_to"
        )),
    ],
    align=True,
)  # fmt: skip
"""What is told of one row after its episode."""

SLOT_EPISODES = 1 << 29
"""Episodes of a supplier are numbered from this times its place, so that each has random numbers of its own."""
