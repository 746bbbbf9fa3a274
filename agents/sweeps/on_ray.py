"""Trials as tasks of a Ray cluster: one that is there, or one that is started on this machine.

A task trains in a scratch folder of its node, and stores its run directory in shared storage whenever there is a new
checkpoint. Ray runs a task again whose process or node is lost; it goes on from what its forerunner has stored. Whoever
began the sweep brings what has ended into the directory of the sweep, so that this is as processes would have left it.
A cluster that was there gets the code with the tasks, compiled functions included; only libraries are installed there.
"""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import negoenv
from negoenv.errors import NegoenvError, first_line

from ..extras import needed
from ..learning.config import CONFIGS
from ..parallel import Arguments, Ended, Told, listened
from .files import SharedFolder, TrialFiles

_OWN_SHARED = ".shared"  # in the directory of a sweep
_SECONDS = 1.0  # between two looks at the cluster, whose nodes come and go
_LOSSES = 5  # of processes or nodes that a trial survives
_PATIENCE = 5.0  # seconds until an address that does not answer is given up
_STORE = 100 * 2**20  # bytes for objects of a cluster that is started here; a trial hands over next to none
_SINGLE = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")


def ray_engine(processes: int, directory: Path, address: str | None, shared: str | None) -> Callable[..., Any]:
    """Return an engine whose calls are tasks of Ray, each on one core.

    Args:
        processes: cores of the cluster that is started here.
        directory: of the sweep or search.
        address: of a cluster that is there, as `ray.init` takes it; then it has as many cores as it has.
        shared: a path or a URI, see `SharedFolder`; what has ended stays there. Unless given it is in ``directory``,
            and holds what has not ended.

    Raises:
        NegoenvError: if Ray is not installed, or the shared storage is none.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # what it warns of otherwise
    os.environ.setdefault(
        "RAY_OVERRIDE_RUNTIME_ENV_DEFAULT_EXCLUDES", ""
    )  # __pycache__ is: it holds compiled functions
    ray = needed("ray", "ray", "The engine ray")
    place = shared or str(directory / _OWN_SHARED)
    folder = SharedFolder(place if "://" in place else str(Path(place).resolve()))
    return partial(_outcomes, ray=ray, processes=processes, address=address, shared=folder, kept=shared is not None)


def _outcomes(
    work: Callable[..., Any], calls: Iterable[Arguments], *, told: Told | None = None, ray: Any, processes: int,
    address: str | None, shared: SharedFolder, kept: bool,
) -> Iterator[Ended]:  # fmt: skip
    """Do as `agents.parallel.all_outcomes`; how far calls are is not told."""
    with _connected(ray, processes, address):
        shared.make()
        remote = ray.remote(num_cpus=1, max_retries=_LOSSES)(run_elsewhere)
        waiting, running = enumerate(calls), dict[Any, tuple[int, TrialFiles]]()
        while True:
            room = max(1, int(ray.cluster_resources().get("CPU", 1)))
            while len(running) < room and (call := next(waiting, None)) is not None:
                number, (files, *others) = call
                running[remote.remote(work, files, others, shared)] = number, files
            if not running:
                return
            ended, _ = ray.wait([*running], num_returns=1, timeout=_SECONDS)
            for task in ended:
                number, files = running.pop(task)
                error = _error_of(ray, task)
                if error is None:
                    error = _brought(files, shared, kept)
                yield number, error


def run_elsewhere(work: Callable[..., Any], files: TrialFiles, others: list[Any], shared: SharedFolder) -> None:
    """Do the work of one trial on a node of the cluster.

    Args:
        work: what is called with the files of the trial and with ``others``.
        files: where they are for whoever began the sweep; here they lie in a scratch folder.
        others: further arguments.
        shared: where the trial goes on from, and what its run directory and its result are stored in.

    Raises:
        NegoenvError: as ``work``; if the shared storage is not there.
        OSError: if something cannot be written.
    """
    shared.require(socket.gethostname())
    if shared.has_ended(files):
        return
    with tempfile.TemporaryDirectory(prefix="negoenv-", ignore_cleanup_errors=True) as scratch:
        here = files.below(Path(scratch))
        here.run.parent.mkdir()
        shared.get_run(here)
        stored = _checkpoints(here.run)

        def store(_: int) -> None:
            """Store the run directory if there is a new checkpoint in it."""
            nonlocal stored
            found = _checkpoints(here.run)
            if found - stored:
                shared.put_run(here)
            stored = found

        with listened(store):
            work(here, *others)
        shared.put_run(here)
        shared.put_result(here)


def _checkpoints(run: Path) -> set[str]:
    from ..learning.resumption import CHECKPOINTS

    return {path.name for path in (run / CHECKPOINTS).glob("step_*")}


def _brought(files: TrialFiles, shared: SharedFolder, kept: bool) -> BaseException | None:
    """Bring what has ended into the directory of the sweep; return what went wrong."""
    try:
        shared.get_all(files)
        if not kept:
            shared.forget(files)
    except (NegoenvError, OSError) as error:
        return error
    return None


def _error_of(ray: Any, task: Any) -> BaseException | None:
    """Return what a task raised, or why it was lost."""
    try:
        ray.get(task)
    except ray.exceptions.RayTaskError as error:
        cause = getattr(error, "cause", None)
        return cause if isinstance(cause, BaseException) else error
    except ray.exceptions.RayError as error:
        return NegoenvError(f"Its process or node was lost, {_LOSSES + 1} times at most: {first_line(error)}.")
    return None


@contextmanager
def _connected(ray: Any, processes: int, address: str | None) -> Iterator[None]:
    """Connect to a cluster, or start one, and leave it."""
    quiet = {"log_to_driver": False, "logging_level": "error"}
    own = {"num_cpus": processes, "include_dashboard": False, "object_store_memory": _STORE}
    with tempfile.TemporaryDirectory(prefix="negoenv-") as folder:
        try:
            if address is None:
                ray.init(address="local", runtime_env={"env_vars": _SINGLE}, **own, **quiet)
            else:
                _require_answer(address)
                environment = {"working_dir": str(_shipped(Path(folder))), "env_vars": _SINGLE}
                ray.init(address=address, runtime_env=environment, **quiet)
        except (ConnectionError, RuntimeError, ValueError, TimeoutError, OSError) as error:
            if isinstance(error, NegoenvError):
                raise
            where = "on this machine" if address is None else f"at {address}"
            raise NegoenvError(f"No Ray cluster can be used {where}: {first_line(error)}.") from None
        try:
            yield
        finally:
            ray.shutdown()


def _require_answer(address: str) -> None:
    """Refuse a host and port that do not answer; Ray would try for minutes.

    Raises:
        NegoenvError: if nothing answers there.
    """
    host, colon, port = address.rpartition("/")[2].rpartition(":")
    if not colon or not port.isdigit():
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _PATIENCE).close()
    except (OSError, OverflowError) as error:
        reason = getattr(error, "strerror", None) or error
        raise NegoenvError(f"No Ray cluster answers at {address}: {reason}.") from None


def _shipped(folder: Path) -> Path:
    """Copy what tasks import into a folder, as it lies here; return that."""
    trainers = Path(__file__).parents[1]
    inside = {Path(negoenv.__file__).parent, trainers, *([CONFIGS] if CONFIGS.parent != trainers else [])}
    for place in sorted(inside):
        shutil.copytree(place, folder / place.name, ignore=shutil.ignore_patterns("*.pyc"))
    return folder
