"""What Stable-Baselines3 and sb3-contrib bring beside their algorithms, and all seven of those on every scenario.

Run by make neighbours: the main suite trains with each algorithm on fewer scenarios.
"""

import numpy as np
import pytest

pytest.importorskip("rl_zoo3", reason="takes minutes; run by make neighbours")
from sb3_contrib import QRDQN, TRPO, MaskablePPO, RecurrentPPO
from stable_baselines3 import A2C, DQN, PPO
from stable_baselines3.common.callbacks import EvalCallback
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.vec_env import VecFrameStack, VecMonitor, VecNormalize

from negoenv.interop.sb3 import make_sb3_vec_env
from negoenv.registration import LADDER, PRESETS, SOURCING_PRESETS

ROWS = 8
SMALL = {"net_arch": [8]}
ON_POLICY = {"n_steps": 8, "policy_kwargs": SMALL}
OFF_POLICY = {"learning_starts": 16, "buffer_size": 200, "batch_size": 8, "train_freq": 1, "policy_kwargs": SMALL}
ALGORITHMS = {
    "ppo": (PPO, "MlpPolicy", {**ON_POLICY, "batch_size": 16, "n_epochs": 1}),
    "a2c": (A2C, "MlpPolicy", ON_POLICY),
    "dqn": (DQN, "MlpPolicy", OFF_POLICY),
    "qrdqn": (QRDQN, "MlpPolicy", OFF_POLICY),
    "trpo": (TRPO, "MlpPolicy", {**ON_POLICY, "batch_size": 16}),
    "maskable_ppo": (MaskablePPO, "MlpPolicy", {**ON_POLICY, "batch_size": 16, "n_epochs": 1}),
    "recurrent_ppo": (
        RecurrentPPO,
        "MlpLstmPolicy",
        {"n_steps": 8, "batch_size": 16, "n_epochs": 1, "policy_kwargs": {**SMALL, "lstm_hidden_size": 8}},
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("scenario", [*PRESETS, *SOURCING_PRESETS, LADDER])
@pytest.mark.parametrize("name", ALGORITHMS)
def test_every_algorithm_learns_on_every_scenario(name, scenario):
    algorithm, policy, arguments = ALGORITHMS[name]
    model = algorithm(policy, make_sb3_vec_env(ROWS, scenario), seed=0, device="cpu", **arguments)
    before = [parameter.detach().clone() for parameter in model.policy.parameters()]
    model.learn(128)
    assert any((old != new).any() for old, new in zip(before, model.policy.parameters(), strict=True))
    assert all(new.isfinite().all() for new in model.policy.parameters())


@pytest.mark.filterwarnings("ignore:The environment is already wrapped with a `Monitor`")
def test_the_episodes_that_are_evaluated_are_those_that_vec_monitor_counts():
    """`evaluate_policy` sums the rewards that it sees, or takes what a monitor says: both are the same."""
    model = PPO("MlpPolicy", make_sb3_vec_env(ROWS), seed=0, device="cpu", policy_kwargs=SMALL)
    found = []
    for envs in (make_sb3_vec_env(ROWS, split="test"), VecMonitor(make_sb3_vec_env(ROWS, split="test"))):
        envs.seed(5)
        found.append(evaluate_policy(model, envs, n_eval_episodes=24, return_episode_rewards=True, warn=False))
    np.testing.assert_allclose(found[0][0], found[1][0], atol=1e-4)
    assert found[0][1] == found[1][1]


def test_eval_callback_keeps_the_best_model(tmp_path):
    callback = EvalCallback(
        make_sb3_vec_env(ROWS, split="test"), n_eval_episodes=16, eval_freq=16, best_model_save_path=str(tmp_path),
        log_path=str(tmp_path), verbose=0, warn=False,
    )  # fmt: skip
    PPO("MlpPolicy", make_sb3_vec_env(ROWS), n_steps=16, batch_size=64, seed=0, device="cpu").learn(256, callback)
    assert np.isfinite(callback.best_mean_reward)
    assert (tmp_path / "best_model.zip").is_file()
    assert np.load(tmp_path / "evaluations.npz")["results"].shape == (2, 16)


@pytest.mark.parametrize("scenario", ["Procurement", "Contract", next(iter(SOURCING_PRESETS))])
def test_vec_normalize_and_vec_frame_stack_wrap_it(scenario):
    plain = make_sb3_vec_env(ROWS, scenario)
    columns = plain.observation_space.shape[0]
    normal = VecNormalize(plain)
    PPO("MlpPolicy", normal, n_steps=32, batch_size=64, seed=0, device="cpu").learn(256)
    assert normal.obs_rms.count > 256
    seen = normal.reset()
    assert np.abs(seen).max() <= normal.clip_obs
    assert all(plain.observation_space.contains(row) for row in normal.get_original_obs())
    stacked = VecFrameStack(make_sb3_vec_env(ROWS, scenario), 3)
    model = MaskablePPO("MlpPolicy", stacked, n_steps=16, batch_size=64, seed=0, device="cpu").learn(128)
    seen = stacked.reset()
    assert seen.shape == (ROWS, 3 * columns)
    assert not seen[:, : 2 * columns].any(), "nothing of the episode before"
    assert model.predict(seen, action_masks=np.stack(stacked.env_method("action_masks")))[0].shape == (ROWS,)
