"""Tianshou's vector environment of ours: the same rows, whichever of them it steps, and its collectors take it."""

import gymnasium as gym
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from negoenv import NegoenvError
from negoenv.interop.masked_observation import MaskedObservation
from negoenv.interop.tianshou import TianshouVectorEnv
from tests.contract import IDS, ONE, leaving, staying

MISSING = "needs the extra tianshou: make neighbours"


@pytest.mark.parametrize("env_id", [ONE, IDS[-2], IDS[-1]])
def test_rows_are_stepped_in_any_choice(env_id):
    envs = TianshouVectorEnv(env_id, num_envs=4)
    envs.seed(7)
    seen, _ = envs.reset()
    singles = [MaskedObservation(gym.make(env_id)) for _ in range(4)]
    expected = [env.reset(seed=7 + row)[0] for row, env in enumerate(singles)]
    for rows, action in (([0, 2], staying(env_id)), ([0, 3], leaving(env_id)), ([1, 2], staying(env_id))):
        told, rewards, terminated, truncated, infos = envs.step(np.full(2, action), rows)
        for place, row in enumerate(rows):
            expected[row], reward, ended, _, _ = singles[row].step(action)
            assert_array_equal(told[place]["obs"], expected[row]["observation"])
            assert_array_equal(told[place]["mask"], expected[row]["action_mask"])
            assert (rewards[place], terminated[place], truncated[place]) == (reward, ended, False)
            assert infos[place] == {"env_id": row}
    told, _ = envs.reset([3])
    assert len(told) == 1
    assert_array_equal(told[0]["obs"], singles[3].reset()[0]["observation"])
    seen, *_ = envs.step(np.full(2, staying(env_id)), [3, 1])
    for place, row in enumerate((3, 1)):
        assert_array_equal(seen[place]["obs"], singles[row].step(staying(env_id))[0]["observation"])


def test_a_limit_truncates_and_a_wrong_number_of_actions_is_told():
    envs = TianshouVectorEnv(ONE, num_envs=2, max_episode_steps=2)
    envs.reset()
    assert not envs.step([staying(ONE)], [1])[3].any()
    assert envs.step([staying(ONE)] * 2)[3].tolist() == [False, True]
    with pytest.raises(NegoenvError, match="1 actions were given for 2 rows"):
        envs.step([staying(ONE)])


@pytest.mark.filterwarnings("ignore")  # of the library
@pytest.mark.parametrize("env_id", IDS)
def test_its_collectors_take_every_id_and_its_dqn_plays_by_the_masks(env_id):
    data = pytest.importorskip("tianshou.data", reason=MISSING)
    dqn = pytest.importorskip("tianshou.algorithm.modelfree.dqn")
    torch = pytest.importorskip("torch")
    envs = TianshouVectorEnv(env_id, num_envs=8)
    envs.seed(0)
    moves = int(envs.action_space[0].n)

    class Constant(torch.nn.Module):
        def forward(self, obs, state=None, info=None):
            return torch.linspace(0.0, 1.0, moves).repeat(len(obs), 1), state

    policy = dqn.DiscreteQLearningPolicy(
        model=Constant(), action_space=envs.action_space[0], eps_training=0.3, eps_inference=0.3
    )
    collector = data.Collector(policy, envs, data.VectorReplayBuffer(4000, 8))
    collector.reset()
    found = collector.collect(n_episode=11)
    assert found.n_collected_episodes == 11
    played = collector.buffer.sample(0)[0]
    assert played.obs.mask[np.arange(len(played)), played.act].all()
