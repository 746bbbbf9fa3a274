"""Everything that a training goes on from: networks, optimiser, counters, environments, replay buffer, random state.

A model that is built from the same configuration and takes over such a state goes on bit for bit as the one that it was
taken from. It can be taken between two updates, before the first step of a rollout.
"""

import random
from collections import deque
from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.buffers import ReplayBuffer
from stable_baselines3.common.vec_env import VecFrameStack

from negoenv.errors import NegoenvError

from .traces import TracedObservations

_COUNTERS = (
    "num_timesteps", "_n_updates", "_episode_num", "_n_calls", "_current_progress_remaining", "exploration_rate",
)  # fmt: skip
_LAST = ("_last_obs", "_last_episode_starts", "_last_lstm_states")
_REPLAYED = ("observations", "next_observations", "actions", "rewards", "dones", "timeouts")
"""Attributes of models and of replay buffers, as far as an algorithm has them."""


def state_of(model: BaseAlgorithm) -> dict[str, Any]:
    """Return the state of a training as plain data with arrays and tensors, which are not copied."""
    found: Any = model
    env: Any = model.get_env()
    return {
        "counters": {name: getattr(found, name) for name in _COUNTERS if hasattr(found, name)},
        "last": {name: getattr(found, name) for name in _LAST if hasattr(found, name)},
        "network": found.policy.state_dict(),
        "optimizer": found.policy.optimizer.state_dict()["state"],
        "finished_episodes": found.ep_info_buffer,
        "environments": env.unwrapped.get_state(),
        "remembered": _remembered(env),
        "replay": _replay_of(getattr(found, "replay_buffer", None)),
        "random": _random_state(found),
    }


def restore(model: BaseAlgorithm, state: Mapping[str, Any]) -> None:
    """Let a model that has not been trained yet go on from a state.

    Raises:
        NegoenvError: if the state is not one of such a model.
    """
    try:
        _restore(model, state)
    except (KeyError, IndexError, AttributeError, TypeError, ValueError, RuntimeError) as error:
        raise NegoenvError(
            f"The state of the training does not fit: {str(error).splitlines()[0] if str(error) else error!r}. "
            "Other versions of the libraries may have written it; versions.json names them."
        ) from error


def _restore(model: Any, state: Mapping[str, Any]) -> None:
    env = model.get_env()
    env.reset()
    env.unwrapped.set_state(state["environments"])
    if (remembered := _remembered(env)) is not None:
        remembered[...] = state["remembered"]
    model.policy.load_state_dict({name: torch.from_numpy(array) for name, array in state["network"].items()})
    _restore_optimizer(model.policy.optimizer, state["optimizer"])
    model.ep_info_buffer = deque(state["finished_episodes"], model._stats_window_size)
    model.ep_success_buffer = deque(maxlen=model._stats_window_size)
    _restore_replay(getattr(model, "replay_buffer", None), state["replay"])
    for name, value in (state["counters"] | state["last"]).items():
        setattr(model, name, value)
    if "_last_lstm_states" in state["last"]:
        from sb3_contrib.common.recurrent.type_aliases import RNNStates

        actor_and_critic = (tuple(map(torch.from_numpy, pair)) for pair in state["last"]["_last_lstm_states"])
        model._last_lstm_states = RNNStates(*actor_and_critic)
    _restore_random_state(model, state["random"])


def _remembered(env: Any) -> NDArray[Any] | None:
    """Return the memory of what environments showed before, as it is, row by row; None if there is none."""
    if isinstance(env, VecFrameStack):
        return env.stacked_obs.stacked_obs
    return env.trace if isinstance(env, TracedObservations) else None


def _restore_optimizer(optimizer: torch.optim.Optimizer, state: Mapping[str, Any]) -> None:
    """Give an optimiser its moments; its settings are those of the configuration."""
    of_parameters = {
        int(number): {
            name: torch.from_numpy(value) if isinstance(value, np.ndarray) else value for name, value in of_one.items()
        }
        for number, of_one in state.items()
    }
    optimizer.load_state_dict({**optimizer.state_dict(), "state": of_parameters})


def _replay_of(buffer: ReplayBuffer | None) -> dict[str, Any] | None:
    """Return the part of a replay buffer that has been written."""
    if buffer is None:
        return None
    arrays = {name: getattr(buffer, name)[: buffer.size()] for name in _REPLAYED}
    return {"pos": buffer.pos, "full": buffer.full, "arrays": arrays}


def _restore_replay(buffer: ReplayBuffer | None, state: Mapping[str, Any] | None) -> None:
    if buffer is None or state is None:
        return
    for name, array in state["arrays"].items():
        getattr(buffer, name)[: len(array)] = array
    buffer.pos, buffer.full = state["pos"], state["full"]


def _random_state(model: Any) -> dict[str, Any]:
    """Return the state of the generators that Stable-Baselines3 seeds; three of them belong to the whole process."""
    return {
        "torch": torch.get_rng_state(),
        "numpy": np.random.get_state(),  # noqa: NPY002 - it is what Stable-Baselines3 draws from
        "python": random.getstate(),
        "actions": model.action_space.np_random.bit_generator.state,
    }


def _restore_random_state(model: Any, state: Mapping[str, Any]) -> None:
    torch.set_rng_state(torch.from_numpy(state["torch"]))
    np.random.set_state(tuple(state["numpy"]))  # noqa: NPY002
    version, numbers, gauss = state["python"]
    random.setstate((version, tuple(numbers), gauss))
    model.action_space.np_random.bit_generator.state = state["actions"]
