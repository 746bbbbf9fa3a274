"""The wrappers that put the legal moves into the observation, single and vector, in each autoreset mode."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from numpy.testing import assert_array_equal

from negoenv import NegoenvError
from negoenv.interop.masked_observation import MaskedObservation, VectorMaskedObservation
from tests.contract import IDS, ONE, each_mode, leaving, staying


@pytest.mark.parametrize("env_id", IDS)
@pytest.mark.filterwarnings("ignore")  # what Gymnasium advises about bounds
def test_observations_hold_the_masks(env_id):
    env = MaskedObservation(gym.make(env_id), "obs", "mask")
    plain = gym.make(env_id)
    (seen, _), (expected, info) = env.reset(seed=1), plain.reset(seed=1)
    for action in (staying(env_id), leaving(env_id)):
        assert env.observation_space.contains(seen)
        assert_array_equal(seen["obs"], expected)
        assert_array_equal(seen["mask"], info["action_mask"], strict=True)
        seen, *rest, _ = env.step(action)
        expected, *others, info = plain.step(action)
        assert rest == others


@pytest.mark.filterwarnings("ignore")
def test_gymnasium_checks_it():
    check_env(MaskedObservation(gym.make(ONE)))


@each_mode
def test_rows_hold_them_too_and_so_do_last_observations(mode):
    envs = VectorMaskedObservation(gym.make_vec(ONE, num_envs=3, autoreset_mode=mode))
    env = MaskedObservation(gym.make(ONE))
    (seen, _), (expected, _) = envs.reset(seed=4), env.reset(seed=4)
    assert envs.observation_space.contains(seen)
    for action in (staying(ONE), leaving(ONE)):
        seen, _, ended, _, infos = envs.step(np.full(3, action))
        expected, *_ = env.step(action)
        row = {key: value[0] for key, value in seen.items()}
        last = infos["final_obs"][0] if "final_obs" in infos else row
        assert_array_equal(last["observation"], expected["observation"])
        assert_array_equal(last["action_mask"], expected["action_mask"])
        assert_array_equal(seen["action_mask"], infos["action_mask"])
    assert ended.all()


def test_other_action_spaces_are_refused():
    with pytest.raises(NegoenvError, match="needs the action space Discrete, not MultiDiscrete"):
        MaskedObservation(gym.make(ONE, action_space="factored"))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("env_id", IDS)
def test_skrl_takes_every_id(env_id):
    torch = pytest.importorskip("skrl.envs.wrappers.torch", reason="needs the extra skrl: make neighbours")
    tensor = pytest.importorskip("torch").tensor
    single = torch.wrap_env(MaskedObservation(gym.make(env_id)))
    seen, _ = single.reset()
    moves = int(single.action_space.n)
    assert_array_equal(seen[:, :moves].numpy(), single.unwrapped.action_masks()[None])
    *_, ended, _, _ = single.step(tensor([[leaving(env_id)]]))
    assert ended.tolist() == [[True]]
    envs = torch.wrap_env(VectorMaskedObservation(gym.make_vec(env_id, num_envs=2, autoreset_mode="SameStep")))
    seen, _ = envs.reset()
    legal = envs.unwrapped.action_masks()
    assert_array_equal(seen[:, :moves].numpy(), legal)
    _, _, ended, _, _ = envs.step(tensor([[leaving(env_id)], [staying(env_id)]]))
    assert ended.tolist() == [[True], [False]]
