"""One training run, from its configuration to a directory with everything that came of it."""

import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from gymnasium.vector import AutoresetMode
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import CallbackList
from stable_baselines3.common.logger import Logger

from negoenv.base_env import BatchVectorEnv
from negoenv.benchmark.scores import Reference, reference
from negoenv.errors import NegoenvError
from negoenv.interop.sb3 import SB3VecEnv, make_sb3_vec_env
from negoenv.make import game_name, make_batch

from ..reporting.figures.pictures import of_report, of_training
from ..reporting.files import new_directory, numbered_directory, write_json, write_text
from ..reporting.lock import alone_in
from ..reporting.report import Report
from ..reporting.tables import with_margin
from ..reporting.tensorboard import (
    event_logger,
    put_guide,
    put_picture,
    put_pictures,
    put_transcripts,
    record_report,
    writer_of,
)
from ..reporting.transcripts import write_transcripts
from .callbacks import Checkpoints, FiniteCheck, OnStep, RolloutCurves, StepCallback, Validation
from .config import TrainConfig
from .model import build_model, hyperparameters, spec_of
from .network_policy import torch_threads
from .opponents import with_opponents
from .progress import TrainingProgress
from .provenance import provenance
from .resumption import (
    BEST,
    CHECKPOINTS,
    CONFIG,
    EVALUATION,
    VERSIONS,
    best_so_far,
    newest_state,
    note_resumption,
    tell,
    unfinished_run,
)
from .run import Run, RunResult, kept
from .spec import PolicySpec
from .storage import remove_leftovers, save_policy
from .trackers import require_tracker, tracker_writer
from .training_state import restore, state_of


def train(
    config: TrainConfig,
    directory: Path | None = None,
    runs: Path = Path("runs"),
    progress: bool = False,
    on_step: OnStep | None = None,
) -> RunResult:
    """Train a policy; the same configuration on the same machine gives the same weights.

    The directory holds ``config.yaml``, ``versions.json``, TensorBoard's event files, the policy as
    ``policy.safetensors`` with ``policy.json``, and ``evaluation.json``, its result on the test suppliers. The
    directories ``best``, chosen on the validation suppliers, and ``checkpoints/step_...`` hold policies, too; from the
    checkpoints `resume` goes on.

    Args:
        config: the run.
        directory: a new directory for it; a numbered one under ``runs`` is made unless given.
        runs: where numbered directories are made.
        progress: whether to tell on stderr how it goes.
        on_step: called as `agents.learning.callbacks.StepCallback` does; what it raises ends the training.

    Raises:
        NegoenvError: if ``directory`` holds something, the algorithm refuses its hyperparameters, or training diverges.
        KeyboardInterrupt: on Ctrl-C; it says where the policy as it is has been written, and how to go on.
    """
    require_tracker(config.tracker)
    with torch_threads(config.torch_threads), _untrained(config) as (model, spec):
        directory = new_directory(directory) if directory else numbered_directory(runs, config.run_name)
        with alone_in(directory):
            _describe(config, directory)
            return _whole(Run(config, directory, model, spec), progress, on_step)


def resume(directory: Path, progress: bool = False, on_step: OnStep | None = None) -> RunResult:
    """Go on with a training that was broken off, from its newest checkpoint that is whole.

    The result is the one of a training that was not broken off, bit for bit on the same machine; what was done after
    that checkpoint is done once more. A run without a checkpoint begins anew. Only checkpoints of one's own are to be
    gone on from: they hold raw memory of negotiations.

    Args:
        directory: of the run.
        progress: whether to tell on stderr how it goes.
        on_step: as for `train`.

    Raises:
        NegoenvError: if it is no run, has ended, or another process works in it; if none of its checkpoints is whole,
            or they were made in another game; and as `train`.
        KeyboardInterrupt: as `train`.
    """
    config = unfinished_run(directory)
    require_tracker(config.tracker)
    with torch_threads(config.torch_threads), _untrained(config) as (model, spec), alone_in(directory):
        run = Run(config, directory, model, spec)
        state = newest_state(directory, spec)
        if state:
            restore(model, state["model"])
        remove_leftovers(directory)
        note_resumption(directory, model.num_timesteps)
        tell(f"{directory} goes on from step {model.num_timesteps:,}.")
        return _whole(run, progress, on_step, state.get("curves", {}))


def train_or_resume(
    config: TrainConfig, directory: Path, progress: bool = False, on_step: OnStep | None = None
) -> None:
    """Train in a directory, or go on with what was broken off there; where a training has ended, do nothing.

    Args:
        config: the run.
        directory: of the run; what is in it without a configuration was broken off before it began, and is removed.
        progress: whether to tell on stderr how it goes.
        on_step: as for `train`.

    Raises:
        NegoenvError: as `train` and `resume`.
    """
    if (directory / EVALUATION).is_file():
        return
    if (directory / CONFIG).is_file():
        resume(directory, progress, on_step)
    else:
        shutil.rmtree(directory, ignore_errors=True)
        train(config, directory, progress=progress, on_step=on_step)


@contextmanager
def _untrained(config: TrainConfig) -> Iterator[tuple[BaseAlgorithm, PolicySpec]]:
    """Hand over what is to learn, and what its policies say of themselves."""
    if config.opponents:
        batch = with_opponents(config.num_envs, config.scenario, "train", config.opponents, config.opponent_share)
        env = SB3VecEnv(BatchVectorEnv(batch, AutoresetMode.SAME_STEP))
    else:
        env = make_sb3_vec_env(config.num_envs, config.scenario, "train", config.num_threads)
    try:
        yield build_model(config, env), spec_of(config, env.env.batch)
    finally:
        env.close()


def _whole(run: Run, progress: bool, on_step: OnStep | None, curves: Mapping[str, Any] | None = None) -> RunResult:
    """Train from where the model stands to the end.

    Args:
        run: the run.
        progress: whether to tell on stderr how it goes.
        on_step: as for `train`.
        curves: the returns drawn so far, if the run goes on; then event files may be there already.
    """
    steps = run.model.num_timesteps
    logger = event_logger(run.directory, None if curves is None else steps + 1 if steps else 0)
    writer_of(logger).hparams(hyperparameters(run.config))
    writer_of(logger).restore(curves or {})
    if run.config.tracker:
        settings = hyperparameters(run.config)
        logger.output_formats.append(tracker_writer(run.config.tracker, run.directory, settings))
    run.model.set_logger(logger)
    finite_check = FiniteCheck(run.policy)
    with kept(run, finite_check):
        try:
            return _trained(run, finite_check, logger, progress, on_step)
        finally:
            logger.close()


def _trained(run: Run, finite_check: FiniteCheck, logger: Logger, progress: bool, on_step: OnStep | None) -> RunResult:
    """Train the model, and evaluate what came of it."""
    config, directory, model = run.config, run.directory, run.model
    before = model.num_timesteps
    validation = Validation(
        config.eval_every,
        directory / BEST,
        run.policy,
        lambda policy: run.evaluate(policy, "validation", config.eval_episodes),
    )
    if before and (best := best_so_far(directory)):
        validation.restore(best)
    checkpoints = Checkpoints(
        config.checkpoint_every,
        config.checkpoints_kept,
        directory / CHECKPOINTS,
        run.policy,
        lambda: {"model": state_of(model), "curves": writer_of(logger).drawn()},
    )
    shown = TrainingProgress(run.name, validation, _ends(config))
    callbacks = [finite_check, validation, RolloutCurves(config.log_every), checkpoints, *([shown] if progress else [])]
    if on_step:
        callbacks.append(StepCallback(validation, on_step))
    start = time.perf_counter()
    try:
        model.learn(
            config.total_steps - before,
            CallbackList(callbacks),
            log_interval=None,  # type: ignore[arg-type]
            reset_num_timesteps=not before,
        )
    finally:
        shown.close()
    seconds = time.perf_counter() - start
    policy = run.policy()
    save_policy(policy, directory)
    report = run.evaluate(policy, "test", config.test_episodes, trace=True)
    record_report(logger, report)
    logger.dump(model.num_timesteps)
    _show(report, config, logger, model.num_timesteps)
    found = report.as_dict() | {"validation": validation.as_dict()}
    write_json(directory / EVALUATION, found)  # last: it says that the run has ended
    made = model.num_timesteps - before
    return RunResult(directory, report, made, seconds, validation.best, validation.best_steps)


def _ends(config: TrainConfig) -> Reference | None:
    """Return what 0 and 1 of the normalised score are worth in the game of a run, if that is recorded."""
    found = reference(game_name(config.scenario), "test", make_batch(1, config.scenario, "test"))
    return found if isinstance(found, Reference) else None


def _show(report: Report, config: TrainConfig, logger: Logger, step: int) -> None:
    """Put figures and transcripts of the trained policy onto the board."""
    title = f"{report.policy} on {report.scenario}"
    result = with_margin(report.episodes.metrics()["return"])
    facts = [
        f"Trained with {config.algorithm}, {step:,} steps.",
        f"Return on {len(report.episodes.returns):,} {report.split} suppliers: {result} (half of the 95% interval).",
    ]
    put_guide(logger, title, facts)
    put_picture(logger, of_training(report.policy, writer_of(logger).returns), step)
    put_pictures(logger, of_report(report), step)
    put_transcripts(logger, write_transcripts(report, config.scenario), step)


def _describe(config: TrainConfig, directory: Path) -> None:
    """Write what the run is and what it is run with.

    Raises:
        NegoenvError: if another process has begun a run in the directory.
    """
    place = directory / CONFIG
    try:
        place.open("x").close()  # one of two processes gets it
    except FileExistsError:
        raise NegoenvError(f"{directory} exists already; name a new directory.") from None
    try:
        write_text(place, yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False))
    except BaseException:
        place.unlink()
        raise
    write_json(directory / VERSIONS, provenance(config))
