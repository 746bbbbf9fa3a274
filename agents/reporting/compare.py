"""Several policies against the same suppliers: who is best, and by how much."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from negoenv.errors import printable, require_distinct
from negoenv.evaluation import Interval, paired_difference
from negoenv.games import make_batch
from negoenv.scenario import Scenario

from ..policy import Policy
from ..registry import default_policies, load_policy, require_fit
from .report import EVALUATION_SEED, Report, play


@dataclass(frozen=True)
class Comparison:
    """Reports of several policies on the same suppliers.

    Attributes:
        reports: sorted by mean return, the best first.
    """

    reports: tuple[Report, ...]

    @property
    def best(self) -> Report:
        """The report with the highest mean return."""
        return self.reports[0]

    def differences(self) -> dict[str, Interval]:
        """Return each policy's return less the best one's, paired by supplier, with its 95% interval."""
        return {report.policy: paired_difference(report.episodes, self.best.episodes) for report in self.reports}

    def as_dict(self) -> dict[str, Any]:
        """Return the comparison as plain data."""
        differences = self.differences()
        policies = [
            report.as_dict() | {"difference_to_best": asdict(differences[report.policy])} for report in self.reports
        ]
        return {"best": self.best.policy, "policies": policies}


def compare(
    policies: Sequence[str],
    scenario: Scenario | Mapping[str, Any] | str | Path,
    split: str = "test",
    episodes: int = 4096,
    seed: int = EVALUATION_SEED,
    any_scenario: bool = False,
    trace: bool = False,
    progress: Callable[[str, int], None] | None = None,
) -> Comparison:
    """Play several policies against the same suppliers.

    Args:
        policies: scripted names and run directories; all scripted policies if there are none.
        scenario: as in `negoenv.games.make_batch`.
        split: the population that suppliers come from.
        episodes: number of suppliers.
        seed: of the first supplier.
        any_scenario: accept learnt policies that were trained on another scenario.
        trace: whether to keep what happened move by move.
        progress: called after each step with the policy's name and the number of its episodes that have ended.

    Raises:
        NegoenvError: if a policy is unknown, named twice or does not fit, before any has played.
    """
    batch = make_batch(1, scenario, split, 1)
    names = tuple(policies) or default_policies(batch)
    require_distinct("policy", names)
    loaded = [load_policy(name) for name in names]
    for policy in loaded:
        require_fit(policy, batch, any_scenario)
    reports = []
    for name, label, policy in zip(names, _labels(names, loaded), loaded, strict=True):
        tell = partial(progress, label) if progress is not None else None
        report = play(policy, scenario, split, episodes, seed, any_scenario, trace, tell)
        reports.append(replace(report, policy=label, source=name))
    return Comparison(tuple(sorted(reports, key=lambda report: -report.episodes.returns.mean())))


def _labels(names: Sequence[str], policies: Sequence[Policy]) -> list[str]:
    """Return what each policy calls itself, or what it was called by where two would have the same name."""
    uses = Counter(policy.name for policy in policies)
    labels = (policy.name if uses[policy.name] == 1 else name for name, policy in zip(names, policies, strict=True))
    return list(map(printable, labels))
