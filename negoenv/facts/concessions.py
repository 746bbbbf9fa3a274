"""Facts 18 and 24: patterns of concessions, and concessions without pressure."""

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.experiment import KEPT, Floats, Negotiations, Offer, meet
from negoenv.facts.fact import Confidence, Curve, Effect, Finding, Plot, fact
from negoenv.facts.measures import curve, difference
from negoenv.game.tactics import Move

_FIRST = 0.66  # first offer, fraction of the first ask
_PATTERNS = {"shrinking": (0.09, 0.06, 0.03), "equal": (0.06, 0.06, 0.06), "growing": (0.03, 0.06, 0.09)}
_AFTERWARDS = 3  # rounds after the last concession
_PLAIN = KEPT | {"midpoint_affinity": 0.0}  # answers what it is given
_OPPORTUNIST = _PLAIN | {"opportunism": 1.0, "generosity": 0.5, "readiness": 3.0}  # gives something by itself
_RECIPROCATOR = _PLAIN | {"opportunism": 0.0}
_MAGNITUDES = (0.0, 0.25, 0.5, 0.75, 1.0)  # the defaults: embolden .4; matching .3 to 1.3 by kind


@fact(
    18,
    "Shrinking concessions",
    known="Shrinking concessions signal a limit; equal or growing ones invite more demands.",
    claim="Shrinking beats equal beats growing, same total.",
    source="Tey et al. 2021, OBHDP, 7 studies, N = 2,311 (A)",
    confidence=Confidence.A,
    conditions="Three concessions of .18 of the first ask in all, to suppliers that neither leave nor accept, so that "
    "all their demands are seen.",
)
def limits(episodes: int) -> Finding:
    """Give the same in three steps that shrink, stay equal or grow."""
    paths = {}
    for name, steps in _PATTERNS.items():
        talks = Negotiations(episodes, supplier=KEPT, context={"benchmark": _FIRST}).play((Move.OPEN_FAIR,))
        asks, offer = [talks["ask"]], _FIRST
        for step in steps:
            offer += step
            asks.append(talks.play((Offer(offer),))["ask"])
        for _ in range(_AFTERWARDS):
            asks.append(talks.play((Move.HOLD,))["ask"])
        paths[name] = asks
    shrinking, equal, growing = (asks[-1] for asks in paths.values())
    return Finding(
        (
            Effect("last ask, equal less shrinking, fraction of the first ask", difference(equal, shrinking), 0.0),
            Effect("last ask, growing less equal", difference(growing, equal), 0.0),
        ),
        Plot(
            "round",
            "ask, fraction of the first ask",
            tuple(Curve(name, range(len(asks)), [Interval.of(ask) for ask in asks]) for name, asks in paths.items()),
        ),
    )


@fact(
    24,
    "Gifts",
    known="Concessions may embolden, or be taken as nothing.",
    claim="Opportunists ask more after an unpressed concession; reciprocators less.",
    source="Assumption; fact 18",
    confidence=Confidence.ASSUMPTION,
    conditions="Half of the gap given in the second round, without any pressure, against nothing given. Magnitudes: "
    "the constant embolden for an opportunist, the trait matching for a reciprocator.",
)
def gifts(episodes: int) -> Finding:
    """Give much without pressure, and nothing."""

    def ask(move: Move, supplier: dict[str, float], **constants: float) -> Floats:
        moves = (Move.OPEN_MODERATE, move, Move.HOLD)
        return meet(episodes, moves, constants=constants, supplier=supplier)["ask"]

    def change(supplier: dict[str, float]) -> Interval:
        return difference(ask(Move.CONCEDE_LARGE, supplier), ask(Move.HOLD, supplier))

    def bolder(size: float) -> Interval:
        gift = Move.CONCEDE_LARGE
        return difference(ask(gift, _OPPORTUNIST, embolden=size), ask(gift, _OPPORTUNIST, embolden=0.0))

    bold = curve("opportunist: embolden", _MAGNITUDES, bolder)
    kind = curve("reciprocator: matching", _MAGNITUDES, lambda x: change(_RECIPROCATOR | {"matching": x}))
    return Finding(
        (
            Effect("ask of an opportunist after a gift, less without", change(_OPPORTUNIST), 0.0),
            Effect("ask of a reciprocator after a gift, less without", kind.y[-1], high=0.0),
        ),
        Plot("magnitude", "change of the ask, fraction of the first ask", (bold, kind)),
    )
