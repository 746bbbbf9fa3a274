"""What the ``VecEnv`` of Stable-Baselines3 asks of rows that are stepped together, whoever plays in them."""

import time
from collections.abc import Iterator
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import VecEnv
from stable_baselines3.common.vec_env.base_vec_env import VecEnvIndices

from negoenv.errors import NegoenvError, unknown_name

_MASKS = "action_masks"  # the method that sb3-contrib's MaskablePPO asks for


class RowsVecEnv(VecEnv):
    """Rows that share their attributes, have one method, and report their episodes as ``Monitor`` does."""

    def __init__(self, num_envs: int, observation_space: spaces.Space[Any], action_space: spaces.Space[Any]) -> None:
        self._returns, self._lengths = np.zeros(num_envs), np.zeros(num_envs, np.int64)
        self._born = time.time()
        super().__init__(num_envs, observation_space, action_space)

    @property
    def _shared(self) -> Any:
        """What has the attributes of the rows."""
        return self

    def step_async(self, actions: NDArray[Any]) -> None:
        """Keep the actions for `step_wait`."""
        self._actions = actions

    def _count(self, rewards: NDArray[Any]) -> None:
        """Add a step to the episode of each row."""
        self._returns += rewards
        self._lengths += 1

    def _restart(self, rows: NDArray[Any] | slice) -> None:
        """Count anew in rows whose next episode begins."""
        self._returns[rows], self._lengths[rows] = 0.0, 0

    def _episodes(self, finished: NDArray[np.intp]) -> Iterator[dict[str, Any]]:
        """Yield Monitor's record of the episode of each of the ``finished`` rows."""
        seconds = round(time.time() - self._born, 6)
        counted = self._returns[finished].round(6).tolist(), self._lengths[finished].tolist()
        return ({"r": total, "l": length, "t": seconds} for total, length in zip(*counted, strict=True))

    def action_masks(self) -> NDArray[np.int8]:
        """Return 1 for each legal action, else 0, int8 of shape ``(num_envs, n)``."""
        raise NotImplementedError

    def env_method(self, method_name: str, *args: Any, indices: VecEnvIndices = None, **kwargs: Any) -> list[Any]:
        """Return the action mask of each row; rows have no other method.

        Raises:
            NegoenvError: for another method.
        """
        if method_name != _MASKS:
            raise unknown_name("method of a row", method_name, [_MASKS])
        return list(self.action_masks()[list(self._get_indices(indices))])

    def get_attr(self, attr_name: str, indices: VecEnvIndices = None) -> list[Any]:
        """Return an attribute that the rows share, once for each row.

        Raises:
            AttributeError: if there is none; ``has_attr`` relies on it.
        """
        return [getattr(self._shared, attr_name) for _ in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: VecEnvIndices = None) -> None:
        """Set an attribute that the rows share.

        Raises:
            NegoenvError: if it is meant for some rows only.
        """
        if indices is not None:
            raise NegoenvError(f"The attribute {attr_name!r} is shared by all rows; leave indices out to set it.")
        setattr(self._shared, attr_name, value)

    def env_is_wrapped(
        self, wrapper_class: type[gym.Wrapper[Any, Any, Any, Any]], indices: VecEnvIndices = None
    ) -> list[bool]:
        """Say whether rows do what a wrapper does: they report what ``Monitor`` reports, and that is all."""
        return [issubclass(wrapper_class, Monitor) for _ in self._get_indices(indices)]

    def close(self) -> None:
        """Free nothing: there is nothing to free."""
