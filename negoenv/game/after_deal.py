"""What a deal leaves behind: shares of the surplus, goodwill, under-delivery, and whether there is a next deal.

Facts by number are those of docs/model_card.md.
"""

import math

from negoenv.game.beliefs import start_talks
from negoenv.game.persuasion import Record, clip
from negoenv.game.ultimatum import surplus_share
from negoenv.numerics.compiled import compiled


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
def deals_again(goodwill: float, c: Record) -> float:
    """Return the probability that the supplier negotiates another deal (fact 19)."""
    return clip(c.renewal_base + c.renewal_goodwill * goodwill, 0.0, 1.0)


@compiled
def start_next_deal(s: Record, p: Record, c: Record, u_again: float, u_delivery: float) -> None:
    """After a deal with more to come: let it be delivered, and begin the next one if the supplier deals again.

    What the supplier remembers goes on: credibility, resentment, exposed bluffs, wear, whether the leader has spoken.
    What belongs to one deal starts anew: prices, pressure, tension, stalemate, rivals. Under-delivery shows now, and is
    a mistake of the supplier that the buyer knows of; one that was found before this deal is settled by it.
    """
    goodwill = goodwill_after(s, p, c)
    s.under_delivered = 1.0 if u_delivery < under_delivery_probability(s, p, c) else 0.0
    if u_again >= deals_again(goodwill, c):
        s.deals_left = 0.0
        return
    s.deals_left -= 1.0
    s.goodwill = goodwill
    start_anew(s, p, c)


@compiled
def start_anew(s: Record, p: Record, c: Record) -> None:
    """Begin to talk about another deal: what belongs to the last one is over."""
    s.outcome = 0.0
    s.weakness_known = s.under_delivered
    s.round = 0.0
    s.offer = 0.0
    start_talks(s, p, c)
    s.unanswered = 0.0
    s.refused = 0.0
    s.topic = 0.0
    s.waited = 0.0
    s.demonstrated = 0.0
    s.goals = 0.0
    s.time = 0.0
    s.information = 0.0
    s.physical = 0.0
    s.accustomed = 0.0
    s.dilution = 0.0
    s.tension = 0.0
    s.stalemate = 0.0
    s.rivals = 0.0
    s.quote = 0.0
    s.called = 0.0
    s.concession = 0.0
    s.concession_step = 0.0
    s.counter = 0.0
    s.pending = 0.0
    s.tactic_due = 0.0
