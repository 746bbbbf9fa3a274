"""What compiled functions are when compilation is switched off (NUMBA_DISABLE_JIT=1): slow, but a debugger sees in.

In compiled code the fields of a record are its attributes; these classes make them so in Python. ``numpy.record``
would not do, since it has a method called ``round``.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Record:
    """One record with its fields as attributes."""

    def __init__(self, record: np.void) -> None:
        object.__setattr__(self, "record", record)

    def __getattr__(self, name: str) -> Any:
        try:
            found = self.record[name]
        except ValueError:
            raise AttributeError(name) from None
        if isinstance(found, np.void):
            return Record(found)
        if isinstance(found, np.floating):
            return float(found)
        halved = found.dtype == np.float32  # what is taken from it is computed with in full
        return Array(found) if halved else with_names(found)

    def __setattr__(self, name: str, value: float) -> None:
        self.record[name] = value


class Array:
    """An array in a record, or one of records, whose items are what they are in compiled code."""

    def __init__(self, array: NDArray[Any]) -> None:
        self.array = array

    def __len__(self) -> int:
        return len(self.array)

    def __getitem__(self, key: Any) -> Any:
        found = self.array[key]
        if isinstance(found, np.void):
            return Record(found)
        return float(found) if isinstance(found, np.floating) else found

    def __setitem__(self, key: Any, value: Any) -> None:
        self.array[key] = value


def with_names(value: Any) -> Any:
    """Return a structured array as records with attributes, anything else as it is."""
    return Array(value) if isinstance(value, np.ndarray) and value.dtype.names else value


def in_python(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a function that compiled code could call, for callers that hand over NumPy's structured arrays."""

    @wraps(function)
    def call(*arguments: Any) -> Any:
        return function(*map(with_names, arguments))

    return call
