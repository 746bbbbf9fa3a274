"""Awards and what they are worth: the whole order or a split, under-delivery with a reserve, the next requirement."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.game.after_deal import deals_again, start_anew
from negoenv.game.persuasion import Record
from negoenv.game.reward import goodwill_after, goodwill_gain, under_delivery_probability
from negoenv.game.state import Outcome
from negoenv.game.transition import settle
from negoenv.numerics.compiled import compiled
from negoenv.sourcing.quotes import asked, cheapest_other, gone

Array = NDArray[Any]

SOURCING_TERMS = (
    "surplus", "goodwill", "under_delivery", "rounds", "tactics", "split", "lost", "breakdown", "deadline", "delay"
)  # fmt: skip
"""The names of the components of the reward, in the order of the columns of ``reward_terms``."""

_SURPLUS, _GOODWILL, _UNDER_DELIVERY, _ROUNDS, _TACTICS, _SPLIT, _LOST, _BREAKDOWN, _DEADLINE, _DELAY = range(10)
_DEAL = float(Outcome.DEAL)
_ENDED_DEAL, _ENDED_BREAKDOWN, _ENDED_DEADLINE = (int(o) for o in (Outcome.DEAL, Outcome.BREAKDOWN, Outcome.DEADLINE))


@compiled
def close(s: Record, t: Record) -> None:
    """Close the deal with one supplier, at the price that it asks or has agreed to."""
    if s.outcome != _DEAL:
        settle(s, s.ask)
    t.age = 0.0


@compiled
def award(
    o: Record, records: Array, contacts: Array, game: Record, count: int, row: int, supplier: int, share: float
) -> None:  # fmt: skip
    """Give a ``share`` of the order to a supplier, and the rest to the cheapest of the others."""
    s = records[row * count + supplier].state
    o.supplier, o.second, o.share = supplier, -1.0, share
    o.price = asked(s)
    if share < 1.0:
        second = cheapest_other(records, contacts, game.market, row, count, supplier)
        rest = records[row * count + second].state
        o.second = second
        o.splits += 1.0
        o.price = share * asked(s) + (1.0 - share) * asked(rest)
        close(rest, contacts[row, second])
    close(s, contacts[row, supplier])
    o.bought += 1.0
    o.paid += o.price
    o.funds = max(0.0, o.funds - o.price)
    o.outcome = _DEAL


@compiled
def expected_loss(o: Record, records: Array, c: Record, m: Record, count: int, row: int) -> float:
    """Return which part of the last order is expected to fail.

    Of two suppliers each makes up for a part of what the other does not deliver, if it delivers itself: what dual
    sourcing is for (Tomlin 2006, *On the value of mitigation and contingency strategies*, Management Science).
    """
    first = records[row * count + int(o.supplier)]
    fails = under_delivery_probability(first.state, first.supplier, c)
    if o.second < 0.0:
        return fails
    second = records[row * count + int(o.second)]
    other = under_delivery_probability(second.state, second.supplier, c)
    loss: float = o.share * fails * (1.0 - m.reserve * (1.0 - other))
    loss += (1.0 - o.share) * other * (1.0 - m.reserve * (1.0 - fails))
    return loss


@compiled
def goodwill_of(o: Record, records: Array, c: Record, count: int, row: int) -> float:
    """Return the goodwill after the last award, of both suppliers by their shares."""
    first = records[row * count + int(o.supplier)]
    goodwill: float = o.share * goodwill_after(first.state, first.supplier, c)
    if o.second >= 0.0:
        second = records[row * count + int(o.second)]
        goodwill += (1.0 - o.share) * goodwill_after(second.state, second.supplier, c)
    return goodwill


@compiled
def in_time(o: Record) -> bool:
    """Return whether the next requirement arrives before the deadline, if there is one more."""
    return bool(o.bought < o.requirements and max(o.round, o.next_arrival) < o.deadline)


@compiled
def score_round(
    o: Record, records: Array, game: Record, count: int, row: int, cost: float, terms: Array
) -> float:  # fmt: skip
    """Fill a row of ``terms`` with the components of a step's reward, ``cost`` being that of the move; return the sum.

    A surplus is what is saved below the limit, in units of ``whole_saving``: the same whoever sells, so that prices of
    different suppliers, and games of more or fewer suppliers, are compared on one scale.
    """
    c, m, w = game.base.constants, game.market, game.weights
    for column in range(terms.shape[1]):
        terms[row, column] = 0.0
    terms[row, _ROUNDS] = -w.round
    terms[row, _TACTICS] = -w.tactics * cost
    terms[row, _DELAY] = -o.delay_cost if o.round > o.need_date else 0.0
    terms[row, _LOST] = -w.lost * o.lost_now
    ended = int(o.outcome)
    if ended == _ENDED_DEAL:
        terms[row, _SURPLUS] = w.surplus * (o.limit - o.price) / m.whole_saving
        if o.bought >= o.requirements:
            goodwill = goodwill_of(o, records, c, count, row)
            terms[row, _GOODWILL] = w.goodwill * goodwill_gain(goodwill, o.price <= o.limit, c)
        terms[row, _UNDER_DELIVERY] = -w.under_delivery * expected_loss(o, records, c, m, count, row)
        terms[row, _SPLIT] = -w.split if o.second >= 0.0 else 0.0
        if not in_time(o):
            terms[row, _DEADLINE] = -w.deadline * (o.requirements - o.bought)
    elif ended == _ENDED_BREAKDOWN:
        terms[row, _BREAKDOWN] = -w.breakdown
    elif ended == _ENDED_DEADLINE:
        terms[row, _DEADLINE] = -w.deadline * (o.requirements - o.bought)
    total = 0.0
    for column in range(terms.shape[1]):
        total += terms[row, column]
    return total


@compiled
def draw_arrival(o: Record, game: Record, u: float) -> None:
    """Set when the requirement after this one arrives."""
    m = game.market
    spacing = m.spacing_low + (m.spacing_high - m.spacing_low) * u
    o.next_arrival += max(1.0, np.floor(o.deadline * spacing + 0.5))


@compiled
def start_requirement(o: Record, u_arrival: float, game: Record) -> None:
    """Go on to the next requirement, once it has arrived; it is needed as long after that as the first one was."""
    o.outcome = 0.0
    o.round = max(o.round, o.next_arrival)
    o.need_date = o.next_arrival + o.lead
    draw_arrival(o, game, u_arrival)


@compiled
def start_next_requirement(
    s: Record, p: Record, t: Record, c: Record, o: Record, won: bool, u_again: float, u_delivery: float
) -> None:  # fmt: skip
    """Let a supplier begin to talk about the next requirement; one without a margin may not come.

    What it remembers goes on, as after a deal of Partnership. Those that got nothing remember that there was no deal.
    """
    if gone(s):
        return
    s.under_delivered = 0.0
    if won:
        goodwill = goodwill_after(s, p, c)
        s.under_delivered = 1.0 if u_delivery < under_delivery_probability(s, p, c) else 0.0
        s.goodwill = goodwill
        t.awake = 1.0 if u_again < deals_again(goodwill, c) else 0.0
    s.deals_left -= 1.0
    start_anew(s, p, c)
    s.price = 0.0
    t.begun = -1.0
    t.age = 0.0
    t.lie = 0.0
    s.budget = min(o.ceiling, o.funds)
