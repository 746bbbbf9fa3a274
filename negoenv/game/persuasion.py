"""How a move presses, offends or calms the supplier. Facts by number are those of docs/model_card.md."""

from typing import Any

from negoenv.game.state import STATE
from negoenv.game.tactics import PRESSING, Family
from negoenv.numerics.compiled import compiled

Record = Any  # a record in compiled code; what a test gives it without compilation has the same names

_EMOTION = int(Family.EMOTION)
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
def wear(s: Record, family: int) -> float:
    """Return how worn a family is, 0 (fresh) to 1; families that do not wear stay fresh."""
    return s.wear[family - _FIRST] if _FIRST <= family <= _LAST else 0.0


@compiled
def wear_out(s: Record, c: Record, family: int) -> None:
    """Wear a family by one use: the same means again works less."""
    if _FIRST <= family <= _LAST:
        s.wear[family - _FIRST] += c.wear_use * (1.0 - s.wear[family - _FIRST])


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
    """Return how the supplier's type takes a move of pressure, signed, before wear, credibility and timing."""
    if e.family == _EMOTION:
        return emotional_response(s, p, c, e)
    return p.receptive[e.family - _FIRST] if _FIRST <= e.family <= _LAST else 0.0


@compiled
def press(s: Record, p: Record, c: Record, e: Record, strength: float) -> float:
    """Apply a move of signed ``strength``; return the fall of the target that it brings, as a fraction of its room.

    Pressure built in steps works better (momentum) and strains less (tension grows with the square of the jump above
    what the supplier is accustomed to): fact 21, an assumption. A strained supplier resists: pressure moves it less
    until its tension has fallen.
    """
    drive = 0.0
    before = felt_pressure(s, p)
    if strength > 0.0:
        s.goals += e.goals * strength
        s.time += e.time * strength
        s.information += e.information * strength
        s.physical += e.physical * strength
        after = felt_pressure(s, p)
        open_minded = max(0.0, 1.0 - c.strain_resistance * s.tension / p.tolerance)
        drive = c.yield_rate * (after - before) * (1.0 + c.momentum * min(1.0, s.accustomed)) * open_minded
        if after > before:
            jump = max(0.0, after - s.accustomed - c.jump_free)
            s.tension += c.jump_cost * jump * jump
    elif strength < 0.0:
        s.target += c.reactance * -strength * (s.ask - s.target)
        s.tension -= c.defiance_tension * strength
    s.accustomed += c.adaptation * (felt_pressure(s, p) - s.accustomed)
    return drive


@compiled
def offend(s: Record, p: Record, c: Record, e: Record) -> None:
    """Add the tension and the lasting resentment of a move; emotion with a known cause does not offend."""
    unjustified = 1.0
    if e.family == _EMOTION:
        unjustified = 1.0 - s.weakness_known
    s.tension += e.offence * p.pride * unjustified
    s.resentment += c.anger_resentment * e.anger * unjustified


@compiled
def soothe(s: Record, e: Record) -> None:
    """Take away the part of the tension that the move relieves."""
    s.tension *= 1.0 - e.relief


@compiled
def saturate(s: Record) -> None:
    """Keep feelings within their bounds; far past any tolerance they change nothing more."""
    s.tension = min(s.tension, _MAX_TENSION)
    s.resentment = min(s.resentment, _MAX_RESENTMENT)
