"""What the supplier believes of the buyer, and what it expects from going on. Facts by number: docs/model_card.md."""

from negoenv.game.persuasion import Record, clip, grip
from negoenv.numerics.compiled import compiled
from negoenv.numerics.fast_math import power

_SHRINKS = 0.8  # a concession below this fraction of the last one is clearly smaller
_MAX_RISK = 0.95  # no supplier takes it for certain that it loses the order


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
def first_beliefs(s: Record, p: Record, c: Record) -> None:
    """Set what the supplier believes at its first ask: the buyer's limit, and what it would get elsewhere."""
    room = s.ask - p.reservation_price
    s.expected_limit = p.reservation_price + p.aspiration * room
    s.fallback = p.reservation_price + c.fallback_power * p.power * room


@compiled
def start_talks(s: Record, p: Record, c: Record) -> None:
    """Set the supplier's first ask and beliefs, before anybody has moved."""
    s.ask = first_ask(p)
    first_beliefs(s, p, c)


@compiled
def expect_more(s: Record, share: float) -> None:
    """Raise the limit that the supplier expects by a share of what is left up to its ask."""
    s.expected_limit += share * max(0.0, s.ask - s.expected_limit)


@compiled
def expect_less(s: Record, price: float, share: float) -> None:
    """Lower the limit that the supplier expects by a share of what lies above a price."""
    s.expected_limit -= share * max(0.0, s.expected_limit - price)


@compiled
def apply_goodwill(s: Record, p: Record, c: Record) -> None:
    """Let the last deal move the terms of this one: who was left a profit expects, and asks for, less (fact 19)."""
    regard = c.goodwill_yield * (s.goodwill - c.goodwill_stranger)
    change = regard * (s.expected_limit - p.reservation_price)
    s.expected_limit = clip(s.expected_limit - change, p.reservation_price, s.ask)


@compiled
def read_concession(s: Record, p: Record, c: Record, part: float, step: float, unpressed: float) -> None:
    """Let a concession, a ``part`` of the gap and ``step`` in price, tell of the buyer's limit (facts 18 and 24).

    One smaller than the last says that the limit is near, one larger that it is far. An opportunist takes what is given
    without pressure for weakness.
    """
    if step > 0.0 and s.concession_step > 0.0:
        ratio = step / s.concession_step
        expect_less(s, s.offer, c.limit_signal * max(0.0, 1.0 - ratio / _SHRINKS))
        expect_more(s, c.limit_signal * clip(ratio - 1.0, 0.0, 1.0))
    expect_more(s, min(1.0, c.embolden * p.opportunism * part * unpressed))


@compiled
def least_price(s: Record, p: Record) -> float:
    """Return the least that makes a deal worth having: cost and least margin, or what it would get elsewhere."""
    return max(p.reservation_price, s.fallback)


@compiled
def going_on(s: Record, p: Record, c: Record, urgency: float) -> float:
    """Return what going on is worth to the supplier, as a price: it takes an offer by comparing it with this.

    It expects to settle where its bargaining weight divides what lies between the offer and the limit that it expects
    (the generalised Nash solution). From that it takes the risk of losing the order, which pressure on its goals and
    its own deadline raise, and the cost of the rounds to come, which pressure by time and fatigue raise; information
    lowers its weight. Never less than what is fair to it.
    """
    least = least_price(s, p)
    base = max(s.offer, least)
    pull = grip(s, p, c)
    weight = p.bargaining_weight * max(0.0, 1.0 - c.information_yield * p.feel_information * s.information * pull)
    settlement = base + weight * max(0.0, s.expected_limit - base)
    risk = c.goals_risk * p.feel_goals * s.goals * pull + c.deadline_risk * p.feel_time * urgency
    waiting = 1.0 + c.time_yield * p.feel_time * s.time * pull + c.fatigue_yield * p.feel_physical * s.physical
    worth = settlement - min(_MAX_RISK, risk) * (settlement - least) - p.waiting_cost * waiting
    fair = least + p.fairness * max(0.0, s.expected_limit - least)
    return max(fair, worth)
