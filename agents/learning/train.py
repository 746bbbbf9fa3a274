"""One training run, from its configuration to a directory with everything that came of it."""

import platform
import time
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import yaml
from stable_baselines3.common.callbacks import BaseCallback, CallbackList
from stable_baselines3.common.logger import Logger

from negoenv.interop.sb3 import make_sb3_vec_env

from ..reporting.board import put_guide, put_picture, put_pictures, put_transcripts
from ..reporting.figures.catalogue import of_report, of_training
from ..reporting.files import new_directory, numbered_directory, write_json
from ..reporting.report import Report, play
from ..reporting.summary import in_words
from ..reporting.tensorboard import event_logger, record_report, writer_of
from ..reporting.transcripts import write_transcripts
from .callbacks import Checkpoints, HeldOut, Progress, RolloutCurves
from .config import TrainConfig
from .model import build_model, current_policy, hyperparameters
from .network_policy import NetworkPolicy, torch_threads
from .storage import save_policy

_PACKAGES = ("negoenv", "gymnasium", "numpy", "numba", "torch", "stable_baselines3", "sb3_contrib", "safetensors")


@dataclass(frozen=True)
class RunResult:
    """What a training run left.

    Attributes:
        directory: the run directory; `agents.registry.load_policy` takes it.
        report: the final policy on held-out suppliers.
        steps: environment steps that were made.
        seconds: what they took, evaluations included.
    """

    directory: Path
    report: Report
    steps: int
    seconds: float


def train(
    config: TrainConfig, directory: Path | None = None, runs: Path = Path("runs"), progress: bool = False
) -> RunResult:
    """Train a policy; the same configuration on the same machine gives the same weights.

    The directory holds ``config.yaml``, ``versions.json``, TensorBoard's event files, ``checkpoints/``,
    ``policy.safetensors`` with ``policy.json``, and ``evaluation.json``.

    Args:
        config: the run.
        directory: a new directory for it; a numbered one under ``runs`` is made unless given.
        runs: where numbered directories are made.
        progress: whether to show a progress bar.

    Raises:
        NegoenvError: if ``directory`` holds something, or the algorithm refuses its hyperparameters.
    """
    with torch_threads(config.torch_threads):
        env = make_sb3_vec_env(config.num_envs, config.scenario, "train", config.num_threads)
        model = build_model(config, env)
        directory = new_directory(directory) if directory else numbered_directory(runs, config.run_name)
        _describe(config, directory)

        def current() -> NetworkPolicy:
            return current_policy(model, config, env, directory.name)

        def held_out(episodes: int, trace: bool = False) -> Report:
            return play(current(), config.scenario, episodes=episodes, trace=trace)

        callbacks: list[BaseCallback] = [
            Checkpoints(config.checkpoint_every, directory / "checkpoints", current),
            HeldOut(config.eval_every, lambda: held_out(config.eval_episodes)),
            RolloutCurves(config.log_every),
        ]
        if progress:
            callbacks.append(Progress(directory.name))
        logger = event_logger(directory)
        writer_of(logger).hparams(hyperparameters(config))
        model.set_logger(logger)
        start = time.perf_counter()
        model.learn(config.total_steps, CallbackList(callbacks), log_interval=None)  # type: ignore[arg-type]
        seconds = time.perf_counter() - start
        save_policy(current(), directory)
        report = held_out(config.test_episodes, trace=True)
        record_report(logger, report)
        logger.dump(model.num_timesteps)
        _show(report, config, logger, model.num_timesteps)
        logger.close()
        env.close()
    write_json(directory / "evaluation.json", report.as_dict())
    return RunResult(directory, report, model.num_timesteps, seconds)


def _show(report: Report, config: TrainConfig, logger: Logger, step: int) -> None:
    """Put figures and transcripts of the trained policy onto the board."""
    title = f"{report.policy} on {report.scenario}"
    result = in_words(report.episodes.metrics()["return"])
    facts = [
        f"Trained with {config.algorithm}, {step:,} steps.",
        f"Return on {len(report.episodes.returns):,} {report.split} suppliers: {result} (half of the 95% interval).",
    ]
    put_guide(logger, title, facts)
    put_picture(logger, of_training(report.policy, writer_of(logger).returns), step)
    put_pictures(logger, of_report(report), step)
    put_transcripts(logger, write_transcripts(report, config.scenario), step)


def _describe(config: TrainConfig, directory: Path) -> None:
    """Write what the run is and what it is run with."""
    text = yaml.safe_dump(config.model_dump(mode="json"), sort_keys=False)
    (directory / "config.yaml").write_text(text, encoding="utf-8")
    system = {"platform": platform.platform(), "python": platform.python_version()}
    write_json(directory / "versions.json", system | {package: version(package) for package in _PACKAGES})
