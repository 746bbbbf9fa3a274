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


def compiled_entry(function: Function, parallel: bool = False, fastmath: frozenset[str] = frozenset()) -> Function:
    """Compile a function that Python calls, and store it on disk.

    Args:
        function: the function.
        parallel: whether its ``prange`` loops run in threads.
        fastmath: what LLVM may do to its arithmetic, by the names of LLVM's flags; nothing unless given.
    """
    entry: Any
    if config.DISABLE_JIT:  # type: ignore[attr-defined]
        entry = in_python(function)
    else:
        entry = njit(parallel=parallel, error_model=_ERRORS, fastmath={*fastmath})(function)
        entry._cache = CodeCache(function)
    called: Function = entry
    return called


def compiled_parallel_entry(function: Function) -> Function:
    """Compile a function that Python calls and that runs its ``prange`` loops in threads, and store it on disk."""
    return compiled_entry(function, parallel=True)


def compiled_sums(function: Function) -> Function:
    """Compile a function full of sums of products for Python and for others of its kind, and store it on disk.

    A product and a sum may be one instruction there, so the last bits depend on the kind of processor. Terms may not
    change places: what it calls is compiled in the same way, and `negoenv.numerics.fast_math` relies on their order.
    """
    return compiled_entry(function, fastmath=frozenset({"contract"}))
