"""The whole playtest of some scenarios: first every training, then everything that is read off them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from negoenv.errors import NegoenvError, require_distinct, unknown_name
from negoenv.facts import FACTS, run_card

from ...learning.network_policy import torch_threads
from ...reporting.lock import alone_in
from ...reporting.progress import tracked
from . import burst, capabilities, exploits, sweep
from .players import player_pool, training_groups
from .settings import FACT_PART, PARTS, Settings
from .standings import standings, worth_of_families
from .training import TrainingRun, train_all
from .under_test import ScenarioUnderTest
from .verdict import Criterion, ScenarioResult, verdict


@dataclass(frozen=True)
class Playtest:
    """A finished playtest."""

    results: tuple[ScenarioResult, ...]  # what was found, scenario by scenario
    lines: tuple[Criterion, ...]  # the criteria, and whether they hold
    settings: Settings  # how thoroughly it was played


def playtest(
    scenarios: Sequence[str],
    settings: Settings,
    parent: Path,
    parts: Sequence[str] = PARTS,
    progress: bool = False,
    finished: Callable[[ScenarioResult], None] = lambda result: None,
) -> Playtest:
    """Play some scenarios, one after the other; what an earlier call has finished is not done again.

    Args:
        scenarios: presets or YAML files.
        settings: how thoroughly.
        parent: where the directory of each scenario is made.
        parts: which of `PARTS`; ``part@scenario`` asks for it in that scenario only.
        progress: whether to show bars.
        finished: called with the result of each scenario.

    Raises:
        NegoenvError: for an unknown scenario or part, or another playtest of it in that directory, before anything is
            trained.
    """
    subjects = [ScenarioUnderTest(scenario, settings, parent, progress) for scenario in scenarios]
    names = [tested.scenario.name for tested in subjects]
    require_distinct("scenario", names)
    wanted = parts_by_scenario(parts, names)
    # Tells what is wrong before hours are spent.
    plans = [list(_trainings(tested, wanted[tested.scenario.name])) for tested in subjects]
    results = []
    with ExitStack() as stack:
        for tested in subjects:
            stack.enter_context(alone_in(tested.store.directory))
        for tested, plan in zip(subjects, plans, strict=True):
            train_all(plan, settings.processes, progress)
            with torch_threads(1):
                results.append(_measured(tested, wanted[tested.scenario.name]))
            finished(results[-1])
    card = []
    if settings.fact_episodes and any(FACT_PART in asked for asked in wanted.values()):
        card = run_card(tracked(FACTS, "Model card", progress, "facts"), settings.fact_episodes)
    return Playtest(tuple(results), tuple(verdict(results, card)), settings)


def parts_by_scenario(parts: Sequence[str], scenarios: Sequence[str]) -> dict[str, set[str]]:
    """Return which parts are asked for in each scenario.

    Args:
        parts: names of `PARTS`, alone or as ``part@scenario``.
        scenarios: names of the scenarios that are played.

    Raises:
        NegoenvError: for an unknown part, or a scenario that is not played.
    """
    wanted: dict[str, set[str]] = {name: set() for name in scenarios}
    for part in parts:
        name, _, only = part.partition("@")
        if name not in PARTS:
            raise unknown_name("part", name, PARTS)
        if only and only not in wanted:
            raise NegoenvError(
                f"The part {part!r} is of a scenario that is not played; played: {', '.join(scenarios)}."
            )
        for scenario in [only] if only else scenarios:
            wanted[scenario].add(name)
    return wanted


def _trainings(tested: ScenarioUnderTest, parts: Collection[str]) -> Iterator[TrainingRun]:
    """Yield everything that must be trained."""
    for group in training_groups(tested, "families" in parts).values():
        yield from group
    if "exploits" in parts:
        yield from exploits.exploit_trainings(tested).values()
    if "weights" in parts:
        for by_value in sweep.sweep_trainings(tested).values():
            for group in by_value.values():
                yield from group
    if "capabilities" in parts:
        yield from capabilities.capability_trainings(tested)


def _measured(tested: ScenarioUnderTest, parts: Collection[str]) -> ScenarioResult:
    """Play everything whose trainings are finished."""
    pool = player_pool(tested, "families" in parts)
    return ScenarioResult(
        tested.scenario.name,
        tested.store.directory,
        standings(pool),
        worth_of_families(pool) if "families" in parts else None,
        burst.bursts(tested) if "burst" in parts else None,
        exploits.summaries(tested) if "exploits" in parts else None,
        sweep.reward_sweeps(tested) if "weights" in parts else None,
        capabilities.capability(tested, pool) if "capabilities" in parts else None,
    )
