"""The ids of the environments: one for each preset, also of Sourcing, and the tabular ladder."""

import json

import gymnasium as gym

from negoenv.benchmark.scores import record_path
from negoenv.make import LADDER
from negoenv.scenarios.presets import PRESETS
from negoenv.sourcing.presets import SOURCING_PRESETS

NAMESPACE = "negoenv"
VERSION = 0
VECTOR_REWARDS = "mo-"
"""What the name in an id begins with if the reward is a vector, see `negoenv.interop.mo_gymnasium`."""

THRESHOLD = 0.9
"""Normalised score from which on a scenario counts as solved (assumption)."""


def environment_id(name: str) -> str:
    """Return the id under which the scenario ``name`` is registered, for example ``"negoenv/Procurement-v0"``."""
    return f"{NAMESPACE}/{name}-v{VERSION}"


def environment_ids() -> tuple[str, ...]:
    """Return every id of this package."""
    return tuple(environment_id(name) for name in (*PRESETS, *SOURCING_PRESETS, LADDER))


def reward_threshold(name: str) -> float | None:
    """Return the mean return on the test split that is worth `THRESHOLD`; ``None`` where no best return is recorded.

    The ends of the score are those of the record, see `negoenv.benchmark.scores.Reference`.
    """
    try:
        ends = json.loads(record_path(name).read_text(encoding="utf-8"))
        return round(float(ends["random"]) + THRESHOLD * float(ends["best"] - ends["random"]), 3)
    except (OSError, ValueError, KeyError, TypeError):  # `negoenv.benchmark.scores` tells what is wrong with a record
        return None


def _register(name: str, module: str, kind: str, prefix: str = "", **kwargs: str) -> None:
    """Register the single and the vector environment of a scenario, classes of a module whose names begin alike."""
    gym.register(
        environment_id(f"{prefix}{name}"),
        reward_threshold=None if prefix else reward_threshold(name),
        entry_point=f"negoenv.{module}:{kind}Env",
        vector_entry_point=f"negoenv.{'vector_env' if module == 'env' else module}:{kind}VectorEnv",
        kwargs=kwargs,
    )


def register_all() -> None:
    """Register every environment with Gymnasium."""
    _register(LADDER, "ladder.env", "Ladder")
    for name in SOURCING_PRESETS:
        _register(name, "sourcing.env", "Sourcing", base=name)
    for name in PRESETS:
        _register(name, "env", "Negotiation", base=name)
    for name in (*PRESETS, *SOURCING_PRESETS):  # with reward vectors: MO-Gymnasium
        kind = "MOSourcing" if name in SOURCING_PRESETS else "MONegotiation"
        _register(name, "interop.mo_gymnasium", kind, VECTOR_REWARDS, base=name)
