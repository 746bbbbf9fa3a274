"""Offers and asks: concessions, the supplier's target, acceptance, counter-offers, leaving.

Facts by number are those of docs/model_card.md.
"""

import math

from negoenv.game.persuasion import Record, clip, felt_pressure
from negoenv.numerics.compiled import compiled
from negoenv.numerics.fast_math import power
from negoenv.numerics.randomness import triangular

_SHRINKS = 0.8  # a concession below this fraction of the last one is clearly smaller
_MIDPOINT_WIDTH = 0.005  # an offer this close to the middle of the gap splits the difference, fraction of first ask


@compiled
def elapsed(s: Record, p: Record) -> float:
    """Return how much of the supplier's time is gone when it answers, above 0 to 1."""
    return min(1.0, (s.round + 1.0) / (p.patience * s.deadline))


@compiled
def urgency_at(elapsed: float, boulware: float) -> float:
    """Return how close the supplier's own deadline is, 0 to 1: Faratin's polynomial time dependence."""
    return power(elapsed, boulware)


@compiled
def first_ask(p: Record) -> float:
    """Return what the supplier asks before anybody has moved."""
    return max(1.0, p.reservation_price)


@compiled
def first_target(s: Record, p: Record) -> float:
    """Return the supplier's target price at its first ask."""
    return p.reservation_price + p.aspiration * (s.ask - p.reservation_price)


@compiled
def first_prices(s: Record, p: Record) -> None:
    """Set the supplier's first ask and first target, before anybody has moved."""
    s.ask = first_ask(p)
    s.target = first_target(s, p)


@compiled
def apply_goodwill(s: Record, p: Record, c: Record) -> None:
    """Let the last deal move the terms of this one: goodwill lowers the first target, its lack raises it (fact 19)."""
    regard = c.goodwill_yield * (s.goodwill - c.goodwill_stranger)
    s.target = clip(s.target - regard * (s.target - p.reservation_price), p.reservation_price, s.ask)


@compiled
def open_with(s: Record, p: Record, c: Record, e: Record) -> None:
    """Make the first offer: it anchors the supplier's target, and one far below that target offends (fact 1)."""
    s.offer = min(e.opening * s.benchmark, s.budget, s.ask)
    shortfall = max(0.0, s.target - s.offer - c.insult_free)
    tension = c.insult * shortfall * shortfall * p.pride
    s.tension += tension
    s.resentment += c.insult_resentment * tension
    s.target -= min(1.0, c.anchor * p.anchoring) * max(0.0, s.target - s.offer)


@compiled
def next_offer(s: Record, e: Record) -> float:
    """Return the offer that a concession leads to.

    A buyer who let round 0 pass without an opening has lost the anchor: its first offer starts at the benchmark.
    """
    base = s.offer if s.offer > 0.0 else min(s.benchmark, s.ask)
    return base + e.concession * max(0.0, s.ask - base)


@compiled
def concede(s: Record, p: Record, c: Record, e: Record, offer: float) -> float:
    """Raise the offer; return the fall of the supplier's target that the concession brings (facts 4, 18, 24).

    Reciprocators answer. Opportunists raise their target unless they feel pressure. A concession smaller than the last
    signals a limit; one that is larger invites the supplier to ask for more.
    """
    step = offer - s.offer if s.offer > 0.0 else 0.0
    unpressed = max(0.0, 1.0 - felt_pressure(s, p) / c.opportunism_pressure)
    drive = c.reciprocal_yield * p.reciprocity * e.concession
    if step > 0.0 and s.concession_step > 0.0:
        ratio = step / s.concession_step
        drive += c.limit_signal * max(0.0, 1.0 - ratio / _SHRINKS)
        s.target += c.limit_signal * clip(ratio - 1.0, 0.0, 1.0) * (s.ask - s.target)
    s.target += c.embolden * p.opportunism * e.concession * unpressed * (s.ask - s.target)
    keep = max(0.0, 1.0 - c.relax * e.concession)
    s.goals *= keep
    s.time *= keep
    s.concession_step = step
    s.concession = max(s.concession, e.concession)
    s.offer = offer
    return drive


@compiled
def lower_target(s: Record, p: Record, c: Record, drive: float, urgency: float) -> None:
    """Let the supplier's target fall towards its reservation price by a fraction ``drive`` of the room left."""
    total = clip(p.drift + drive + c.deadline_yield * p.feel_time * urgency, 0.0, 0.9)
    s.target -= total * (s.target - p.reservation_price)
    s.target = clip(s.target, p.reservation_price, s.ask)


@compiled
def below_logistic(u: float, most: float, x: float) -> bool:
    """Return whether ``u`` lies below a logistic curve that rises with ``x`` from 0 to ``most``.

    Far to the left, where most steps are, a bound on the curve tells that it does not, without an exponential.
    """
    if x < 0.0 and u * (2.0 - x + 0.5 * x * x) > most:  # exp(-x) is more than 1 - x + x * x / 2
        return False
    return u < most / (1.0 + math.exp(-x))


@compiled
def leaves(s: Record, p: Record, c: Record, u: float) -> bool:
    """Return whether the supplier leaves now: the probability takes off when tension passes its tolerance."""
    gap = max(0.0, s.target - s.offer)  # widest while no offer stands
    calm = p.exit_rate * (1.0 + c.exit_gap * gap)
    return below_logistic(u - calm, c.hazard_most, (s.tension - p.tolerance) / c.hazard_width)


@compiled
def accepts(s: Record, p: Record, c: Record, previous_offer: float, urgency: float, u: float) -> bool:
    """Return whether the supplier takes the standing offer; never below its reservation price."""
    if s.offer <= 0.0 or s.offer < p.reservation_price:
        return False
    least = s.target + c.bluff_distrust * s.bluffs
    pull = (s.offer - least) / p.acceptance_width + c.deadline_eagerness * urgency
    willing = p.decisiveness
    if previous_offer > 0.0 and s.offer > previous_offer:
        middle = 0.5 * (previous_offer + s.ask)
        if abs(s.offer - middle) < _MIDPOINT_WIDTH:  # is accepted more, wherever the target is (fact 5)
            willing *= 1.0 + c.midpoint_pull
    return below_logistic(u, willing, pull)


@compiled
def counter(s: Record, p: Record, c: Record, e: Record, u_firm: float, u_middle: float, u: float, v: float) -> None:
    """Set the next ask: the same again, the middle, or a fraction of the open gap, never below the target."""
    old = s.ask
    goal = max(s.target, s.offer)
    if u_firm >= p.firmness:
        mean = p.concession_rate + p.reciprocity * e.concession
        fraction = clip(mean + p.concession_spread * triangular(u, v), 0.0, 1.0)
        s.ask -= fraction * max(0.0, s.ask - goal)
        middle = 0.5 * (s.offer + old)
        if s.offer > 0.0 and u_middle < p.midpoint_affinity and middle >= s.target:
            s.ask = middle
    moved = old - s.ask
    gap = old - s.offer
    s.counter = clip(moved / gap, 0.0, 1.0) if gap > 1e-9 else 0.0
    if s.counter < c.stalemate_gap and e.concession == 0.0:
        s.stalemate += 1.0
    else:
        s.stalemate = 0.0
