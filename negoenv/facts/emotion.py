"""Facts 8 to 12: what anger does to demands, to the talks, and after them."""

from collections.abc import Mapping
from typing import Any

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.experiment import FIRM, KEPT, PATIENT, Floats, Step, meet
from negoenv.facts.fact import NEGLIGIBLE, Confidence, Effect, Finding, Plot, fact
from negoenv.facts.measures import curve, difference, ratio, share
from negoenv.game.tactics import Move

_WEAK, _STRONG = 0.1, 0.9  # power: poor and strong outside options
_POWERS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
_CAUSE = {"weakness_known": 1.0}
_NO_LEVER = {"receptive_emotion": 0.0}
_DOSES = (Move.HOLD, Move.RAISE_VOICE, Move.FURY)
_DOSE_NAMES = ("none", "raised voice", "fury")
_SIZES = (Move.HOLD, Move.CONCEDE_SMALL, Move.CONCEDE_MODERATE, Move.CONCEDE_LARGE)
_FALL = "fall of the ask by anger, fraction of the first ask"


def _won(
    episodes: int, power: float, before: tuple[Step, ...] = (), context: Mapping[str, Any] | None = None
) -> Floats:
    """Return by how much a raised voice lowers the ask three replies later, each supplier."""
    supplier = KEPT | _NO_LEVER | {"power": power}
    calm, angry = (
        meet(episodes, (Move.OPEN_MODERATE, *before, move, Move.HOLD, Move.HOLD), supplier=supplier, context=context)
        for move in (Move.HOLD, Move.RAISE_VOICE)
    )
    return calm["ask"] - angry["ask"]


@fact(
    8,
    "Anger and concessions",
    known="Anger brings concessions, none after a large concession of the other side.",
    claim="Effect > 0; about 0 after CONCEDE_LARGE.",
    source="Van Kleef, De Dreu & Manstead 2004, JPSP (A)",
    confidence=Confidence.A,
    conditions="A raised voice without a cause at suppliers with poor alternatives (power .1). About 0: within a "
    "fifth of the effect there is without a concession.",
)
def anger_and_concessions(episodes: int) -> Finding:
    """Raise the voice after nothing, or after concessions of several sizes."""
    won = [_won(episodes, _WEAK, (size,)) for size in _SIZES]
    return Finding(
        (
            Effect("fall of the ask by anger, fraction of the first ask", Interval.of(won[0]), 0.0),
            Effect("after a large concession, times that", ratio(won[-1], won[0]), *NEGLIGIBLE),
        ),
        Plot(
            "buyer's concession just before, fraction of the gap",
            _FALL,
            (curve("power .1", range(len(won)), lambda i: Interval.of(won[int(i)])),),
            ("none", ".10", ".25", ".50"),
        ),
    )


@fact(
    9,
    "Anger and alternatives",
    known="Anger works only on those with poor alternatives.",
    claim="Effect about 0 with strong outside options.",
    source="Sinaceur & Tiedens 2006, JESP (A)",
    confidence=Confidence.A,
    conditions="A raised voice with a cause that gives no other leverage; power .1 and .9. About 0: "
    "within a fifth of the effect on the weak.",
)
def anger_and_alternatives(episodes: int) -> Finding:
    """Raise the voice at suppliers of several strengths."""
    won = {power: _won(episodes, power, context=_CAUSE) for power in _POWERS}
    return Finding(
        (
            Effect("fall of the ask by anger, poor outside options", Interval.of(won[_WEAK]), 0.0),
            Effect("strong outside options, times that", ratio(won[_STRONG], won[_WEAK]), *NEGLIGIBLE),
        ),
        Plot(
            "strength of the supplier's outside options (power)",
            _FALL,
            (curve("with a cause", _POWERS, lambda power: Interval.of(won[power])),),
        ),
    )


@fact(
    10,
    "Unjustified anger at the powerful",
    known="Unjustified anger at the powerful makes them demand more.",
    claim="Sign flips: power x unjustified.",
    source="Van Kleef & Cote 2007, JAP (A)",
    confidence=Confidence.A,
    conditions="As fact 9, with and without the cause.",
)
def unjustified_anger(episodes: int) -> Finding:
    """Cross power and cause."""
    without, caused = ({p: _won(episodes, p, context=c) for p in _POWERS} for c in ({}, _CAUSE))
    return Finding(
        (
            Effect("fall of the ask by anger without cause, powerful", Interval.of(without[_STRONG]), high=0.0),
            Effect("the same, powerless", Interval.of(without[_WEAK]), 0.0),
            Effect("powerful, with less without a cause", difference(caused[_STRONG], without[_STRONG]), 0.0),
        ),
        Plot(
            "power of the supplier",
            _FALL,
            (
                curve("without a cause", _POWERS, lambda power: Interval.of(without[power])),
                curve("with a cause", _POWERS, lambda power: Interval.of(caused[power])),
            ),
        ),
    )


@fact(
    11,
    "Anger and settlement",
    known="Anger lowers settlement unless the target is vulnerable.",
    claim="Breakdown(anger, no weakness) > baseline; not so with a known weakness.",
    source="Friedman et al. 2004, JAP (A)",
    confidence=Confidence.A,
    conditions="A voice raised twice, against suppliers as they come, of whom none leaves for being kept waiting. Not "
    "so: at most a fifth of the effect without a known weakness; fewer breakdowns are not so either. Fury, in the "
    "figure, breaks talks either way.",
)
def anger_and_settlement(episodes: int) -> Finding:
    """Show anger of several degrees, with and without a known weakness."""

    def breakdowns(move: Move, context: Mapping[str, float]) -> Floats:
        moves = (Move.OPEN_MODERATE, move, Move.HOLD, move, Move.HOLD, Move.HOLD)
        return meet(episodes, moves, context=context, constants=PATIENT).breakdown

    without, known = ([breakdowns(move, context) for move in _DOSES] for context in ({}, _CAUSE))
    more, more_known = without[1] - without[0], known[1] - known[0]
    return Finding(
        (
            Effect("breakdowns by anger, no weakness known", Interval.of(more), 0.0),
            Effect("a weakness known, times that", ratio(more_known, more), high=NEGLIGIBLE[1]),
        ),
        Plot(
            "anger, twice",
            "share of breakdowns",
            (
                curve("no weakness known", range(3), lambda i: share(without[int(i)])),
                curve("a weakness known", range(3), lambda i: share(known[int(i)])),
            ),
            _DOSE_NAMES,
        ),
    )


@fact(
    12,
    "Humiliation is paid back",
    known="Faked anger and humiliation are paid back later: trust falls, implementation is sabotaged.",
    claim="Under-delivery probability up, goodwill down.",
    source="Cote et al. 2013, JESP (A); Campagna et al. 2016, JAP (A); Wang et al. 2012, OBHDP (A)",
    confidence=Confidence.A,
    conditions="Fury without a cause, then a deal at the price there is without it: suppliers that repeat their ask.",
)
def paid_back_later(episodes: int) -> Finding:
    """Humiliate the supplier, and then agree at the same price as without."""
    calm, voice, fury = (
        meet(episodes, (Move.OPEN_FAIR, move, Move.HOLD, Move.ACCEPT), supplier=KEPT | FIRM, context={"ask": 0.8})
        for move in _DOSES
    )
    risk, goodwill = (
        [talks.after(name) for talks in (calm, voice, fury)] for name in ("under_delivery_probability", "goodwill")
    )
    return Finding(
        (
            Effect("price, fury less calm (the same by design)", difference(fury.price, calm.price), -0.001, 0.001),
            Effect("probability of under-delivery, fury less calm", difference(risk[-1], risk[0]), 0.0),
            Effect("goodwill, fury less calm", difference(goodwill[-1], goodwill[0]), high=0.0),
        ),
        Plot(
            "anger without a cause",
            "goodwill, or probability",
            (
                curve("goodwill", range(3), lambda i: Interval.of(goodwill[int(i)])),
                curve("under-delivery", range(3), lambda i: Interval.of(risk[int(i)])),
            ),
            _DOSE_NAMES,
        ),
    )
