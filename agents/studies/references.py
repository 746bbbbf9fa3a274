"""Measure the ends of a scenario's normalised score, and the price of hidden information."""

import shlex
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import negoenv
from negoenv.benchmark.evaluation import Interval, paired_difference
from negoenv.benchmark.scores import SPLIT, LearnedReference, Reference, fingerprint, read_record, record_path
from negoenv.config import read_json, validated
from negoenv.errors import NegoenvError
from negoenv.ladder import hidden_type_optimum, known_type_optimum, random_value
from negoenv.make import LADDER, game_name, make_batch
from negoenv.scenarios.presets import Named

from ..planning.planner import REFERENCES, default_bases, planners_of
from ..reporting.compare import Comparison, compare
from ..reporting.files import write_text
from ..reporting.progress import EpisodeBar
from ..reporting.report import EVALUATION_SEED, Report

RANDOM = "random"
CARRIED_TO = 65_536
"""So many suppliers: a standard error of .002, where 256 leave .02."""

INFORMED, UNINFORMED = REFERENCES


@dataclass(frozen=True)
class Measured:
    """References on the same held-out suppliers."""

    comparison: Comparison  # what they achieved, the best first
    reference: Reference  # the ends of the normalised score

    def _best(self, kind: str) -> Report:
        """Return the best planner of a kind."""
        return next(report for report in self.comparison.reports if report.policy.partition(":")[0] == kind)

    def price_of_hidden_information(self) -> Interval | None:
        """Return what being told the truth is worth: informed less uninformed, paired by supplier; exact for Ladder.

        ``None`` for a game that only the informed one can plan.
        """
        if self.reference.scenario == LADDER:  # which shows the type unless told otherwise, so that both are informed
            price = known_type_optimum().value - hidden_type_optimum().value
            return Interval(price, price, price)
        if not any(report.policy.partition(":")[0] == UNINFORMED for report in self.comparison.reports):
            return None
        return paired_difference(self._best(INFORMED).episodes, self._best(UNINFORMED).episodes)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data."""
        known = self.price_of_hidden_information()
        price = {"price_of_hidden_information": None if known is None else asdict(known)}
        return {"reference": self.reference.model_dump()} | price | self.comparison.as_dict()


@dataclass(frozen=True)
class PlannerStudy:
    """Which planners meet which held-out suppliers."""

    scenario: str  # name of a scenario
    bases: Sequence[str]  # what planners go on with, as `agents.registry.load_policy` takes it; their own if empty
    episodes: int  # number of suppliers
    seed: int = EVALUATION_SEED  # of the first supplier
    progress: bool = False  # whether to show progress bars


def measure_references(study: PlannerStudy) -> Measured:
    """Play the random policy, the planners and their base policies against the same held-out suppliers.

    Raises:
        NegoenvError: if an argument is wrong, or no policy is better than the random one.
    """
    kinds = planners_of(make_batch(1, study.scenario, SPLIT))
    planners = [f"{kind}:{','.join(study.bases)}" if study.bases else kind for kind in kinds]
    players = (RANDOM, *study.bases, *planners)
    with EpisodeBar(len(players), study.episodes, study.progress) as bar:
        compared = compare(players, study.scenario, SPLIT, study.episodes, study.seed, progress=bar)
    best = compared.best
    if best.policy == RANDOM:
        raise NegoenvError(f"No reference is better than the random policy in {best.scenario}.")
    means = {report.policy: float(report.episodes.returns.mean()) for report in compared.reports}
    ends: dict[str, Any] = {"best": means[best.policy], "policy": best.policy, "episodes": study.episodes}
    if study.scenario == LADDER:
        ends = {"random": random_value(), "best": known_type_optimum().value, "policy": "optimum", "episodes": 0}
    else:
        ends |= carried(study.scenario, means[best.policy], study.episodes, study.seed)
    reference = Reference(
        scenario=best.scenario,
        split=SPLIT,
        fingerprint=fingerprint(make_batch(1, study.scenario, SPLIT)),
        seed=study.seed,
        version=negoenv.__version__,
        command=_command(study),
        **ends,
    )
    reports = tuple(replace(report, reference=reference) for report in compared.reports)
    return Measured(Comparison(reports), reference)


def carried(scenario: str, best: float, episodes: int, seed: int) -> dict[str, Any]:
    """Return both ends of a score on `CARRIED_TO` suppliers, given the reference's mean on the first ``episodes``.

    The random policy plays them all. The reference's mean is corrected by how much the first base policy that planners
    have for this game gets more of them all than of those few (the difference estimator).
    """
    base = default_bases(make_batch(1, scenario, SPLIT))[0].name
    many = compare((RANDOM, base), scenario, SPLIT, CARRIED_TO, seed)
    few = compare((base,), scenario, SPLIT, episodes, seed)
    means = {report.policy: float(report.episodes.returns.mean()) for report in many.reports}
    correction = means[base] - float(few.best.episodes.returns.mean())
    return {"random": means[RANDOM], "best": best + correction, "carried_to": CARRIED_TO}


def _command(study: PlannerStudy) -> str:
    """Return what to run to measure the same again."""
    arguments = ["--scenario", study.scenario, *(part for base in study.bases for part in ("--base", base))]
    numbers = ["--episodes", str(study.episodes), "--seed", str(study.seed), "--record"]
    return shlex.join(["negoenv", "references", *arguments, *numbers])


def write_record(reference: Reference, path: Path) -> None:
    """Write the ends of the normalised score where `negoenv.benchmark.scores` finds them, over what was there.

    What was learned in the same game stays beside it.
    """
    if reference.learned is None and path.is_file():
        before = validated(Reference, read_json(path), str(path))
        if before.fingerprint == reference.fingerprint and before.learned is not None:
            reference = with_learned(reference, before.learned)
    write_text(path, reference.model_dump_json(indent=2) + "\n")


def recorded_game(scenario: Named, split: str, folder: Path) -> Reference:
    """Return the record in ``folder`` that holds for a game as it is.

    Raises:
        NegoenvError: if there is none: what is learned is recorded beside what the random policy and the planners win.
    """
    if split != SPLIT:
        raise NegoenvError(f"split is {split}; records are of the {SPLIT} split.")
    name = game_name(scenario)
    found = read_record(name, folder) if record_path(name, folder).is_file() else None
    if found is None or found.fingerprint != fingerprint(make_batch(1, scenario, SPLIT)):
        told = f"make one first: negoenv references --scenario {name} --record"
        raise NegoenvError(f"{folder} has no record of {name} as it is played now; {told}.")
    return found


def with_learned(reference: Reference, learned: LearnedReference) -> Reference:
    """Return a reference with what was learned beside it; the best of it is the 1 of the score, if it is better."""
    wins = {
        "learned, seeing one round": learned.one_round,
        "learned, with memory": learned.memory,
        "learned, told the type": learned.told,
    }
    best = max(wins, key=wins.__getitem__)
    if wins[best] <= reference.best:
        return reference.model_copy(update={"learned": learned})
    ends = {"best": wins[best], "policy": best, "episodes": learned.episodes, "command": learned.command}
    return reference.model_copy(update={"learned": learned, **ends})
