"""Trackers get the curves that TensorBoard gets; a missing one is told before any work."""

import pytest

from agents.learning.config import load_config
from agents.learning.trackers import require_tracker
from agents.learning.train import train
from negoenv import NegoenvError

TINY = ("total_steps=512", "num_envs=16", "eval_every=256", "eval_episodes=8", "test_episodes=16", "log_every=256")
MISSING = "needs the extra trackers: make neighbours"


def trained(tracker, folder):
    changes = (*TINY, "hyperparameters.batch_size=256", f"tracker={tracker}")
    return train(load_config("smoke", changes), runs=folder).directory


def test_a_missing_tracker_is_told_with_the_command_that_installs_it(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name=name)

    monkeypatch.setattr("agents.extras.importlib.import_module", missing)
    with pytest.raises(NegoenvError, match=r"^tracker=wandb needs wandb, which is not installed: run .*trackers"):
        require_tracker("wandb")
    require_tracker(None)


@pytest.mark.filterwarnings("ignore")  # of the library
def test_mlflow_gets_the_curves(tmp_path):
    mlflow = pytest.importorskip("mlflow", reason=MISSING)
    directory = trained("mlflow", tmp_path)
    client = mlflow.MlflowClient(tracking_uri=f"sqlite:///{tmp_path / 'mlruns' / 'mlflow.db'}")
    (run,) = client.search_runs([client.get_experiment_by_name("negoenv").experiment_id])
    assert run.info.run_name == directory.name
    assert run.info.status == "FINISHED"
    assert {"validation/return", "test/return"} <= set(run.data.metrics)
    assert len(client.get_metric_history(run.info.run_id, "validation/return")) >= 2


@pytest.mark.filterwarnings("ignore")
def test_wandb_writes_an_offline_run(tmp_path):
    pytest.importorskip("wandb", reason=MISSING)
    directory = trained("wandb", tmp_path)
    (log,) = directory.glob("wandb/offline-run-*/run-*.wandb")
    assert b"validation/return" in log.read_bytes()
