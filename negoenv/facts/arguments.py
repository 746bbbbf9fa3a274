"""Facts 26 to 30 and 41: what arguments are about, and when they work."""

from collections.abc import Mapping

import numpy as np

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.experiment import KEPT, Floats, Negotiations, Step, meet
from negoenv.facts.fact import Confidence, Effect, Finding, Plot, fact
from negoenv.facts.measures import curve, difference, ratio, sweep
from negoenv.game.constants import CONSTANTS
from negoenv.game.tactics import Move

_HEARS = KEPT | {"receptive_strong": 1.0, "receptive_third_party": 1.0}
_PLAIN = _HEARS | {"midpoint_affinity": 0.0, "informedness": 0.0}
_BENCHMARK = 0.8
_BELOW = 0.84  # an ask below the budget, which is 1.1 of the benchmark
_PROBES = 4


def _fall(
    episodes: int,
    move: Move,
    before: tuple[Step, ...] = (),
    supplier: Mapping[str, float] = _PLAIN,
    constants: Mapping[str, float] | None = None,
    **context: float,
) -> Floats:
    """Return by how much a move lowers the ask, compared with HOLD."""
    start = {"benchmark": _BENCHMARK, "offer": 0.6} | context
    done, held = (
        meet(episodes, (*before, m, Move.HOLD), supplier=supplier, context=start, constants=constants)
        for m in (move, Move.HOLD)
    )
    return held["ask"] - done["ask"]


@fact(
    26,
    "A budget is a number",
    known="Reveal the budget, based on their quotation: it works only as far as it lies below what is asked.",
    claim="REVEAL_BUDGET lowers an ask above the budget; it does nothing to one below it.",
    source="Assumption",
    confidence=Confidence.ASSUMPTION,
    conditions="Suppliers that listen to strong pressure and neither leave nor accept; a budget of 1.1 of the "
    "benchmark "
    "price. Nothing: within a fifth of the effect on an ask of 1. Magnitude: the trait receptive_strong.",
)
def budget(episodes: int) -> Finding:
    """Reveal the same budget to suppliers that ask more or less than it."""

    def fall(ask: float, receptive: float = 1.0) -> Floats:
        supplier = _PLAIN | {"receptive_strong": receptive}
        return _fall(episodes, Move.REVEAL_BUDGET, supplier=supplier, ask=ask, expected_limit=ask - 0.02)

    high, low = fall(1.0), fall(_BELOW)
    weights = (0.0, 0.5, 1.0)
    response = curve("receptive_strong", weights, lambda weight: difference(fall(1.0, weight), fall(_BELOW, weight)))
    return Finding(
        (
            Effect("fall of an ask of 1, fraction of the first ask", Interval.of(high), 0.0),
            Effect("fall of an ask below the budget, times that", ratio(low, high), high=0.2),
        ),
        Plot(
            "response to strong pressure (receptive_strong)", "fall of an ask of 1 less that of one below", (response,)
        ),
    )


@fact(
    27,
    "Third parties where an issue is stuck",
    known="Bring in third parties where an issue is stuck.",
    claim="A third party moves the ask more after a stalemate than before one.",
    source="Assumption",
    confidence=Confidence.ASSUMPTION,
    conditions="Suppliers that listen to third parties and neither leave nor accept. Magnitude: third_party_unstuck.",
)
def stuck(episodes: int) -> Finding:
    """Bring in a third party after no or two rounds of stalemate."""

    def more(unstuck: float) -> Interval:
        after, before = (
            _fall(episodes, Move.INVITE_RIVALS, constants={"third_party_unstuck": unstuck}, stalemate=rounds)
            for rounds in (2.0, 0.0)
        )
        return difference(after, before)

    swept = sweep("third_party_unstuck", more)
    return Finding(
        (
            Effect(
                "fall of the ask after a stalemate",
                Interval.of(_fall(episodes, Move.INVITE_RIVALS, stalemate=2.0)),
                0.0,
            ),
            Effect("the same, less that without one", swept.y[-1], 0.0),
        ),
        Plot("effect lost while nothing is stuck (third_party_unstuck)", "difference in the fall of the ask", (swept,)),
    )


@fact(
    28,
    "Cannot pay, or not worth it",
    known="A limit of one's own moves more than disparaging the goods: 'I cannot pay more' beats 'it is not worth "
    "more'.",
    claim="REVEAL_BUDGET lowers the ask more than DENY_SCARCITY, and strains less.",
    source="Lee & Ames 2017, OBHDP (R)",
    confidence=Confidence.R,
    conditions="Suppliers that listen to strong pressure and neither leave nor accept; a first ask above the budget.",
)
def cannot_pay(episodes: int) -> Finding:
    """Say the one or the other."""
    moves = (Move.REVEAL_BUDGET, Move.DENY_SCARCITY)
    falls = [_fall(episodes, move) for move in moves]
    strain = [
        meet(episodes, (move,), supplier=_PLAIN, context={"benchmark": _BENCHMARK, "offer": 0.6})["tension"]
        for move in moves
    ]
    return Finding(
        (
            Effect("fall of the ask, budget less disparaging", difference(falls[0], falls[1]), 0.0),
            Effect("tension, the same", difference(strain[0], strain[1]), high=0.0),
        ),
        Plot(
            "what is said",
            "fall of the ask, fraction of the first ask",
            (curve("listening suppliers", range(3), lambda i: Interval.of([*falls, 0.0 * falls[0]][int(i)])),),
            ("cannot pay", "not worth it", "nothing"),
        ),
    )


@fact(
    29,
    "Information presses",
    known="Who has more information is closer to success.",
    claim="The same remark on scarcity moves the ask more from a buyer who knows the supplier's costs.",
    source="Assumption",
    confidence=Confidence.ASSUMPTION,
    conditions="Suppliers that listen to strong pressure and neither leave nor accept; four questions about costs "
    "before, "
    "or four rounds of friendly talk. Magnitude: known_costs.",
)
def information(episodes: int) -> Finding:
    """Ask for costs several times, or talk as long; then deny that the goods are scarce."""

    def more(known_costs: float) -> Interval:
        asked, talked = (
            _fall(
                episodes,
                Move.DENY_SCARCITY,
                (Move.OPEN_MODERATE, *[before] * _PROBES),
                constants={"known_costs": known_costs},
                offer=0.0,
            )
            for before in (Move.PROBE, Move.HOLD)
        )
        return difference(asked, talked)

    swept = sweep("known_costs", more)
    return Finding(
        (Effect("fall of the ask, four questions less none", swept.y[-1], 0.0),),
        Plot("how much more information presses (known_costs)", "difference in the fall of the ask", (swept,)),
    )


@fact(
    30,
    "Pressure shortens talks",
    known="A competitive buyer gets a quicker deal.",
    claim="Pressure before the same concessions: the deal comes after fewer rounds of concession, and fewer in all.",
    source="Herold et al. 2025, JPSM (R)",
    confidence=Confidence.R,
    conditions="Suppliers that listen to strong pressure and do not leave; a claim after the opening, or friendly "
    "talk, "
    "then a quarter of the gap a round until somebody agrees.",
)
def shortens(episodes: int) -> Finding:
    """Press once or talk, and then concede alike."""
    supplier = {"receptive_strong": 1.0, "tolerance": 5.0, "exit_rate": 0.0}

    def talks(*moves: Move) -> Negotiations:
        steps = (Move.OPEN_MODERATE, *moves, *[Move.CONCEDE_MODERATE] * (18 - len(moves)))
        return meet(episodes, steps, supplier=supplier)

    claims = (Move.REVEAL_BUDGET, Move.CITE_COMPETITORS)
    pressed = [talks(*claims[:n]) for n in range(3)]
    calm = [talks(*[Move.HOLD] * n) for n in range(3)]

    def rounds(of: Negotiations) -> Floats:
        return np.where(of.deal == 1.0, of["round"], np.nan)

    price = difference(pressed[1].price, calm[1].price)
    return Finding(
        (
            Effect(
                "rounds to the deal, a claim less friendly talk",
                difference(rounds(pressed[1]), rounds(calm[1])),
                high=0.0,
            ),
            Effect("rounds to the deal, a claim less none", difference(rounds(pressed[1]), rounds(calm[0]))),
            Effect("price, a claim less friendly talk", price, high=0.0),
        ),
        Plot(
            "claims, or rounds of friendly talk, before the concessions",
            "rounds to the deal",
            (
                curve("claims", range(3), lambda n: Interval.of(rounds(pressed[int(n)]))),
                curve("friendly talk", range(3), lambda n: Interval.of(rounds(calm[int(n)]))),
            ),
        ),
    )


@fact(
    41,
    "Weak arguments dilute strong ones",
    known="An argument convinces less in the company of weak ones; skilled negotiators give few reasons.",
    claim="INVITE_RIVALS lowers the ask less after a claim that left the supplier cold than after friendly talk.",
    source="Assumption; sign: Nisbett, Zukier & Lemley 1981, Rackham & Carlisle 1978",
    confidence=Confidence.ASSUMPTION,
    conditions="Suppliers that listen to third parties and not to strong pressure, and neither leave nor accept; what "
    "else an idle claim does, offence and confidence, is switched off. Magnitude: dilution.",
)
def dilution(episodes: int) -> Finding:
    """Make a claim that leaves the supplier cold, or talk; then invite rivals."""
    cold = _PLAIN | {"receptive_strong": 0.0}

    def fall(before: Move, size: float) -> Floats:
        alone = {"dilution": size, "flat_offence": 0.0, "flat_confidence": 0.0}
        return _fall(episodes, Move.INVITE_RIVALS, (before,), cold, alone)

    usual = CONSTANTS.by_name["dilution"].default
    swept = sweep("dilution", lambda size: difference(fall(Move.DENY_SCARCITY, size), fall(Move.HOLD, size)))
    return Finding(
        (
            Effect("fall of the ask by rivals, after friendly talk", Interval.of(fall(Move.HOLD, usual)), 0.0),
            Effect("the same, after an idle claim less after friendly talk", swept.y[-1], high=0.0),
        ),
        Plot("how far idle arguments dilute others (dilution)", "difference in the fall of the ask", (swept,)),
    )
