"""One training of a sweep: begun, gone on with or found ended; its files, and the line that it adds to the results.

Whoever trains it writes its result, so that nothing is lost between two processes; each file is whole or not there.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from negoenv.config import read_json

from ..parallel import tell_done
from ..reporting.files import write_json
from .files import TrialFiles
from .plan import Trial

RESULTS, TRIALS, FAILURES = "results", "trials", "failures"
"""Folders in the directory of a sweep."""

_JSON = ".json"
_INTERVALS = ("return", "surplus_share")  # metrics of which the bounds are kept, too


@dataclass(frozen=True)
class Place:
    """The directory of a sweep, which all processes see under this path."""

    directory: Path

    def run(self, trial: Trial) -> Path:
        """Return the run directory of a trial: those of a game lie together, since returns of games do not compare."""
        return self.directory / TRIALS / trial.scenario / trial.name

    def result(self, trial: Trial) -> Path:
        """Return where the result of a trial is; there once it has ended."""
        return self.directory / RESULTS / f"{trial.name}{_JSON}"

    def files(self, trial: Trial) -> TrialFiles:
        """Return both, wherever this process stands."""
        return TrialFiles(self.run(trial).resolve(), self.result(trial).resolve())

    def failure(self, trial: Trial) -> Path:
        """Return where it is said why a trial failed."""
        return self.directory / FAILURES / f"{trial.name}{_JSON}"


def run_trial(files: TrialFiles, trial: Trial) -> None:
    """Train to the end, from the newest checkpoint where it was broken off, and write the result.

    Args:
        files: what is written into.
        trial: what is trained.

    Raises:
        NegoenvError: as `agents.learning.train.train`.
        OSError: if the result cannot be written.
    """
    from ..learning.resumption import EVALUATION
    from ..learning.train import train_or_resume  # torch takes seconds to import

    if files.result.is_file():  # it had ended, and nobody was told
        return
    train_or_resume(trial.config, files.run, on_step=lambda steps, _: tell_done(steps))
    write_json(files.result, row_of(trial, read_json(files.run / EVALUATION)))


def row_of(trial: Trial, found: dict[str, Any]) -> dict[str, Any]:
    """Return the line of a trial in the table of results: what it was, and what it came to.

    Nothing in it depends on where or when it was trained.

    Args:
        trial: the trial.
        found: the content of its ``evaluation.json``.
    """
    metrics, score = found["metrics"], found.get("score") or {}
    bounds = {f"{name}_{end}": metrics[name][end] for name in _INTERVALS if name in metrics for end in ("low", "high")}
    return {
        "trial": trial.name,
        "group": trial.group,
        "configuration": trial.source,
        "scenario": trial.scenario,
        "algorithm": trial.config.algorithm,
        "seed": trial.config.seed,
        **{f"change.{key}": value for key, value in trial.changes.items()},
        "steps": found["training"]["steps"],
        "validation_return": found["validation"]["return"],
        "validation_best_return": found["validation"]["best_return"],
        "validation_best_step": found["validation"]["best_step"],
        "score": score.get("mean"),
        **{name: interval["mean"] for name, interval in metrics.items()},
        **bounds,
    }
