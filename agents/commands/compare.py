"""Compare policies."""

from contextlib import nullcontext
from pathlib import Path
from typing import Annotated

import typer

from ..invocation import command_line
from ..reporting.compare import compare_suite
from ..reporting.files import require_writable, write_json
from ..reporting.lock import new_work
from ..reporting.report import EVALUATION_SEED
from ..reporting.tables import comparison_tables, overall_table
from ..terminal import printed_after, say
from .options import AnyScenario, Count, Force, JsonFile, Opponents, Seed, ShowProgress, SplitName, Trust

Scenarios = Annotated[
    list[str],
    typer.Option("--scenario", metavar="NAME", help="Name of a scenario, or a YAML file with one; may be given again."),
]


def main(
    policies: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[POLICY]...",
            help="Scripted names, planners, run directories, exported policies and module:Class.",
            show_default="all scripted policies",
        ),
    ] = None,
    scenario: Scenarios = ["Procurement"],  # noqa: B006 - typer copies it
    split: SplitName = "test",
    episodes: Count = 4096,
    seed: Seed = EVALUATION_SEED,
    any_scenario: AnyScenario = False,
    trust: Trust = False,
    opponents: Opponents = None,
    logdir: Annotated[
        Path | None,
        typer.Option(help="Write the comparison into this new directory, for TensorBoard and negoenv report."),
    ] = None,
    json_file: JsonFile = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Play several policies against the same suppliers and print who is best, and by how much."""
    require_writable(json_file, force)
    with new_work(logdir) if logdir is not None else nullcontext():  # before anything is played
        traced = logdir is not None
        suite = compare_suite(
            policies or (), scenario, split, episodes, seed, any_scenario, traced, progress, trust, opponents or ()
        )
        tables = [table for comparison in suite.comparisons for table in comparison_tables(comparison)]
        with printed_after(*tables, *([overall_table(suite)] if len(suite.comparisons) > 1 else [])):
            write_json(json_file, suite.as_dict(), force)
            if logdir is not None:
                from ..reporting.directory import folders_of, write_runs  # torch takes seconds to import

                write_runs(suite, scenario, logdir, progress)
    if logdir is not None:
        say(f"Report: {command_line('report', logdir)}")
        for board in folders_of(suite, logdir):
            say(f"Board:  {command_line('board', board)}")
