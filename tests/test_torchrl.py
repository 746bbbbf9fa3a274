"""TorchRL takes every id, single and vector, with the masks where its policies look for them."""

import gymnasium as gym
import numpy as np
import pytest

from negoenv import NegoenvError
from negoenv.interop.torchrl import MASK, make_torchrl_env
from tests.contract import IDS, ONE

MISSING = "needs the extra torchrl: make neighbours"
ROWS = 4


def test_a_missing_library_is_told_with_the_command(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr("negoenv.interop.torchrl.importlib.import_module", missing)
    with pytest.raises(NegoenvError, match=r"TorchRL cannot be imported \(.*\); install it: .*\[torchrl\]"):
        make_torchrl_env(ONE)


@pytest.mark.filterwarnings("ignore")  # of the library
@pytest.mark.parametrize("num_envs", [None, ROWS])
@pytest.mark.parametrize("env_id", IDS)
def test_its_own_check_passes_and_only_legal_moves_are_drawn(env_id, num_envs):
    envs = pytest.importorskip("torchrl.envs", reason=MISSING)
    env = make_torchrl_env(env_id, num_envs)
    env.set_seed(0)
    envs.check_env_specs(env)
    played = env.rollout(60, break_when_any_done=False)
    assert played.shape == ((60,) if num_envs is None else (ROWS, 60))
    assert played[MASK].gather(-1, played["action"].unsqueeze(-1)).all()
    assert not played[MASK].all()
    assert played["next", "done"].any(), "episodes began anew"


@pytest.mark.filterwarnings("ignore")
def test_its_rows_are_those_of_the_vector_environment():
    pytest.importorskip("torchrl", reason=MISSING)
    env = make_torchrl_env(ONE, ROWS, split="test")
    env.set_seed(3, static_seed=True)
    played = env.rollout(40, break_when_any_done=False)
    envs = gym.make_vec(ONE, num_envs=ROWS, split="test", autoreset_mode="Disabled")
    envs.reset(seed=3)  # as its seeding does
    seen, infos = envs.reset()
    for step in played.unbind(1):
        np.testing.assert_array_equal(step["observation"], seen)
        np.testing.assert_array_equal(step[MASK], infos["action_mask"])
        seen, rewards, ended, _, infos = envs.step(step["action"].numpy())
        np.testing.assert_array_equal(step["next", "observation"], seen)
        np.testing.assert_allclose(step["next", "reward"].squeeze(-1), rewards, rtol=1e-6)
        if ended.any():
            began, masks = envs.reset(options={"reset_mask": ended})
            seen, infos = np.where(ended[:, None], began, seen), masks
