"""Several policies on several scenarios: a comparison for each scenario, and what they say together."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from negoenv.benchmark.evaluation import Interval
from negoenv.errors import require_distinct
from negoenv.make import game_name, make_batch
from negoenv.scenarios.scenario import Scenario

from ..registry import default_policies
from .compare import Comparison, compare
from .progress import EpisodeBar
from .report import EVALUATION_SEED
from .statistics import Returns, stratified_iqm


@dataclass(frozen=True)
class Suite:
    """Comparisons of the same policies, one for each scenario.

    Attributes:
        comparisons: in the order in which the scenarios were named.
    """

    comparisons: tuple[Comparison, ...]

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
    scenarios: Sequence[Scenario | Mapping[str, Any] | str | Path],
    split: str = "test",
    episodes: int = 4096,
    seed: int = EVALUATION_SEED,
    any_scenario: bool = False,
    trace: bool = False,
    progress: bool = False,
) -> Suite:
    """Play several policies in several scenarios; the arguments are those of `agents.reporting.compare.compare`.

    Args:
        policies: scripted names and run directories; all scripted policies if there are none.
        scenarios: the games, as in `negoenv.make.make_batch`.
        split: the population that suppliers come from.
        episodes: number of suppliers in each scenario.
        seed: of the first supplier.
        any_scenario: accept learnt policies that were trained on another scenario.
        trace: whether to keep what happened move by move, which figures and transcripts are made of.
        progress: whether to show a progress bar, if stderr is a terminal.

    Raises:
        NegoenvError: if a scenario is named twice, or for what `agents.reporting.compare.compare` refuses.
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
                )
                for name, scenario in zip(names, scenarios, strict=True)
            )
        )  # fmt: skip
