"""Ultimatums and walking out: how far they are believed, and what they cost when nothing follows.

Facts by number are those of docs/model_card.md.
"""

import math

from negoenv.game.persuasion import Record, clip, felt_pressure
from negoenv.numerics.compiled import compiled


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
def nothing_followed(s: Record, c: Record) -> None:
    """Lose credibility because a refused ultimatum was not followed by a real action."""
    if s.called > 0.0:
        s.called = 0.0
        s.credibility *= c.called_credibility


@compiled
def calls_back(s: Record, p: Record, c: Record) -> float:
    """Return the probability that the supplier calls back a buyer who walked out."""
    wanted = c.callback_base + c.callback_belief * s.belief + c.callback_pressure * min(1.0, felt_pressure(s, p))
    return clip(s.credibility * wanted * (1.0 - c.callback_power * p.power), 0.0, 1.0)
