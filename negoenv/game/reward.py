"""What an outcome is worth: the components of the reward, and their weights."""

import numpy as np
from numpy.typing import NDArray

from negoenv.game.after_deal import buyer_share, goodwill_after, goodwill_gain, under_delivery_probability
from negoenv.game.persuasion import Record
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
