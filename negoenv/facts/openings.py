"""Facts 1, 2, 7 and 17: openings, hard lines, and breakdowns inside the zone of agreement."""

import numpy as np

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.experiment import Floats, Open, Step, by_replay, drawn_first_offers, meet
from negoenv.facts.fact import Confidence, Effect, Finding, Plot, fact
from negoenv.facts.measures import by_group, correlation_interval, curve, difference, share
from negoenv.game.tactics import Move
from negoenv.human import moments as m

_CONCEDE: tuple[Step, ...] = (*[Move.CONCEDE_MODERATE] * 18, Move.ACCEPT)
_SLOWLY: tuple[Step, ...] = (*[Move.CONCEDE_SMALL] * 18, Move.ACCEPT)
_OPENINGS = (Move.OPEN_LOW, Move.OPEN_MODERATE, Move.OPEN_FAIR)
_AMBITION = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1)  # first offers, fractions of the benchmark
_ZONE = (-0.1, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5)  # buyer's limit less the supplier's reservation price
_DEADLINES = (4, 6, 8, 10, 14, 20)  # rounds
_LONG, _SHORT = 20, 6


@fact(
    1,
    "Ambitious openings",
    known="First offer and agreement correlate at r = .62; ambitious openings win more, close fewer deals (g = -.42) "
    "and worsen the relationship (g = -.40).",
    claim="Correlation .5 to .75; with a lower opening, breakdowns up, goodwill down, price down.",
    source="Petrowsky et al. 2025, OBHDP (A)",
    confidence=Confidence.A,
    conditions="First offers are spread as human buyers spread theirs; the buyer then concedes a quarter of the gap a "
    "round. Over the three openings of the game, which are less spread, the correlation is lower.",
    reason="On the Marketplace the interval reaches the upper bound: the people to whom its sellers are fitted "
    "correlate at "
    ".741 with a standard error of .020.",
)
def first_offers(episodes: int) -> Finding:
    """Open at several levels, then concede alike."""
    drawn = drawn_first_offers(episodes)
    spread = meet(episodes, (Open(1.0), *_CONCEDE), context={"benchmark": drawn})
    three = [meet(episodes, (opening, *_CONCEDE)) for opening in _OPENINGS]
    low, fair = three[0], three[-1]
    chosen = np.arange(episodes) % len(_OPENINGS)
    offers = low["benchmark"] * np.array([opening.tactic.effects.opening for opening in _OPENINGS])[chosen]
    market = by_replay(episodes, lambda b: m.correlation(b.first_price, b.sale_price))
    arms = {x: meet(episodes // 2, (Open(x), *_CONCEDE)) for x in _AMBITION}
    return Finding(
        (
            Effect(
                "correlation of first offer and price, Procurement",
                correlation_interval(drawn, spread.price),
                0.5,
                0.75,
            ),
            Effect("the same, Marketplace", market, 0.5, 0.75),
            Effect(
                "the same, over the game's three openings",
                correlation_interval(offers, np.choose(chosen, [t.price for t in three])),
            ),
            Effect("breakdowns, lowest less fair opening", difference(low.breakdown, fair.breakdown), 0.0),
            Effect(
                "goodwill, lowest less fair opening",
                difference(low.after("goodwill"), fair.after("goodwill")),
                high=0.0,
            ),
            Effect("price, lowest less fair opening", difference(low.price, fair.price), high=0.0),
        ),
        Plot(
            "first offer, fraction of the benchmark price",
            "share, or fraction of the first ask",
            (
                curve("price", _AMBITION, lambda x: Interval.of(arms[x].price)),
                curve("goodwill", _AMBITION, lambda x: Interval.of(arms[x].after("goodwill"))),
                curve("breakdowns", _AMBITION, lambda x: share(arms[x].breakdown)),
            ),
        ),
    )


@fact(
    2,
    "Breakdowns despite gains from trade",
    known="Gaps with gains from trade still break down (used cars: over half of the failures).",
    claim="Breakdown > 0 inside the zone of agreement.",
    source="Larsen 2021, REStud (A)",
    confidence=Confidence.A,
    conditions="A patient buyer: a moderate opening and a tenth of the gap a round; suppliers whose reservation price "
    "is below the buyer's limit.",
)
def gains_left(episodes: int) -> Finding:
    """Let patient and hard buyers bargain where there is something to gain from trade."""
    patient, hard = (meet(episodes, (opening, *_SLOWLY)) for opening in (Move.OPEN_MODERATE, Move.OPEN_LOW))
    market = meet(episodes, (Move.OPEN_MODERATE, *[Move.CONCEDE_SMALL] * 8, Move.ACCEPT), scenario="Marketplace")
    zone, market_zone = (t["limit"] - t.batch.supplier["reservation_price"] for t in (patient, market))
    return Finding(
        (
            Effect("breakdowns inside the zone, Procurement", share(patient.breakdown[zone > 0.0]), 0.0),
            Effect("breakdowns inside the zone, Marketplace", share(market.breakdown[market_zone > 0.0]), 0.0),
        ),
        Plot(
            "zone of agreement, fraction of the first ask",
            "share of breakdowns",
            (
                by_group("moderate opening", zone, patient.breakdown, _ZONE),
                by_group("low opening", zone, hard.breakdown, _ZONE),
            ),
        ),
    )


@fact(
    7,
    "Deadline and extreme opening together",
    known="Deadline and extreme openings together: more disagreement.",
    claim="Interaction > 0.",
    source="Karagozoglu & Kocher 2019, Exp. Econ. (A)",
    confidence=Confidence.A,
    conditions="Low or fair opening, 20 or 6 rounds, and a quarter of the gap a round until somebody agrees; "
    "disagreement is no deal, for whatever reason. Buyers that give half of the gap a round, or take any ask they "
    "can pay in the last round, leave a short deadline little to do: there the interaction fades or turns round.",
)
def short_and_extreme(episodes: int) -> Finding:
    """Cross openings with deadlines."""

    def disagreement(opening: Move, deadline: int) -> Floats:
        moves = (opening, *[Move.CONCEDE_MODERATE] * (deadline - 1))
        return 1.0 - meet(episodes, moves, context={"deadline": deadline}).deal

    low, fair = ({d: disagreement(move, d) for d in _DEADLINES} for move in (Move.OPEN_LOW, Move.OPEN_FAIR))
    long, short = (low[d] - fair[d] for d in (_LONG, _SHORT))
    return Finding(
        (
            Effect(f"disagreement, low less fair opening, {_LONG} rounds", Interval.of(long), 0.0),
            Effect(f"how much more of that with {_SHORT} rounds (interaction)", difference(short, long), 0.0),
        ),
        Plot(
            "deadline, rounds",
            "share without agreement",
            (
                curve("low opening", _DEADLINES, lambda d: share(low[int(d)])),
                curve("fair opening", _DEADLINES, lambda d: share(fair[int(d)])),
            ),
        ),
    )


@fact(
    17,
    "The hard line",
    known="Hard line: better price, worse relationship.",
    claim="Both signs.",
    source="Hueffmeier et al. 2014, J. Mgmt, 34 studies (A)",
    confidence=Confidence.A,
    conditions="Hard: a low opening and a tenth of the gap a round. Soft: a fair opening and half of it. Suppliers "
    "who agreed to both.",
)
def hard_line(episodes: int) -> Finding:
    """Bargain hard, in the middle, or soft."""
    sizes = (Move.CONCEDE_SMALL, Move.CONCEDE_MODERATE, Move.CONCEDE_LARGE)
    lines = [meet(episodes, (o, *[size] * 18, Move.ACCEPT)) for o, size in zip(_OPENINGS, sizes, strict=True)]
    hard, soft = lines[0], lines[-1]
    return Finding(
        (
            Effect("price, hard less soft", difference(hard.price, soft.price), high=0.0),
            Effect("goodwill, hard less soft", difference(hard.after("goodwill"), soft.after("goodwill")), high=0.0),
        ),
        Plot(
            "line",
            "share, or fraction of the first ask",
            (
                curve("price", range(3), lambda i: Interval.of(lines[int(i)].price)),
                curve("goodwill", range(3), lambda i: Interval.of(lines[int(i)].after("goodwill"))),
            ),
            ("hard", "middle", "soft"),
        ),
    )
