"""Every policy by one name: a scripted one, a planner, a training run, what others have exported, or code."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from negoenv.engine.batch import Batch
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError, nearest
from negoenv.sourcing import SourcingBatch

from .callables import load_code, names_code
from .learning.spec import Game, PolicySpec, Training
from .planning.planner import REFERENCES, Planner, make_reference
from .policy import Policy
from .scripted import EVERY_SCRIPTED, FOR_CONTRACTS, SCRIPTED, SOURCING_SCRIPTED, make

_OF, _AND = ":", ","  # "informed:runs/ppo-001,gradual" plans with two base policies


def load_policy(name: str | Path, trust: bool = False) -> Policy:
    """Return the policy that a user means.

    Args:
        name: a name of `agents.scripted.EVERY_SCRIPTED`; a directory that a training run or a checkpoint of it has
            left; a directory or zip that was exported; "module:Class" for code of one's own, which is run; or
            "informed" or "uninformed" for a planner, and if need be its base policies: "informed:runs/x,gradual".
        trust: whether a zip of Stable-Baselines3 may be loaded, which runs code that it holds.

    Raises:
        NegoenvError: if it is none of these, or the directory holds no sound policy.
    """
    kind, _, bases = str(name).partition(_OF)
    if kind in REFERENCES:
        return make_reference(kind, tuple(_load_base(base) for base in bases.split(_AND)) if bases else ())
    if str(name) in EVERY_SCRIPTED:
        return make(str(name))
    path = Path(name)
    if names_code(str(name)) and not path.exists():
        return load_code(str(name))
    if path.suffix == ".zip" and path.is_file():
        from .learning.bundle import is_sb3_zip, read_bundle

        if trust and is_sb3_zip(path):
            from .learning.trusted import load_trusted

            return load_trusted(path)
        return read_bundle(path)
    if not path.is_dir():
        scripted = ", ".join(sorted(EVERY_SCRIPTED))
        raise NegoenvError(
            f"{str(name)!r} is neither a scripted policy nor the directory of a training run."
            f"{nearest(str(name), (*EVERY_SCRIPTED, *REFERENCES))} Scripted policies: {scripted}. "
            f"Planners: {', '.join(REFERENCES)}, and with base policies for example {next(iter(REFERENCES))}:gradual."
        )
    from .learning.storage import read_policy  # torch takes seconds to import, and scripted policies need none

    return read_policy(path)


def _load_base(name: str) -> Policy:
    """Return a policy for a planner to go on with."""
    policy = load_policy(name)
    if isinstance(policy, Planner):
        raise NegoenvError(f"{name!r} is a planner; it cannot be the base policy of another one.")
    return policy


def training_of(name: str | Path) -> dict[str, Any]:
    """Return what a policy was trained with: settings and hyperparameters by name; nothing for a scripted one.

    Raises:
        NegoenvError: if the run directory holds a configuration that is not sound.
    """
    path = Path(name) / "config.yaml"
    if str(name) in EVERY_SCRIPTED or not path.is_file():
        return {}
    from .learning.config import load_config
    from .learning.model import hyperparameters

    return hyperparameters(load_config(path))


def same_policy(name: str | Path) -> str:
    """Return a text that is the same for two names of one policy, such as a directory and a link to it."""
    kind, of, bases = str(name).partition(_OF)
    if kind in REFERENCES:
        return kind + of + _AND.join(map(same_policy, bases.split(_AND) if bases else ()))
    no_path = str(name) in EVERY_SCRIPTED or "\0" in str(name)
    return str(name) if no_path else os.path.realpath(name)


def require_fit(policy: Policy, batch: Batch, any_scenario: bool = False) -> None:
    """Refuse a learned policy for a game that it cannot play, or that was changed from another preset than its own.

    Args:
        policy: any policy; scripted ones check for themselves what they are asked to play, planners need base policies
            that fit.
        batch: the game.
        any_scenario: accept another preset, if observation and moves are the same.

    Raises:
        NegoenvError: if the policy does not fit.
    """
    for spec, name in _specs(policy, batch):
        spec.game.require(Game.of(batch), name, any_scenario)


def another_game(policy: Policy, batch: Batch) -> tuple[str, ...]:
    """Return how the game that a policy was trained on differs from another, for example ``("deadline 12, here 20",)``.

    Nothing if it does not, or nothing was trained; of a planner, what is said of its base policies.
    """
    found = (difference for spec, _ in _specs(policy, batch) for difference in spec.game.differences(Game.of(batch)))
    return tuple(dict.fromkeys(found))


def training_info(policy: Policy) -> Training | None:
    """Return how a policy was trained; None if it was not."""
    spec = getattr(policy, "spec", None)
    return spec.training if isinstance(spec, PolicySpec) else None


def _specs(policy: Policy, batch: Batch) -> Iterator[tuple[PolicySpec, str]]:
    """Yield what a policy, or the base policies of a planner, say of themselves, and their names."""
    if isinstance(policy, Planner):
        for base in policy.bases_for(batch):
            yield from _specs(base, batch)
    spec = getattr(policy, "spec", None)
    if isinstance(spec, PolicySpec):
        yield spec, policy.name


def default_policies(batch: Batch) -> tuple[str, ...]:
    """Return the scripted policies that can play a game: those that were written for it, and the random one.

    Those that trade issues are among them only where there are several.
    """
    if isinstance(batch, SourcingBatch):
        return (*SOURCING_SCRIPTED, "random")
    if not isinstance(batch, NegotiationBatch):
        return ("random",)
    return tuple(name for name in SCRIPTED if batch.scenario.issues or name not in FOR_CONTRACTS)
