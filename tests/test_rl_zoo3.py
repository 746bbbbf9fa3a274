"""rl_zoo3 trains by the hyperparameters that are shipped for it, as docs/neighbours.md shows it."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

from negoenv.config import read_yaml
from tests.conftest import ROOT
from tests.contract import ONE, SOURCING

FOLDER = ROOT / "configs" / "rl_zoo3"
ALGORITHMS = ("a2c", "dqn", "ppo", "ppo_lstm", "qrdqn", "trpo")
MISSING = "needs the extra zoo: make neighbours"


def test_each_file_has_settings_for_every_id():
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(ALGORITHMS)
    assert all("policy" in read_yaml(path)["default"] for path in FOLDER.iterdir())


@pytest.mark.slow
@pytest.mark.skipif(find_spec("rl_zoo3") is None, reason=MISSING)
@pytest.mark.parametrize(
    ("algorithm", "env_id"),
    [*((name, ONE) for name in ALGORITHMS), ("ppo", "negoenv/Contract-v0"), ("ppo", SOURCING[0])],
)
def test_its_command_trains_by_them(algorithm, env_id, tmp_path):
    """In a process of its own, in a folder of its own."""
    options = ["--gym-packages", "negoenv", "--conf-file", FOLDER / f"{algorithm}.yml", "--n-timesteps", 1024]
    options += ["--eval-freq", 1024, "--eval-episodes", 2, "--num-threads", 1, "--device", "cpu", "--log-folder", "."]
    command = [sys.executable, "-m", "rl_zoo3.train", "--algo", algorithm, "--env", env_id, *map(str, options)]
    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=280)
    assert ran.returncode == 0, ran.stderr
    assert list(tmp_path.rglob(f"{env_id.replace('/', '-')}.zip"))
