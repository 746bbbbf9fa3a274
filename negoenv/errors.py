"""Errors that a user can correct: each message is a sentence that names what was wrong, where, and what is accepted."""

import difflib
import reprlib
from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import Any

_MAX_SHOWN = 80  # characters of a bad value that a message repeats

_REPR = reprlib.Repr()  # the work of showing a value must not grow with its size
_REPR.maxstring = _REPR.maxother = _REPR.maxlong = _MAX_SHOWN
_REPR.maxlevel = 2


def printable(text: str) -> str:
    """Return text from anywhere as a terminal may be given it, on one line.

    What is not printable (`str.isprintable`) is escaped: control characters such as ESC, line breaks, marks that turn
    the direction of writing, and halves of surrogate pairs.
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def shown(value: object) -> str:
    """Return a value that a user gave as a message may repeat it: at most 80 printable characters."""
    try:
        text = printable(_REPR.repr(value))
    except ValueError:  # Python prints no whole numbers of more than 4,300 digits
        text = f"a very long {type(value).__name__}"
    return text if len(text) <= _MAX_SHOWN else f"{text[: _MAX_SHOWN - 3]}..."


class NegoenvError(ValueError):
    """Bad input from a user: an unknown name, a value out of range, a file that is not what it should be.

    Its message is one sentence a line, of which no character is left raw that a terminal would obey.
    """

    def __init__(self, *sentences: str) -> None:
        super().__init__(*map(printable, sentences))

    def __str__(self) -> str:
        return "\n".join(self.args)


def first_line(error: BaseException) -> str:
    """Return what an error of some library says, for use within a sentence: its first line, or else its name."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")


def nearest(name: str, known: Iterable[str]) -> str:
    """Return " Did you mean ...?" with the known name nearest to ``name``, or nothing if none is near."""
    near = difflib.get_close_matches(name[:_MAX_SHOWN], sorted(known), n=1, cutoff=0.5)
    return f" Did you mean {near[0]!r}?" if near else ""


def unknown_name(kind: str, name: object, known: Iterable[str]) -> NegoenvError:
    """Return the error for a name that is not one of ``known``, with the nearest known one.

    Args:
        kind: what is being named, for example ``"scenario"``.
        name: what the user wrote.
        known: the names that are accepted.
    """
    names = sorted(set(known))
    near = nearest(name if isinstance(name, str) else shown(name), names)
    return NegoenvError(f"Unknown {kind} {shown(name)}.{near} Accepted: {', '.join(names)}.")


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
