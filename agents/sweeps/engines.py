"""Where trials run: what a sweep and a search ask of it, and the one that there is, processes on this machine."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any, Protocol

from ..parallel import Arguments, Ended, Told, all_outcomes


class Engine(Protocol):
    """Calls a function with many arguments, as `agents.parallel.all_outcomes` does."""

    def __call__(
        self, work: Callable[..., Any], calls: Iterable[Arguments], *, told: Told | None = None
    ) -> Iterator[Ended]:
        """Yield the number of each call when it has ended, and its error."""


def local_engine(processes: int) -> Engine:
    """Return an engine that runs so many calls side by side, in a process each."""
    return partial(all_outcomes, processes=processes)
