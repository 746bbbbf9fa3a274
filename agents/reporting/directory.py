"""A comparison on disk: a TensorBoard run for each policy, its episodes and transcripts, and the table as JSON.

The table is written last and names the runs, so that a comparison that was broken off is known for one; `loading` asks
for it.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from negoenv.make import game_name
from negoenv.names import MAX_LETTERS
from negoenv.scenarios.presets import Named

from ..planning.planner import REFERENCES
from ..registry import training_of
from ..scripted import EVERY_SCRIPTED
from .compare import Comparison, Suite
from .episode_store import save_report
from .figures.pictures import of_comparison, of_report, of_suite
from .files import EVENTS, RESULTS, write_bytes, write_json
from .lock import new_work
from .progress import bar
from .report import Report
from .tables import comparison_summary, comparison_table, overall_table, robustness_table
from .tags import START, TEST, TRAIN, VALIDATION
from .tensorboard import (
    begun_now,
    event_logger,
    put_guide,
    put_picture,
    put_pictures,
    put_table,
    put_transcripts,
    record_report,
    writer_of,
)
from .transcripts import FOLDER, write_transcripts

OVERVIEW = "overview"
TOGETHER = "all_scenarios"
PLANNERS, SCRIPTS, TRAINED = "planner", "scripted", "trained"
_ORDER = (SCRIPTS, OVERVIEW, PLANNERS, TRAINED)
"""In which runs begin. TensorBoard gives seven colours in turn, in that order: scripted policies come first and keep
theirs; the overview, which has no curve, comes before the trained ones, or the first would look like gradual."""
RUNS_KEY = "runs"  # the key of the table that names the directories of the runs


def write_suite(
    suite: Suite,
    scenarios: Sequence[Named],
    directory: Path,
    progress: bool = False,
) -> None:
    """Write a comparison into a new directory, which TensorBoard shows and `agents.reporting.loading` reads.

    Args:
        suite: the comparison, with traces.
        scenarios: the games of its comparisons, as in `negoenv.make.make_batch`, to replay negotiations in.
        directory: a new or an empty one; nothing is left in it if the writing is broken off.
        progress: whether to show a progress bar, if stderr is a terminal.

    Raises:
        NegoenvError: if the directory holds something, or another process works in it.
    """
    with new_work(directory):
        write_runs(suite, scenarios, directory, progress)


def write_runs(
    suite: Suite,
    scenarios: Sequence[Named],
    directory: Path,
    progress: bool = False,
) -> None:
    """Write a comparison into a directory that is held by `agents.reporting.lock.new_work`.

    Each policy gets a run, which is called by its sort and its name, the same in every comparison: its numbers as flat
    lines (as long as the longest training, so that learning curves can be read against them), its figures, its
    transcripts, its episodes, and the learning curves of a trained one. The run ``overview`` holds what compares them.
    Several scenarios have a folder each, for returns of different games do not belong into one chart.

    The arguments are those of `write_suite`.
    """
    trained = {report.source: training_of(report.source) for c in suite.comparisons for report in c.reports}
    length = max([1, *(int(settings.get("total_steps", 0)) for settings in trained.values())])
    written = []
    with bar(sum(len(comparison.reports) for comparison in suite.comparisons), "Writing", progress, "runs") as shown:
        folders = folders_of(suite, directory)
        for comparison, scenario, parent in zip(suite.comparisons, scenarios, folders, strict=True):
            reports = _by_folder(comparison.reports)
            for folder in sorted([*reports, OVERVIEW], key=lambda name: (_ORDER.index(name.partition("-")[0]), name)):
                if folder == OVERVIEW:
                    _write_overview(parent / OVERVIEW, comparison)
                    continue
                report, run = reports[folder], parent / folder
                run.mkdir(parents=True)
                pictures = report is comparison.best or not folder.startswith(SCRIPTS)
                _write_run(run, report, scenario, trained[report.source], length, pictures)
                written.append(run.relative_to(directory).as_posix())
                shown.update()
    if len(suite.comparisons) > 1:
        _write_together(directory / TOGETHER, suite)
    write_json(directory / RESULTS, suite.as_dict() | {RUNS_KEY: written})


def folders_of(suite: Suite, directory: Path) -> list[Path]:
    """Return where each comparison of a suite is written, a board of its own: one alone in the directory itself."""
    several = len(suite.comparisons) > 1
    return [directory / comparison.best.scenario if several else directory for comparison in suite.comparisons]


def _write_run(
    run: Path,
    report: Report,
    scenario: Named,
    trained: Mapping[str, Any],
    length: int,
    pictures: bool,
) -> None:
    """Write what there is to see of one policy."""
    save_report(report, run)
    logger = event_logger(run)
    writer_of(logger).hparams({"algorithm": run.name.partition("-")[0], **trained})
    for step in (0, length):
        record_report(logger, report, TEST)
        logger.dump(step)
    if pictures:
        put_pictures(logger, of_report(report), length)
    put_transcripts(logger, write_transcripts(report, scenario, run / FOLDER), length)
    logger.close()
    if trained and game_name(trained["scenario"]) == report.scenario:
        _copy_curves(Path(report.source), run)


def _copy_curves(source: Path, run: Path) -> None:
    """Copy the learning curves of a training run, so that a comparison shows them beside the rest.

    Only the first record, which says when a run began, is another one: the run begins here, after those before it.
    """
    for split in (TRAIN, VALIDATION):
        for file in sorted((source / split).glob(EVENTS)):
            if file.is_file() and not file.is_symlink():
                (run / split).mkdir(exist_ok=True)
                write_bytes(run / split / file.name, begun_now(file.read_bytes()))


def _write_overview(run: Path, comparison: Comparison) -> None:
    """Write what compares the policies on one scenario."""
    logger = event_logger(run)
    best = comparison.best
    put_guide(logger, f"{len(comparison.reports)} policies on {best.scenario}", [comparison_summary(comparison)])
    put_table(logger, comparison_table(comparison))
    if against := robustness_table(comparison):
        put_table(logger, against, "opponents")
    returns, *others = of_comparison(comparison)
    put_picture(logger, replace(returns, question=START), 0)  # the first answer, on the first screen
    put_pictures(logger, others, 0)
    logger.close()


def _write_together(run: Path, suite: Suite) -> None:
    """Write what several scenarios say together."""
    logger = event_logger(run)
    title = f"{len(suite.overall)} policies on {len(suite.comparisons)} scenarios"
    put_guide(logger, title, [comparison_summary(comparison) for comparison in suite.comparisons])
    put_table(logger, overall_table(suite))
    put_pictures(logger, of_suite(suite), 0)
    logger.close()


def _by_folder(reports: Sequence[Report]) -> dict[str, Report]:
    """Return reports by where each is written; a number tells apart names that differ only in what no file may hold."""
    found: dict[str, Report] = {}
    for report in reports:
        name = folder = _folder(report)
        number = 1
        while folder in found:
            number += 1
            folder = f"{name[: MAX_LETTERS - 5]}-{number}"
        found[folder] = report
    return found


def _folder(report: Report) -> str:
    """Return where a report is written: the sort of its policy and its name.

    Names of trained policies are long, so hyphens stand for their underscores: TensorBoard breaks lines there alone.
    """
    source = report.source or report.policy
    scripted = SCRIPTS if source in EVERY_SCRIPTED else TRAINED
    sort = PLANNERS if source.partition(":")[0] in REFERENCES else scripted
    letters = re.sub(r"[^A-Za-z0-9_.+=-]+|\.\.+", "_", report.policy.strip("./"))
    letters = letters.replace("_", "-") if sort == TRAINED else letters
    return f"{sort}-{letters}"[: MAX_LETTERS - 1].rstrip(".")
