"""What the supplier believes: of the buyer's limit, its claims and ultimatums, and what it expects from going on.

Facts by number are those of docs/model_card.md.
"""

import math

from negoenv.game.persuasion import Record, clip, felt_pressure, grip
from negoenv.game.state import STATE
from negoenv.numerics.compiled import compiled
from negoenv.numerics.fast_math import power

_SHRINKS = 0.8  # a concession below this fraction of the last one is clearly smaller
_MAX_RISK = 0.95  # no supplier takes it for certain that it loses the order
_MAX_BLUFFS = STATE.by_name["bluffs"].high  # counted over all deals of an episode


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
def believed(s: Record, p: Record, e: Record) -> float:
    """Return how far a move is believed, 0 to 1: what it claims counts only as far as the buyer is credible.

    Gullible suppliers believe a claim, others as far as they believe in the buyer's alternatives (fact 15).
    """
    faith = s.credibility * (p.gullibility + (1.0 - p.gullibility) * s.belief)
    return 1.0 - e.claim * (1.0 - faith)


@compiled
def claimed_price(s: Record, e: Record) -> float:
    """Return the price that a move says is all there is; a rival's true quote where that is lower."""
    claimed = e.content * s.benchmark
    return min(claimed, s.quote) if s.quote > 0.0 and e.alternatives > 0.0 else claimed


@compiled
def bites(s: Record, c: Record, e: Record) -> float:
    """Return how far a claim bites, 0 to 1: a price only as far as it lies below what is asked."""
    return clip((s.ask - claimed_price(s, e)) / c.content_width, 0.0, 1.0) if e.content > 0.0 else 1.0


@compiled
def convince(s: Record, p: Record, c: Record, e: Record, strength: float) -> None:
    """Let a claim of this strength, above 0, change what the supplier expects: of the buyer, and elsewhere."""
    if e.content > 0.0:
        expect_less(s, claimed_price(s, e), min(1.0, c.content_yield * strength))
    if e.scarcity > 0.0:
        doubt = min(1.0, c.scarcity_yield * e.scarcity * strength)
        s.fallback -= doubt * max(0.0, s.fallback - p.reservation_price)


@compiled
def found_out(s: Record, p: Record, c: Record, e: Record, offer: float, wear: float, u: float) -> bool:
    """Return whether the supplier finds out that a claim is a bluff.

    A price that the buyer's own ``offer`` passes, this move included, is a claim that anybody sees through. With rivals
    really invited there is no bluff.
    """
    if 0.0 < e.content * s.benchmark < offer:
        return True
    if e.bluff == 0.0 or s.rivals > 0.0:
        return False
    return u < e.bluff * p.informedness * (1.0 + c.bluff_wear * wear)


@compiled
def expose(s: Record, c: Record) -> None:
    """Lose credibility by a bluff that was found out, and cause resentment (fact 16)."""
    s.bluffs = min(s.bluffs + 1.0, _MAX_BLUFFS)
    s.credibility *= c.bluff_credibility
    s.belief *= c.bluff_credibility
    s.resentment += c.bluff_resentment


@compiled
def surplus_share(price: float, reservation_price: float, limit: float) -> float:
    """Return the supplier's share of the bargaining surplus at ``price``; the surplus counts as at least 0.05."""
    return (price - reservation_price) / max(limit - reservation_price, 0.05)


@compiled
def taken_as_final(s: Record, p: Record, c: Record, e: Record, lateness: float) -> float:
    """Return the probability that the supplier takes an ultimatum to be final (facts 13 and 22).

    It is believed most after a stalemate, late, and when ultimatums are fresh; pressure already built up adds to it,
    and so does the top leader. It is believed less where threats announced it, where no action has shown it to be
    meant, and of a buyer who has just given. Without credibility it is not believed.
    """
    ready = min(1.0, s.stalemate / c.stalemate_full)
    firm = (
        p.receptive_ultimatum
        * ready
        * (1.0 - s.wear_ultimatum)
        * (c.ultimatum_early + (1.0 - c.ultimatum_early) * lateness)
    )
    firm += c.pressure_belief * min(1.0, felt_pressure(s, p))
    if e.leader > 0.0:
        firm *= 1.0 + c.leader_belief
    firm *= 1.0 - c.announced * s.wear_emotion
    firm *= 1.0 - c.undemonstrated * (1.0 - s.demonstrated)
    firm *= max(0.0, 1.0 - c.conceded_doubt * s.concession)
    return clip(s.credibility * firm, 0.0, 1.0)


@compiled
def is_fair(s: Record, p: Record, c: Record) -> float:
    """Return the probability that a final offer is taken, by its surplus share beside what is fair to it (fact 14)."""
    if s.offer < p.reservation_price:
        return 0.0
    share = surplus_share(s.offer, p.reservation_price, s.limit)
    return 1.0 / (1.0 + math.exp((p.fairness - share) / c.unfair_width))


@compiled
def calls_back(s: Record, p: Record, c: Record) -> float:
    """Return the probability that the supplier calls back a buyer who walked out."""
    wanted = c.callback_base + c.callback_belief * s.belief + c.callback_pressure * min(1.0, felt_pressure(s, p))
    return clip(s.credibility * wanted * (1.0 - c.callback_power * p.power), 0.0, 1.0)


@compiled
def nothing_followed(s: Record, c: Record) -> None:
    """Lose credibility because a refused ultimatum was not followed by a real action."""
    if s.called > 0.0:
        s.called = 0.0
        s.credibility *= c.called_credibility


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
