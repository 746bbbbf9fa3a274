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
from .players import everybody, groups
from .settings import Settings
from .standings import standings, worth_of_families
from .subject import Subject
from .training import Training, train_all
from .verdict import Line, Result, verdict

FACT_PART = "facts"
PARTS = ("families", "burst", "exploits", "weights", "capabilities", FACT_PART)
"""The parts by name, beside the standings, which are always played: the others are measured by them."""


@dataclass(frozen=True)
class Playtest:
    """A finished playtest.

    Attributes:
        results: what was found, scenario by scenario.
        lines: the criteria, and whether they hold.
        settings: how thoroughly it was played.
    """

    results: tuple[Result, ...]
    lines: tuple[Line, ...]
    settings: Settings


def playtest(
    scenarios: Sequence[str],
    settings: Settings,
    parent: Path,
    parts: Sequence[str] = PARTS,
    progress: bool = False,
    finished: Callable[[Result], None] = lambda result: None,
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
    subjects = [Subject(scenario, settings, parent, progress) for scenario in scenarios]
    names = [subject.scenario.name for subject in subjects]
    require_distinct("scenario", names)
    wanted = parts_by_scenario(parts, names)
    # Tells what is wrong before hours are spent.
    plans = [list(_trainings(subject, wanted[subject.scenario.name])) for subject in subjects]
    results = []
    with ExitStack() as stack:
        for subject in subjects:
            stack.enter_context(alone_in(subject.store.directory))
        for subject, plan in zip(subjects, plans, strict=True):
            train_all(plan, settings.processes, progress)
            with torch_threads(1):
                results.append(_read_off(subject, wanted[subject.scenario.name]))
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


def _trainings(subject: Subject, parts: Collection[str]) -> Iterator[Training]:
    """Yield everything that must be trained."""
    for group in groups(subject, "families" in parts).values():
        yield from group
    if "exploits" in parts:
        yield from exploits.trainings(subject).values()
    if "weights" in parts:
        for by_value in sweep.trainings(subject).values():
            for group in by_value.values():
                yield from group
    if "capabilities" in parts:
        yield from capabilities.trainings(subject)


def _read_off(subject: Subject, parts: Collection[str]) -> Result:
    """Play everything whose trainings are finished."""
    field = everybody(subject, "families" in parts)
    return Result(
        subject.scenario.name,
        subject.store.directory,
        standings(field),
        worth_of_families(field) if "families" in parts else None,
        burst.bursts(subject) if "burst" in parts else None,
        exploits.suspects(subject) if "exploits" in parts else None,
        sweep.sweeps(subject) if "weights" in parts else None,
        capabilities.capability(subject, field) if "capabilities" in parts else None,
    )
