"""MO-Gymnasium: the negotiations with a vector of rewards, so that objectives are traded off by whoever learns.

The convention is a ``reward_space`` and a vector as the reward
(https://mo-gymnasium.farama.org/introduction/api/); the library itself is not needed to follow it. The ids are
``negoenv/mo-Procurement-v0`` and so on, single and vector, one for each scenario but the ladder.
"""

from collections.abc import Iterable
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.base_env import BatchVectorEnv, SingleEnv
from negoenv.env import NegotiationEnv
from negoenv.errors import NegoenvError
from negoenv.sourcing.env import SourcingEnv, SourcingVectorEnv
from negoenv.vector_env import NegotiationVectorEnv

_TERMS_OF = {
    "surplus": ("surplus", "outside_option", "tactics", "split"),
    "goodwill": ("goodwill", "under_delivery"),
    "time": ("rounds", "delay", "deadline"),
    "breakdown": ("breakdown", "lost"),
}

OBJECTIVES = tuple(_TERMS_OF)
"""The objectives, in the order of the reward vector. Each is the undiscounted sum of some of ``info["reward_terms"]``,
weighted as the scenario has it, so that all together they sum to the scalar reward:

- surplus: ``surplus``, ``outside_option``, less the costs ``tactics`` and ``split``: money;
- goodwill: ``goodwill``, less ``under_delivery``: what comes after the deal;
- time: the costs ``rounds``, ``delay`` and ``deadline``, never above 0;
- breakdown: the penalties ``breakdown`` and ``lost``, never above 0.
"""

_MOST = {"surplus": np.inf, "goodwill": np.inf, "time": 0.0, "breakdown": 0.0}


def objectives_of(names: Iterable[str]) -> NDArray[np.float64]:
    """Return which reward terms make up which objective: 1 where they do, else 0, of shape ``(terms, 4)``.

    Args:
        names: of the reward terms.

    Raises:
        NegoenvError: for a term that belongs to no objective.
    """
    names = tuple(names)
    parts = np.array([[name in terms for terms in _TERMS_OF.values()] for name in names], np.float64)
    unassigned = [name for name, row in zip(names, parts, strict=True) if not row.any()]
    if unassigned:
        raise NegoenvError(f"The reward terms {', '.join(unassigned)} belong to none of: {', '.join(OBJECTIVES)}.")
    return parts


def _space() -> spaces.Box:
    """Return the space of one reward vector, float32 of shape ``(4,)``; a deal above the limit has no lower bound."""
    most = np.array([_MOST[name] for name in OBJECTIVES], np.float32)
    return spaces.Box(-np.inf, most, dtype=np.float32)


class _OneReward(SingleEnv):
    """An environment whose reward is a vector."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reward_space = _space()
        self._parts = objectives_of(self.batch.reward_names)

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Play one move; the reward is float32 of shape ``(4,)``."""
        observation, _, terminated, truncated, info = super().step(action)
        rewards = (self.batch.reward_terms[0] @ self._parts).astype(np.float32)
        return observation, rewards, terminated, truncated, info


class _ManyRewards(BatchVectorEnv):
    """A vector environment with a vector as the reward of each row."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reward_space = _space()
        self._parts = objectives_of(self.batch.reward_names)

    def step(self, actions: NDArray[Any]) -> tuple[Any, Any, NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Play one move in each row; the rewards are float32 of shape ``(num_envs, 4)``, 0 where an episode begins."""
        observations, _, terminated, truncated, infos = super().step(actions)
        rewards = (self.batch.reward_terms @ self._parts).astype(np.float32)
        return observations, rewards, terminated, truncated, infos


class MONegotiationEnv(_OneReward, NegotiationEnv):
    """`negoenv.env.NegotiationEnv` with the reward vector of `OBJECTIVES`, in ``reward_space``."""


class MONegotiationVectorEnv(_ManyRewards, NegotiationVectorEnv):
    """`negoenv.vector_env.NegotiationVectorEnv` with reward vectors; ``reward_space`` is that of one row."""


class MOSourcingEnv(_OneReward, SourcingEnv):
    """`negoenv.sourcing.env.SourcingEnv` with the reward vector of `OBJECTIVES`, in ``reward_space``."""


class MOSourcingVectorEnv(_ManyRewards, SourcingVectorEnv):
    """`negoenv.sourcing.env.SourcingVectorEnv` with reward vectors; ``reward_space`` is that of one row."""
