"""Evaluate a policy."""

from typing import Annotated

import typer

from agents.catalogue import load_policy
from agents.reporting.cli import AnyScenario, Count, Force, JsonFile, Progress, Scenario, Seed, Split, run
from agents.reporting.files import require_writable, write_json
from agents.reporting.progress import episode_bar
from agents.reporting.report import EVALUATION_SEED, play
from agents.reporting.tables import console, report_table


def main(
    policy: Annotated[str, typer.Argument(help="A scripted policy, a planner (informed:gradual) or a run directory.")],
    scenario: Scenario = "Procurement",
    split: Split = "test",
    episodes: Count = 4096,
    seed: Seed = EVALUATION_SEED,
    any_scenario: AnyScenario = False,
    json_file: JsonFile = None,
    force: Force = False,
    progress: Progress = True,
) -> None:
    """Play a policy once against each of many suppliers and print what it achieved, with 95% intervals."""
    require_writable(json_file, force)
    with episode_bar(policy, episodes, progress) as ended:
        report = play(load_policy(policy), scenario, split, episodes, seed, any_scenario, ended)
    console().print(report_table(report))
    if json_file is not None:
        write_json(json_file, report.as_dict(), force)


if __name__ == "__main__":
    run(main)
