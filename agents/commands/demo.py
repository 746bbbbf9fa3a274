"""Train, and compare with the scripted policies: what ``make train`` runs."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..invocation import command_line
from ..reporting.tables import comparison_table
from ..terminal import console
from .options import INTERRUPTED, Runs, ShowProgress

DEMO_CONFIGS = ["procurement_ppo", "marketplace_ppo"]


def main(
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="Changes to every run, for example seed=1")
    ] = None,
    config: Annotated[
        list[str], typer.Option(help="What is trained, as for negoenv train; may be repeated.")
    ] = DEMO_CONFIGS,
    runs: Runs = Path("runs"),
    progress: ShowProgress = True,
) -> int:
    """Train a pressure policy for each configuration and compare it with all scripted ones on held-out suppliers."""
    from ..learning.demo import demo  # torch takes seconds to import
    from ..learning.train import Interrupted

    directories = []
    try:
        for comparison, directory in demo(config, changes or (), runs, progress):
            console().print(comparison_table(comparison))
            directories.append(directory)
    except Interrupted as interrupted:
        print(interrupted, file=sys.stderr)
        return INTERRUPTED
    for directory in directories:
        print(f"Report: {command_line('report', directory)}")
        print(f"Board:  {command_line('board', directory)}")
    return 0
