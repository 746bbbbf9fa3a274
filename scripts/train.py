"""Train a policy."""

from pathlib import Path
from typing import Annotated

import typer

from agents.learning.config import load_config
from agents.reporting.cli import Progress, Runs, run
from agents.reporting.tables import console, report_table


def main(
    config: Annotated[Path, typer.Argument(help="YAML file that describes the run, for example configs/smoke.yaml.")],
    changes: Annotated[
        list[str] | None,
        typer.Argument(metavar="[KEY=VALUE]...", help="For example seed=1 hyperparameters.gamma=0.98"),
    ] = None,
    directory: Annotated[
        Path | None, typer.Option(help="New directory of the run.", show_default="a numbered one")
    ] = None,
    runs: Runs = Path("runs"),
    progress: Progress = True,
) -> None:
    """Train a policy and leave a run directory: settings, curves for TensorBoard, weights, held-out results."""
    settings = load_config(config, changes or ())

    from agents.learning.train import train  # torch takes seconds to import; mistakes are told before

    result = train(settings, directory, runs, progress)
    console().print(report_table(result.report))
    print(f"{result.steps:,} steps in {result.seconds:.1f} s ({result.steps / result.seconds:,.0f} a second)")
    print(f"Run: {result.directory}")
    print(f"Board: tensorboard --logdir {result.directory.parent}")


if __name__ == "__main__":
    run(main)
