"""The same training with several seeds, side by side: a process each, as many at a time as there are cores."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from negoenv.config import validated
from negoenv.errors import printable

from ..invocation import command_line
from ..parallel import in_parallel, tell_done
from ..reporting.files import numbered_directory
from ..reporting.progress import bar
from .config import TrainConfig


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def with_seeds(config: TrainConfig, count: int) -> list[TrainConfig]:
    """Return a run with its seed and the next ones, on one thread each; what is learned is that of each alone.

    Args:
        config: the run.
        count: how many seeds.

    Raises:
        NegoenvError: if the last one is too large.
    """
    settings = config.model_dump() | {"torch_threads": 1, "num_threads": 1}
    return [
        validated(TrainConfig, settings | {"seed": config.seed + number}, "the last seeds") for number in range(count)
    ]


def train_seeds(configs: Sequence[TrainConfig], runs: Path, processes: int, progress: bool = False) -> list[Path]:
    """Train what differs by its seed alone, and return the run directories, in the order of ``configs``.

    Args:
        configs: the runs.
        runs: where their numbered directories are made.
        processes: how many run side by side; the results do not depend on it.
        progress: whether to show how many steps are made, and what has ended.

    Raises:
        NegoenvError: as `agents.learning.train.train`; the others are broken off then.
        KeyboardInterrupt: on Ctrl-C; it says how to go on with each that was begun.
    """
    directories = [numbered_directory(runs, config.run_name) for config in configs]
    try:
        steps = [0] * len(configs)
        with bar(configs[0].total_steps * len(configs), f"{len(configs)} seeds", progress, "steps") as shown:

            def told(made: Mapping[int, int]) -> None:
                for number, count in made.items():
                    steps[number] = min(count, configs[number].total_steps)
                shown.update(sum(steps) - shown.n)

            for number in in_parallel(_train, list(zip(configs, directories, strict=True)), processes, told):
                told({number: configs[number].total_steps})
                if progress and shown.disable:
                    print(printable(f"{directories[number]} has ended."), file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        begun = [directory for directory in directories if not _is_whole(directory)]
        ways = "; ".join(command_line("train", "--resume", directory) for directory in begun if _is_begun(directory))
        raise KeyboardInterrupt(f"Interrupted; {len(directories) - len(begun)} have ended; {ways}.") from None
    finally:
        for directory in directories:
            if not any(directory.iterdir()):
                directory.rmdir()
    return directories


def _is_begun(directory: Path) -> bool:
    from .resumption import CONFIG  # torch takes seconds to import

    return (directory / CONFIG).is_file()


def _is_whole(directory: Path) -> bool:
    from .resumption import EVALUATION

    return (directory / EVALUATION).is_file()


def _train(config: TrainConfig, directory: Path) -> None:
    """Train one of them."""
    from .train import train

    train(config, directory, on_step=lambda steps, _: tell_done(steps))
