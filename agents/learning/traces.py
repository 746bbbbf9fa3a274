"""Memory traces: beside each observation, the moving average of all observations of the episode."""

from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv, VecEnvWrapper
from stable_baselines3.common.vec_env.base_vec_env import VecEnvStepReturn


class TracedObservations(VecEnvWrapper):
    """Environments whose observation o goes on with its trace z, as many columns again.

    An episode begins with z = o; each step makes z = decay * z + (1 - decay) * o. So nothing is forgotten at once, at
    the price of one more observation (Eberhard, Muehlebach & Vernade 2025, "Partially Observable Reinforcement Learning
    with Memory Traces").

    Attributes:
        trace: the traces at present, float32 of shape ``(num_envs, columns)``; zeros before the first `reset`.
    """

    def __init__(self, env: VecEnv, decay: float) -> None:
        """Wrap environments with columns.

        Args:
            env: observes float32 of shape ``(num_envs, columns)``.
            decay: what a step leaves of the trace, at least 0 and below 1.
        """
        seen: Any = env.observation_space
        super().__init__(env, spaces.Box(np.tile(seen.low, 2), np.tile(seen.high, 2)))
        self._decay = decay
        self.trace = np.zeros((env.num_envs, *seen.shape), np.float32)

    def reset(self) -> NDArray[np.float32]:
        """Begin an episode in each row."""
        observations: Any = self.venv.reset()
        self.trace = observations.copy()
        return self._with_trace(observations)

    def step_wait(self) -> VecEnvStepReturn:
        """Play the actions; ``terminal_observation`` has the trace at the end of the episode, as its last step does."""
        first_or_next, rewards, dones, infos = self.venv.step_wait()
        observations: Any = first_or_next
        ended, last = np.flatnonzero(dones), observations.copy()
        for row in ended:
            last[row] = infos[row]["terminal_observation"]
        self.trace = self._decay * self.trace + (1 - self._decay) * last
        for row in ended:
            infos[row]["terminal_observation"] = np.append(last[row], self.trace[row])
        self.trace[ended] = observations[ended]
        return self._with_trace(observations), rewards, dones, infos

    def _with_trace(self, observations: Any) -> NDArray[np.float32]:
        return np.concatenate([observations, self.trace], axis=1)
