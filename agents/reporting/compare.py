"""Several policies against the same suppliers, in one scenario or in several: who is best, and by how much."""

import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Interval, paired_difference
from negoenv.errors import NegoenvError, printable, require_distinct
from negoenv.make import game_name, make_batch
from negoenv.scenarios.presets import Named

from ..policy import Policy
from ..registry import default_policies, load_policy, require_fit, same_policy
from .progress import EpisodeBar
from .report import EVALUATION_SEED, Report, report_on
from .robustness import require_opponents
from .statistics import Returns, SeedNoise, stratified_iqm


@dataclass(frozen=True)
class Configuration:
    """A policy that was not trained, or trainings that differ by their seed alone."""

    name: str  # the name of the one policy, or what the trainings are called together
    reports: tuple[Report, ...]  # one for each seed

    @property
    def returns(self) -> NDArray[np.float64]:
        """The return against each supplier, the mean over the seeds; shape ``(episodes,)``."""
        mean: NDArray[np.float64] = np.mean([report.episodes.returns for report in self.reports], axis=0)
        return mean

    @property
    def seeds(self) -> int:
        """How many trainings the returns are the mean of; 0 where nothing was trained."""
        return len(self.reports) if self.reports[0].training is not None else 0


@dataclass(frozen=True)
class Comparison:
    """Reports of several policies on the same suppliers.

    Raises:
        NegoenvError: if two of them are of one name.
    """

    reports: tuple[Report, ...]  # sorted by mean return, the best first

    def __post_init__(self) -> None:
        """Refuse what cannot be told apart."""
        require_distinct("policy", [report.policy for report in self.reports])

    @property
    def best(self) -> Report:
        """The report with the highest mean return."""
        return self.reports[0]

    def differences(self) -> dict[str, Interval]:
        """Return each policy's return less the best one's, paired by supplier, with its 95% interval."""
        return {report.policy: paired_difference(report.episodes, self.best.episodes) for report in self.reports}

    @cached_property
    def configurations(self) -> tuple[Configuration, ...]:
        """The policies, grouped by everything but the seed of their training; the best first.

        Of two policies with the same configuration and seed, which are the same, the second is left out.
        """
        groups: dict[str, dict[int, Report]] = {}
        for report in self.reports:
            seed = report.training.seed if report.training is not None else 0
            groups.setdefault(_but_the_seed(report), {}).setdefault(seed, report)
        found = [Configuration(_called(reports), tuple(reports)) for reports in map(_by_seed, groups.values())]
        return tuple(sorted(found, key=lambda configuration: -configuration.returns.mean()))

    @cached_property
    def noise(self) -> SeedNoise:
        """How much the seed of a training matters, as far as several seeds of a configuration are there."""
        return SeedNoise.pooled(
            [float(report.episodes.returns.mean()) for report in configuration.reports]
            for configuration in self.configurations
        )

    def mean_of(self, configuration: Configuration) -> Interval:
        """Return the mean return of a configuration; its interval counts suppliers and seeds."""
        return self.noise.widen(Interval.of(configuration.returns), *_seeds(configuration))

    def less(self, one: Configuration, other: Configuration) -> Interval:
        """Return the return of one less that of the other, by supplier; the interval counts suppliers and seeds."""
        return self.noise.widen(Interval.of(one.returns - other.returns), *_seeds(one, other))

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data."""
        differences = self.differences()
        policies = [
            report.as_dict() | {"difference_to_best": asdict(differences[report.policy])} for report in self.reports
        ]
        configurations = [
            {
                "configuration": configuration.name,
                "policies": [report.policy for report in configuration.reports],
                "training_seeds": configuration.seeds,
                "return": asdict(self.mean_of(configuration)),
                "difference_to_best": asdict(self.less(configuration, self.configurations[0])),
                "interval_counts": "suppliers and seeds" if configuration.seeds and self.noise.freedom else "suppliers",
            }
            for configuration in self.configurations
        ]
        return {"best": self.best.policy, "policies": policies, "configurations": configurations}


def _but_the_seed(report: Report) -> str:
    """Return a text that two reports share if they are of trainings that differ by their seed alone."""
    training = report.training
    if training is None or not training.settings:
        return report.policy
    made_by = "best" if training.kept == "best" else report.steps
    return json.dumps([training.settings, made_by], sort_keys=True)


def _by_seed(reports: Mapping[int, Report]) -> list[Report]:
    return [reports[seed] for seed in sorted(reports)]


def _called(reports: Sequence[Report]) -> str:
    """Return the name of a configuration: that of its only policy, or the label of its trainings."""
    first = reports[0]
    if len(reports) == 1 or first.training is None:
        return first.policy
    best = ", best on validation" if first.training.kept == "best" else ""
    return f"{first.training.label}{best} ({len(reports)} seeds)"


def _seeds(*configurations: Configuration) -> list[int]:
    return [configuration.seeds for configuration in configurations if configuration.seeds]


def compare(
    policies: Sequence[str],
    scenario: Named,
    split: str = "test",
    episodes: int = 4096,
    seed: int = EVALUATION_SEED,
    any_scenario: bool = False,
    trace: bool = False,
    progress: Callable[[str, int], None] | None = None,
    trust: bool = False,
    opponents: Sequence[str] = (),
) -> Comparison:
    """Play several policies against the same suppliers; on the split "test", against as many of unseen kinds, too.

    Args:
        policies: scripted names and run directories; all scripted policies if there are none.
        scenario: as in `negoenv.make.make_batch`.
        split: the population that suppliers come from.
        episodes: number of suppliers.
        seed: of the first supplier.
        any_scenario: accept learned policies that were trained on another scenario.
        trace: whether to keep what happened move by move.
        progress: called after each step with the policy's name and the number of its episodes that have ended.
        trust: as in `agents.registry.load_policy`.
        opponents: against which each policy plays once more, see `agents.reporting.robustness.robustness`.

    Raises:
        NegoenvError: if a policy or an opponent is unknown, named twice or does not fit, before any has played.
    """
    batch = make_batch(1, scenario, split, 1)
    names = tuple(policies) or default_policies(batch)
    _require_different(names)
    loaded = [load_policy(name, trust) for name in names]
    for policy in loaded:
        require_fit(policy, batch, any_scenario)
    if opponents:
        require_opponents(opponents, scenario, split, any_scenario)
    reports = []
    for name, label, policy in zip(names, _labels(names, loaded), loaded, strict=True):
        tell = partial(progress, label) if progress is not None else None
        report = report_on(policy, scenario, split, episodes, seed, any_scenario, trace, tell, True, opponents)
        reports.append(replace(report, policy=label, source=name))
    return Comparison(tuple(sorted(reports, key=lambda report: -report.episodes.returns.mean())))


def _require_different(names: Sequence[str]) -> None:
    """Refuse one policy under two names: it would be found no better than itself.

    Raises:
        NegoenvError: if there is one.
    """
    groups: dict[str, list[str]] = {}
    for name in names:
        groups.setdefault(same_policy(name), []).append(str(name))
    for same in groups.values():
        if len(same) > 1:
            raise NegoenvError(f"A policy is named twice: {', '.join(same)}.")


def _labels(names: Sequence[str], policies: Sequence[Policy]) -> list[str]:
    """Return what each policy calls itself, or what it was called by where two would have the same name."""
    uses = Counter(policy.name for policy in policies)
    labels = (policy.name if uses[policy.name] == 1 else name for name, policy in zip(names, policies, strict=True))
    return list(map(printable, labels))


@dataclass(frozen=True)
class Suite:
    """Comparisons of the same policies, one for each scenario."""

    comparisons: tuple[Comparison, ...]  # in the order in which the scenarios were named

    def returns(self) -> dict[str, list[Returns]]:
        """Return the returns of each policy that played everywhere, an array for each scenario."""
        found: dict[str, list[Returns]] = {}
        for comparison in self.comparisons:
            for report in comparison.reports:
                found.setdefault(report.policy, []).append(report.episodes.returns)
        return {policy: strata for policy, strata in found.items() if len(strata) == len(self.comparisons)}

    @cached_property
    def overall(self) -> dict[str, Interval]:
        """Return each such policy's interquartile mean over all scenarios, the highest first."""
        means = {policy: stratified_iqm(strata) for policy, strata in self.returns().items()}
        return dict(sorted(means.items(), key=lambda item: -item[1].mean))

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain data; each policy's entry names its scenario."""
        parts = {comparison.best.scenario: comparison.as_dict() for comparison in self.comparisons}
        return {
            "best": {scenario: part["best"] for scenario, part in parts.items()},
            "policies": [entry for part in parts.values() for entry in part["policies"]],
            "configurations": {scenario: part["configurations"] for scenario, part in parts.items()},
            "interquartile_means": {policy: asdict(interval) for policy, interval in self.overall.items()},
        }


def compare_suite(
    policies: Sequence[str],
    scenarios: Sequence[Named],
    split: str = "test",
    episodes: int = 4096,
    seed: int = EVALUATION_SEED,
    any_scenario: bool = False,
    trace: bool = False,
    progress: bool = False,
    trust: bool = False,
    opponents: Sequence[str] = (),
) -> Suite:
    """Play several policies in several scenarios, in each as `compare` does, whose arguments these are.

    Args:
        scenarios: the games, as in `negoenv.make.make_batch`.
        episodes: number of suppliers in each of them.
        progress: whether to show a progress bar, if stderr is a terminal.

    Raises:
        NegoenvError: if a scenario is named twice, or for what `compare` refuses.
    """
    names = [game_name(scenario) for scenario in scenarios]
    require_distinct("scenario", names)
    plays = sum(len(policies) or len(default_policies(make_batch(1, scenario, split))) for scenario in scenarios)
    with EpisodeBar(plays, episodes, progress) as bar:
        return Suite(
            tuple(
                compare(
                    policies, scenario, split, episodes, seed, any_scenario, trace,
                    lambda policy, ended, name=name: bar(f"{name}, {policy}", ended),  # type: ignore[misc]
                    trust, opponents,
                )
                for name, scenario in zip(names, scenarios, strict=True)
            )
        )  # fmt: skip
