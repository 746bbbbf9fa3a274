"""A search: values are asked for when a process is free, trained, told, and what is best becomes a configuration."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from negoenv.config import read_json
from negoenv.errors import printable

from ..extras import needed
from ..learning.config import TrainConfig
from ..parallel import tell_done
from ..reporting.files import write_json, write_text
from ..reporting.lock import alone_in
from ..reporting.progress import bar
from ..reporting.report import Report
from .engines import Engine
from .files import TrialFiles
from .study import SearchConfig, open_study

BEST = "best.yaml"
_AGAIN = "again"  # attribute of a trial that repeats one that failed


@dataclass(frozen=True)
class SearchPlace:
    """Where a search is kept; all processes see it under these names.

    Attributes:
        directory: its directory.
        storage: of its study, as Optuna takes it.
        name: of its study.
    """

    directory: Path
    storage: str
    name: str

    def run(self, number: int) -> Path:
        """Return the run directory of a trial."""
        return self.directory / "trials" / f"trial_{number:04d}"

    def result(self, number: int) -> Path:
        """Return where the result of a trial is; there once it has ended."""
        return self.directory / "results" / f"trial_{number:04d}.json"

    def files(self, number: int) -> TrialFiles:
        """Return both, wherever this process stands."""
        return TrialFiles(self.run(number).resolve(), self.result(number).resolve())


@dataclass(frozen=True)
class SearchResult:
    """What a search has come to.

    Attributes:
        study: the study of Optuna.
        best: the best configuration, as YAML that `negoenv train` takes; None if no trial has ended well.
        failures: sentences on the trials that failed, by number.
    """

    study: Any
    best: Path | None
    failures: Mapping[int, str]


def run_search(
    search: SearchConfig, place: SearchPlace, engine: Engine, trials: int | None = None, progress: bool = False
) -> SearchResult:
    """Run what is missing of a search, and write the best configuration.

    A trial that was broken off goes on from its newest checkpoint; what has ended is not done again. Values whose
    training failed are tried once more.

    Args:
        search: what is searched.
        place: where it is kept.
        engine: where trials run.
        trials: how many there are to be in all; as ``search`` says unless given.
        progress: whether to show how far it is on stderr.

    Raises:
        NegoenvError: if another process works in the directory, a library is missing, the study is one of another
            search or cannot be kept.
        KeyboardInterrupt: on Ctrl-C; it says how many have ended.
    """
    needed("optuna", "sweep", "A search")
    wanted = trials or search.trials
    failures: dict[int, str] = {}
    with alone_in(place.directory), bar(wanted, f"{wanted} trials", progress, "trials") as shown:
        study = open_study(search, place.name, place.storage, "new")
        begun: list[int] = []  # numbers of trials by the numbers of calls
        calls = _calls(study, search, place, wanted, begun)
        shown.update(_count(study, ended=True))
        try:
            for call, error in engine(run_search_trial, calls):
                number = begun[call]
                _end(study, place, number, error)
                if error is not None:
                    failures[number] = str(error) or type(error).__name__
                _show(shown, study, number, failures.get(number), progress)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"Interrupted; {_count(study, ended=True)} of {wanted} trials have ended, and the same command goes on."
            ) from None
        best = _write_best(study, search, place)
    return SearchResult(study, best, failures)


def _calls(
    study: Any, search: SearchConfig, place: SearchPlace, wanted: int, begun: list[int]
) -> Iterator[tuple[Any, ...]]:
    """Yield the arguments of trials, first of those that were broken off, until there are as many as wanted."""
    optuna = needed("optuna", "sweep", "A search")
    running = optuna.trial.TrialState.RUNNING
    for left in study.get_trials(deepcopy=False, states=(running,)):
        if place.result(left.number).is_file():  # it had ended, and nobody was told
            _end(study, place, left.number, None)
            continue
        values = {key: left.params.get(key) for key in search.space}
        if any(key not in left.params for key in search.space):
            study.tell(left.number, state=optuna.trial.TrialState.FAIL)  # ended before its values were drawn
            continue
        begun.append(left.number)
        yield _arguments(search, place, left.number, left._trial_id, values)
    while _count(study) < wanted:
        trial = study.ask()
        values = {key: dimension.suggest(trial, key) for key, dimension in search.space.items()}
        begun.append(trial.number)
        yield _arguments(search, place, trial.number, trial._trial_id, values)


def _arguments(
    search: SearchConfig, place: SearchPlace, number: int, trial_id: int, values: Mapping[str, Any]
) -> tuple[Any, ...]:
    return place.files(number), search, search.trained(values), place.storage, place.name, number, trial_id


def _count(study: Any, ended: bool = False) -> int:
    """Return how many trials there are, or have ended; of values that failed and were tried again, the second."""
    state = needed("optuna", "sweep", "A search").trial.TrialState
    found = study.get_trials(deepcopy=False)
    counted = [t for t in found if t.state in (state.COMPLETE, state.PRUNED) or _is_last_failure(t, state)]
    return len(counted) + (0 if ended else sum(t.state == state.RUNNING for t in found))


def _is_last_failure(trial: Any, state: Any) -> bool:
    return trial.state == state.FAIL and _AGAIN in trial.user_attrs


def run_search_trial(
    files: TrialFiles, search: SearchConfig, config: TrainConfig, storage: str, name: str, number: int, trial_id: int
) -> None:
    """Train with some values until the end or until the pruner says so, and write what came of it.

    Args:
        files: what is written into.
        search: what is searched.
        config: what is trained.
        storage: of the study, as Optuna takes it.
        name: of the study.
        number: of the trial.
        trial_id: of the trial in the storage.
    """
    from ..learning.resumption import EVALUATION
    from ..learning.train import train_or_resume  # torch takes seconds to import

    optuna = needed("optuna", "sweep", "A search")
    if files.result.is_file():
        return
    study = open_study(search, name, storage, "there")
    trial = optuna.trial.Trial(study, trial_id)
    told = {0, *study.get_trials(deepcopy=False)[number].intermediate_values}  # what is untrained is no reason to prune

    def on_step(steps: int, validation: Report | None) -> None:
        tell_done(steps)
        if validation is None or validation.steps in told or steps >= config.total_steps:
            return
        told.add(validation.steps)
        trial.report(float(validation.episodes.returns.mean()), validation.steps)
        if trial.should_prune():
            raise optuna.TrialPruned

    pruned, value = False, None
    try:
        train_or_resume(config, files.run, on_step=on_step)
        value = read_json(files.run / EVALUATION)["validation"]["return"]
    except optuna.TrialPruned:
        pruned = True
    write_json(files.result, {"pruned": pruned, "value": value})


def _end(study: Any, place: SearchPlace, number: int, error: BaseException | None) -> None:
    """Tell the study how a trial has ended; values that failed for the first time are put in line once more."""
    state = needed("optuna", "sweep", "A search").trial.TrialState
    if error is not None:
        failed = study.get_trials(deepcopy=False)[number]
        study.tell(number, state=state.FAIL)
        if _AGAIN not in failed.user_attrs:
            study.enqueue_trial(failed.params, user_attrs={_AGAIN: True})
        return
    found = read_json(place.result(number))
    if found["pruned"]:
        study.tell(number, state=state.PRUNED)
    else:
        study.tell(number, found["value"])


def _show(shown: Any, study: Any, number: int, failure: str | None, progress: bool) -> None:
    """Show that a trial has ended."""
    ended = _count(study, ended=True)
    trial = study.get_trials(deepcopy=False)[number]
    state = trial.state.name.lower()
    how = f"return {trial.value:.3f}" if state == "complete" else state
    reached = [t.value for t in study.get_trials(deepcopy=False) if t.value is not None and t.state.name == "COMPLETE"]
    best = f"best {max(reached):.3f}" if reached else ""
    shown.set_postfix_str(best, refresh=False)
    shown.update(ended - shown.n)
    if failure is not None:
        shown.write(printable(f"Trial {number} failed: {failure.rstrip('.')}."), file=sys.stderr)
    elif progress and shown.disable:
        print(f"Trial {number} has ended: {how}; {ended} of {shown.total}{best and f', {best}'}.", file=sys.stderr,
              flush=True)  # fmt: skip


def _write_best(study: Any, search: SearchConfig, place: SearchPlace) -> Path | None:
    """Write the best configuration so far, if there is one."""
    state = needed("optuna", "sweep", "A search").trial.TrialState
    if not study.get_trials(deepcopy=False, states=(state.COMPLETE,)):
        return None
    best = study.best_trial
    config = search.trained(best.params).model_dump(mode="json", exclude_defaults=True, exclude={"name"})
    path = place.directory / BEST
    head = f"# The best of the search {place.name}: trial {best.number}, validation return {best.value:.4f}."
    write_text(path, f"{head}\n{yaml.safe_dump(config, sort_keys=False)}")
    return path
