"""Compare policies."""

from pathlib import Path
from typing import Annotated

import typer

from agents.reporting.cli import AnyScenario, Count, Force, JsonFile, Progress, Scenario, Seed, Split, run
from agents.reporting.compare import compare
from agents.reporting.files import require_writable, write_json
from agents.reporting.report import EVALUATION_SEED
from agents.reporting.tables import comparison_table, console


def main(
    policies: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[POLICY]...",
            help="Scripted names, planners and run directories.",
            show_default="all scripted policies",
        ),
    ] = None,
    scenario: Scenario = "Procurement",
    split: Split = "test",
    episodes: Count = 4096,
    seed: Seed = EVALUATION_SEED,
    any_scenario: AnyScenario = False,
    logdir: Annotated[Path | None, typer.Option(help="Write a TensorBoard run for each policy into it.")] = None,
    json_file: JsonFile = None,
    force: Force = False,
    progress: Progress = True,
) -> None:
    """Play several policies against the same suppliers and print who is best, and by how much."""
    require_writable(json_file, force)
    comparison = compare(policies or (), scenario, split, episodes, seed, any_scenario, progress)
    console().print(comparison_table(comparison))
    if json_file is not None:
        write_json(json_file, comparison.as_dict(), force)
    if logdir is not None:
        from agents.reporting.tensorboard import log_comparison  # torch takes seconds to import

        log_comparison(comparison, logdir)
        print(f"Curves: tensorboard --logdir {logdir}")


if __name__ == "__main__":
    run(main)
