"""Errors that a user can mend: each message is a sentence that names what was wrong, where, and what is accepted."""

import difflib
from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import Any


class NegoenvError(ValueError):
    """Bad input from a user: an unknown name, a value out of range, a file that is not what it should be."""


def nearest(name: str, known: Iterable[str]) -> str:
    """Return " Did you mean ...?" with the known name nearest to ``name``, or nothing if none is near."""
    near = difflib.get_close_matches(name, sorted(known), n=1, cutoff=0.5)
    return f" Did you mean {near[0]!r}?" if near else ""


def unknown_name(kind: str, name: object, known: Iterable[str]) -> NegoenvError:
    """Return the error for a name that is not one of ``known``, with the nearest known one.

    Args:
        kind: what is being named, for example ``"scenario"``.
        name: what the user wrote.
        known: the names that are accepted.
    """
    names = sorted(set(known))
    return NegoenvError(f"Unknown {kind} {name!r}.{nearest(str(name), names)} Accepted: {', '.join(names)}.")


def require_distinct(kind: str, names: Sequence[str]) -> None:
    """Refuse names of which one occurs twice.

    Args:
        kind: what is being named, for example ``"scenario"``.
        names: what the user wrote.

    Raises:
        NegoenvError: if one of them is named twice.
    """
    if len(set(names)) < len(names):
        raise NegoenvError(f"A {kind} is named twice: {', '.join(names)}.")


def whole_number(name: str, value: Any, least: int = 1, most: int | None = None) -> int:
    """Return ``value`` as a Python integer.

    Args:
        name: what the number is called.
        value: what the user wrote.
        least: the smallest number that is accepted.
        most: the largest, if there is one.

    Raises:
        NegoenvError: if it is no whole number (``True`` is none) or out of these bounds.
    """
    number = int(value) if isinstance(value, Integral) and not isinstance(value, bool) else least - 1
    if number < least or (most is not None and number > most):
        bound = f"at least {least}" if number < least else f"at most {most}"
        raise NegoenvError(f"{name} is {value!r}; it must be a whole number of {bound}.")
    return number
