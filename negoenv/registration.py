"""The ids of the environments: one for each preset, also of Sourcing, and the tabular ladder."""

import gymnasium as gym

from negoenv.make import LADDER
from negoenv.scenarios.presets import PRESETS
from negoenv.sourcing.presets import SOURCING_PRESETS

NAMESPACE = "negoenv"
VERSION = 0


def environment_id(name: str) -> str:
    """Return the id under which the scenario ``name`` is registered, for example ``"negoenv/Procurement-v0"``."""
    return f"{NAMESPACE}/{name}-v{VERSION}"


def environment_ids() -> tuple[str, ...]:
    """Return every id of this package."""
    return tuple(environment_id(name) for name in (*PRESETS, *SOURCING_PRESETS, LADDER))


def register_all() -> None:
    """Register every environment with Gymnasium."""
    gym.register(
        environment_id(LADDER),
        entry_point="negoenv.ladder.env:LadderEnv",
        vector_entry_point="negoenv.ladder.env:LadderVectorEnv",
    )
    for name in SOURCING_PRESETS:
        gym.register(
            environment_id(name),
            entry_point="negoenv.sourcing.env:SourcingEnv",
            vector_entry_point="negoenv.sourcing.env:SourcingVectorEnv",
            kwargs={"base": name},
        )
    for name in PRESETS:
        gym.register(
            environment_id(name),
            entry_point="negoenv.env:NegotiationEnv",
            vector_entry_point="negoenv.vector_env:NegotiationVectorEnv",
            kwargs={"base": name},
        )
