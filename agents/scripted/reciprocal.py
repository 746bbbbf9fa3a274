"""Reciprocal concession: what is offered follows what the other side does."""

import numpy as np

from negoenv.game.supplier import PRICE
from negoenv.game.tactics import Move
from negoenv.numerics.layout import Field, Layout

from ..policy import Actions
from .base import Flags, ScriptedPolicy, Table, acceptable, acceptable_at_last, concession_of, first_true

_CLOSE = 0.02  # a gap that is not worth another round, fraction of the first ask; assumption
_SAME = 1e-6  # asks nearer than this are one ask, fraction of the first ask


def _met(table: Table) -> Flags:
    """Return where the sides have all but met at a price that a deal is worth, or it is the last chance for one."""
    return ((table["gap"] <= _CLOSE) & acceptable(table)) | acceptable_at_last(table)


class TitForTat(ScriptedPolicy):
    """Gives the share of the gap that the supplier gave last, to the nearest concession; opens moderately.

    Tit for tat is Axelrod's (1984, *The Evolution of Cooperation*); in proportions of concessions it is the
    behaviour-dependent tactic of Faratin, Sierra & Jennings 1998. It accepts once the gap is closed, or in the last
    round an ask within its limit.
    """

    name = "tit_for_tat"

    def wish(self, table: Table) -> Actions:
        """Answer the last concession."""
        return first_true([(_met(table), Move.ACCEPT)], concession_of(table["counter"]))


class MiCRO(ScriptedPolicy):
    """Makes the smallest concession, and only while the supplier has made at least as many distinct offers.

    After de Jonge 2022, *An analysis of the linear bilateral ANAC domains using the MiCRO benchmark strategy* (IJCAI).
    The list price, which stands before anybody has spoken, does not count as an offer of the supplier, so it concedes
    at most as often as the supplier has moved.
    """

    name = "micro"
    remembers = Layout(
        "memory",
        Field("offers", "count", 0, 200, "Distinct offers it has made."),
        Field("asks", "count", 0, 200, "Distinct asks it has seen, the list price among them."),
        Field("offer", PRICE, 0, 2, "Its last offer."),
        Field("ask", PRICE, 0, 2, "The supplier's last ask."),
    )

    def wish(self, table: Table) -> Actions:
        """Count what is new on either side and concede if it is the buyer's turn."""
        memory = self.memory
        for counted, seen in (("offers", "offer"), ("asks", "ask")):
            memory[counted] += np.abs(table[seen] - memory[seen]) > _SAME
            memory[seen] = table[seen]
        my_turn = memory["offers"] <= memory["asks"] - 1.0  # the list price is no offer
        return first_true([(_met(table), Move.ACCEPT), (my_turn, Move.CONCEDE_SMALL)], Move.HOLD)
