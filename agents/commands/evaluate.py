"""Evaluate a policy."""

from functools import partial

from ..registry import load_policy
from ..reporting.files import require_writable, write_json
from ..reporting.progress import EpisodeBar
from ..reporting.report import EVALUATION_SEED, report_on
from ..reporting.robustness import require_opponents
from ..reporting.tables import report_table
from ..terminal import printed_after
from .options import (
    AnyScenario,
    Count,
    Force,
    JsonFile,
    Opponents,
    PolicyName,
    ScenarioName,
    Seed,
    ShowProgress,
    SplitName,
    Trust,
)


def main(
    policy: PolicyName,
    scenario: ScenarioName = "Procurement",
    split: SplitName = "test",
    episodes: Count = 4096,
    seed: Seed = EVALUATION_SEED,
    any_scenario: AnyScenario = False,
    trust: Trust = False,
    opponents: Opponents = None,
    json_file: JsonFile = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Play a policy once against each of many suppliers and print what it achieved, with 95% intervals."""
    require_writable(json_file, force)
    player = load_policy(policy, trust)
    if opponents:
        require_opponents(opponents, scenario, split, any_scenario)
    with EpisodeBar(1, episodes, progress) as bar:
        tell = partial(bar, player.name)
        report = report_on(player, scenario, split, episodes, seed, any_scenario, False, tell, True, opponents or ())
    with printed_after(report_table(report)):
        write_json(json_file, report.as_dict(), force)
