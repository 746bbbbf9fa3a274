"""Policies of one idea each: force, give, split, hold out."""

import numpy as np

from negoenv.game.tactics import Move

from ..policy import Actions
from .base import ScriptedPolicy, Table, acceptable, acceptable_at_last, first_true

_BURST = np.array([Move.CITE_COMPETITORS, Move.INVITE_RIVALS, Move.ULTIMATUM, Move.CLAIM_NEW_PROCESS], np.int64)


class Forcing(ScriptedPolicy):
    """The strong means at once, again and again, with no retreat, no concession and no ear for the answer.

    The means that work step by step break the talks when they are forced (fact 21 of docs/model_card.md). It opens as
    `Gradual` does and accepts only in the last round, so the two differ in how they press.
    """

    name = "forcing"

    def wish(self, table: Table) -> Actions:
        """Play the next of the strong means."""
        turn = np.maximum(0.0, table["round"] - 1.0).astype(np.int64) % len(_BURST)
        return first_true([(acceptable_at_last(table), Move.ACCEPT)], _BURST[turn])


class SoftLiner(ScriptedPolicy):
    """Opens fairly and gives half of the gap each round, until what is left is not worth a quarrel.

    The soft strategy of the meta-analysis by Hueffmeier, Freund, Zerres, Backhaus & Hertel 2014 (*Journal of
    Management*): worse prices, better relationships.
    """

    name = "soft_liner"
    first_move = Move.OPEN_FAIR
    _CLOSE = 0.05  # a gap not worth a quarrel, fraction of the first ask; assumption

    def wish(self, table: Table) -> Actions:
        """Give way."""
        near = (table["gap"] <= self._CLOSE) & acceptable(table)
        return first_true([(near | acceptable_at_last(table), Move.ACCEPT)], Move.CONCEDE_LARGE)


class SplitTheDifference(ScriptedPolicy):
    """Opens moderately, meets in the middle, then takes the ask.

    Offers in the middle of the gap are accepted more often than those around them (Backus, Blake, Larsen & Tadelis
    2020, *Sequential bargaining in the field*, QJE).
    """

    name = "split_the_difference"

    def wish(self, table: Table) -> Actions:
        """Meet in the middle once, then close."""
        return first_true([(table["round"] == 1.0, Move.CONCEDE_LARGE), (acceptable(table), Move.ACCEPT)], Move.HOLD)


class HoldOut(ScriptedPolicy):
    """Opens low and never moves; takes the ask in the last round if it is within the limit.

    The hard line of Hueffmeier et al. 2014 at its extreme: all the waiting, none of the pressure.
    """

    name = "hold_out"
    first_move = Move.OPEN_LOW

    def wish(self, table: Table) -> Actions:
        """Wait."""
        return first_true([(acceptable_at_last(table), Move.ACCEPT)], Move.HOLD)
