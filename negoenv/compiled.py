"""Compilation by Numba, and its cache on disk.

Numba stores compiled functions beside their source, or in the user's cache folder where that is read-only, and looks
only at the one file that a function is written in to tell whether the copy is stale: after a change of a function that
it calls, it would run the old code. Here what is stored is stamped with the sources of the whole package instead.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, TypeVar

from numba import njit

Function = TypeVar("Function", bound=Callable[..., Any])


def _stamp() -> str:
    """Return a hash of all Python sources of the package."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


_STAMP = _stamp()
_ERRORS: Final = "numpy"  # divide as NumPy does: checks for zero take 8% of a step


def compiled(function: Function) -> Function:
    """Compile a function that only compiled functions call in earnest; it becomes part of them.

    It is inlined: handing over arguments, of which an array is six, took 10% of a step.
    """
    dispatcher: Any = njit(error_model=_ERRORS, forceinline=True)(function)
    inner: Function = dispatcher
    return inner


def compiled_entry(function: Function, parallel: bool = False) -> Function:
    """Compile a function that Python calls, and store it on disk."""
    dispatcher: Any = njit(cache=True, parallel=parallel, error_model=_ERRORS)(function)
    cache = getattr(dispatcher, "_cache", None)  # without compilation (NUMBA_DISABLE_JIT) there is none
    if cache is not None and hasattr(cache, "_cache_file"):
        cache._cache_file._source_stamp = _STAMP
    entry: Function = dispatcher
    return entry


def compiled_parallel_entry(function: Function) -> Function:
    """Compile a function that Python calls and that runs its ``prange`` loops in threads, and store it on disk."""
    return compiled_entry(function, parallel=True)
