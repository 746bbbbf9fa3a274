"""Ladder: a small tabular negotiation whose optimum is computed exactly.

A buyer climbs a ladder of pressure against a supplier that is either yielding or proud. Each rung is a better price
and a less likely deal; climbing raises tension, two rungs at once much more than twice one, and past the supplier's
tolerance the negotiation breaks down. `ladder_table` is the whole game, `known_type_optimum` and
`hidden_type_optimum` are the best that can be done with and without seeing the type of the supplier.
"""

from negoenv.ladder.batch import LadderBatch
from negoenv.ladder.optimum import (
    HiddenSolution,
    LadderBelief,
    LadderSolution,
    hidden_type_optimum,
    known_type_optimum,
    policy_value,
    random_value,
)
from negoenv.ladder.rules import DEFAULT_RULES, LadderEnd, LadderMove, LadderRules, LadderSupplier
from negoenv.ladder.table import TERM_NAMES, LadderState, LadderStates, LadderTable, ladder_table

__all__ = [
    "DEFAULT_RULES",
    "TERM_NAMES",
    "HiddenSolution",
    "LadderBatch",
    "LadderBelief",
    "LadderEnd",
    "LadderMove",
    "LadderRules",
    "LadderSolution",
    "LadderState",
    "LadderStates",
    "LadderSupplier",
    "LadderTable",
    "hidden_type_optimum",
    "known_type_optimum",
    "ladder_table",
    "policy_value",
    "random_value",
]
