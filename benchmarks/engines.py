"""What an engine of sweeps costs beside the trainings, by the number of its processes or nodes.

    python -m benchmarks.engines                         with 1 and with 2 processes, some minutes
    python -m benchmarks.engines 2                       with 2
    python -m benchmarks.engines --engine ray 1 2 3      on clusters of so many nodes, with a core each, on this machine

Each runs a sweep of the same trainings, of some 20 s each, so many for each process. The work is what a training takes
within its process once the libraries are imported. What the engine adds is told apart: until the first training begins
(processes and imports), between two trainings of the same process, and in all: processes times the time of the whole
sweep, less the work, with what waits idle at the end. Ray needs the extra of that name; its clusters stand before the
clock starts, in a network namespace with loopback alone (Linux).
"""

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

from agents.extras import needed
from agents.sweeps.engines import ENGINES, Engine, local_engine, make_engine
from agents.sweeps.files import TrialFiles
from agents.sweeps.plan import SweepConfig, Trial, trials_of
from agents.sweeps.trial import Place, run_trial
from negoenv.errors import NegoenvError

SWEEP = {"configs": ["procurement_fast_ppo"], "settings": {"eval_episodes": 256, "test_episodes": 1024}}


def timed_trial(files: TrialFiles, trial: Trial, log: Path) -> None:
    """Train, and note in a file of ``log`` when that began and ended, and in which process."""
    from agents.learning import train  # noqa: F401 - torch: its import is no part of the work

    begun = time.time(), time.process_time()
    run_trial(files, trial)
    noted = {"begun": begun[0], "ended": time.time(), "cpu": time.process_time() - begun[1], "process": os.getpid()}
    (log / f"{trial.name}.json").write_text(json.dumps(noted))


@contextmanager
def engine_of(name: str, workers: int, folder: Path) -> Iterator[Engine]:
    """Offer an engine with so many processes, or on a cluster of so many nodes that is there for as long."""
    if name == "local":
        yield local_engine(workers)
        return
    from tests.check_cluster import cluster_of

    os.environ.setdefault("RAY_worker_niceness", "0")  # 15 unless told, so that whatever else runs comes first
    cluster = cluster_of(workers)
    try:
        yield make_engine(name, 1, folder, cluster.address, str(folder / "shared"))
    finally:
        cluster.shutdown()


def measured(name: str, workers: int, each: int, steps: int, folder: Path) -> dict[str, Any]:
    """Run a sweep with so many processes; return what it took, in seconds.

    Args:
        name: of the engine.
        workers: processes, or nodes of a cluster.
        each: trainings for each process.
        steps: of each training.
        folder: an empty one.
    """
    settings = {**SWEEP["settings"], "total_steps": steps}  # type: ignore[dict-item]
    trials = trials_of(SweepConfig.model_validate({**SWEEP, "settings": settings, "seeds": each * workers}))
    log = folder / "log"
    log.mkdir()
    with engine_of(name, workers, folder) as engine:
        began = time.time()
        for _, error in engine(timed_trial, [(Place(folder).files(trial), trial, log) for trial in trials]):
            if error is not None:
                raise error
        whole = time.time() - began
    return told_of([json.loads(path.read_text()) for path in log.iterdir()], began, whole, workers)


def told_of(noted: list[dict[str, Any]], began: float, whole: float, workers: int) -> dict[str, Any]:
    """Return what the notes of some trainings come to."""
    by_process: dict[int, list[dict[str, Any]]] = {}
    for one in sorted(noted, key=lambda one: one["begun"]):
        by_process.setdefault(one["process"], []).append(one)
    gaps = [after["begun"] - before["ended"] for ones in by_process.values() for before, after in pairwise(ones)]
    work = sum(one["ended"] - one["begun"] for one in noted)
    first = [ones[0]["begun"] - began for ones in by_process.values()]
    return {
        "trials": len(noted),
        "whole": whole,
        "work of one": work / len(noted),
        "of it processor": sum(one["cpu"] for one in noted) / len(noted),
        "until the first": sum(first) / len(first),
        "between two": sum(gaps) / len(gaps) if gaps else 0.0,
        "between, % of the work": 100 * sum(gaps) / len(gaps) / (work / len(noted)) if gaps else 0.0,
        "added in all, %": 100 * (workers * whole / work - 1),
        "trials an hour": 3600 * len(noted) / whole,
    }


def main() -> None:
    """Measure, and print a row of a table for each number of processes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("processes", nargs="*", type=int, default=[1, 2], help="or nodes: how many; each in turn")
    parser.add_argument("--engine", choices=ENGINES, default="local")
    parser.add_argument("--each", type=int, default=4, help="trainings for each process")
    parser.add_argument("--steps", type=int, default=800_000, help="of each training")
    given = parser.parse_args([word for word in sys.argv[1:] if word != "--inside"])
    if given.engine == "ray":
        from tests.check_cluster import in_namespace

        try:
            needed("ray", "ray", "The engine ray")
        except NegoenvError as error:
            parser.error(str(error))
        in_namespace("benchmarks.engines")
    for count, workers in enumerate(given.processes):
        with tempfile.TemporaryDirectory() as folder:
            found = measured(given.engine, workers, given.each, given.steps, Path(folder))
        if not count:
            print(f"| processes | {' | '.join(found)} |\n|{'---|' * (len(found) + 1)}")
        print(f"| {workers} | {' | '.join(f'{value:,.1f}' for value in found.values())} |", flush=True)


if __name__ == "__main__":
    main()
