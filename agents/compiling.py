"""A word when the dynamics have to be compiled, which takes a while: the first time, and after every change of them."""

import sys
from functools import cache

from numba.core.event import Event, Listener, register

_COMPILES = "numba:compile"  # Numba's event for a function that its cache on disk does not hold


class _Notice(Listener):
    """Says it once, when compilation begins."""

    def __init__(self) -> None:
        self._said = False

    def on_start(self, event: Event) -> None:
        """Say it, unless that has been done."""
        if not self._said and event.data["dispatcher"].__module__.partition(".")[0] == "negoenv":
            self._said = True
            print("Compiling the dynamics (once, about 20 s)...", file=sys.stderr, flush=True)

    def on_end(self, event: Event) -> None:
        """Say nothing."""


@cache
def say_when_compiling() -> Listener:
    """Let this process say on stderr when it compiles the dynamics; return what listens for that."""
    notice = _Notice()
    register(_COMPILES, notice)  # type: ignore[no-untyped-call]
    return notice
