"""Train, and compare with the scripted policies: what ``make train`` runs."""

from pathlib import Path
from typing import Annotated

import typer

from negoenv.make import make_batch

from ..invocation import command_line
from ..learning.config import load_config
from ..registry import default_policies
from ..reporting.compare import compare_suite
from ..reporting.files import numbered_directory
from ..reporting.tables import comparison_table
from ..terminal import console
from .options import Runs, ShowProgress

DEMO_CONFIGS = ["procurement_fast_ppo", "marketplace_fast_ppo"]


def main(
    changes: Annotated[
        list[str] | None, typer.Argument(metavar="[KEY=VALUE]...", help="Changes to every run, for example seed=1")
    ] = None,
    config: Annotated[
        list[str], typer.Option(help="What is trained, as for negoenv train; may be repeated.")
    ] = DEMO_CONFIGS,
    runs: Runs = Path("runs"),
    progress: ShowProgress = True,
) -> None:
    """Train a pressure policy for each configuration and compare it with all scripted ones on held-out suppliers."""
    from ..learning.train import train  # torch takes seconds to import
    from ..reporting.directory import write_suite

    directories = []
    for settings in [load_config(path, changes or ()) for path in config]:  # all are read before the first is trained
        result = train(settings, runs=runs, progress=progress)
        policies = (*default_policies(make_batch(1, settings.scenario)), str(result.directory))
        suite = compare_suite(
            policies, [settings.scenario], episodes=settings.test_episodes, trace=True, progress=progress
        )
        directories.append(numbered_directory(runs, f"{settings.label}_compared"))
        write_suite(suite, [settings.scenario], directories[-1], progress)
        console().print(comparison_table(suite.comparisons[0]))
    for directory in directories:
        print(f"Report: {command_line('report', directory)}")
        print(f"Board:  {command_line('board', directory)}")
