"""Experiment trackers beside TensorBoard: the curves of a run for Weights & Biases or MLflow, on this disk."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from stable_baselines3.common.logger import KVWriter

from negoenv.benchmark.evaluation import Interval

from ..extras import needed

_EXTRA = "trackers"


def tracker_writer(tracker: str, directory: Path, settings: Mapping[str, Any]) -> KVWriter:
    """Return what writes the curves of a run for a tracker; nothing leaves this machine.

    Args:
        tracker: "wandb", which writes an offline run to ``wandb`` in the run directory, or "mlflow", which writes to
            the folder ``mlruns`` beside the run directory.
        directory: of the run, whose name is that of the tracked one.
        settings: of the run, by name.

    Raises:
        NegoenvError: if the tracker is not installed.
    """
    return (_WandbWriter if tracker == "wandb" else _MlflowWriter)(directory, settings)


def require_tracker(tracker: str | None) -> None:
    """Refuse a tracker that is not installed.

    Raises:
        NegoenvError: with the command that installs it.
    """
    if tracker is not None:
        needed(tracker, _EXTRA, f"tracker={tracker}")


def _numbers(key_values: Mapping[str, Any]) -> dict[str, float]:
    """Return means and numbers as floats, without what is neither."""
    means = {key: value.mean if isinstance(value, Interval) else value for key, value in key_values.items()}
    return {key: float(value) for key, value in means.items() if hasattr(value, "__float__")}


class _WandbWriter(KVWriter):
    def __init__(self, directory: Path, settings: Mapping[str, Any]) -> None:
        wandb = needed("wandb", _EXTRA, "tracker=wandb")
        self._run = wandb.init(
            project="negoenv", name=directory.name, dir=str(directory), config=dict(settings), mode="offline",
            settings=wandb.Settings(console="off", silent=True),
        )  # fmt: skip

    def write(self, key_values: dict[str, Any], key_excluded: dict[str, Any], step: int = 0) -> None:
        self._run.log(_numbers(key_values), step=step)

    def close(self) -> None:
        self._run.finish()


class _MlflowWriter(KVWriter):
    def __init__(self, directory: Path, settings: Mapping[str, Any]) -> None:
        mlflow = needed("mlflow", _EXTRA, "tracker=mlflow")
        folder = (directory.parent / "mlruns").resolve()
        folder.mkdir(exist_ok=True)
        self._client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{folder / 'mlflow.db'}")
        found = self._client.get_experiment_by_name("negoenv")
        experiment = found.experiment_id if found else self._client.create_experiment("negoenv", folder.as_uri())
        self._run = self._client.create_run(experiment, run_name=directory.name).info.run_id
        for name, value in settings.items():
            self._client.log_param(self._run, name, value)

    def write(self, key_values: dict[str, Any], key_excluded: dict[str, Any], step: int = 0) -> None:
        for name, value in _numbers(key_values).items():
            self._client.log_metric(self._run, name, value, step=step)

    def close(self) -> None:
        self._client.set_terminated(self._run)
