"""Facts 21 and 23: pressure in steps or at once, and long, tense sessions."""

import numpy as np

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.experiment import PATIENT, Floats, Negotiations, Step, meet
from negoenv.facts.fact import Confidence, Effect, Finding, Plot, fact
from negoenv.facts.measures import curve, difference, ratio
from negoenv.game.constants import CONSTANTS
from negoenv.game.supplier import SUPPLIER
from negoenv.game.tactics import Move

CLAIMS = (Move.REVEAL_BUDGET, Move.CITE_COMPETITORS, Move.CLAIM_NEW_PROCESS, Move.DENY_SCARCITY)
CALM = 2  # rounds of HOLD after each claim, or all of them after the last
_MORE_OR_LESS = (1, 3)
_TIMES_THE_BREAKDOWNS = 3.0
_SOURCES = ("jump_cost", "defiance_tension", "flat_offence")  # of tension; offence goes with the supplier's pride
_MAGNITUDES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5)  # of all sources of tension, 1 is the default
_SESSION: tuple[Step, ...] = (Move.OPEN_MODERATE, *[Move.SILENCE, Move.RAISE_VOICE, Move.SILENCE] * 3)
_TO_THE_END: tuple[Step, ...] = (*[Move.CONCEDE_SMALL] * 9, Move.ACCEPT)
_WEIGHTS = (0.0, 0.15, 0.3, 0.6, 1.0)
_SMALL = 0.02  # of the first ask
_NO_HARM = 0.05  # change of the share of deals that counts as none


def burst_moves(calm: int) -> tuple[Move, ...]:
    """Return an opening, all claims one after the other, then ``calm`` rounds for each of them."""
    return (Move.OPEN_MODERATE, *CLAIMS, *[Move.HOLD] * (calm * len(CLAIMS)))


def spread_moves(calm: int) -> tuple[Move, ...]:
    """Return an opening, then each claim with ``calm`` rounds after it."""
    return (Move.OPEN_MODERATE, *(move for claim in CLAIMS for move in (claim, *[Move.HOLD] * calm)))


@fact(
    21,
    "Pressure in steps",
    known="Pressure built in steps beats the same pressure at once.",
    claim="Same claims in one burst and spread out: at least three times the breakdowns in the burst.",
    source="Assumption",
    confidence=Confidence.ASSUMPTION,
    conditions="Four claims in a row and eight calm rounds, or two calm rounds after each claim; suppliers as they "
    "come, but that calm rounds alone drive nobody away. Magnitude: all sources of tension together (jump_cost, "
    "defiance_tension, flat_offence, and pride, which scales offence).",
    reason="With few suppliers the interval reaches the bound: some of the patient talks, which are longer, end by a "
    "tactic of the supplier's own.",
)
def steps_or_burst(episodes: int) -> Finding:
    """Make the same claims one after the other, or with calm rounds in between."""
    pride = Negotiations(episodes).suppliers["pride"]

    def arms(tension: float = 1.0, calm: int = CALM) -> tuple[Negotiations, Negotiations]:
        constants = {name: tension * CONSTANTS.by_name[name].default for name in _SOURCES} | PATIENT
        supplier = {"pride": np.minimum(tension * pride, SUPPLIER.by_name["pride"].high)}
        burst, spread = (
            meet(episodes, moves, constants=constants, supplier=supplier)
            for moves in (burst_moves(calm), spread_moves(calm))
        )
        return burst, spread

    def times(burst: Negotiations, spread: Negotiations) -> Interval:
        return ratio(burst.breakdown, spread.breakdown)

    burst, spread = arms()
    main = times(burst, spread)
    worth = [talks.play(_TO_THE_END).returns for talks in (burst, spread)]

    def more(tension: float) -> Interval:
        at_once, in_steps = arms(tension)
        return difference(at_once.breakdown, in_steps.breakdown)

    return Finding(
        (
            Effect("breakdowns in the burst, times those in steps", main, _TIMES_THE_BREAKDOWNS),
            *(Effect(f"the same, calm rounds after each claim: {n}", times(*arms(calm=n))) for n in _MORE_OR_LESS),
            Effect("return of the whole negotiation, in steps less at once", difference(worth[1], worth[0]), 0.0),
        ),
        Plot(
            "tension of jumps, defiance and offence, 1 is the default",
            "breakdowns, burst less steps",
            (curve("tension of all sources", _MAGNITUDES, more),),
        ),
    )


@fact(
    23,
    "Tiring sessions",
    known="Long, tense sessions tire and make people want to end.",
    claim="Small and optional; 0 must be a legal value.",
    source="Assumption; a 2025 study (N = 398) found no effect on joint outcomes (A)",
    confidence=Confidence.ASSUMPTION,
    conditions="Nine rounds of silence and raised voices, and then small concessions; suppliers that bear it. Small: "
    "under 2% of the first ask; no effect on joint "
    "outcomes: the share of deals changes by less than .05. Magnitude: the trait feel_physical.",
)
def tiring_sessions(episodes: int) -> Finding:
    """Hold a long, tense session with suppliers that feel fatigue to several degrees; 0 is legal."""

    def arm(weight: float) -> tuple[Floats, Floats]:
        talks = meet(episodes, _SESSION, supplier={"feel_physical": weight, "tolerance": 5.0})
        talks.play(_TO_THE_END)
        return talks.price, talks.deal

    arms = {weight: arm(weight) for weight in _WEIGHTS}
    usual, none = arms[SUPPLIER.by_name["feel_physical"].default], arms[0.0]
    return Finding(
        (
            Effect(
                "fall of the price by fatigue, fraction of the first ask", difference(none[0], usual[0]), 0.0, _SMALL
            ),
            Effect("share of deals, tired less fresh", difference(usual[1], none[1]), -_NO_HARM, _NO_HARM),
        ),
        Plot(
            "weight of fatigue (feel_physical)",
            "fall of the price, fraction of the first ask",
            (curve("feel_physical", _WEIGHTS, lambda w: difference(none[0], arms[w][0])),),
        ),
    )
