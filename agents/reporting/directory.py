"""A comparison on disk: TensorBoard runs that are sorted by rank, episodes, transcripts, and the table as JSON."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from negoenv.errors import NegoenvError
from negoenv.evaluation import Interval
from negoenv.scenario import Scenario

from ..invocation import command_line
from ..registry import training_of
from .board import put_guide, put_picture, put_table, put_transcripts
from .compare import Comparison
from .figures.catalogue import of_comparison, of_report, of_suite
from .files import new_directory, write_json
from .progress import bar
from .records import FILE, load_report, save_report
from .report import Report
from .suite import Suite
from .tables import comparison_table, overall_table
from .tensorboard import (
    COMPARED,
    LESS_THE_BEST,
    event_logger,
    hparams,
    layout,
    record,
    record_held_out,
    writer_of,
)
from .transcripts import FOLDER, write_transcripts

OVERVIEW = "00_overview"
RESULTS = "comparison.json"


def write_suite(
    suite: Suite,
    scenarios: Sequence[Scenario | Mapping[str, Any] | str | Path],
    directory: Path,
    progress: bool = False,
) -> None:
    """Write a comparison into a directory, which TensorBoard shows and `load_suite` reads.

    Each policy gets a run, numbered by its rank: its held-out numbers as flat lines (as long as the longest training,
    so that learning curves can be read against them), its figures, its transcripts, and its episodes. The run
    ``00_overview`` holds what compares them.

    Args:
        suite: the comparison, with traces.
        scenarios: the games of its comparisons, as in `negoenv.games.make_batch`, to replay negotiations in.
        directory: a new or an empty one.
        progress: whether to show a progress bar, if stderr is a terminal.

    Raises:
        NegoenvError: if the directory holds something.
    """
    new_directory(directory)
    several = len(suite.comparisons) > 1
    trained = {report.source: training_of(report.source) for c in suite.comparisons for report in c.reports}
    length = max([1, *(int(settings.get("total_steps", 0)) for settings in trained.values())])
    runs = sum(len(comparison.reports) for comparison in suite.comparisons)
    with bar(runs + 1, "Writing", progress, "runs") as shown:
        _write_overview(directory / OVERVIEW, suite)  # first, since some tabs list runs in the order of their making
        shown.update()
        for comparison, scenario in zip(suite.comparisons, scenarios, strict=True):
            parent = directory / comparison.best.scenario if several else directory
            differences = comparison.differences()
            for rank, report in enumerate(comparison.reports, start=1):
                run = new_directory(parent / f"{rank:02d}_{_file_name(report.policy)}")
                _write_run(run, report, differences[report.policy], scenario, trained[report.source], length)
                shown.update()
    write_json(directory / RESULTS, suite.as_dict())


def _write_run(
    run: Path,
    report: Report,
    difference: Interval,
    scenario: Scenario | Mapping[str, Any] | str | Path,
    trained: Mapping[str, Any],
    length: int,
) -> None:
    """Write what there is to see of one policy."""
    save_report(report, run)
    logger = event_logger(run)
    logger.record("hparams", hparams({**trained, "policy": report.policy, "scenario": report.scenario}))
    writer_of(logger).add_custom_scalars(layout(compared=True))
    for step in (0, length):
        record_held_out(logger, report.episodes)
        ends = {"": difference.mean, "_low": difference.low, "_high": difference.high}
        record(logger, COMPARED, {f"{LESS_THE_BEST}{end}": value for end, value in ends.items()})
        logger.dump(step)
    for picture in of_report(report):
        put_picture(logger, picture, length)
    put_transcripts(logger, write_transcripts(report, scenario, run / FOLDER), length)
    logger.close()


def _write_overview(run: Path, suite: Suite) -> None:
    """Write what compares the policies."""
    logger = event_logger(run)
    policies = {report.policy for comparison in suite.comparisons for report in comparison.reports}
    names = [comparison.best.scenario for comparison in suite.comparisons]
    best = [f"**{comparison.best.policy}** is best on {comparison.best.scenario}." for comparison in suite.comparisons]
    put_guide(logger, f"{len(policies)} policies on {', '.join(names)}. {' '.join(best)}\n")
    for comparison, name in zip(suite.comparisons, names, strict=True):
        put_table(logger, f"results_{name}", comparison_table(comparison))
        for picture in of_comparison(comparison):
            put_picture(logger, picture, 0, prefix=f"{name}_")
    if len(names) > 1:
        put_table(logger, "results_all_scenarios", overall_table(suite))
    for picture in of_suite(suite):
        put_picture(logger, picture, 0, prefix="all_" if len(names) > 1 else "")
    logger.close()


def load_suite(directory: Path) -> tuple[Suite, dict[str, Path]]:
    """Read a comparison back.

    Returns:
        The comparison, and where the transcripts are: a folder for each run, by scenario and policy with a line break
        between them.

    Raises:
        NegoenvError: if there is none, or a file of it is damaged.
    """
    files = sorted(directory.glob(f"*/{FILE}")) + sorted(directory.glob(f"*/*/{FILE}"))
    if not files:
        raise NegoenvError(
            f"{directory} holds no comparison; {command_line('compare', '--logdir', directory)} writes one."
        )
    by_scenario: dict[str, list[Report]] = {}
    folders = {}
    for file in files:
        report = load_report(file.parent)
        by_scenario.setdefault(report.scenario, []).append(report)
        folders[transcript_key(report)] = file.parent / FOLDER
    ranked = (sorted(reports, key=lambda report: -report.episodes.returns.mean()) for reports in by_scenario.values())
    return Suite(tuple(Comparison(tuple(reports)) for reports in ranked)), folders


def transcript_key(report: Report) -> str:
    """Return by what `load_suite` files the transcripts of a report."""
    return f"{report.scenario}\n{report.policy}"


def _file_name(policy: str) -> str:
    return policy.strip("./").replace("/", "_")
