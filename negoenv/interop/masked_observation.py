"""Wrappers that put the legal moves into the observation, for trainers whose networks see nothing but that."""

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from gymnasium.utils import RecordConstructorArgs
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from negoenv.errors import NegoenvError


def _with_mask(seen: spaces.Space[Any], moves: spaces.Space[Any], names: tuple[str, str]) -> spaces.Dict:
    if not isinstance(moves, spaces.Discrete):
        raise NegoenvError(f"A mask over single moves needs the action space Discrete, not {type(moves).__name__}.")
    return spaces.Dict({names[0]: seen, names[1]: spaces.Box(0, 1, (int(moves.n),), np.int8)})


class MaskedObservation(gym.Wrapper[dict[str, Any], Any, NDArray[Any], Any], RecordConstructorArgs):
    """Observations are dictionaries of what they were, and of ``info["action_mask"]``: int8 ``(moves,)``, 1 if legal.

    Args:
        env: an environment of ours with discrete actions.
        observation: the key of what the observation was.
        mask: the key of the mask. Tianshou wants "obs" and "mask", RLlib "observations" and "action_mask".

    Raises:
        NegoenvError: for another action space.
    """

    def __init__(self, env: gym.Env[Any, Any], observation: str = "observation", mask: str = "action_mask") -> None:
        RecordConstructorArgs.__init__(self, observation=observation, mask=mask)
        super().__init__(env)
        self._names = (observation, mask)
        self.observation_space = _with_mask(env.observation_space, env.action_space, self._names)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Start an episode."""
        seen, info = self.env.reset(seed=seed, options=options)
        return dict(zip(self._names, (seen, info["action_mask"]), strict=True)), info

    def step(self, action: Any) -> tuple[dict[str, Any], Any, bool, bool, dict[str, Any]]:
        """Play a move."""
        seen, reward, terminated, truncated, info = self.env.step(action)
        return dict(zip(self._names, (seen, info["action_mask"]), strict=True)), reward, terminated, truncated, info


class VectorMaskedObservation(gym.vector.VectorWrapper):
    """`MaskedObservation` of a vector environment; ``final_obs`` holds such dictionaries, too."""

    def __init__(
        self, env: gym.vector.VectorEnv[Any, Any, Any], observation: str = "observation", mask: str = "action_mask"
    ) -> None:
        super().__init__(env)
        self._names = (observation, mask)
        self.single_observation_space = _with_mask(env.single_observation_space, env.single_action_space, self._names)
        self.observation_space = batch_space(self.single_observation_space, env.num_envs)

    def reset(
        self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        """Start episodes."""
        seen, infos = self.env.reset(seed=seed, options=options)  # type: ignore[arg-type]
        return self._paired(seen, infos), infos

    def step(
        self, actions: Any
    ) -> tuple[dict[str, Any], NDArray[Any], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Play a move in each row."""
        seen, rewards, terminated, truncated, infos = self.env.step(actions)
        if "final_obs" in infos:
            last = infos["final_info"]["action_mask"]
            for row in np.flatnonzero(infos["_final_obs"]):
                infos["final_obs"][row] = dict(zip(self._names, (infos["final_obs"][row], last[row]), strict=True))
        return self._paired(seen, infos), rewards, terminated, truncated, infos

    def _paired(self, seen: Any, infos: dict[str, Any]) -> dict[str, Any]:
        return dict(zip(self._names, (seen, infos["action_mask"]), strict=True))
