"""A comparison on disk: TensorBoard runs that are sorted by rank, episodes, transcripts, and the table as JSON.

The table is written last and names the runs, so that a comparison that was broken off is known for one; `loading` asks
for it.
"""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from negoenv.evaluation import Interval
from negoenv.markdown import literal
from negoenv.names import MOST_LETTERS
from negoenv.scenario import Scenario

from ..registry import training_of
from .board import put_guide, put_picture, put_table, put_transcripts
from .figures.catalogue import of_comparison, of_report, of_suite
from .files import write_json
from .lock import new_work
from .progress import bar
from .records import save_report
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
RUNS = "runs"  # the key of that file that names the directories of the runs


def write_suite(
    suite: Suite,
    scenarios: Sequence[Scenario | Mapping[str, Any] | str | Path],
    directory: Path,
    progress: bool = False,
) -> None:
    """Write a comparison into a new directory, which TensorBoard shows and `agents.reporting.loading` reads.

    Args:
        suite: the comparison, with traces.
        scenarios: the games of its comparisons, as in `negoenv.games.make_batch`, to replay negotiations in.
        directory: a new or an empty one; nothing is left in it if the writing is broken off.
        progress: whether to show a progress bar, if stderr is a terminal.

    Raises:
        NegoenvError: if the directory holds something, or another process works in it.
    """
    with new_work(directory):
        write_runs(suite, scenarios, directory, progress)


def write_runs(
    suite: Suite,
    scenarios: Sequence[Scenario | Mapping[str, Any] | str | Path],
    directory: Path,
    progress: bool = False,
) -> None:
    """Write a comparison into a directory that is held by `agents.reporting.lock.new_work`.

    Each policy gets a run, numbered by its rank: its held-out numbers as flat lines (as long as the longest training,
    so that learning curves can be read against them), its figures, its transcripts, and its episodes. The run
    ``00_overview`` holds what compares them.

    The arguments are those of `write_suite`.
    """
    several = len(suite.comparisons) > 1
    trained = {report.source: training_of(report.source) for c in suite.comparisons for report in c.reports}
    length = max([1, *(int(settings.get("total_steps", 0)) for settings in trained.values())])
    runs = sum(len(comparison.reports) for comparison in suite.comparisons)
    written = []
    with bar(runs + 1, "Writing", progress, "runs") as shown:
        _write_overview(directory / OVERVIEW, suite)  # first, since some tabs list runs in the order of their making
        shown.update()
        for comparison, scenario in zip(suite.comparisons, scenarios, strict=True):
            parent = directory / comparison.best.scenario if several else directory
            differences = comparison.differences()
            for rank, report in enumerate(comparison.reports, start=1):
                run = parent / f"{rank:02d}_{_file_name(report.policy)}"
                _write_run(run, report, differences[report.policy], scenario, trained[report.source], length)
                written.append(run.relative_to(directory).as_posix())
                shown.update()
    write_json(directory / RESULTS, suite.as_dict() | {RUNS: written})


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
    best = [f"**{literal(c.best.policy)}** is best on {c.best.scenario}." for c in suite.comparisons]
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


def _file_name(policy: str) -> str:
    """Return what a policy is called in the name of its run, which is a name by `negoenv.names`."""
    letters = re.sub(r"[^A-Za-z0-9_.+=-]+|\.\.+", "_", policy.strip("./"))
    return letters[: MOST_LETTERS - len("00_") - 1].rstrip(".")
