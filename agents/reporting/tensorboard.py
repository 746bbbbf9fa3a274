"""Results for TensorBoard: the same tags and the same hyperparameter columns for every kind of policy."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stable_baselines3.common.logger import HParam, Logger, configure

from agents.reporting.compare import Comparison
from agents.reporting.files import new_directory
from agents.reporting.report import scalars

HPARAMS: dict[str, bool | str | float] = {
    "policy": "-", "scenario": "-", "algorithm": "none", "seed": 0, "total_steps": 0, "num_envs": 0, "network": "-",
    "stack": 0, "activation": "-", "anneal": False, "learning_rate": 0.0, "gamma": 0.0, "batch_size": 0, "n_steps": 0,
    "n_epochs": 0, "gae_lambda": 0.0, "ent_coef": 0.0, "vf_coef": 0.0, "clip_range": 0.0, "max_grad_norm": 0.0,
    "buffer_size": 0, "train_freq": 0, "gradient_steps": 0, "target_update_interval": 0, "exploration_fraction": 0.0,
}  # fmt: skip
"""The columns of the HPARAMS tab and what stands in them where a policy has no such thing. Runs with different columns
would hide each other's."""

METRICS = ("return", "deal_rate", "breakdown_rate", "price", "surplus_share", "goodwill", "rounds")
"""The tags beside them."""


def hparams(values: Mapping[str, Any]) -> HParam:
    """Return one row of the HPARAMS tab; what is unknown, or no number where one is expected, has its neutral value."""
    row: dict[str, bool | str | float | None] = {}
    for name, neutral in HPARAMS.items():
        value = values.get(name, neutral)
        fits = isinstance(value, str) if isinstance(neutral, str) else isinstance(value, (bool, int, float))
        row[name] = value if fits else neutral
    return HParam(row, {f"heldout/{tag}": 0.0 for tag in METRICS})


def event_logger(directory: Path) -> Logger:
    """Return a logger that writes event files into ``directory``, and nothing else."""
    return configure(str(directory), ["tensorboard"])


def record(logger: Logger, prefix: str, values: Mapping[str, float]) -> None:
    """Hand numbers to a logger under ``prefix/name``."""
    for name, value in values.items():
        logger.record(f"{prefix}/{name}", value)


def log_comparison(comparison: Comparison, directory: Path) -> None:
    """Write one TensorBoard run for each policy, with the tags of a training run's held-out curves.

    Raises:
        NegoenvError: if a run of that name is there already.
    """
    for report in comparison.reports:
        logger = event_logger(new_directory(directory / _run_name(report.policy)))
        logger.record("hparams", hparams({"policy": report.policy, "scenario": report.scenario}))
        record(logger, "heldout", scalars(report.episodes))
        logger.dump(0)
        logger.close()


def _run_name(policy: str) -> str:
    return policy.strip("./").replace("/", "_")
