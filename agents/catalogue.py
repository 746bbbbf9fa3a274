"""Every policy by one name: a scripted one, or the directory of a training run."""

from pathlib import Path
from typing import Any

from agents.learning.spec import Game, PolicySpec
from agents.policy import Policy
from agents.scripted import SCRIPTED, make
from negoenv.batch import Batch
from negoenv.errors import NegoenvError, nearest
from negoenv.negotiation import NegotiationBatch


def load_policy(name: str | Path) -> Policy:
    """Return the policy that a user means.

    Args:
        name: a name of `agents.scripted.SCRIPTED`, or a directory that a training run or a checkpoint of it has left.

    Raises:
        NegoenvError: if it is neither, or the directory holds no sound policy.
    """
    if str(name) in SCRIPTED:
        return make(str(name))
    if not Path(name).is_dir():
        raise NegoenvError(
            f"{str(name)!r} is neither a scripted policy nor the directory of a training run."
            f"{nearest(str(name), SCRIPTED)} Scripted policies: {', '.join(sorted(SCRIPTED))}."
        )
    from agents.learning.storage import read_policy  # torch takes seconds to import, and scripted policies need none

    return read_policy(Path(name))


def training_of(name: str | Path) -> dict[str, Any]:
    """Return what a policy was trained with: settings and hyperparameters by name; nothing for a scripted one.

    Raises:
        NegoenvError: if the run directory holds a configuration that is not sound.
    """
    path = Path(name) / "config.yaml"
    if str(name) in SCRIPTED or not path.is_file():
        return {}
    from agents.learning.config import load_config
    from agents.learning.model import hyperparameters

    return hyperparameters(load_config(path))


def require_fit(policy: Policy, batch: Batch, any_scenario: bool = False) -> None:
    """Refuse a learnt policy for a game that it was not trained on.

    Args:
        policy: any policy; scripted ones check for themselves what they are asked to play.
        batch: the game.
        any_scenario: accept another scenario, if observation and moves are the same.

    Raises:
        NegoenvError: if the policy does not fit.
    """
    spec = getattr(policy, "spec", None)
    if isinstance(spec, PolicySpec):
        spec.game.require(Game.of(batch), policy.name, any_scenario)


def default_policies(batch: Batch) -> tuple[str, ...]:
    """Return the scripted policies that can play a game: all of them with its 22 moves, elsewhere the random one."""
    return tuple(SCRIPTED) if isinstance(batch, NegotiationBatch) else ("random",)
