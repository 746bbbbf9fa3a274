"""How fast PPO trains, where the time goes, how soon it beats the scripted policies, and what starting up takes."""

import cProfile
import os
import pstats
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import gymnasium as gym

from negoenv.benchmark.evaluation import paired_difference

from ...reporting.compare import compare
from ...reporting.report import report_on

_OURS = "negoenv/Procurement-v0"
_DUMMY_ROWS = 8
# Part: the functions of SB3 and ours that it is made of, by file; what is left is the loop around them.
_PARTS: dict[str, dict[str, tuple[str, ...]]] = {
    "env": {"interop/sb3.py": ("step_wait",)},
    "policy": {"common/policies.py": ("forward", "predict_values")},
    "buffer": {"common/buffers.py": ("add", "compute_returns_and_advantage")},
    "update": {"ppo/ppo.py": ("train",)},
}


def time_training(steps: int = 65_536, num_rows: int = 256, threads: int = 1, repetitions: int = 3) -> dict[str, Any]:
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
    batch = min(4096, horizon * envs.num_envs)
    return PPO("MlpPolicy", envs, n_steps=horizon, batch_size=batch, n_epochs=4, device="cpu", seed=0)


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


CONFIG = "procurement_ppo"


def until_beaten(config: str | Path = CONFIG, most_steps: int | None = None, episodes: int = 4096) -> dict[str, Any]:
    """Train until the policy's mean return on held-out suppliers is above the best scripted one's, intervals apart.

    It is asked after every fifth rollout; the clock stands still meanwhile.

    Args:
        config: a training run, as in `agents.learning.config.load_config`.
        most_steps: give up after so many; those of the run unless given.
        episodes: held-out suppliers, the same for all.

    Returns:
        the scripted policy, both returns, and the steps and seconds that it took; ``beaten`` says whether it was.
    """
    from stable_baselines3.common.callbacks import BaseCallback

    from negoenv.interop.sb3 import make_sb3_vec_env

    from ...learning.config import load_config
    from ...learning.model import build_model, current_policy, spec_of
    from ...learning.network_policy import torch_threads

    run = load_config(config)
    best = compare((), run.scenario, episodes=episodes).best

    class UntilBeaten(BaseCallback):
        """Asks after some rollouts whether it is enough, and ends training then."""

        beaten, reached, asking, rollouts = False, float("nan"), 0.0, 0

        def _on_step(self) -> bool:
            return not self.beaten

        def _on_rollout_start(self) -> None:
            if self.rollouts and self.rollouts % 5 == 0:
                start = time.perf_counter()
                learned = report_on(current_policy(self.model, spec, "ppo"), run.scenario, episodes=episodes).episodes
                self.reached = float(learned.returns.mean())
                self.beaten = paired_difference(learned, best.episodes).low > 0.0
                self.asking += time.perf_counter() - start
            self.rollouts += 1

    with torch_threads(run.torch_threads):
        env = make_sb3_vec_env(run.num_envs, run.scenario, "train", run.num_threads)
        model, spec, asked = build_model(run, env), spec_of(run, env.env.batch), UntilBeaten()
        start = time.perf_counter()
        model.learn(most_steps or run.total_steps, asked, log_interval=None)  # type: ignore[arg-type]
        seconds = time.perf_counter() - start - asked.asking
    return {
        "policy": best.policy,
        "its_return": float(best.episodes.returns.mean()),
        "return": asked.reached,
        "beaten": bool(asked.beaten),
        "steps": int(model.num_timesteps),
        "seconds": seconds,
    }


_BARE = "import gymnasium, numpy, numba"
_IMPORT = f"{_BARE}; import negoenv"
_STEP = """
import time; import gymnasium as gym; import negoenv
start = time.perf_counter()
env = gym.make("negoenv/Procurement-v0"); env.reset(seed=0); env.step(18)
print(time.perf_counter() - start)
"""
_TIMED = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"


def startup(repetitions: int = 5, cold: bool = True) -> dict[str, float]:
    """Return seconds: of the import over those of its three big dependencies, and of reset and first step.

    Args:
        repetitions: medians are taken of so many processes each.
        cold: whether to time the first step without any compiled code, too.
    """
    with tempfile.TemporaryDirectory(prefix="negoenv-") as folder:
        results = {"first_step_cold": _seconds(_STEP, folder)} if cold else {}
        warm = None if not cold else folder
        pairs = [(_seconds(_TIMED.format(_IMPORT)), _seconds(_TIMED.format(_BARE))) for _ in range(repetitions)]
        steps = [_seconds(_STEP, warm) for _ in range(repetitions)]
    results["import_over_dependencies"] = statistics.median(one - other for one, other in pairs)
    results["first_step_warm"] = statistics.median(steps)
    return results


def _seconds(program: str, cache: str | None = None) -> float:
    environment = {**os.environ, **({"NUMBA_CACHE_DIR": cache} if cache else {})}
    done = subprocess.run([sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True)
    return float(done.stdout.split()[-1])
