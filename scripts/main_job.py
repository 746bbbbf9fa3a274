"""Do the main job."""

from pathlib import Path
from typing import Annotated

import typer

from agents.reporting.cli import Progress, Runs, run
from agents.reporting.tables import comparison_table, console

CONFIGS = [Path("configs/procurement_ppo.yaml"), Path("configs/marketplace_ppo.yaml")]


def main(
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="Changes to every run, for example seed=1")
    ] = None,
    config: Annotated[list[Path], typer.Option(help="YAML file of a training run; may be given again.")] = CONFIGS,
    runs: Runs = Path("runs"),
    progress: Progress = True,
) -> None:
    """Train a pressure policy for each configuration and compare it with all scripted ones on held-out suppliers."""
    from agents.learning.main_job import main_job  # torch takes seconds to import

    directories = []
    for comparison, directory in main_job(config, changes or (), runs, progress):
        console().print(comparison_table(comparison))
        directories.append(directory)
    for directory in directories:
        print(f"Report: python scripts/report.py {directory}")
    print(f"Board:  tensorboard --logdir {runs}")
    if len(directories) > 1:
        print("        To see one scenario alone, write its name into the filter of runs on the left.")


if __name__ == "__main__":
    run(main)
