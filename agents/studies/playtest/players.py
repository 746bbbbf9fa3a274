"""Who plays a scenario: fixed moves, scripted, learned and planning policies.

Planners go on with what was learned; they take their time, so they meet few suppliers, side by side.
"""

import inspect
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ...learning.network_policy import torch_threads
from ...parallel import in_parallel
from ...planning.planner import REFERENCES
from ...policy import Policy
from ...registry import load_policy
from ...reporting.progress import bar
from ...scripted import SCRIPTED
from .played import (
    LEFT_OUT,
    RANDOM,
    REPEATED,
    RULE_LIST,
    SEQUENCE,
    Played,
    PlayerPool,
    as_data,
    from_data,
    seed_noise,
    without,
)
from .rules import RulePolicy, best_rules
from .sequences import FixedMoves, PlanEvaluator, best_repeated, best_sequence, plan_in_words
from .training import TrainingRun, digest
from .under_test import PPO, RECURRENT, WITH_TRACE, ScenarioUnderTest

_BASE = "gradual"  # what planners go on with, beside what was learned


def references(tested: ScenarioUnderTest, learned: TrainingRun) -> Iterator[Played]:
    """Yield the planners.

    Args:
        tested: the game.
        learned: a finished training, which planners go on with and which stands in for the suppliers that they miss.
    """
    episodes = tested.settings.reference_episodes
    if not episodes:
        return
    list(in_parallel(_planner_episodes, [(tested, name, learned) for name in REFERENCES], tested.settings.processes))
    related = tested.play_learned(learned).returns
    for name in REFERENCES:
        yield Played(
            name, (from_data(_planner_episodes(tested, name, learned)),), "reference", f"{episodes} suppliers", related
        )


def _planner_episodes(tested: ScenarioUnderTest, name: str, learned: TrainingRun) -> dict[str, Any]:
    """Return what a planner played, now or before."""
    policy = load_policy(f"{name}:{learned.directory},{_BASE}")
    episodes = tested.settings.reference_episodes
    key = {"episodes": episodes, "base": learned.directory.name, "source": _source(policy)}

    def play() -> dict[str, Any]:
        with torch_threads(1):
            return as_data(tested.play(policy, episodes=episodes))

    return tested.store.remember(name, key, play)


def _source(policy: Policy) -> str:
    """Return a digest of the code beside a policy's class, so that another planner is played anew."""
    folder = Path(inspect.getfile(type(policy))).parent
    return digest(*(path.read_bytes() for path in sorted(folder.glob("*.py"))))


def training_groups(tested: ScenarioUnderTest, ablations: bool = True) -> dict[str, list[TrainingRun]]:
    """Return the trainings behind each learned player, by its name."""
    settings = tested.settings
    found = {name: tested.trainings(name) for name in (PPO, WITH_TRACE)}
    if settings.recurrent_steps:
        found[RECURRENT] = tested.trainings(RECURRENT, steps=settings.recurrent_steps)
    if ablations:
        for name in (name for name in LEFT_OUT if name not in tested.scenario.without):
            found[without(name)] = tested.trainings(game=tested.without(name))
    return found


def player_pool(tested: ScenarioUnderTest, ablations: bool = True) -> PlayerPool:
    """Search, and play everybody; what has been trained must be finished.

    Args:
        tested: the game.
        ablations: whether the policies trained without a family play, too.
    """
    learned = training_groups(tested, ablations)
    total = 3 + len(SCRIPTED) + len(REFERENCES) + len(learned)
    players = {}
    with bar(total, f"{tested.scenario.name}, held out", tested.progress, "players") as shown:
        for player in _players(tested, learned):
            players[player.name] = player
            shown.update()
    return PlayerPool(players, seed_noise(players.values()))


def _players(tested: ScenarioUnderTest, learned: Mapping[str, Sequence[TrainingRun]]) -> Iterator[Played]:
    yield from _fixed(tested)
    for name in SCRIPTED:
        yield Played(name, (tested.play(load_policy(name)),), "random" if name == RANDOM else "scripted")
    for name, trainings in learned.items():
        yield Played(name, tuple(tested.play_learned(training) for training in trainings), "learned")
    yield from references(tested, learned[PPO][0])


def _fixed(tested: ScenarioUnderTest) -> Iterator[Played]:
    """Yield the best repeated move, the best sequence and the best rules, all found on the training split."""
    settings = tested.settings
    evaluator = PlanEvaluator(tested.variant())
    sizes = ("candidates", "iterations", "restarts", "rule_generations", "suppliers")
    key = {name: getattr(settings, name) for name in sizes}
    total = settings.restarts * settings.iterations + settings.rule_generations
    with bar(total, "Search for sequence and rules", tested.progress, "iterations", leave=False) as shown:
        plans = {
            REPEATED: tested.store.remember(REPEATED, key, lambda: {"plan": best_repeated(evaluator, settings)}),
            SEQUENCE: tested.store.remember(
                SEQUENCE, key, lambda: {"plan": best_sequence(evaluator, settings, shown.update)}
            ),
        }
        rules = tested.store.remember(
            RULE_LIST, key, lambda: best_rules(tested.variant(), settings, shown.update).as_dict()
        )
    for name, found in plans.items():
        yield Played(name, (tested.play(FixedMoves(found["plan"])),), "fixed", plan_in_words(found["plan"]))
    policy = RulePolicy.from_dict(rules, tested.variant())
    yield Played(RULE_LIST, (tested.play(policy),), "fixed", policy.words)
