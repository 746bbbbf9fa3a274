"""The whole playtest of some scenarios: first every training, then everything that is read off them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from agents.playtest import burst, capabilities, exploits, sweep
from agents.playtest.burst import Burst
from agents.playtest.exploits import Suspect
from agents.playtest.field import everybody, groups
from agents.playtest.settings import Settings
from agents.playtest.standings import Gain, Standings, standings, worth_of_families
from agents.playtest.subject import Subject
from agents.playtest.sweep import Sweep
from agents.playtest.training import Training, train_all
from negoenv.errors import NegoenvError, unknown_name
from negoenv.facts.fact import Effect

PARTS = ("standings", "families", "burst", "exploits", "weights", "capabilities")
"""The parts by name; the first is always played, since the others are measured by it."""


@dataclass(frozen=True)
class Result:
    """What the playtest of one scenario found; a part that was not asked for is None.

    Attributes:
        scenario: its name.
        directory: where trainings and transcripts are.
        standings: part 1.
        families: part 2, what is lost without each family.
        burst: part 3.
        exploits: part 4.
        weights: part 5.
        capabilities: part 6; empty for a scenario that isolates none of them.
    """

    scenario: str
    directory: Path
    standings: Standings
    families: dict[str, Gain] | None = None
    burst: dict[str, Burst] | None = None
    exploits: list[Suspect] | None = None
    weights: list[Sweep] | None = None
    capabilities: list[Effect] | None = None


def playtest(
    scenarios: Sequence[str],
    settings: Settings,
    parent: Path,
    parts: Sequence[str] = PARTS,
    progress: bool = False,
) -> Iterator[Result]:
    """Play some scenarios, one after the other; what an earlier call has finished is not done again.

    Args:
        scenarios: presets or YAML files.
        settings: how thoroughly.
        parent: where the directory of each scenario is made.
        parts: which of `PARTS`.
        progress: whether to show bars.

    Raises:
        NegoenvError: for an unknown scenario or part, before anything is trained.
    """
    for part in parts:
        if part not in PARTS:
            raise unknown_name("part", part, PARTS)
    subjects = [Subject(scenario, settings, parent, progress) for scenario in scenarios]
    names = [subject.scenario.name for subject in subjects]
    if len(set(names)) < len(names):
        raise NegoenvError(f"A scenario is named twice: {', '.join(names)}.")
    plans = [list(_trainings(subject, parts)) for subject in subjects]  # tells what is wrong before hours are spent
    return (_played(subject, plan, parts) for subject, plan in zip(subjects, plans, strict=True))


def _trainings(subject: Subject, parts: Sequence[str]) -> Iterator[Training]:
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


def _played(subject: Subject, trainings: Sequence[Training], parts: Sequence[str]) -> Result:
    """Train what is missing, and read everything off."""
    train_all(trainings, subject.settings.processes, subject.progress)
    field = everybody(subject, "families" in parts)
    measures: dict[str, Callable[[], object]] = {
        "standings": lambda: standings(field),
        "families": lambda: worth_of_families(field),
        "burst": lambda: burst.bursts(subject),
        "exploits": lambda: exploits.suspects(subject),
        "weights": lambda: sweep.sweeps(subject),
        "capabilities": lambda: capabilities.capability(subject, field),
    }
    chosen = {name: measure() for name, measure in measures.items() if name in (PARTS[0], *parts)}
    return Result(subject.scenario.name, subject.store.directory, **chosen)  # type: ignore[arg-type]
