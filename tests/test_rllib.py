"""RLlib takes every id by its own name, in vectors and alone, and its masked module draws legal moves only."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from negoenv import NegoenvError
from negoenv.interop.rllib import KEYS, creator, register_for_rllib
from tests.contract import IDS, ONE

MISSING = "needs the extra rllib: make neighbours-rllib"
ROWS = 8


def test_a_missing_library_is_told_with_the_command(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr("negoenv.interop.rllib.importlib.import_module", missing)
    with pytest.raises(NegoenvError, match=r"RLlib cannot be imported \(.*\); install it: .*\[rllib\]"):
        register_for_rllib()


@pytest.mark.parametrize("env_id", IDS)
def test_a_vector_is_made_where_rows_are_asked_for_and_a_single_environment_elsewhere(env_id):
    envs = creator(env_id)({"num_envs": ROWS, "split": "test"})
    env = creator(env_id)({"split": "test"})
    assert isinstance(envs, gym.vector.VectorEnv)
    assert envs.metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP
    assert envs.single_observation_space == env.observation_space
    seen, _ = envs.reset(seed=3)
    first, _ = env.reset(seed=3)
    assert sorted(first) == sorted(KEYS)
    for key in KEYS:
        np.testing.assert_array_equal(seen[key][0], first[key])


@pytest.fixture(scope="module")
def started():
    """Ray on this machine, with the ids registered."""
    pytest.importorskip("ray.rllib", reason=MISSING)
    import ray

    ray.init(address="local", num_cpus=2, include_dashboard=False, log_to_driver=False)
    register_for_rllib()
    yield
    ray.shutdown()


def ppo(env_id, runners):
    """Return a configuration of PPO on the new API stack, its episodes in vectors."""
    from ray.rllib.algorithms.ppo import PPOConfig
    from ray.rllib.core.rl_module.rl_module import RLModuleSpec
    from ray.rllib.examples.rl_modules.classes.action_masking_rlm import ActionMaskingTorchRLModule

    return (
        PPOConfig()
        .environment(env_id)
        .env_runners(num_env_runners=runners, num_envs_per_env_runner=ROWS, gym_env_vectorize_mode="vector_entry_point")
        .rl_module(rl_module_spec=RLModuleSpec(ActionMaskingTorchRLModule, model_config={"fcnet_hiddens": [16]}))
        .training(train_batch_size_per_learner=512, minibatch_size=256, num_epochs=1)
        .debugging(seed=0, log_level="ERROR")
    )


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the library
@pytest.mark.parametrize("env_id", [ONE, *IDS[-4:-1]])
def test_only_legal_moves_are_drawn_and_episodes_are_whole(started, env_id):
    algorithm = ppo(env_id, 0).build_algo()
    episodes = algorithm.env_runner.sample(num_episodes=3 * ROWS)
    algorithm.train()
    algorithm.stop()
    assert len(episodes) >= 3 * ROWS
    for episode in episodes:
        assert episode.is_done
        masks, actions = episode.get_observations()["action_mask"][:-1], episode.get_actions()
        assert masks[np.arange(len(actions)), actions].all()
        assert not masks.all()


@pytest.mark.slow
@pytest.mark.timeout(1800)  # each process that is started imports much
@pytest.mark.filterwarnings("ignore")
def test_tune_runs_it_with_env_runners_of_their_own(started, tmp_path):
    from ray import tune

    stops = tune.RunConfig(stop={"training_iteration": 2}, storage_path=str(tmp_path), verbose=0)
    results = tune.Tuner("PPO", param_space=ppo(ONE, 1), run_config=stops).fit()
    assert not results.errors
    assert results[0].metrics["num_env_steps_sampled_lifetime"] >= 1024
    assert -1.0 < results[0].metrics["env_runners"]["episode_return_mean"] < 1.0
