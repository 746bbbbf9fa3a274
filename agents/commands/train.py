"""Train a policy."""

from pathlib import Path
from typing import Annotated

import typer

from ..invocation import command_line
from ..learning.config import load_config
from ..reporting.tables import console, report_table
from .options import Progress, Runs


def main(
    config: Annotated[
        str, typer.Argument(help="Name of a configuration that comes with negoenv, such as smoke, or a YAML file.")
    ],
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

    from ..learning.train import train  # torch takes seconds to import; mistakes are told before

    result = train(settings, directory, runs, progress)
    console().print(report_table(result.report))
    print(f"{result.steps:,} steps in {result.seconds:.1f} s ({result.steps / result.seconds:,.0f} a second)")
    print(f"Run: {result.directory}")
    print(f"Board: {command_line('board', result.directory)}")
