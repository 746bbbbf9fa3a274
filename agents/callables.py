"""Policies of others' code: any callable of an observation and a mask, or a class that is named as ``module:Class``."""

import importlib
import inspect
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError, first_line, printable, shown

from .policy import Actions, EpisodeStarts, Masks, Observations, Policy

_PLACE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_]*")

Choose = Callable[[NDArray[Any], NDArray[np.int8]], Any]
"""Takes an observation and its mask, 1 for each legal move, of shape ``(n,)``, and returns the number of a move."""


class CallablePolicy(Policy):
    """Asks a callable for the move of each row; it must not remember anything.

    A move that is not legal is played as the game plays it, as HOLD.
    """

    def __init__(self, choose: Choose, name: str = "") -> None:
        self._choose = choose
        self.name = name or getattr(choose, "__name__", type(choose).__name__)

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name a move for each row.

        Raises:
            NegoenvError: if the callable returns what is no move.
        """
        return np.array(
            [self._one(observation, mask) for observation, mask in zip(observations, action_masks, strict=True)],
            np.int64,
        )

    def _one(self, observation: NDArray[Any], mask: NDArray[np.int8]) -> int:
        move = self._choose(observation, mask)
        number = np.asarray(move)
        if number.size != 1 or number.dtype.kind not in "iu" or not 0 <= int(number.item()) < len(mask):
            raise NegoenvError(f"The policy {self.name!r} returned {shown(move)}; a move is 0 to {len(mask) - 1}.")
        return int(number.item())


def as_policy(thing: Any, name: str = "") -> Policy:
    """Return a policy as it is, and a callable of observation and mask as a policy.

    Raises:
        NegoenvError: if it is neither.
    """
    if isinstance(thing, Policy):
        return thing
    if not callable(thing) or not _takes_two(thing):
        raise NegoenvError(f"{name or shown(thing)} is no policy, and no callable of an observation and a mask.")
    return CallablePolicy(thing, name)


def _takes_two(choose: Callable[..., Any]) -> bool:
    """Return whether two arguments fit a callable; where its parameters are not known, they may."""
    try:
        inspect.signature(choose).bind(None, None)
    except TypeError:
        return False
    except ValueError:  # of some that are written in C
        pass
    return True


def names_code(name: str) -> bool:
    """Return whether a name is one of code, such as ``"my_policies:Cautious"``."""
    return _PLACE.fullmatch(name) is not None


def load_code(name: str) -> Policy:
    """Return the policy that ``module:Class`` or ``module:function`` names. This runs the module.

    A class is called without arguments. The module is looked for among what is installed, and in the working directory.

    Raises:
        NegoenvError: if there is none, or the code fails; what it raised is the cause.
    """
    module_name, _, attribute = name.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)
    try:
        found = getattr(importlib.import_module(module_name), attribute)
        made = found() if isinstance(found, type) else found
    except ModuleNotFoundError as error:
        where = f"; it is looked for in {here}, too" if error.name == module_name.partition(".")[0] else ""
        raise NegoenvError(f"{name!r} cannot be loaded: there is no module {error.name!r}{where}.") from None
    except AttributeError as error:
        raise NegoenvError(f"{name!r} cannot be loaded: {printable(str(error))}.") from None
    except Exception as error:  # of whoever wrote it
        told = f"{type(error).__name__}: {first_line(error)}"
        raise NegoenvError(f"{name!r} cannot be loaded: it raises {told}.") from error
    policy = as_policy(made, attribute)
    if not hasattr(policy, "name"):
        policy.name = attribute
    return policy
