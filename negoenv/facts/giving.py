"""Facts 36 to 40: what concessions earn, and what silence does not."""

import numpy as np

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.experiment import KEPT, Floats, Give, Negotiations, Open, Step, meet
from negoenv.facts.fact import Confidence, Effect, Finding, Plot, fact
from negoenv.facts.measures import curve, difference, ratio, share
from negoenv.game.reward import WEIGHTS
from negoenv.game.state import Outcome
from negoenv.game.supplier import SUPPLIER
from negoenv.game.tactics import Move
from negoenv.scenarios.presets import PRESETS

_PLAIN = KEPT | {"midpoint_affinity": 0.0}
_OPPORTUNIST = _PLAIN | {"opportunism": 1.0, "receptive_strong": 1.0, "informedness": 0.0}
_SMALL = 0.06  # of the gap
_SIZES = (0.0, 0.15, 0.25)  # asked in exchange, of the gap
_MODEST = {"aspiration": 0.5}  # leaves room for what is earned
_OPENINGS = (0.58, 0.71, 0.83)  # of the list price
_SAME = 0.003  # a price nearer to the opening than this is the opening
_AT_MOST = 0.10


@fact(
    36,
    "Too small to count",
    known="A concession may be taken as insignificant.",
    claim="For what it gives, a tiny concession earns less than a moderate one.",
    source="Assumption",
    confidence=Confidence.ASSUMPTION,
    conditions="One concession of several sizes after the opening, against none; suppliers that neither leave nor "
    "accept. "
    "Counted: the fall of the ask for each unit given. Magnitude: the trait notice.",
)
def too_small(episodes: int) -> Finding:
    """Give concessions of several sizes."""
    supplier = _PLAIN | _MODEST | {"matching": 1.5, "readiness": 3.0}  # answers readily what it notices
    held = meet(episodes, (Move.OPEN_MODERATE, Move.HOLD), supplier=supplier)

    def fall(size: float, **traits: float) -> Floats:
        return held["ask"] - meet(episodes, (Move.OPEN_MODERATE, Give(size)), supplier=supplier | traits)["ask"]

    usual = SUPPLIER.by_name["notice"].default
    sweep = curve(
        "notice",
        [usual * multiple for multiple in (0.0, 0.5, 1.0)],
        lambda notice: difference(fall(_SMALL, notice=0.0), fall(_SMALL, notice=notice)),
    )
    moderate = fall(0.25) / 0.25
    return Finding(
        (
            Effect("fall of the ask for a concession of .25, a unit given", Interval.of(moderate), 0.0),
            Effect(f"for one of {_SMALL:g}, times that", ratio(fall(_SMALL) / _SMALL, moderate), high=0.5),
        ),
        Plot("concession that is too small to count (notice)", f"what one of {_SMALL:g} fails to earn", (sweep,)),
    )


@fact(
    37,
    "Push before you give",
    known="A concession helps when it is not taken for weakness: press first.",
    claim="An opportunist asks less after a concession that followed pressure than after one that did not, and less "
    "than "
    "after the pressure alone.",
    source="Assumption; fact 24",
    confidence=Confidence.ASSUMPTION,
    conditions="Opportunists that listen to strong pressure: two claims or two calm rounds, and then a large "
    "concession or "
    "none.",
)
def push_first(episodes: int) -> Finding:
    """Cross pressure with a concession."""
    push = (Move.REVEAL_BUDGET, Move.CITE_COMPETITORS)
    calm = (Move.HOLD, Move.HOLD)

    def fall(before: tuple[Move, ...]) -> Floats:
        held, given = (
            meet(episodes, (Move.OPEN_MODERATE, *before, move), supplier=_OPPORTUNIST)["ask"]
            for move in (Move.HOLD, Move.CONCEDE_LARGE)
        )
        return held - given

    def more(opportunism: float) -> Interval:
        supplier = _PLAIN | _MODEST | {"opportunism": opportunism}
        pressed, free = (
            meet(episodes, (Move.CONCEDE_MODERATE,), supplier=supplier, context={"offer": 0.6, "goals": goals})["ask"]
            for goals in (1.0, 0.0)
        )
        return difference(free, pressed)

    after, without = fall(push), fall(calm)
    return Finding(
        (
            Effect("fall of the ask by a concession, without pressure", Interval.of(without)),
            Effect("the same, after two claims", Interval.of(after), 0.0),
            Effect("the second less the first", difference(after, without), 0.0),
        ),
        Plot(
            "opportunism of the supplier",
            "fall of the ask by a concession, under pressure less without",
            (curve("opportunism", (0.0, 0.5, 1.0), more),),
        ),
    )


@fact(
    38,
    "Concessions are conditional",
    known="If you concede, we go on: concessions are conditional.",
    claim="An opportunist gives more for an offer to exchange than for the same concession without condition, and the "
    "buyer gives no more.",
    source="Assumption",
    confidence=Confidence.ASSUMPTION,
    conditions="A quarter of the gap after the opening, given or offered in exchange, to opportunists that neither "
    "leave "
    "nor accept.",
)
def conditional(episodes: int) -> Finding:
    """Give a quarter of the gap, or offer it for as much or less."""
    given = meet(episodes, (Move.OPEN_MODERATE, Move.CONCEDE_MODERATE), supplier=_OPPORTUNIST)

    def offered(asked: float) -> Negotiations:
        talks = Negotiations(episodes, supplier=_OPPORTUNIST).play((Move.OPEN_MODERATE,))
        talks.batch.effects["asked"][Move.CONCEDE_MODERATE] = asked
        return talks.play((Move.CONCEDE_MODERATE,))

    asks = curve("opportunist", _SIZES, lambda asked: difference(offered(asked)["ask"], given["ask"]))
    return Finding(
        (
            Effect("ask, offered in exchange less given", asks.y[-1], high=0.0),
            Effect("offer, the same", difference(offered(_SIZES[-1])["offer"], given["offer"]), high=0.0),
        ),
        Plot("asked in exchange, fraction of the gap", "difference in the ask", (asks,)),
    )


@fact(
    39,
    "Principled issues are not given up",
    known="What is a matter of principle is not given up for the sake of the relationship.",
    claim="In every scenario a deal above the buyer's limit returns less than leaving.",
    source="Assumption",
    confidence=Confidence.ASSUMPTION,
    conditions="Deals at .02 above the limit, the supplier content; the return of that deal alone. Leaving returns 0. "
    "Magnitude: the weight of goodwill in the reward.",
)
def limits_kept(episodes: int) -> Finding:
    """Take an ask just above or just below the limit."""

    def worth(name: str, ask: float, goodwill: float | None = None) -> Floats:
        context = {"limit": 0.8, "ask": ask, "budget": 0.9, "deals_left": 0.0}
        talks = Negotiations(episodes, name, context=context)
        if goodwill is not None:
            talks.batch.weights["goodwill"] = goodwill
        return talks.play((Move.ACCEPT,)).returns

    def paid(weight: float) -> Interval:
        below, above = (worth("Procurement", ask, weight) - worth("Procurement", ask, 0.0) for ask in (0.78, 0.82))
        return difference(below, above)

    usual = WEIGHTS.by_name["goodwill"].default
    return Finding(
        tuple(
            Effect(f"return of a deal above the limit, {name}", Interval.of(worth(name, 0.82)), high=0.0)
            for name in PRESETS
        ),
        Plot(
            "weight of goodwill in the reward",
            "what goodwill adds below the limit, less above it",
            (curve("goodwill", (0.0, 0.5 * usual, usual), paid),),
        ),
    )


@fact(
    40,
    "Silence does not win",
    known="A first offer that is not taken at once, and not improved, is hardly ever taken: of first offers up to .60 "
    "in "
    ".027, of .65 to .75 in .047.",
    claim="Opening and then holding for ever closes at most .10 of the talks at the opening price.",
    source="He et al. 2018, EMNLP: human data shipped with the package (S)",
    confidence=Confidence.S,
    conditions="Deals at the opening price, of the talks in which it was not taken at once. On the Marketplace at .58 "
    "and "
    ".71 of the list price, in Procurement a moderate opening.",
)
def silence(episodes: int) -> Finding:
    """Open, and then hold to the end."""

    def held(scenario: str, opening: Step, **context: float) -> Floats:
        talks = Negotiations(episodes, scenario, context=context).play((opening,))
        price, at_once = talks["offer"], talks.deal
        talks.play([Move.HOLD] * 20)
        waited = np.where(at_once == 1.0, np.nan, talks.ended(Outcome.DEAL))
        return waited * (np.abs(talks["price"] - price) <= _SAME)

    market = {x: held("Marketplace", Open(1.0), benchmark=x) for x in _OPENINGS}
    procurement = held("Procurement", Move.OPEN_MODERATE)
    return Finding(
        (
            *(
                Effect(f"deals at an opening of {x:g}, Marketplace", share(market[x]), high=_AT_MOST)
                for x in _OPENINGS[:2]
            ),
            Effect(f"the same at {_OPENINGS[2]:g}", share(market[_OPENINGS[2]])),
            Effect("deals at a moderate opening, Procurement", share(procurement), high=_AT_MOST),
        ),
        Plot(
            "first offer, fraction of the list price",
            "deals at it by a buyer who holds",
            (curve("Marketplace", _OPENINGS, lambda x: share(market[x])),),
        ),
    )
