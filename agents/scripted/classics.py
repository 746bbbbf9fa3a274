"""The field's classics, and policies of one idea: force, give, split, hold out, follow the clock, answer in kind."""

from typing import ClassVar

import numpy as np

from negoenv.game.supplier import PRICE
from negoenv.game.tactics import Move
from negoenv.numerics.layout import Field, Layout

from ..policy import Actions
from .base import (
    Column,
    Flags,
    ScriptedPolicy,
    Table,
    acceptable,
    acceptable_at_last,
    concession_of,
    concession_towards,
    first_true,
)

_BURST = np.array([Move.CITE_COMPETITORS, Move.INVITE_RIVALS, Move.ULTIMATUM, Move.CLAIM_NEW_PROCESS], np.int64)


class Forcing(ScriptedPolicy):
    """The strong means at once, again and again, with no retreat and no concession, whatever the answer.

    The means that work step by step break the talks when they are forced (fact 21 of docs/model_card.md). It opens as
    `Gradual` does and accepts only in the last round, so the two differ in how they press.
    """

    name = "forcing"

    def propose(self, table: Table) -> Actions:
        """Play the next of the strong means."""
        turn = np.maximum(0.0, table["round"] - 1.0).astype(np.int64) % len(_BURST)
        return first_true([(acceptable_at_last(table), Move.ACCEPT)], _BURST[turn])


class SoftLiner(ScriptedPolicy):
    """Opens fairly and gives half of the gap each round, until what is left is too small to argue about.

    The soft strategy of the meta-analysis by Hueffmeier, Freund, Zerres, Backhaus & Hertel 2014 (*Journal of
    Management*): worse prices, better relationships.
    """

    name = "soft_liner"
    first_move = Move.OPEN_FAIR
    _CLOSE = 0.05  # a gap too small to argue about, fraction of the first ask; assumption

    def propose(self, table: Table) -> Actions:
        """Give way."""
        near = (table["gap"] <= self._CLOSE) & acceptable(table)
        return first_true([(near | acceptable_at_last(table), Move.ACCEPT)], Move.CONCEDE_LARGE)


class SplitTheDifference(ScriptedPolicy):
    """Opens moderately, meets in the middle, then takes the ask.

    Offers in the middle of the gap are accepted more often than those around them (Backus, Blake, Larsen & Tadelis
    2020, *Sequential bargaining in the field*, QJE).
    """

    name = "split_the_difference"

    def propose(self, table: Table) -> Actions:
        """Meet in the middle once, then close."""
        return first_true([(table["round"] == 1.0, Move.CONCEDE_LARGE), (acceptable(table), Move.ACCEPT)], Move.HOLD)


class HoldOut(ScriptedPolicy):
    """Opens low and never moves; takes the ask in the last round if it is within the limit.

    The hard line of Hueffmeier et al. 2014 at its extreme: all the waiting, none of the pressure.
    """

    name = "hold_out"
    first_move = Move.OPEN_LOW

    def propose(self, table: Table) -> Actions:
        """Wait."""
        return first_true([(acceptable_at_last(table), Move.ACCEPT)], Move.HOLD)


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

    def propose(self, table: Table) -> Actions:
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

    def propose(self, table: Table) -> Actions:
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

    def propose(self, table: Table) -> Actions:
        """Count what is new on either side and concede if it is the buyer's turn."""
        memory = self.memory
        for counted, seen in (("offers", "offer"), ("asks", "ask")):
            memory[counted] += np.abs(table[seen] - memory[seen]) > _SAME
            memory[seen] = table[seen]
        my_turn = memory["offers"] <= memory["asks"] - 1.0  # the list price is no offer
        return first_true([(_met(table), Move.ACCEPT), (my_turn, Move.CONCEDE_SMALL)], Move.HOLD)
