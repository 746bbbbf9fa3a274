"""Offers and asks: concessions, acceptance, counter-offers, leaving. Facts by number: docs/model_card.md."""

import math

from negoenv.game.beliefs import expect_less, going_on, read_concession
from negoenv.game.persuasion import Record, clip, felt_pressure
from negoenv.numerics.compiled import compiled
from negoenv.numerics.randomness import triangular

_MIDPOINT_WIDTH = 0.005  # an offer this close to the middle of the gap splits the difference, fraction of first ask
_NOTICE_WIDTH = 0.02  # gap fractions over which a concession becomes large enough to count
_SAME_PRICE = 1e-6  # a smaller move of the ask is none, fraction of the first ask


@compiled
def logistic(x: float) -> float:
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + math.exp(-x))


@compiled
def below_logistic(u: float, most: float, x: float) -> bool:
    """Return whether ``u`` lies below a logistic curve that rises with ``x`` from 0 to ``most``.

    Far to the left, where most steps are, a bound on the curve tells that it does not, without an exponential.
    """
    if x < 0.0 and u * (2.0 - x + 0.5 * x * x) > most:  # exp(-x) is more than 1 - x + x * x / 2
        return False
    return u < most * logistic(x)


@compiled
def open_with(s: Record, p: Record, c: Record, e: Record, urgency: float) -> tuple[float, float]:
    """Make the first offer; return the credit it earns and what it counts as having given (fact 1).

    It anchors what the supplier expects, and one far below what going on is worth offends.
    """
    s.offer = min(s.named_price, s.budget, s.ask)
    shortfall = max(0.0, going_on(s, p, c, urgency) - s.offer - c.insult_free)
    tension = c.insult * shortfall * shortfall * p.pride
    s.tension += tension
    s.resentment += c.insult_resentment * tension
    expect_less(s, s.offer, min(1.0, c.anchor * p.anchoring))
    return 1.0, c.first_step * max(0.0, s.ask - s.offer)


@compiled
def gives(e: Record) -> bool:
    """Return whether a move raises the offer without asking for anything in return."""
    return (e.concession > 0.0 or e.price > 0.0) and e.asked == 0.0


@compiled
def base_of(s: Record) -> float:
    """Return what a concession starts from: the standing offer.

    A buyer who let round 0 pass without an opening has lost the anchor: its first offer starts at the benchmark.
    """
    base: float = s.offer if s.offer > 0.0 else min(s.benchmark, s.ask)
    return base


@compiled
def offer_after_step(s: Record, fraction: float) -> float:
    """Return the offer that a step of this fraction of the gap leads to."""
    base = base_of(s)
    return base + fraction * max(0.0, s.ask - base)


@compiled
def next_offer(s: Record, e: Record) -> float:
    """Return the offer that a concession leads to: the price that it names, or a part of the gap further."""
    return s.named_price if e.price > 0.0 else offer_after_step(s, e.concession)


@compiled
def concede(s: Record, p: Record, c: Record, e: Record) -> tuple[float, float]:
    """Raise the offer; return the credit that it earns, 0 to 1, and what was given, in price (facts 4, 18, 24).

    A concession too small to be noticed counts for nothing; one that an opportunist got without pressure neither. It
    relaxes the supplier: a part of the pressure is gone.
    """
    offer = next_offer(s, e)
    step = offer - s.offer if s.offer > 0.0 else 0.0
    base = base_of(s)
    part = e.concession if e.price == 0.0 else clip((offer - base) / (s.ask - base), 0.0, 1.0)
    unpressed = max(0.0, 1.0 - felt_pressure(s, p) / c.opportunism_pressure)
    read_concession(s, p, c, part, step, unpressed)
    noticed = logistic((part - p.notice) / _NOTICE_WIDTH)
    credit = noticed * max(0.0, 1.0 - p.opportunism * unpressed)
    keep = max(0.0, 1.0 - c.relax * part)
    s.goals *= keep
    s.time *= keep
    s.concession_step = step
    s.concession = max(s.concession, part)
    s.offer = offer
    s.unanswered *= 1.0 - credit
    s.refused = 0.0
    s.waited = 0.0  # however little it was, the buyer has moved
    return credit, step


@compiled
def exchanges(s: Record, p: Record, c: Record, e: Record, urgency: float, u: float) -> bool:
    """Let the supplier take a conditional concession or leave it, and return whether it did; if so, both move.

    It takes one that leaves it no worse off than going on, and that asks for little more than it would give anyway for
    what it gets; what it has refused, the less if nothing was given since. Nobody is emboldened by it, for nothing was
    given away.
    """
    gap = s.ask - s.offer
    before = s.offer
    s.offer = next_offer(s, e)
    ask = s.ask - e.asked * gap
    odds = (p.matching - e.asked / e.concession) / c.exchange_width - c.refused_odds * s.refused
    if ask < max(going_on(s, p, c, urgency), s.offer) or u >= logistic(odds):
        s.offer = before
        s.refused += 1.0
        return False
    s.refused = 0.0
    s.ask = ask
    s.concession_step = s.offer - before
    s.concession = max(s.concession, e.concession)
    s.counter = e.asked
    s.unanswered = 0.0
    s.waited = 0.0
    s.stalemate = 0.0
    s.expected_limit = min(s.expected_limit, s.ask)
    return True


@compiled
def leaves(s: Record, p: Record, c: Record, worth: float, u: float) -> bool:
    """Return whether the supplier leaves now.

    The probability takes off when tension passes its tolerance; who is kept waiting for longer than people wait, over a
    gap that is still open, leaves too.
    """
    gap = max(0.0, worth - s.offer)  # widest while no offer stands
    calm = p.exit_rate * (1.0 + c.exit_gap * gap)
    overdue = c.exit_waiting * max(0.0, s.waited - c.exit_patience) * min(1.0, gap / c.exit_near)
    return below_logistic(u - calm - overdue, c.hazard_most, (s.tension - p.tolerance) / c.hazard_width)


@compiled
def accepts(s: Record, p: Record, c: Record, previous_offer: float, worth: float, urgency: float, u: float) -> bool:
    """Return whether the supplier takes the standing offer: a quantal response to what going on is worth.

    A first offer is not taken for a last word: while prices are apart, it is reluctant to give in to a buyer who has
    not moved since, the more so with moves of its own unanswered and in silence.
    """
    if s.offer <= 0.0 or s.offer < p.reservation_price:
        return False
    apart = min(1.0, (s.ask - s.offer) / c.push_near)
    push = 0.0
    if s.concession_step == 0.0:
        push = apart * (c.unanswered_push * s.unanswered + c.waited_push * s.waited) * (1.0 - urgency)
    pull = (s.offer - worth - c.bluff_distrust * s.bluffs) / p.acceptance_width - push
    willing = p.decisiveness
    if previous_offer > 0.0 and s.offer > previous_offer:
        middle = 0.5 * (previous_offer + s.ask)
        if abs(s.offer - middle) < _MIDPOINT_WIDTH:  # is accepted more, whatever it is worth (fact 5)
            willing *= 1.0 + c.midpoint_pull
    return below_logistic(u, willing, pull)


@compiled
def is_ready(s: Record, p: Record, c: Record, strength: float, urgency: float, u: float) -> bool:
    """Return whether the supplier moves its ask at all: people take turns, and hold still who has moved last."""
    odds = p.readiness + c.argument_odds * strength + c.urgency_odds * p.feel_time * urgency
    return below_logistic(u, 1.0, odds - c.unanswered_odds * s.unanswered)


@compiled
def counter(
    s: Record, p: Record, c: Record, e: Record, credit: float, given: float, strength: float, worth: float,
    urgency: float, u_ready: float, u_middle: float, u: float, v: float,
) -> None:  # fmt: skip
    """Set the next ask: the same again, the middle, or a step towards what going on is worth.

    A step is at most a fraction of the room, and at most what was earned: by what the buyer gave, price for price as
    far as the supplier matches it, or by an argument that bites. A generous supplier asks for less than that.
    """
    old = s.ask
    gap = old - s.offer
    if is_ready(s, p, c, strength, urgency, u_ready):
        room = max(0.0, s.ask - max(worth, s.offer))
        fraction = clip(p.concession_rate + p.concession_spread * triangular(u, v), 0.0, 1.0)
        earned = p.matching * credit * given + (c.argument_step * strength + c.urgency_step * urgency) * room
        s.ask -= min(fraction * room, max(earned, p.generosity * room))
        middle = 0.5 * (s.offer + old)
        if s.offer > 0.0 and u_middle < p.midpoint_affinity and middle >= worth:
            s.ask = middle
    moved = old - s.ask
    s.counter = clip(moved / gap, 0.0, 1.0) if gap > 1e-9 else 0.0
    s.unanswered += 1.0 if moved > _SAME_PRICE else 0.0
    s.expected_limit = min(s.expected_limit, s.ask)
    if s.counter < c.stalemate_gap and given == 0.0:
        s.stalemate += 1.0
    else:
        s.stalemate = 0.0
