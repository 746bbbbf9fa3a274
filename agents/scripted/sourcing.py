"""Policies for several suppliers: one after the other, all against each other, or one alone."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from negoenv.game.supplier import PRICE
from negoenv.numerics.layout import Field, Layout
from negoenv.sourcing.moves import LAYOUT, MOVES_A_SUPPLIER, SourcingAction, SourcingMove

from ..policy import Actions, Masks
from .sourcing_base import NO_PRICE, Choice, Table, WithGradual, may, towards

_SAME = 1e-4  # prices nearer than this are one, fraction of the first ask
_WALK_AWAY = int(SourcingAction["WALK_AWAY"])


class Loyal(WithGradual):
    """Bargains with the first supplier as `Gradual` would, gives it the order, and talks to nobody else.

    The single source of partnership purchasing (Dyer & Ouchi 1993, *Japanese-style partnerships*, Sloan Management
    Review).
    """

    name = "loyal"

    def preferences(self, table: Table, masks: Masks) -> Sequence[Choice]:
        """Take an agreed price; else bargain."""
        first = np.zeros(len(masks), np.intp)
        actions, leaves = self.bargain(table, masks, first)
        everywhere = np.ones(len(masks), np.bool_)
        return [
            (table["agreed"][:, 0] > 0.0, towards(first, SourcingMove.AWARD)),
            (everywhere, towards(first, SourcingMove.INVITE)),
            (leaves | (table["gone"][:, 0] > 0.0), np.full(len(masks), _WALK_AWAY, np.int64)),
            (everywhere, actions),
        ]


_STUCK = 5.0  # rounds in which nobody has bid, after which it bargains with the cheapest; assumption
_BIDDING = 14.0  # rounds after which it does so anyway; assumption
_LATE = 3.0  # rounds in which nothing became cheaper after which it closes, once the goods are needed; assumption
_STRAINED = 0.7  # strain from which it shows a supplier no quotes, cue; assumption
_CLOSING = 2.0  # rounds before the end in which it closes; assumption


class Squeeze(WithGradual):
    """Invites all, opens with each, and shows the lowest ask to whom asks most above it, as in a reverse auction.

    The descending auction of procurement (McAfee & McMillan 1987, *Auctions and bidding*, Journal of Economic
    Literature; Jap 2003, *An exploratory study of the introduction of online reverse auctions*, Journal of Marketing).
    When nobody bids any more it bargains with the cheapest.

    Attributes:
        award: how it awards.
        argument: what it says about the others.
    """

    name = "squeeze"
    award: ClassVar[SourcingMove] = SourcingMove.AWARD
    argument: ClassVar[SourcingMove] = SourcingMove.SHOW_QUOTE
    remembers = Layout(
        "memory",
        *WithGradual.remembers.fields,
        Field("lowest", PRICE, 0, 9, "The lowest price that it has seen.", NO_PRICE),
        Field("still", "rounds", 0, 200, "Rounds since that price fell."),
        Field("spent", "rounds", 0, 200, "Rounds spent on this requirement."),
        Field("to_come", "count", 0, 99, "Requirements after this one.", 99.0),
    )

    def _watch(self, table: Table) -> NDArray[np.float64]:
        """Remember the lowest price, and how long it has been that; return that price.

        A new requirement begins anew.
        """
        memory = self.memory
        price: NDArray[np.float64] = table["price"].min(axis=1)
        to_come = table["deals_left"].max(axis=1)
        begun = to_come < memory["to_come"]
        memory["to_come"] = to_come
        memory["partner"] = np.where(begun, -1.0, memory["partner"])
        memory["spent"] = np.where(begun, 0.0, memory["spent"] + 1.0)
        fell = begun | (price < memory["lowest"] - _SAME)
        memory["lowest"] = np.where(begun, price, np.minimum(memory["lowest"], price))
        memory["still"] = np.where(fell, 0.0, memory["still"] + 1.0)
        return price

    def _partner(self, table: Table) -> NDArray[np.intp]:
        """Return whom it bargains with: the same as before while that one is there, else the cheapest."""
        rows = np.arange(len(self.memory))
        there = (table["awake"] > 0.0) & (table["gone"] == 0.0)
        partner = self.memory["partner"].astype(np.intp)
        stays = (partner >= 0) & there[rows, partner]
        cheapest = np.where(there, table["ask"], NO_PRICE).argmin(axis=1)
        return np.where(stays, partner, cheapest)

    def preferences(self, table: Table, masks: Masks) -> Sequence[Choice]:
        """Close, invite, open, show quotes, or bargain with the cheapest."""
        price, rows = self._watch(table), np.arange(len(masks))
        cheapest, left = table["price"].argmin(axis=1), table["rounds_left"].max(axis=1)
        quotes = may(masks, self.argument) & (table["strain"] < _STRAINED)
        above = np.where(quotes, (table["ask"] - self._others(table)) * (1.05 - table["wear_third_party"]), -1.0)
        early = self.memory["spent"] < _BIDDING
        bids = quotes.any(axis=1) & (self.memory["still"] < _STUCK) & early
        bids &= self.memory["partner"] < 0.0
        opens = may(masks, SourcingMove.OPEN_MODERATE)
        invites = may(masks, SourcingMove.INVITE) & early[:, None]
        bargains = ~(bids | opens.any(axis=1) | invites.any(axis=1))
        partner = self._partner(table)
        held = self.memory["partner"].copy()
        actions, leaves = self.bargain(table, masks, partner)
        self.memory["partner"] = np.where(bargains, partner, held)
        late = (table["need_left"].max(axis=1) < 0.0) & (self.memory["still"] >= _LATE)
        done = late | (table["agreed"][rows, cheapest] > 0.0) | (left <= _CLOSING) | (leaves & bargains)
        closes = done & (price <= table["limit"].max(axis=1))
        return [
            (closes, towards(cheapest, self.award)),
            (closes, towards(cheapest, SourcingMove.AWARD)),
            (invites.any(axis=1), towards(invites.argmax(axis=1), SourcingMove.INVITE)),
            (opens.any(axis=1), towards(opens.argmax(axis=1), SourcingMove.OPEN_MODERATE)),
            (bids, towards(above.argmax(axis=1), self.argument)),
            ((leaves & (left <= _CLOSING)), np.full(len(rows), _WALK_AWAY, np.int64)),
            (np.ones(len(rows), np.bool_), self._awarded(actions)),
            (np.ones(len(rows), np.bool_), towards(partner, SourcingMove.HOLD)),
        ]

    def _others(self, table: Table) -> NDArray[np.float64]:
        """Return the price that its argument is about, by supplier."""
        return table["other_ask"]

    def _awarded(self, actions: Actions) -> Actions:
        """Return actions in which awards are of the kind that it makes."""
        return np.where(
            actions % MOVES_A_SUPPLIER == SourcingMove.AWARD, actions + self.award - SourcingMove.AWARD, actions
        )


class DualSqueeze(Squeeze):
    """Squeezes, and gives most of the order to the cheapest and the rest to the next, who is its reserve.

    Dual sourcing against disruption (Tomlin 2006, *On the value of mitigation and contingency strategies*, Management
    Science).
    """

    name = "dual_squeeze"
    award = SourcingMove.AWARD_MOST


class Bluffer(Squeeze):
    """Squeezes by quotes that it makes up instead of those that it has."""

    name = "bluffer"
    argument = SourcingMove.CLAIM_QUOTE

    def _others(self, table: Table) -> NDArray[np.float64]:
        return np.zeros_like(table["ask"])


class SequentialBestOffer(WithGradual):
    """Bargains with one supplier after the other, and takes the best of the prices that they agree to or ask.

    Sequential search with recall (Weitzman 1979, *Optimal search for the best alternative*, Econometrica): it goes on
    to the next when one has agreed, or has had its part of the time.
    """

    name = "sequential_best_offer"
    remembers = Layout(
        "memory",
        *WithGradual.remembers.fields,
        Field("place", "index", 0, LAYOUT, "Whom it bargains with now."),
        Field("spent", "rounds", 0, 200, "Rounds that it has bargained with this one."),
        Field("to_come", "count", 0, 99, "Requirements after this one.", 99.0),
    )
    _ASK_LIFE = 6.0  # rounds for each at most, so that the first price still stands; assumption

    def preferences(self, table: Table, masks: Masks) -> Sequence[Choice]:
        """Close when all have had their turn, else go on with the one whose turn it is."""
        memory, rows = self.memory, np.arange(len(masks))
        to_come, left = table["deals_left"].max(axis=1), table["rounds_left"].max(axis=1)
        begun = to_come < memory["to_come"]
        memory["to_come"] = to_come
        count = table["present"].sum(axis=1)
        place = np.where(begun, 0.0, memory["place"])
        spent = np.where(begun, 0.0, memory["spent"])
        here = np.minimum(place, count - 1.0).astype(np.intp)
        over = (table["agreed"][rows, here] + table["gone"][rows, here] > 0.0) | (spent >= self._ASK_LIFE)
        last = place >= count - 1.0
        place, spent = np.where(over & ~last, place + 1.0, place), np.where(over & ~last, 0.0, spent) + 1.0
        memory["place"], memory["spent"] = place, spent
        here = place.astype(np.intp)
        actions, leaves = self.bargain(table, masks, here)
        cheapest, price = table["price"].argmin(axis=1), table["price"].min(axis=1)
        over_all = last & ((over & (table["agreed"].max(axis=1) > 0.0)) | leaves)
        closes = (over_all | (left <= _CLOSING)) & (price <= table["limit"].max(axis=1))
        everywhere = np.ones(len(rows), np.bool_)
        return [
            (closes, towards(cheapest, SourcingMove.AWARD)),
            (left <= 1.0, np.full(len(rows), _WALK_AWAY, np.int64)),
            (everywhere, towards(here, SourcingMove.INVITE)),
            (everywhere, actions),
            (everywhere, towards(here, SourcingMove.HOLD)),
        ]
