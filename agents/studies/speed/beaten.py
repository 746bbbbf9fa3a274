"""How long PPO takes to beat the best scripted policy."""

import time
from pathlib import Path
from typing import Any

from negoenv.benchmark.evaluation import paired_difference

from ...reporting.compare import compare
from ...reporting.report import report_on

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
                learnt = report_on(current_policy(self.model, spec, "ppo"), run.scenario, episodes=episodes).episodes
                self.reached = float(learnt.returns.mean())
                self.beaten = paired_difference(learnt, best.episodes).low > 0.0
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
