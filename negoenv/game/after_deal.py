"""After a deal: whether the supplier negotiates another one, and what goes on into it. Facts: docs/model_card.md."""

from negoenv.game.beliefs import start_talks
from negoenv.game.persuasion import Record, clip
from negoenv.game.reward import goodwill_after, under_delivery_probability
from negoenv.numerics.compiled import compiled


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
