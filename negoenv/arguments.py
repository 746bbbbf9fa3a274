"""What the arguments of Gymnasium may be: each is returned as it is meant, or refused in a sentence."""

import reprlib
from collections.abc import Mapping
from typing import Any

from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode

from negoenv.errors import NegoenvError, unknown_name, whole_number
from negoenv.numerics.randomness import SEED_MODULUS


def random_seed() -> int:
    """Return a fresh seed from the operating system, for an environment that nobody seeded."""
    return int(seeding.np_random(None)[1]) % SEED_MODULUS


def checked_seed(seed: Any, num_rows: int = 1) -> int:
    """Return a seed as a Python integer, if ``seed`` to ``seed + rows - 1`` are the keys of as many rows.

    Raises:
        NegoenvError: if it is no whole number, is below 0, or one of these keys has more than 64 bits.
    """
    return whole_number("seed", seed, least=0, most=SEED_MODULUS - num_rows)


def checked_options(options: Any) -> dict[str, Any]:
    """Return the options of a reset, by name.

    Raises:
        NegoenvError: if they are neither a mapping nor ``None``.
    """
    if options is None:
        return {}
    if not isinstance(options, Mapping):
        raise NegoenvError(f"options is {reprlib.repr(options)}; a mapping of names to values is expected, or None.")
    return dict(options)


def checked_limit(max_episode_steps: Any) -> int | None:
    """Return after how many steps an episode is truncated; ``None``: never.

    Raises:
        NegoenvError: if it is neither a whole number of at least 1 nor ``None``.
    """
    return None if max_episode_steps is None else whole_number("max_episode_steps", max_episode_steps)


def checked_autoreset_mode(chosen: Any) -> AutoresetMode:
    """Return the autoreset mode that is meant by one of them, its value or its name.

    Raises:
        NegoenvError: if it is none of these.
    """
    for mode in AutoresetMode:
        if isinstance(chosen, (AutoresetMode, str)) and chosen in (mode, mode.value, mode.name):
            return mode
    raise unknown_name("autoreset mode", chosen, AutoresetMode.__members__)


def require_no_render_mode(render_mode: Any, who: str) -> None:
    """Refuse a render mode, for an environment that shows nothing.

    Raises:
        NegoenvError: unless it is ``None``.
    """
    if render_mode is not None:
        raise NegoenvError(f"render_mode is {render_mode!r}; {who} has none: leave it out.")
