"""How a move presses, offends or calms the supplier. Facts by number are those of docs/model_card.md."""

import math
from typing import Any

import numpy as np

from negoenv.game.effects import PRESSING, Family
from negoenv.game.state import STATE
from negoenv.game.tactics import Move
from negoenv.numerics.compiled import compiled

Record = Any  # a record in compiled code; what a test gives it without compilation has the same names

_WORDS_OF = np.array([Move[move.name.split("+")[0]] for move in Move])  # what is said with an offer, by move
_EMOTION = int(Family.EMOTION)
_THIRD_PARTY = int(Family.THIRD_PARTY)
_FIRST = int(PRESSING[0])
_LAST = int(PRESSING[-1])
_MAX_TENSION = STATE.by_name["tension"].high
_MAX_RESENTMENT = STATE.by_name["resentment"].high


@compiled
def clip(value: float, low: float, high: float) -> float:
    """Return ``value`` moved into ``[low, high]``."""
    return min(max(value, low), high)


@compiled
def felt_pressure(s: Record, p: Record) -> float:
    """Return the pressure that this supplier feels: its sources, each with the supplier's weight."""
    return (
        p.feel_goals * s.goals
        + p.feel_time * s.time
        + p.feel_information * s.information
        + p.feel_physical * s.physical
    )


@compiled
def relax(s: Record, c: Record) -> None:
    """Let a round pass: pressure, tension and wear fall, the memory of concessions fades."""
    s.goals *= c.keep_goals
    s.time *= c.keep_time
    s.information *= c.keep_information
    s.physical *= c.keep_physical
    s.tension *= c.keep_tension
    s.concession *= 0.5
    for means in range(len(s.wear)):
        s.wear[means] *= 1.0 - c.wear_recovery


@compiled
def presses(family: int) -> bool:
    """Return whether a family puts pressure on the supplier."""
    return _FIRST <= family <= _LAST


@compiled
def wear(s: Record, c: Record, family: int, move: int) -> float:
    """Return how worn a move is, 0 (fresh) to 1: as its family, less so where its words are not those used last.

    Families that do not wear stay fresh.
    """
    if not presses(family):
        return 0.0
    worn: float = s.wear[family - _FIRST]
    return worn if s.words[family - _FIRST] == _WORDS_OF[move] else worn * c.wear_other


@compiled
def wear_out(s: Record, c: Record, family: int, move: int) -> None:
    """Wear a family by one use: the same means again works less."""
    if presses(family):
        s.wear[family - _FIRST] += c.wear_use * (1.0 - s.wear[family - _FIRST])
        s.words[family - _FIRST] = _WORDS_OF[move]


@compiled
def emotional_response(s: Record, p: Record, c: Record, e: Record) -> float:
    """Return the response to an emotional move, negative where it backfires (facts 8 to 13).

    A known weakness gives leverage. Without one, anger moves suppliers with poor alternatives a little and makes
    powerful ones demand more; threats without words need no cause.
    """
    soft = 1.0 - p.power
    leverage = c.leverage * p.receptive_emotion * s.weakness_known
    if e.anger == 0.0:
        return soft * c.threat_yield + leverage
    blunted = max(0.0, 1.0 - c.anger_after_concession * s.concession)
    defiance = c.anger_reactance * p.pride * p.power * p.power * (1.0 - s.weakness_known)
    return (soft * c.anger_yield + leverage) * blunted - defiance


@compiled
def response(s: Record, p: Record, c: Record, e: Record) -> float:
    """Return how the supplier's type takes a move of pressure, signed, before wear, credibility and timing.

    Third parties work where an issue is stuck.
    """
    if e.family == _EMOTION:
        return emotional_response(s, p, c, e)
    if e.family == _THIRD_PARTY:
        stuck = min(1.0, s.stalemate / c.stalemate_full)
        return p.receptive[e.family - _FIRST] * (1.0 - c.third_party_unstuck * (1.0 - stuck))
    return p.receptive[e.family - _FIRST] if presses(e.family) else 0.0


@compiled
def grip(s: Record, p: Record, c: Record) -> float:
    """Return how far pressure moves the supplier now.

    Pressure built in steps works better (momentum); a strained supplier resists: pressure moves it less until its
    tension has fallen.
    """
    open_minded = max(0.0, 1.0 - c.strain_resistance * s.tension / p.tolerance)
    return (1.0 + c.momentum * min(1.0, s.accustomed)) * open_minded


@compiled
def unjustified(s: Record, e: Record) -> float:
    """Return 0 for emotion with a known cause, else 1."""
    return 1.0 - s.weakness_known if e.family == _EMOTION else 1.0


@compiled
def press(s: Record, p: Record, c: Record, e: Record, strength: float) -> None:
    """Apply a move of signed ``strength``: build up pressure, or meet defiance.

    Tension grows with the square of the jump above what the supplier is accustomed to (fact 21, an assumption). Who
    defies the buyer expects to get more out of it.
    """
    if strength > 0.0:
        before = felt_pressure(s, p)
        s.goals += e.goals * strength
        s.time += e.time * strength
        s.information += e.information * strength * (1.0 + c.known_costs * (1.0 - 1.0 / math.sqrt(1.0 + s.probes)))
        s.physical += e.physical * strength
        after = felt_pressure(s, p)
        if after > before:
            jump = max(0.0, after - s.accustomed - c.jump_free)
            s.tension += c.jump_cost * jump * jump * (1.0 - c.caused_jump * (1.0 - unjustified(s, e)))
    elif strength < 0.0:
        s.expected_limit += min(1.0, c.reactance * -strength) * max(0.0, s.ask - s.expected_limit)
        s.tension -= c.defiance_tension * strength
    s.accustomed += c.adaptation * (felt_pressure(s, p) - s.accustomed)


@compiled
def offend(s: Record, p: Record, c: Record, e: Record, strength: float, heard: float, worn: float) -> None:
    """Add the tension and the lasting resentment of a move of signed ``strength``, as far as it is ``heard``.

    Emotion with a known cause does not offend. Pressure that leaves the supplier cold offends it the more, and shows it
    that the buyer has nothing better to say: it expects more; less so the first time, more when the buyer insists. It
    takes from what the buyer says later, too: weak arguments dilute strong ones.
    Claims of a buyer without credibility say nothing at all.
    """
    without_cause = unjustified(s, e)
    flat = clip(1.0 - strength / c.flat_strength, 0.0, 1.0) * (e.goals + e.time + e.information) * heard
    if presses(e.family):
        s.dilution += min(1.0, c.dilution * flat) * (1.0 - s.dilution)
    flat *= c.flat_first + (1.0 - c.flat_first) * worn
    s.tension += (e.offence + c.flat_offence * flat) * p.pride * without_cause
    s.expected_limit += min(1.0, c.flat_confidence * flat * without_cause) * max(0.0, s.ask - s.expected_limit)
    s.resentment += c.anger_resentment * e.anger * without_cause


@compiled
def soothe(s: Record, e: Record) -> None:
    """Take away the part of the tension that the move relieves."""
    s.tension *= 1.0 - e.relief


@compiled
def saturate(s: Record) -> None:
    """Keep feelings within their bounds; far past any tolerance they change nothing more."""
    s.tension = min(s.tension, _MAX_TENSION)
    s.resentment = min(s.resentment, _MAX_RESENTMENT)
