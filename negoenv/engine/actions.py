"""Which actions the environments take: whole numbers inside the action space, as Gymnasium's own environments do.

A move inside the space that is not legal is another matter: the game says what becomes of it.
"""

import reprlib
from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.engine.batch import Batch
from negoenv.errors import NegoenvError
from negoenv.numerics.compiled import compiled_entry

_Int64 = np.int64
_INT64 = np.dtype(_Int64)
_Array = np.ndarray
Moves = NDArray[np.int64]
Masks = NDArray[np.int8]


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


def take_rows(actions: Any, counts: tuple[int, ...], num_rows: int) -> NDArray[np.int64]:
    """Return an action of several parts for each row, int64 of shape ``(rows, parts)``.

    Args:
        actions: integers in an array, a list or a tensor of that shape.
        counts: how many choices each part has.
        num_rows: number of rows.

    Raises:
        NegoenvError: if they have another type or shape, or one of them is none of 0 to its count less 1.
    """
    whole = _whole_numbers(actions)
    shape = (num_rows, len(counts))
    if whole is None or whole.shape != shape:
        seen = f"actions are {_kind(actions)}"
    else:
        wrong = ((whole < 0) | (whole >= counts)).any(axis=1)
        if not wrong.any():
            return whole.astype(np.int64)
        row = int(wrong.argmax())
        seen = f"actions[{row}] is {whole[row].tolist()}"
    raise NegoenvError(f"{seen}; an array of shape {shape} with whole numbers below {list(counts)} is expected.")


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


class Actions(ABC):
    """An action space.

    Attributes:
        space: the space of one action.
    """

    space: spaces.Space[Any]

    @abstractmethod
    def take(self, actions: Any, into: Moves) -> None:
        """Write the move of each row ``into`` an array, int64 of shape ``(rows,)``.

        Raises:
            NegoenvError: if ``actions`` are not in the space, batched.
        """

    def take_one(self, action: Any, into: Moves) -> None:
        """Write the move of one action ``into`` an array, int64 of shape ``(1,)``.

        Raises:
            NegoenvError: if the action is not in the space.
        """
        self.take([action], into)

    @abstractmethod
    def masks(self, moves: Masks) -> Masks:
        """Return 1 for what is legal, else 0, in the convention of sb3-contrib; int8 of shape ``(rows, n)``.

        Args:
            moves: 1 for each legal move, else 0; int8 of shape ``(rows, moves)``.
        """


class Discrete(Actions):
    """The moves by number."""

    def __init__(self, batch: Batch) -> None:
        self.space = batch.action_space
        self._count = batch.moves

    def take(self, actions: Any, into: Moves) -> None:
        """Check the actions, which are the moves."""
        take_actions(actions, self._count, into)

    def take_one(self, action: Any, into: Moves) -> None:
        """Check the action, which is the move."""
        into[0] = one_action(action, self._count)

    def masks(self, moves: Masks) -> Masks:
        """Return the masks themselves."""
        return moves
