"""Which actions the environments take: whole numbers inside the action space, as Gymnasium's own environments do.

A move inside the space that is not legal is another matter: the game says what becomes of it.
"""

import reprlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError
from negoenv.numerics.compiled import compiled_entry

_Int64 = np.int64
_INT64 = np.dtype(_Int64)
_Array = np.ndarray


def one_action(action: Any, count: int) -> int:
    """Return an action as a Python integer.

    Args:
        action: an integer of Python or NumPy, or an array or a tensor that holds one and has no dimension.
        count: how many actions there are.

    Raises:
        NegoenvError: if it is none of 0 to ``count - 1``.
    """
    kind = type(action)
    if kind is int or kind is _Int64:  # by far the most, and the rest takes longer
        move = int(action)
    else:
        whole = _whole_numbers(action)
        move = int(whole) if whole is not None and whole.ndim == 0 else -1
    if 0 <= move < count:
        return move
    shown = " ".join(reprlib.repr(action).split())
    raise NegoenvError(f"action is {shown}; a whole number from 0 to {count - 1} is expected.")


def take_actions(actions: Any, count: int, into: NDArray[np.int64]) -> None:
    """Write an action for each row ``into`` an array, int64 of shape ``(rows,)``.

    Args:
        actions: integers in an array, a list or a tensor of shape ``(rows,)``.
        count: how many actions there are.
        into: where they go.

    Raises:
        NegoenvError: if they have another type or shape, or one of them is none of 0 to ``count - 1``.
    """
    whole = actions if type(actions) is _Array and actions.dtype is _INT64 else _whole_numbers(actions)
    if whole is None or whole.shape != into.shape:
        seen = f"actions are {_kind(actions)}"
    else:
        into[:] = whole
        if _all_inside(into, count):
            return
        row = np.flatnonzero((into < 0) | (into >= count))[0]
        seen = f"actions[{row}] is {whole[row]}"
    raise NegoenvError(f"{seen}; an array of shape {into.shape} with whole numbers from 0 to {count - 1} is expected.")


@compiled_entry
def _all_inside(actions: NDArray[Any], count: int) -> bool:
    """Return whether all of the actions are at least 0 and below ``count``, faster than NumPy would."""
    inside = True
    for row in range(len(actions)):
        inside &= 0 <= actions[row] < count
    return inside


def _whole_numbers(value: Any) -> NDArray[Any] | None:
    """Return what Gymnasium would take for int64 as an array, ``None`` for anything else."""
    if isinstance(value, np.ma.MaskedArray) and np.ma.is_masked(value):
        return None
    try:
        given: NDArray[Any] = np.asarray(value)
    except (TypeError, ValueError, RuntimeError):  # a ragged list; a tensor on a GPU, or with a gradient
        return None
    return given if given.dtype == _INT64 or np.can_cast(given.dtype, _INT64) else None


def _kind(value: Any) -> str:
    """Return in words what somebody handed over in place of an array."""
    try:
        given = value if hasattr(value, "dtype") else np.asarray(value)
        return f"a {type(value).__name__} of type {given.dtype} and shape {tuple(given.shape)}"
    except (AttributeError, TypeError, ValueError, RuntimeError):
        return f"a {type(value).__name__}"
