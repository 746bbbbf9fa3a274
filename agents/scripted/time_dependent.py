"""Time-dependent concession: what is offered follows the clock, whatever the other side does."""

from typing import ClassVar

import numpy as np

from negoenv.game.supplier import PRICE
from negoenv.game.tactics import Move
from negoenv.numerics.layout import Field, Layout

from ..policy import Actions
from .base import Column, ScriptedPolicy, Table, concession_towards, first_true


class TimeDependent(ScriptedPolicy):
    """Offers move from the opening to the limit by a curve of time; `Boulware` and `Conceder` differ in its exponent.

    After Faratin, Sierra & Jennings 1998, *Negotiation decision functions for autonomous agents*: at time t of the
    deadline T the target offer is ``opening + (limit - opening) * (t / T) ** (1 / beta)``. The move is the
    concession that leads nearest to the target, or HOLD; an ask at or below the target is accepted.

    Attributes:
        beta: below 1 it concedes late (Boulware), above 1 early (Conceder).
    """

    beta: ClassVar[float]
    remembers = Layout("memory", Field("opening", PRICE, 0, 2, "The first offer that was made."))

    def wish(self, table: Table) -> Actions:
        """Follow the curve."""
        self.memory["opening"] = np.where(self.memory["opening"] > 0.0, self.memory["opening"], table["offer"])
        target = self.target(table)
        return first_true([(table["ask"] <= target, Move.ACCEPT)], concession_towards(table, target))

    def target(self, table: Table) -> Column:
        """Return the offer that the curve asks for in the round to be played, shape ``(rows,)``."""
        time = np.minimum(1.0, (table["round"] + 1.0) / table["deadline"])
        opening = np.minimum(self.memory["opening"], table["worth"])
        target: Column = opening + (table["worth"] - opening) * time ** (1.0 / self.beta)
        return target


class Boulware(TimeDependent):
    """Stays near its opening until the deadline is close; exponent 0.2 (Faratin, Sierra & Jennings 1998)."""

    name = "boulware"
    beta = 0.2


class Conceder(TimeDependent):
    """Goes most of the way to its limit in the first rounds; exponent 5 (Faratin, Sierra & Jennings 1998)."""

    name = "conceder"
    beta = 5.0
