"""Compilation by Numba: which functions are compiled, how, and what they are without it."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from numba import njit
from numba.core import config

from negoenv.numerics.code_cache import CodeCache
from negoenv.numerics.uncompiled import in_python

Function = TypeVar("Function", bound=Callable[..., Any])

_ERRORS: Final = "numpy"  # divide as NumPy does, without checks for zero


def compiled(function: Function) -> Function:
    """Compile a function that only compiled functions call in earnest; it becomes part of them.

    It is inlined, since an array is handed over as six arguments and its references are counted.
    """
    dispatcher: Any = njit(error_model=_ERRORS, forceinline=True)(function)
    inner: Function = dispatcher
    return inner


def compiled_entry(function: Function, parallel: bool = False) -> Function:
    """Compile a function that Python calls, and store it on disk."""
    entry: Any
    if config.DISABLE_JIT:  # type: ignore[attr-defined]
        entry = in_python(function)
    else:
        entry = njit(parallel=parallel, error_model=_ERRORS)(function)
        entry._cache = CodeCache(function)
    called: Function = entry
    return called


def compiled_parallel_entry(function: Function) -> Function:
    """Compile a function that Python calls and that runs its ``prange`` loops in threads, and store it on disk."""
    return compiled_entry(function, parallel=True)
