"""TorchRL: an id of ours as one of its environments, with the legal moves where its policies look for them.

TorchRL sees Gymnasium's environments through `GymWrapper`; what is missing there is the mask, which it reads from
``info`` only if it is told to. Nothing of TorchRL is imported before `make_torchrl_env` is called.
"""

import importlib
from typing import Any

import gymnasium as gym
from gymnasium.vector import AutoresetMode

from negoenv.installation import importing

MASK = "action_mask"
"""Under this key an environment's tensordicts say of each move whether it is legal: bool of shape ``(..., moves)``."""


def make_torchrl_env(env_id: str = "negoenv/Procurement-v0", num_envs: int | None = None, **kwargs: Any) -> Any:
    """Return a ``torchrl.envs.TransformedEnv`` with ``observation`` and ``action_mask``; actions are whole numbers.

    A policy draws legal moves with ``torchrl.modules.MaskedCategorical``, and `rollout` without a policy does, too, by
    TorchRL's ``ActionMask``.

    Args:
        env_id: one of `negoenv.registration.environment_ids`.
        num_envs: so many episodes side by side, in one compiled call, are its batch; ``None``: one, with no batch.
        kwargs: what ``gymnasium.make`` or ``gymnasium.make_vec`` takes for the id. TorchRL itself resets the rows that
            are over, for which the mode DISABLED is there.

    Raises:
        NegoenvError: if TorchRL is missing, or for what the id does not take.
    """
    with importing("TorchRL", "torchrl"):
        torch, envs, data = (importlib.import_module(name) for name in ("torch", "torchrl.envs", "torchrl.data"))
        reader = importlib.import_module("torchrl.envs.gym_like").default_info_dict_reader
    if num_envs is None:
        env: Any = gym.make(env_id, **kwargs)
    else:
        env = gym.make_vec(env_id, num_envs=num_envs, autoreset_mode=AutoresetMode.DISABLED, **kwargs)
    wrapped = envs.GymWrapper(env, categorical_action_encoding=True)
    shape = wrapped.batch_size
    mask = data.Unbounded((*shape, wrapped.action_spec.space.n), dtype=torch.int8)
    wrapped.set_info_dict_reader(reader([MASK], spec=data.Composite({MASK: mask}, shape=shape)))
    as_bool = envs.DTypeCastTransform(torch.int8, torch.bool, in_keys=[MASK])  # what its distributions want
    return envs.TransformedEnv(wrapped, envs.Compose(as_bool, envs.ActionMask()))
