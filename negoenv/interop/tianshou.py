"""Tianshou: many episodes as one of its vector environments, stepped in one compiled call, with masks.

Tianshou's collectors reset and step any of the rows, as they choose; its own vector environments call single ones for
that. Nothing of Tianshou is imported here: a collector asks only for the methods below.
"""

from collections.abc import Sequence
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from negoenv.base_env import BatchVectorEnv
from negoenv.errors import NegoenvError
from negoenv.interop.masked_observation import VectorMaskedObservation

Rows = int | Sequence[int] | NDArray[Any] | None


class TianshouVectorEnv:
    """Episodes of one of our ids, side by side; observations are ``{"obs": float32, "mask": int8}``, one for each row.

    Args:
        env_id: one of `negoenv.registration.environment_ids`.
        num_envs: number of rows.
        kwargs: what ``gymnasium.make_vec`` takes for the id.

    Attributes:
        action_space: the action space of each row, as Tianshou's vector environments tell it.

    Raises:
        NegoenvError: for what the id does not take, or an action space without masks over single moves.
    """

    is_async = False

    def __init__(self, env_id: str = "negoenv/Procurement-v0", num_envs: int = 64, **kwargs: Any) -> None:
        made = gym.make_vec(env_id, num_envs=num_envs, autoreset_mode=AutoresetMode.DISABLED, **kwargs)
        self._seen = VectorMaskedObservation(made, "obs", "mask")
        self._envs: BatchVectorEnv = made.unwrapped  # type: ignore[assignment]
        self.env_num = num_envs
        self.action_space = [made.single_action_space] * num_envs
        self.observation_space = [self._seen.single_observation_space] * num_envs
        self._seed: int | list[int | None] | None = None
        self._lengths = np.zeros(num_envs, np.int64)

    def __len__(self) -> int:
        """Return the number of rows."""
        return self.env_num

    def seed(self, seed: int | list[int | None] | None = None) -> None:
        """Seed the rows, row i with ``seed + i``, from the next `reset` of all of them on."""
        self._seed = seed

    def reset(self, env_id: Rows = None, **kwargs: Any) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        """Begin an episode in some rows, or in all; return their observations and infos."""
        rows, chosen = self._chosen(env_id)
        options = {**(kwargs.pop("options", None) or {}), "reset_mask": chosen}
        if chosen.all():
            kwargs.setdefault("seed", self._seed)
            self._seed = None
        seen, _ = self._seen.reset(options=options, **kwargs)
        self._lengths[chosen] = 0
        return self._of_rows(seen, rows)

    def step(self, action: Any, id: Rows = None) -> tuple[NDArray[Any], ...]:
        """Play a move in some rows, or in all: observations, rewards, terminated, truncated and infos of these rows.

        Raises:
            NegoenvError: for an action that is not in the action space, or another number of them than of rows.
        """
        rows, chosen = self._chosen(id)
        envs, batch = self._envs, self._envs.batch
        if len(action) != len(rows):
            raise NegoenvError(f"{len(action)} actions were given for {len(rows)} rows.")
        actions = np.zeros(self.env_num, np.int64)
        actions[rows] = action
        envs._space.take(actions, envs._actions)
        batch.copy_buffers()
        batch.step(envs._actions, chosen)
        self._lengths[rows] += 1
        limit = envs.max_episode_steps
        truncated = np.zeros(len(rows), np.bool_) if limit is None else self._lengths[rows] >= limit
        seen, infos = self._of_rows({"obs": batch.observations, "mask": envs._space.masks(batch.action_masks)}, rows)
        return seen, batch.rewards[rows], batch.terminated[rows], truncated, infos

    def _chosen(self, rows: Rows) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return which rows are meant, as numbers and as a mask."""
        numbers = np.arange(self.env_num) if rows is None else np.atleast_1d(np.asarray(rows, np.intp))
        chosen = np.zeros(self.env_num, np.bool_)
        chosen[numbers] = True
        return numbers, chosen

    def _of_rows(
        self, seen: dict[str, NDArray[Any]], rows: NDArray[np.intp]
    ) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
        """Return a dictionary of what is seen in each of the ``rows``, and one that says which row it is."""
        told = np.empty(len(rows), object)
        told[:] = [{"obs": one, "mask": mask} for one, mask in zip(seen["obs"][rows], seen["mask"][rows], strict=True)]
        return told, np.array([{"env_id": row} for row in rows.tolist()])

    def render(self, **_: Any) -> list[Any]:
        """Render nothing."""
        return []

    def close(self) -> None:
        """Close the vector environment."""
        self._envs.close()
