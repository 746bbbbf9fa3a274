"""Facts 31 to 35: what makes a last word believed, and when anger and leaving pay."""

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.experiment import Floats, Negotiations, Step, meet
from negoenv.facts.fact import Confidence, Effect, Finding, Plot, fact
from negoenv.facts.measures import difference, sweep
from negoenv.game.constants import CONSTANTS
from negoenv.game.tactics import Move

_LAST_WORD = {"decisiveness": 0.0, "tolerance": 5.0, "exit_rate": 0.0, "receptive_ultimatum": 1.0}
_STALEMATE = {"stalemate": 2.0, "round": 15.0, "limit": 0.9, "ask": 0.95, "expected_limit": 0.93, "offer": 0.75}
_FINISH: tuple[Step, ...] = (*[Move.CONCEDE_MODERATE] * 12, Move.ACCEPT)
_CAUSE = {"weakness_known": 1.0}
_CREDULOUS = {"power": 0.2, "gullibility": 1.0}  # take the threat itself at its word, whatever they believe
_LEVER = {"receptive_emotion": 1.6, "power": 1.0}  # whom nothing but the known weakness moves


def _complied(episodes: int, *before: Move, stalemate: float = 2.0, **constants: float) -> Floats:
    """Return 1 for each supplier that takes the same last word after some moves, all within one stalemate."""
    talks = Negotiations(episodes, supplier=_LAST_WORD, context=_STALEMATE, constants=constants)
    talks.play(before)
    talks.batch.state["stalemate"] = stalemate
    before_it = talks.deal
    return talks.play((Move.ULTIMATUM,)).deal - before_it


def _taken(episodes: int, context: dict[str, float], constant: str, value: float) -> Floats:
    """Return 1 for each supplier that takes a last word at once, with one constant of the model set."""
    start, changed = _STALEMATE | context, {constant: value}
    return meet(episodes, (Move.ULTIMATUM,), supplier=_LAST_WORD, context=start, constants=changed).deal


@fact(
    31,
    "Unexpected",
    known="An ultimatum works when it comes unexpected.",
    claim="Fewer suppliers comply with an ultimatum that threats have announced.",
    source="Assumption",
    confidence=Confidence.ASSUMPTION,
    conditions="The same last word in a stalemate, after a silent threat or after friendly talk. Magnitude: announced.",
)
def unexpected(episodes: int) -> Finding:
    """Announce the last word, or not."""

    def less(announced: float) -> Interval:
        told, quiet = (_taken(episodes, {"wear_emotion": heard}, "announced", announced) for heard in (0.5, 0.0))
        return difference(told, quiet)

    swept = sweep("announced", less)
    return Finding(
        (
            Effect(
                "share that complies, after a silent threat less after talk",
                difference(_complied(episodes, Move.SILENT_THREAT), _complied(episodes, Move.HOLD)),
                high=0.0,
            ),
            Effect("the same, for the announcement alone", swept.y[-1], high=0.0),
        ),
        Plot("belief lost when it is announced (announced)", "difference in compliance", (swept,)),
    )


@fact(
    32,
    "Actions demonstrate it",
    known="Real actions show that an ultimatum is meant.",
    claim="More suppliers comply once rivals were really invited, or the buyer has walked out, than after words.",
    source="Assumption",
    confidence=Confidence.ASSUMPTION,
    conditions="The same last word in a stalemate, three rounds after an action or after friendly talk. Magnitude: "
    "undemonstrated.",
)
def demonstrated(episodes: int) -> Finding:
    """Act, or talk; then say the last word."""
    calm = (Move.HOLD, Move.HOLD)
    talk, invited, left = (_complied(episodes, move, *calm) for move in (Move.HOLD, Move.INVITE_RIVALS, Move.WALK_OUT))

    def more(undemonstrated: float) -> Interval:
        shown, said = (
            _taken(episodes, {"demonstrated": acted}, "undemonstrated", undemonstrated) for acted in (1.0, 0.0)
        )
        return difference(shown, said)

    swept = sweep("undemonstrated", more)
    return Finding(
        (
            Effect("share that complies, rivals invited less talk", difference(invited, talk), 0.0),
            Effect("share that complies, walked out less talk", difference(left, talk), 0.0),
            Effect("share that complies, for the demonstration alone", swept.y[-1], 0.0),
        ),
        Plot("belief that mere words lack (undemonstrated)", "difference in compliance", (swept,)),
    )


@fact(
    33,
    "A concession weakens the next ultimatum",
    known="A concession makes the other side relaxed, so that it loses direction.",
    claim="At the same price fewer suppliers comply with an ultimatum that follows a concession.",
    source="Assumption",
    confidence=Confidence.ASSUMPTION,
    conditions="The same last word in a stalemate, at the same price: once it has stood, once it was just conceded. "
    "Magnitude: conceded_doubt.",
)
def weakened(episodes: int) -> Finding:
    """Reach the same offer by a concession just now, or have it stand."""

    def less(doubt: float) -> Interval:
        gave, stood = (_taken(episodes, {"concession": size}, "conceded_doubt", doubt) for size in (0.5, 0.0))
        return difference(gave, stood)

    swept = sweep("conceded_doubt", less)
    return Finding(
        (Effect("share that complies, after half of the gap less none", swept.y[-1], high=0.0),),
        Plot("belief lost by a concession (conceded_doubt)", "difference in compliance", (swept,)),
    )


@fact(
    34,
    "Fury with a known weakness",
    known="Fury is for a known mistake or weakness of the other side.",
    claim="With a known weakness fury lowers the price of the deal, without it breaks talks.",
    source="Assumption; facts 9 to 11",
    confidence=Confidence.ASSUMPTION,
    conditions="Strong suppliers whom emotion moves once a weakness is known, and only then. Fury and a calm round, or "
    "two calm rounds, and "
    "then "
    "the same concessions. Magnitude: leverage.",
)
def fury(episodes: int) -> Finding:
    """Rage or stay calm, with and without a cause; then concede alike."""

    def talks(move: Move, context: dict[str, float], leverage: float) -> Negotiations:
        steps = (Move.OPEN_MODERATE, move, Move.HOLD, *_FINISH)
        return meet(episodes, steps, supplier=_LEVER, context=context, constants={"leverage": leverage})

    usual = CONSTANTS.by_name["leverage"].default
    known, unknown = ([talks(move, c, usual) for move in (Move.FURY, Move.HOLD)] for c in (_CAUSE, {}))

    def cheaper(leverage: float) -> Interval:
        angry, calm = (talks(move, _CAUSE, leverage) for move in (Move.FURY, Move.HOLD))
        return difference(angry.price, calm.price)

    swept = sweep("leverage", cheaper)
    more = difference(unknown[0].breakdown, unknown[1].breakdown)
    return Finding(
        (
            Effect("return, fury with a known weakness less calm", difference(known[0].returns, known[1].returns), 0.0),
            Effect("price, fury with a known weakness less calm", swept.y[-1], high=0.0),
            Effect("breakdowns, fury without one less calm", more, 0.0),
            Effect("return, fury without one less calm", difference(unknown[0].returns, unknown[1].returns), high=0.0),
        ),
        Plot("what a known weakness adds to emotion (leverage)", "difference in price", (swept,)),
    )


@fact(
    35,
    "Leaving is not giving up",
    known="Walking out is not giving up: the supplier may call back.",
    claim="A buyer whose alternatives are believed gains by walking out once, all in all, and more than one whose are "
    "not.",
    source="Assumption",
    confidence=Confidence.ASSUMPTION,
    conditions="After the opening: walk out, or talk, and then the same concessions; suppliers that are not strong, "
    "with full "
    "belief in the buyer's alternatives or with none. Magnitude: callback_belief.",
)
def leaving(episodes: int) -> Finding:
    """Walk out or stay, believed and not believed; then concede alike."""

    def gain(belief: float, callback_belief: float) -> Floats:
        left, stayed = (
            meet(
                episodes,
                (Move.OPEN_MODERATE, move, Move.HOLD, *_FINISH),
                supplier=_CREDULOUS,
                context={"belief": belief},
                constants={"callback_belief": callback_belief},
            ).returns
            for move in (Move.WALK_OUT, Move.HOLD)
        )
        return left - stayed

    usual = CONSTANTS.by_name["callback_belief"].default
    swept = sweep("callback_belief", lambda size: difference(gain(1.0, size), gain(0.0, size)))
    return Finding(
        (
            Effect("return, believed: walked out less stayed", Interval.of(gain(1.0, usual)), 0.0),
            Effect("the same, not believed", Interval.of(gain(0.0, usual))),
            Effect("how much more it is worth with belief", swept.y[-1], 0.0),
        ),
        Plot(
            "how far belief makes it call back (callback_belief)", "return of walking out, with less without", (swept,)
        ),
    )
