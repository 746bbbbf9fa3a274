"""Published numbers of eBay's Best Offer, as the target of a fit: a second market, harder than the chats.

All numbers come through a secondary source: Backus, Blake, Larsen & Tadelis 2020, *Sequential bargaining in the field:
Evidence from millions of online bargaining interactions*, QJE, as reported elsewhere. Single offers are not published
there, so what the buyers do is assumed, and said below.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from negoenv.human.bargains import LIST_PRICE, SAME_PRICE, Bargains, Floats
from negoenv.human.csv_files import load_shipped
from negoenv.human.moments import mean
from negoenv.human.problem import Parameter, Problem
from negoenv.human.simulate import Buyers, later_moves
from negoenv.scenarios.population import Trait

SOURCE = "published numbers of eBay's Best Offer (Backus et al. 2020, QJE), through a secondary source"

FIRST_OFFER = 0.608
"""Mean first offer of the buyers, fraction of the list price (through a secondary source)."""

TARGETS = {
    "agreement": 0.454,
    "offers": 1.66,
    "bargained_price": 0.727,
    "reply_accept": 0.325,
    "reply_counter": 0.275,
    "reply_decline": 0.40,
}
"""Shares of threads, offers of both sides a thread, fraction of the list price; published .32 to .33, .27 to .28."""

TOLERANCE = 0.005
"""How exactly the numbers are known: half of the ranges that are published for the replies."""

LOWEST = 0.05
"""No first offer is lower, fraction of the list price; assumption."""

MAX_OFFERS = 3
"""Offers that a buyer may make; assumption, after the rule of the site."""

_SUMS_UP = "reply_decline"  # 1 less the other two replies, so it is no target of its own


@dataclass(frozen=True, eq=False)
class AssumedMoves:
    """What eBay's buyers are assumed to do: it is not published.

    After a counter-offer a buyer takes it, makes another offer, or leaves; after a decline it makes another offer or
    leaves, and never takes the list price, for such sales are not bargained. Nobody makes more than `MAX_OFFERS`.
    """

    takes: float  # probability of taking a counter-offer
    returns: float  # probability of another offer, after a counter-offer that was not taken and after a decline alike
    fractions: Floats  # how much of the gap another offer closes; each is as likely, float64 of shape ``(k,)``

    def draw(self, number: int, uniform: Floats, conceded: NDArray[np.bool_]) -> Floats:
        """See `negoenv.human.simulate.Moves`."""
        takes = np.where(conceded, self.takes, 0.0)
        going_on = (uniform - takes) / (1.0 - takes)  # uniform again, where the counter-offer is not taken
        returns = self.returns if number <= MAX_OFFERS else 0.0
        place = np.clip(going_on / max(returns, 1e-12) * len(self.fractions), 0, len(self.fractions) - 1)
        offers = np.where(going_on < returns, self.fractions[place.astype(np.int64)], np.nan)
        return np.where(uniform < takes, 1.0, offers)


@lru_cache(maxsize=1)
def _chat_prices() -> tuple[Floats, Floats]:
    """Return the measured first prices, and the fractions of the gap that further prices closed."""
    chats = load_shipped().bargains
    fractions = np.concatenate(later_moves(chats).fractions)
    return chats.first_price, fractions[(fractions > 0.0) & (fractions < 1.0)]


def assumed_buyers(habits: Floats) -> Buyers:
    """Return eBay's buyers, given the habits that are not published.

    First offers have the shape of the measured first prices of the chats, around the published mean; another offer
    closes as much of the gap as another price in the chats. Both are assumptions.

    Args:
        habits: ``takes`` and ``returns`` of `AssumedMoves`, and ``width``: the spread of first offers, in spreads of
            the chats.
    """
    prices, fractions = _chat_prices()
    takes, returns, width = habits.tolist()
    first = np.clip(FIRST_OFFER + width * (prices - prices.mean()), LOWEST, LIST_PRICE)
    unknown = np.full(len(first), np.nan)
    return Buyers(first, unknown, unknown, AssumedMoves(takes, returns, fractions))


def ebay_moments(b: Bargains) -> dict[str, float]:
    """Return the moments that eBay's numbers are, by the names of `TARGETS`.

    A seller that repeats its price has declined; only another price is a counter-offer.
    """
    standing = np.fmin.accumulate(b.standing[:, 0::2], axis=1)
    seller_offers = standing[:, :-1] - standing[:, 1:] > SAME_PRICE
    counter, accept = mean(seller_offers[:, 0]), mean(b.accepted_at_once)
    return {
        "agreement": mean(b.agreement),
        "offers": mean((np.isfinite(b.prices[:, 1::2]).sum(axis=1) + seller_offers.sum(axis=1)).astype(np.float64)),
        "bargained_price": mean(b.sale_price),
        "reply_accept": accept,
        "reply_counter": counter,
        "reply_decline": 1.0 - accept - counter,
    }


PARAMETERS = (
    Parameter("aspiration", "mean", 0.0, 1.0),
    Parameter("aspiration", "spread", 0.0, 1.0),
    Parameter("decisiveness", "mean", 0.1, 1.0),
    Parameter("decisiveness", "spread", 0.0, 1.0),
    Parameter("readiness", "mean", -6.0, 3.0),
)
"""What is free in the sellers; everything else is as in the chats."""

HABITS = (
    Parameter("takes", "mean", 0.0, 0.9),
    Parameter("returns", "mean", 0.0, 0.9),
    Parameter("width", "mean", 0.8, 1.25),
)
"""What is free in the buyers, for it is not published; see `assumed_buyers`."""


def problem(chat: Mapping[str, Trait]) -> Problem:
    """Return the fit of sellers to eBay's numbers.

    Args:
        chat: the traits of the sellers that were fitted to the chats; those that are not fitted here keep them.
    """
    fitted = {parameter.name for parameter in PARAMETERS}
    names = [name for name in TARGETS if name != _SUMS_UP]
    return Problem(
        parameters=PARAMETERS,
        given={name: trait for name, trait in chat.items() if name not in fitted},
        meaning="A seller of an online auction house who takes best offers.",
        moments=lambda found: ebay_moments(found.bargains),
        measured={name: TARGETS[name] for name in names},
        scale=dict.fromkeys(names, TOLERANCE),
        buyers=assumed_buyers,
        habits=HABITS,
    )
