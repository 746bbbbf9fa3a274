"""What an outcome is worth: shares, goodwill, under-delivery, the components of the reward, and their weights.

Facts by number are those of docs/model_card.md.
"""

import math

import numpy as np
from numpy.typing import NDArray

from negoenv.game.beliefs import surplus_share
from negoenv.game.persuasion import Record, clip
from negoenv.game.state import Outcome
from negoenv.numerics.compiled import compiled
from negoenv.numerics.layout import Field, Layout

_SURPLUS = "reward a whole surplus"
_ONCE = "reward"

WEIGHTS = Layout(
    "weights",
    Field("surplus", _SURPLUS, 0, 10, "Share of the bargaining surplus that the buyer wins.", 1.0, "assumption"),
    Field("goodwill", "reward for full goodwill", 0, 10, "What the next deal is worth.", 0.3, "assumption"),
    Field("under_delivery", "reward a certain failure", 0, 10, "Cost of under-delivery.", 0.4, "assumption"),
    Field("round", "reward a round", 0, 1, "Cost of a round.", 0.008, "assumption"),
    Field("tactics", _SURPLUS, 0, 10, "Weight of what moves really cost.", 1.0, "assumption"),
    Field("breakdown", _ONCE, 0, 10, "Penalty when the supplier leaves.", 0.25, "assumption"),
    Field("deadline", _ONCE, 0, 10, "Penalty when time runs out without a deal.", 0.2, "assumption"),
    Field("outside_option", _SURPLUS, 0, 10, "Worth of a rival's quote when the buyer leaves.", 1.0, "assumption"),
    Field("search", _ONCE, 0, 10, "Cost of leaving without a quote: a search for others.", 0.1, "assumption"),
)

TERMS = (
    "surplus",
    "goodwill",
    "under_delivery",
    "rounds",
    "tactics",
    "breakdown",
    "deadline",
    "outside_option",
    "delay",
)
"""The names of the components, in the order of the columns of ``reward_terms``."""

_DEAL = int(Outcome.DEAL)
_BREAKDOWN = int(Outcome.BREAKDOWN)
_WALKED_AWAY = int(Outcome.WALKED_AWAY)
_DEADLINE = int(Outcome.DEADLINE)


@compiled
def buyer_share(price: float, s: Record, p: Record, c: Record) -> float:
    """Return what the buyer gains at ``price``, as a share of the bargaining surplus; below 0 above its limit.

    A surplus that is narrow, or none at all, counts as ``least_surplus``, so that shares stay finite.
    """
    return (s.limit - price) / max(s.limit - p.reservation_price, c.least_surplus)


@compiled
def supplier_margin(s: Record, p: Record) -> float:
    """Return the supplier's share of the bargaining surplus at the price of the deal."""
    return surplus_share(s.price, p.reservation_price, s.limit)


@compiled
def goodwill_after(s: Record, p: Record, c: Record) -> float:
    """Return what the relationship is worth after a deal, 0 to 1.

    It saturates in the supplier's margin, so a fair margin buys nearly all of it, and falls with tension and
    resentment (facts 12, 17, 19, 20, 25).
    """
    earned = 1.0 - math.exp(-max(0.0, supplier_margin(s, p)) / c.goodwill_margin)
    return earned * math.exp(-c.goodwill_tension * (s.tension + s.resentment))


@compiled
def goodwill_gain(goodwill: float, is_affordable: bool, c: Record) -> float:
    """Return by how much ``goodwill`` after a deal differs from a stranger's, with whom anybody could deal next time.

    It never makes up for a deal above the buyer's limit, which is not ``is_affordable``: that can only lose.
    """
    gain = goodwill - c.goodwill_stranger
    return gain if is_affordable else min(0.0, gain)


@compiled
def under_delivery_probability(s: Record, p: Record, c: Record) -> float:
    """Return the chance of under-delivery: it rises as the margin shrinks, and with resentment (facts 12 and 17)."""
    squeezed = c.under_delivery_squeeze * math.exp(-max(0.0, supplier_margin(s, p)) / c.goodwill_margin)
    return clip(c.under_delivery_base + squeezed + c.under_delivery_resentment * s.resentment, 0.0, 0.95)


@compiled
def score(s: Record, p: Record, c: Record, e: Record, w: Record, terms: NDArray[np.float64], i: int) -> float:
    """Fill row ``i`` of ``terms``, float64, with the components of a step's reward; return their sum."""
    for column in range(len(TERMS)):
        terms[i, column] = 0.0
    terms[i, 3] = -w.round
    terms[i, 4] = -w.tactics * e.cost
    terms[i, 8] = -s.delay_cost if s.round > s.need_date else 0.0
    outcome = int(s.outcome)
    if outcome == _DEAL:
        terms[i, 0] = w.surplus * buyer_share(s.price, s, p, c)
        if s.deals_left == 0.0:  # where a next deal is played, goodwill is worth what it brings there
            terms[i, 1] = w.goodwill * goodwill_gain(goodwill_after(s, p, c), s.price <= s.limit, c)
        terms[i, 2] = -w.under_delivery * under_delivery_probability(s, p, c)
    elif outcome == _BREAKDOWN:
        terms[i, 5] = -w.breakdown
    elif outcome == _DEADLINE:
        terms[i, 6] = -w.deadline
    elif outcome == _WALKED_AWAY:
        if 0.0 < s.quote < s.limit:  # a rival below this supplier's cost is worth no more than the whole surplus here
            terms[i, 7] = w.outside_option * min(1.0, buyer_share(s.quote, s, p, c))
        else:
            terms[i, 7] = -w.search
    total = 0.0
    for column in range(len(TERMS)):
        total += terms[i, column]
    return total
