"""Where trials run: in processes on this machine, or as the tasks of a Ray cluster."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from negoenv.errors import NegoenvError, unknown_name

from ..parallel import Arguments, Ended, Told, all_outcomes

ENGINES = ("local", "ray")


class Engine(Protocol):
    """Calls a function with many arguments, as `agents.parallel.all_outcomes` does."""

    def __call__(
        self, work: Callable[..., Any], calls: Iterable[Arguments], *, told: Told | None = None
    ) -> Iterator[Ended]:
        """Yield the number of each call when it has ended, and its error.

        The first argument of each call is its `agents.sweeps.files.TrialFiles`, into which ``work`` writes.
        """


def local_engine(processes: int) -> Engine:
    """Return an engine that runs so many calls side by side, in a process each."""
    return partial(all_outcomes, processes=processes)


def make_engine(
    name: str, processes: int, directory: Path, address: str | None = None, shared: str | None = None
) -> Engine:
    """Return an engine by its name.

    Args:
        name: one of `ENGINES`.
        processes: how many calls run side by side here; a cluster that was there before takes as many as it has cores.
        directory: of the sweep or search.
        address: of a Ray cluster; one is started on this machine unless given.
        shared: where trials on other machines leave what comes of them, see `agents.sweeps.files.SharedFolder`; a
            folder in ``directory`` unless given.

    Raises:
        NegoenvError: if there is no such engine, it takes no address or shared storage, or a library is missing.
    """
    if name not in ENGINES:
        raise unknown_name("engine", name, ENGINES)
    if name == "ray":
        from .on_ray import ray_engine

        return ray_engine(processes, directory, address, shared)
    for option, value in (("--address", address), ("--shared", shared)):
        if value is not None:
            raise NegoenvError(f"{option} is of the engine ray: give --engine ray, too.")
    return local_engine(processes)
