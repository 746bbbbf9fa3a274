"""Kill trainings with SIGKILL at random moments, go on with them, and compare with one that was left alone.

    python -m tests.check_resume                ten kills, every second one while a checkpoint is written
    python -m tests.check_resume --kills 100 --seed 7

It takes some ten seconds a kill and is no part of the tests, which do it once (tests/test_resuming.py).
"""

import argparse
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from agents.learning.config import TrainConfig, load_config
from tests.check_docs import ROOT

CHANGES = ("total_steps=24576", "checkpoint_every=8192", "eval_every=8192", "log_every=8192", "torch_threads=1")
SAME = ("policy.safetensors", "evaluation.json", "best/policy.safetensors", "best/policy.json")
"""Files of a run that must not depend on how often it was killed."""

_COUNTED = """
import os, sys
from negoenv.interop.sb3 import SB3VecEnv
step = SB3VecEnv.step_wait

def counted(self):
    os.write(1, b"\\0")
    return step(self)

SB3VecEnv.step_wait = counted
from agents.commands import main
main()
"""
"""``negoenv`` that writes a byte 0 for each step of all rows."""


@dataclass(frozen=True)
class Kill:
    """What one kill did."""

    writing: bool  # whether a checkpoint was being written
    reached: int  # steps that had been made
    resumed: int  # step that the run went on from
    differs: tuple[str, ...]  # files that are not those of the run that was left alone


def config() -> TrainConfig:
    """Return the run that is killed."""
    return load_config("smoke", CHANGES)


def most_lost() -> int:
    """Return the steps between two checkpoints: the interval in whole rollouts."""
    run = config()
    rollout = run.num_envs * run.hyperparameters["n_steps"]
    return -(-run.checkpoint_every // rollout) * rollout


def begin(*arguments: object) -> subprocess.Popen[bytes]:
    """Start ``negoenv`` in a process of its own."""
    words = [sys.executable, "-c", _COUNTED, *map(str, arguments)]
    return subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def train(directory: Path) -> subprocess.Popen[bytes]:
    """Begin the training."""
    return begin("train", "smoke", *CHANGES, "--directory", directory, "--no-progress")


def left_alone(directory: Path) -> None:
    """Train to the end."""
    process = train(directory)
    _, err = process.communicate(timeout=600)
    if process.returncode:
        sys.exit(f"The training failed: {err.decode()}")


def begin_and_kill(directory: Path, step: int, seconds: float, writing: bool) -> tuple[int, bool]:
    """Train, and kill the training.

    Args:
        directory: of the run.
        step: the step of all rows after which it is killed.
        seconds: how long after that.
        writing: whether to wait from then on until a checkpoint is being written.

    Returns:
        The steps that had been made, and whether a checkpoint was being written.
    """
    process = train(directory)
    made = len(process.stdout.read(step))
    more: list[int] = []
    reader = threading.Thread(target=lambda: more.append(process.stdout.read().count(b"\0")))
    reader.start()
    time.sleep(seconds)
    checkpoints = directory / "checkpoints"
    while writing and process.poll() is None and not any(checkpoints.glob(".step_*")):
        pass
    process.kill()
    process.wait()
    reader.join()
    for pipe in (process.stdout, process.stderr):
        pipe.close()
    return (made + sum(more)) * config().num_envs, any(checkpoints.glob(".step_*"))


def resumed_step(told: str) -> int:
    """Return the step that a run went on from, of what ``negoenv train --resume`` told."""
    resumed = re.search(r"goes on from step ([\d,]+)\.", told)
    assert resumed, told
    return int(resumed[1].replace(",", ""))


def differing(directory: Path, left_alone: Path) -> tuple[str, ...]:
    """Return the files that are not those of the run that was left alone."""
    return tuple(name for name in SAME if (directory / name).read_bytes() != (left_alone / name).read_bytes())


def killed(directory: Path, left_alone: Path, step: int, seconds: float, writing: bool) -> Kill:
    """Train, kill the training as `begin_and_kill` does, go on to the end, and say what became of it."""
    reached, was_writing = begin_and_kill(directory, step, seconds, writing)
    again = begin("train", "--resume", directory, "--no-progress")
    _, err = again.communicate(timeout=600)
    if again.returncode:
        sys.exit(f"{directory} could not go on after step {step * config().num_envs:,}: {err.decode()}")
    return Kill(was_writing, reached, resumed_step(err.decode()), differing(directory, left_alone))


def kills(folder: Path, number: int, seed: int) -> Iterator[Kill]:
    """Kill as many trainings, every second one while it writes a checkpoint."""
    draw = random.Random(seed)
    alone = folder / "alone" / "run"  # of one name, which is part of the results
    left_alone(alone)
    steps = (config().total_steps - config().checkpoint_every) // config().num_envs  # so that one is still to come
    for index in range(number):
        moment = draw.randrange(1, steps), draw.uniform(0.0, 0.1)
        yield killed(folder / str(index) / "run", alone, *moment, index % 2 == 1)


def main() -> None:
    """Run it, print a line a kill, and exit with 1 if a run lost more than an interval or came to another end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for kill in kills(Path(folder), options.kills, options.seed):
            print(f"{kill}, lost {kill.reached - kill.resumed:,}", flush=True)
            found.append(kill)
    lost = max(kill.reached - kill.resumed for kill in found)
    others = sum(bool(kill.differs) for kill in found)
    writing = sum(kill.writing for kill in found)
    print(
        f"{len(found)} killed, {writing} while a checkpoint was written; at most {lost:,} steps lost "
        f"(checkpoints are {most_lost():,} apart); {others} came to another end than the run that was left alone."
    )
    sys.exit(lost > most_lost() or others > 0)


if __name__ == "__main__":
    main()
