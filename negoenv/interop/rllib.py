"""RLlib: every id as an environment of Tune, with the legal moves where its action-masking module looks for them.

Env runners get many episodes that are stepped in one compiled call, or one at a time. Nothing of RLlib is imported
before `register_for_rllib` is called.
"""

import importlib
from collections.abc import Callable, Mapping
from typing import Any

import gymnasium as gym

from negoenv.installation import importing
from negoenv.interop.masked_observation import MaskedObservation, VectorMaskedObservation
from negoenv.registration import environment_ids

KEYS = ("observations", "action_mask")
"""The keys of an observation, which are those that RLlib's ``ActionMaskingTorchRLModule`` wants."""

_ROWS = "num_envs"  # what RLlib adds to the configuration of an environment where it wants a vector


def creator(env_id: str) -> Callable[[Mapping[str, Any]], Any]:
    """Return what makes an environment for RLlib: a vector if the configuration names ``num_envs``, else a single one.

    The rest of the configuration (``env_config``) is what ``gymnasium.make`` or ``make_vec`` takes for the id. RLlib
    expects vectors in the mode NEXT_STEP, which is the default.

    Args:
        env_id: one of `negoenv.registration.environment_ids`.
    """

    def make(config: Mapping[str, Any]) -> Any:
        options = {name: value for name, value in config.items() if name != _ROWS}
        if _ROWS in config:
            return VectorMaskedObservation(gym.make_vec(env_id, num_envs=config[_ROWS], **options), *KEYS)
        return MaskedObservation(gym.make(env_id, **options), *KEYS)

    return make


def register_for_rllib() -> tuple[str, ...]:
    """Register every id with Tune under its own name, and return them.

    ``AlgorithmConfig.environment`` takes them then, with vectors by
    ``env_runners(gym_env_vectorize_mode="vector_entry_point")``.

    Raises:
        NegoenvError: if RLlib is missing.
    """
    with importing("RLlib", "rllib"):
        register = importlib.import_module("ray.tune.registry").register_env
        importlib.import_module("ray.rllib")
    for env_id in environment_ids():
        register(env_id, creator(env_id))
    return environment_ids()
