"""How fast PPO trains over our batched adapter and over SB3's DummyVecEnv, and where the time goes."""

import cProfile
import pstats
import statistics
import time
from typing import Any

import gymnasium as gym

_OURS = "negoenv/Procurement-v0"
_DUMMY_ROWS = 8
# Part: the functions of SB3 and ours that it is made of, by file; what is left is the loop around them.
_PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "env": {"interop/sb3.py": ("step_wait",)},
    "policy": {"common/policies.py": ("forward", "predict_values")},
    "buffer": {"common/buffers.py": ("add", "compute_returns_and_advantage")},
    "update": {"ppo/ppo.py": ("train",)},
}


def training(steps: int = 65_536, num_rows: int = 256, threads: int = 1, repetitions: int = 3) -> dict[str, Any]:
    """Train PPO for ``steps`` over ``num_rows`` rows of ours and over 8 environments of DummyVecEnv.

    Both collect 16,384 steps (or all of them) before each update of 4 epochs with batches of 4,096, so that the
    updates are alike; without a profiler for the speed, in turn and three times, then with one for the shares.
    """
    from stable_baselines3.common.vec_env import DummyVecEnv

    from negoenv.interop.sb3 import make_sb3_vec_env

    from ...learning.network_policy import torch_threads

    with torch_threads(threads):
        pairs = [
            (
                _run(make_sb3_vec_env(num_rows), steps),
                _run(DummyVecEnv([lambda: gym.make(_OURS)] * _DUMMY_ROWS), max(steps // 4, 2048)),
            )
            for _ in range(repetitions)
        ]
        shares = _shares(make_sb3_vec_env(num_rows), steps)
    return {
        "rows": num_rows,
        "torch_threads": threads,
        "steps_per_second": {
            "ours": statistics.median(ours for ours, _ in pairs),
            "dummy": statistics.median(dummy for _, dummy in pairs),
        },
        "times_as_fast": statistics.median(ours / dummy for ours, dummy in pairs),
        "shares": shares,
    }


def _learner(envs: Any, steps: int) -> Any:
    from stable_baselines3 import PPO

    horizon = max(1, min(steps, 16_384) // envs.num_envs)
    return PPO("MlpPolicy", envs, n_steps=horizon, batch_size=4096, n_epochs=4, device="cpu", seed=0)


def _run(envs: Any, steps: int) -> float:
    """Return the steps per second of training, first rollout and update left out."""
    model = _learner(envs, steps)
    rollout = model.n_steps * envs.num_envs
    model.learn(rollout)
    start = time.perf_counter()
    model.learn(max(steps, rollout))
    return float(model.num_timesteps / (time.perf_counter() - start))


def _shares(envs: Any, steps: int) -> dict[str, float]:
    """Return the share of the time of each part of training, by Python's profiler."""
    model = _learner(envs, steps)
    profiler = cProfile.Profile()
    profiler.enable()
    model.learn(steps)
    profiler.disable()
    stats: Any = pstats.Stats(profiler)
    whole: float = stats.total_tt
    spent = dict.fromkeys(_PARTS, 0.0)
    for (file, _, function), (*_, cumulative, _) in stats.stats.items():
        for part, functions in _PARTS.items():
            if any(file.endswith(piece) and function in names for piece, names in functions.items()):
                spent[part] += cumulative
    shares = {part: seconds / whole for part, seconds in spent.items()}
    return shares | {"rest": max(0.0, 1.0 - sum(shares.values()))}
