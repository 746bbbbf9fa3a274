"""What the playtest of a scenario found, what must hold of a game worth learning, and whether it does.

A criterion holds if the whole 95% interval of each number lies within it, as in the model card. No threshold is a
parameter: a game that falls short is to be changed, not the test.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.card import FactResult, summary
from negoenv.facts.fact import Effect
from negoenv.scenarios.presets import PRESETS

from .burst import Burst
from .exploits import PolicySummary
from .played import LEFT_OUT
from .standings import Gain, Standings
from .sweep import Sweep


@dataclass(frozen=True)
class ScenarioResult:
    """What the playtest of one scenario found; a part that was not asked for is None."""

    scenario: str  # its name
    directory: Path  # where trainings and transcripts are
    standings: Standings  # part 1
    families: dict[str, Gain] | None = None  # part 2, what is lost without each family
    burst: dict[str, Burst] | None = None  # part 3
    exploits: list[PolicySummary] | None = None  # part 4
    weights: list[Sweep] | None = None  # part 5
    capabilities: list[Effect] | None = None  # part 6; empty for a scenario that isolates none of them


MAIN = "Procurement"
MAX_REPEATED, MAX_SEQUENCE, MAX_RULES = 0.50, 0.70, 0.65  # of the normalised span, what they may reach
_OTHERS = 7  # scenarios beside Procurement in which they must not reach more
WORTH = 0.10  # of the span: what a family is worth in some scenario
_TIMES = 3.0  # breakdowns of the burst, times those of the spread
_LEARNING = 8  # scenarios in which PPO beats the best scripted policy
_REMEMBERING = ("HiddenWeakness", MAIN)


@dataclass(frozen=True)
class Criterion:
    """One criterion."""

    criterion: str  # what must hold
    effects: tuple[Effect, ...]  # the numbers, by scenario
    holds: bool | None  # whether it does; None where the scenarios that it speaks of were not played
    note: str = ""  # what else is to be said, for example in how many scenarios it holds

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        return "not played" if self.holds is None else "holds" if self.holds else "falls short"


def verdict(results: Sequence[ScenarioResult], card: Sequence[FactResult] = ()) -> list[Criterion]:
    """Return every criterion of the game with its numbers and verdict.

    Args:
        results: the playtests of some scenarios.
        card: the model card, if it was run.
    """
    return [
        _no_fixed_plan_wins(
            "Best repeated move at most .50 of the span", results, lambda r: r.standings.repeated, MAX_REPEATED
        ),
        _no_fixed_plan_wins(
            "Best fixed sequence at most .70 of the span", results, lambda r: r.standings.sequence, MAX_SEQUENCE
        ),
        _no_fixed_plan_wins(
            "Best list of six rules at most .65 of the span", results, lambda r: r.standings.rules, MAX_RULES
        ),
        *(line for name in LEFT_OUT for line in _earns_its_place(name, results)),
        *_bursts(results),
        _learning(results),
        _in(MAIN, "The best known reference beats PPO", results, lambda r: [_gained(r.standings.room)]),
        _memory(results),
        *_capabilities(results),
        _facts(card),
    ]


def _no_fixed_plan_wins(
    criterion: str, results: Sequence[ScenarioResult], score: Callable[[ScenarioResult], Interval], most: float
) -> Criterion:
    effects = tuple(Effect(result.scenario, score(result), high=most) for result in results)
    within = sum(effect.holds for effect in effects if effect.name != MAIN)
    main = [effect.holds for effect in effects if effect.name == MAIN]
    note = f"within it: {within} other scenarios, {_OTHERS} needed"
    holds = False if main == [False] else _decided(main == [True] and within >= _OTHERS, results)
    return Criterion(f"{criterion}, in {MAIN} and at least {_OTHERS} others", effects, holds, note)


def _decided(holds: bool, results: Sequence[ScenarioResult], needed: Iterable[str] = PRESETS) -> bool | None:
    """Return whether it holds; None if it does not, but might if all the ``needed`` scenarios had been played."""
    return holds if holds or set(needed) <= {result.scenario for result in results} else None


def _earns_its_place(name: str, results: Sequence[ScenarioResult]) -> list[Criterion]:
    gains = {r.scenario: r.families[name] for r in results if r.families is not None and name in r.families}
    shares = tuple(Effect(scenario, gain.score, WORTH) for scenario, gain in gains.items())
    somewhere = _decided(any(effect.holds for effect in shares), results if shares else ())
    lines = [Criterion(f"Without {name}: at least .10 of the span is lost in some scenario", shares, somewhere)]
    main = tuple(Effect(MAIN, gain.returned, 0.0) for scenario, gain in gains.items() if scenario == MAIN)
    holds = all(effect.holds for effect in main) if main else None
    return [*lines, Criterion(f"Without {name}: return is lost in {MAIN}, by an interval that excludes 0", main, holds)]


def _bursts(results: Sequence[ScenarioResult]) -> list[Criterion]:
    def effects(result: ScenarioResult, name: str) -> list[Effect]:
        pair = (result.burst or {}).get(name)
        if pair is None:
            return []
        return [
            Effect("breakdowns of the burst, times those of the spread", pair.times, _TIMES),
            Effect("return of the spread less that of the burst", pair.gain, 0.0),
        ]

    return [
        _in(MAIN, "The burst breaks down at least three times as often as the spread and returns less", results,
            lambda result: effects(result, "claims")),
        _in(MAIN, "The same of the scripted policies forcing and gradual", results,
            lambda result: effects(result, "policies")),
    ]  # fmt: skip


def _in(
    scenario: str, criterion: str, results: Sequence[ScenarioResult], measure: Callable[[ScenarioResult], list[Effect]]
) -> Criterion:
    """Return a criterion that speaks of one scenario."""
    effects = tuple(effect for result in results if result.scenario == scenario for effect in measure(result))
    return Criterion(f"{criterion} ({scenario})", effects, all(effect.holds for effect in effects) if effects else None)


def _gained(gain: Gain, where: str = "") -> Effect:
    return Effect(f"{where}{gain.winner} less {gain.loser}", gain.returned, 0.0)


def _learning(results: Sequence[ScenarioResult]) -> Criterion:
    effects = tuple(_gained(result.standings.learning, f"{result.scenario}: ") for result in results)
    count = sum(effect.holds for effect in effects)
    note = f"in {count} scenarios, {_LEARNING} needed"
    criterion = f"PPO beats the best scripted policy in at least {_LEARNING} scenarios"
    return Criterion(criterion, effects, _decided(count >= _LEARNING, results), note)


def _memory(results: Sequence[ScenarioResult]) -> Criterion:
    gains = [(r.scenario, gain) for r in results if r.scenario in _REMEMBERING for gain in r.standings.memory]
    effects = tuple(_gained(gain, f"{scenario}: ") for scenario, gain in gains)
    criterion = f"With memory beats without, in {' or '.join(_REMEMBERING)}"
    return Criterion(criterion, effects, _decided(any(effect.holds for effect in effects), results, _REMEMBERING))


def _capabilities(results: Sequence[ScenarioResult]) -> list[Criterion]:
    words = {
        "EmptyZone": "PPO walks away when there is no deal to be had, and seldom otherwise",
        "HiddenWeakness": "PPO's emotion comes after the weakness is known",
        "Partnership": "PPO leaves more goodwill after deal 1 than in the same game played once",
        "SoleSource": "PPO ends better than every scripted policy",
    }
    return [
        _in(name, criterion, results, lambda result: result.capabilities or []) for name, criterion in words.items()
    ]


def _facts(card: Sequence[FactResult]) -> Criterion:
    holds = all(row.holds for row in card) if card else None
    return Criterion("The facts of the model card still hold", (), holds, summary(card) if card else "")
