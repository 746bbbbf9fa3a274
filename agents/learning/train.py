"""One training run, from its configuration to a directory with everything that came of it."""

import platform
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import yaml
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import CallbackList
from stable_baselines3.common.logger import Logger

from negoenv.benchmark.scores import Reference, reference
from negoenv.errors import NegoenvError
from negoenv.interop.sb3 import make_sb3_vec_env
from negoenv.make import game_name, make_batch

from ..reporting.figures.pictures import of_report, of_training
from ..reporting.files import new_directory, numbered_directory, write_json
from ..reporting.report import Report, report_on
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
from .callbacks import Checkpoints, RolloutCurves, Soundness, TrainingProgress, Validation
from .config import TrainConfig
from .model import build_model, current_policy, hyperparameters, spec_of
from .network_policy import NetworkPolicy, torch_threads
from .spec import PolicySpec
from .storage import save_policy

BEST = "best"
CHECKPOINTS = "checkpoints"
_PACKAGES = ("negoenv", "gymnasium", "numpy", "numba", "torch", "stable_baselines3", "sb3_contrib", "safetensors")


@dataclass(frozen=True)
class RunResult:
    """What a training run left.

    Attributes:
        directory: the run directory; `agents.registry.load_policy` takes it.
        report: the final policy on the test suppliers.
        steps: environment steps that were made.
        seconds: what they took, evaluations included.
        best: the policy that was best on the validation suppliers, on them; None if it could not be written.
        best_steps: after how many steps that was; it is in the directory ``best``.
    """

    directory: Path
    report: Report
    steps: int
    seconds: float
    best: Report | None
    best_steps: int


@dataclass(frozen=True)
class Run:
    """A training run under way."""

    config: TrainConfig  # what it is
    directory: Path  # what it leaves
    model: BaseAlgorithm  # what learns
    spec: PolicySpec  # what its policies say of themselves

    def policy(self) -> NetworkPolicy:
        """Return the policy as it is, greedy."""
        return current_policy(self.model, self.spec, self.directory.name)

    def evaluate(self, policy: NetworkPolicy, split: str, episodes: int, trace: bool = False) -> Report:
        """Return what a policy achieves on suppliers that it is not trained with."""
        return report_on(policy, self.config.scenario, split, episodes, trace=trace)


def train(
    config: TrainConfig, directory: Path | None = None, runs: Path = Path("runs"), progress: bool = False
) -> RunResult:
    """Train a policy; the same configuration on the same machine gives the same weights.

    The directory holds ``config.yaml``, ``versions.json``, TensorBoard's event files, the policy as
    ``policy.safetensors`` with ``policy.json``, and ``evaluation.json``, its result on the test suppliers. The
    directories ``best``, chosen on the validation suppliers, and ``checkpoints/step_...`` hold policies, too.

    Args:
        config: the run.
        directory: a new directory for it; a numbered one under ``runs`` is made unless given.
        runs: where numbered directories are made.
        progress: whether to tell on stderr how it goes.

    Raises:
        NegoenvError: if ``directory`` holds something, the algorithm refuses its hyperparameters, or training diverges.
        KeyboardInterrupt: on Ctrl-C; it says where the policy as it is has been written.
    """
    with torch_threads(config.torch_threads):
        env = make_sb3_vec_env(config.num_envs, config.scenario, "train", config.num_threads)
        model = build_model(config, env)
        directory = new_directory(directory) if directory else numbered_directory(runs, config.run_name)
        _describe(config, directory)
        run = Run(config, directory, model, spec_of(config, env.env.batch))
        logger = event_logger(directory)
        writer_of(logger).hparams(hyperparameters(config))
        model.set_logger(logger)
        soundness = Soundness(run.policy)
        with _kept(run, soundness):
            try:
                return _trained(run, soundness, logger, progress)
            finally:
                logger.close()
                env.close()


def _trained(run: Run, soundness: Soundness, logger: Logger, progress: bool) -> RunResult:
    """Train the model, and evaluate what came of it."""
    config, directory, model = run.config, run.directory, run.model
    validation = Validation(
        config.eval_every,
        directory / BEST,
        run.policy,
        lambda policy: run.evaluate(policy, "validation", config.eval_episodes),
    )
    checkpoints = Checkpoints(config.checkpoint_every, config.checkpoints_kept, directory / CHECKPOINTS, run.policy)
    shown = TrainingProgress(directory.name, validation, _ends(config))
    callbacks = [soundness, checkpoints, validation, RolloutCurves(config.log_every), *([shown] if progress else [])]
    start = time.perf_counter()
    try:
        model.learn(config.total_steps, CallbackList(callbacks), log_interval=None)  # type: ignore[arg-type]
    finally:
        shown.close()
    seconds = time.perf_counter() - start
    policy = run.policy()
    save_policy(policy, directory)
    report = run.evaluate(policy, "test", config.test_episodes, trace=True)
    write_json(directory / "evaluation.json", report.as_dict())
    record_report(logger, report)
    logger.dump(model.num_timesteps)
    _show(report, config, logger, model.num_timesteps)
    return RunResult(directory, report, model.num_timesteps, seconds, validation.best, validation.best_steps)


@contextmanager
def _kept(run: Run, soundness: Soundness) -> Iterator[None]:
    """Keep what has been learnt, whatever ends the training, and say where it is."""
    try:
        yield
    except BaseException as error:
        policy = run.policy()
        diverged = not policy.is_finite()
        kept = _save(soundness.last if diverged else policy, run.directory)
        if isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt(f"Interrupted; {kept}.") from None
        if diverged:
            raise NegoenvError(
                f"Training diverged at step {policy.steps:,}: the network holds numbers that are not finite; {kept}. "
                "A smaller learning_rate may help."
            ) from error
        if isinstance(error, OSError):
            problem = f"{error.filename or 'A file'} cannot be written: {error.strerror or error}"
            raise NegoenvError(f"{problem}; {kept}.") from error
        raise


def _save(policy: NetworkPolicy, directory: Path) -> str:
    """Write a policy into its run directory and return in words whether it is there."""
    try:
        save_policy(policy, directory)
    except OSError as error:
        return f"the policy cannot be written to {directory} ({error.strerror or error}), what was kept before stays"
    return f"{directory} holds the policy of step {policy.steps:,}"


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
    text = yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False)
    try:
        with (directory / "config.yaml").open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise NegoenvError(f"{directory} exists already; name a new directory.") from None
    system = {"platform": platform.platform(), "python": platform.python_version()}
    write_json(directory / "versions.json", system | {package: version(package) for package in _PACKAGES})
