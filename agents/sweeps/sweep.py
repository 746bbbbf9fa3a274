"""A sweep: what is missing of it is trained, failures once more, and the results are put together."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from negoenv.config import read_json
from negoenv.errors import printable

from ..extras import needed
from ..invocation import command_line
from ..parallel import Told
from ..reporting.files import write_json
from ..reporting.lock import alone_in
from ..reporting.progress import bar
from .engines import Engine
from .plan import Trial
from .table import Row, write_table
from .trial import TRIALS, Place, run_trial

TABLE = "results.parquet"
_ATTEMPTS = 2


@dataclass(frozen=True)
class SweepResult:
    """What a sweep has come to.

    Attributes:
        place: its directory.
        rows: the results, in the order of the trials.
        failures: sentences on the trials that failed twice, by their names.
    """

    place: Place
    rows: tuple[Row, ...]
    failures: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> Path:
        """Where the table of the results is."""
        return self.place.directory / TABLE

    @property
    def boards(self) -> list[Path]:
        """The directories for TensorBoard, one for each game."""
        return [self.place.directory / TRIALS / name for name in dict.fromkeys(row["scenario"] for row in self.rows)]


def run_sweep(trials: Sequence[Trial], directory: Path, engine: Engine, progress: bool = False) -> SweepResult:
    """Train what a directory does not hold yet of some trials, and write the table of all that it holds then.

    What was broken off goes on from its newest checkpoint. What fails is tried once more when all others have ended.
    The table does not depend on the engine, on the order in which trials end, or on interruptions.

    Args:
        trials: what is trained.
        directory: of the sweep.
        engine: where trials run.
        progress: whether to show how far it is on stderr.

    Raises:
        NegoenvError: if another process works in the directory, or a library is missing.
        OSError: if a result cannot be written.
        KeyboardInterrupt: on Ctrl-C; it says how many have ended.
    """
    needed("pyarrow", "sweep", "A sweep")
    place = Place(directory)
    with alone_in(directory), _display(trials, place, progress) as shown:
        try:
            failures = _trained(trials, place, engine, shown)
        except KeyboardInterrupt:
            ended = sum(place.result(trial).is_file() for trial in trials)
            raise KeyboardInterrupt(
                f"Interrupted; {ended} of {len(trials)} trials have ended, and the same command goes on."
            ) from None
        rows = tuple(read_json(place.result(trial)) for trial in trials if place.result(trial).is_file())
        result = SweepResult(place, rows, failures)
        if rows:
            write_table(rows, result.table)
    return result


def _trained(trials: Sequence[Trial], place: Place, engine: Engine, shown: "_Display") -> dict[str, str]:
    """Train what is missing; return what is said of those that failed in the end."""
    missing = [trial for trial in trials if not place.result(trial).is_file()]
    failures: dict[str, str] = {}
    for attempt in range(1, _ATTEMPTS + 1):
        failed = []
        calls = [(place.files(trial), trial) for trial in missing]
        for number, error in engine(run_trial, calls, told=shown.told(missing)):
            trial = missing[number]
            if error is None:
                place.failure(trial).unlink(missing_ok=True)
                failures.pop(trial.name, None)
            else:
                failed.append(trial)
                failures[trial.name] = str(error) or type(error).__name__
                write_json(place.failure(trial), {"attempt": attempt, "error": failures[trial.name]}, force=True)
            shown.ended(trial, failures.get(trial.name), last=attempt == _ATTEMPTS)
        missing = failed
        if not missing:
            break
    return failures


@dataclass
class _Display:
    """The one place where a sweep shows how far it is: a bar of steps, or lines where stderr is no terminal."""

    bar: Any
    told_steps: dict[str, int]  # of each trial that has begun
    total: int  # trials
    whole: int  # those that have ended well
    lines: bool  # whether lines are wanted

    def told(self, trials: Sequence[Trial]) -> Told:
        """Return what is called with the steps made of some trials, by their number."""

        def show(steps: Mapping[int, int]) -> None:
            self.told_steps |= {trials[number].name: made for number, made in steps.items()}
            self._move()

        return show

    def ended(self, trial: Trial, failure: str | None, last: bool) -> None:
        """Show that a trial has ended, and why it failed if it did."""
        self.whole += failure is None
        self.told_steps[trial.name] = trial.config.total_steps if failure is None or last else 0
        self._move()
        if failure is not None:
            again = "" if last else "; it is tried once more"
            self.bar.write(printable(f"{trial.name} failed: {failure.rstrip('.')}{again}."), file=sys.stderr)
        elif self.lines:
            line = f"{self.whole} of {self.total} trials have ended: {trial.name}."
            print(printable(line), file=sys.stderr, flush=True)

    def _move(self) -> None:
        self.bar.set_postfix_str(f"{self.whole} of {self.total} trials", refresh=False)
        self.bar.update(sum(self.told_steps.values()) - self.bar.n)


@contextmanager
def _display(trials: Sequence[Trial], place: Place, progress: bool) -> Iterator[_Display]:
    """Show a sweep, of which some trials may have ended before."""
    before = {t.name: t.config.total_steps for t in trials if place.result(t).is_file()}
    with bar(sum(t.config.total_steps for t in trials), f"{len(trials)} trials", progress, "steps") as shown:
        display = _Display(shown, before, len(trials), len(before), bool(progress and shown.disable))
        display._move()
        yield display


def result_lines(result: SweepResult) -> list[str]:
    """Return lines on where the results are, and what to look at them with."""
    lines = [f"Table: {result.table}"] if result.rows else []
    return [*lines, *(f"Board: {command_line('board', board)}" for board in result.boards)]
