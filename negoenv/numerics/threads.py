"""Compiled loops that run in several threads: one launch at a time, and none in a forked process.

Numba runs the parts of a loop in a pool of threads that the process shares. Two launches at once abort the process
where the pool is Numba's own ("workqueue", which is what an installation without OpenMP and TBB has), and a launch in
a process that was forked while the pool stood aborts where it is GNU's OpenMP. A pool of Python's own threads has
neither limit, but wakes too late to be of use.
"""

import os
import threading
from collections.abc import Callable
from typing import Any

_launching = threading.Lock()
_forked = False


def run_in_parts(one: Callable[..., None], several: Callable[..., None], parts: int, *arguments: Any) -> None:
    """Run a compiled loop in ``parts``, side by side where that can be done; the results do not depend on it.

    Args:
        one: called with the number of a part, the number of parts, and the arguments; the caller's thread runs it.
        several: called with the number of parts and the arguments; runs all of them in the pool of threads.
        parts: how many parts.
        arguments: what both work on.
    """
    if parts == 1 or _forked:
        one(0, 1, *arguments)
    else:
        with _launching:
            several(parts, *arguments)


def _reset_after_fork() -> None:
    """In the child of a fork: another thread of the parent may have held the lock, and the pool's threads are gone."""
    global _launching, _forked
    _launching = threading.Lock()
    _forked = True


if hasattr(os, "register_at_fork"):  # Windows does not fork
    os.register_at_fork(after_in_child=_reset_after_fork)
