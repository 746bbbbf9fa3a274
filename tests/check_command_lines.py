"""Try command lines as nobody should write them, and look at what each command makes of them.

    python -m tests.check_command_lines                    each parameter with each odd value, and 200 lines at random
    python -m tests.check_command_lines --step 4 --lines 0           every fourth of the former alone
    python -m tests.check_command_lines --only train --lines 20000 --seed 1

Whatever is written, a command does its work or refuses in sentences: no traceback, no hang, no raw control character,
nothing half-written, nothing outside of the folder it is called in. Work is broken off once it has begun: what is asked
here is how a line is read. It is no part of the tests, which do it with fewer lines (tests/test_command_lines.py).
"""

import argparse
import io
import os
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from hypothesis import HealthCheck, Phase, given, seed, settings

from agents.commands import COMMANDS
from agents.commands import main as negoenv
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.ladder.batch import LadderBatch
from negoenv.sourcing import SourcingBatch
from tests.command_lines import command_lines, make_folder, one_odd

MOST_ROWS, MOST_STEPS = 64, 40
"""Work that is done: rows side by side, and calls of `reset` and `step`; beyond, a command is broken off."""

MOST_SECONDS = 20.0  # of processor time, from the call to the beginning of the work or the end
MOST_LETTERS = 8_000  # of what a refusal says


class AtWork(BaseException):
    """A command has read its line and works: enough."""


_OWN_TEMPORARY = str(Path(tempfile.gettempdir()) / "negoenv-")  # folders of trainings, which are removed again


@dataclass(frozen=True)
class Ended:
    """How a call ended.

    Attributes:
        status: the exit status; None if it was at work.
        err: what it said on stderr.
        outside: what it tried to write outside of its folder.
    """

    status: int | None
    err: str
    outside: tuple[str, ...]

    def fault(self) -> str:
        """Return what is wrong with it; nothing if nothing is."""
        outside = [path for path in self.outside if not path.startswith(_OWN_TEMPORARY)]
        if outside:
            return f"it writes outside of its folder: {', '.join(outside)}"
        if self.status in (None, 0):
            return ""
        lines = self.err.removesuffix("\n").split("\n")
        raw = [line for line in lines if not line.replace("\r", "").isprintable()]
        wrong = {
            f"it ends with {self.status}": self.status != 2,
            "a traceback": "Traceback" in self.err,
            f"no sentence: {self.err[:200]!r}": not any(line.endswith((".", "?")) for line in lines),
            f"too long a sentence: {self.err[:200]!r}": len(self.err) > MOST_LETTERS,
            f"not printable: {raw[:1]!r}": bool(raw),
        }
        return next((told for told, holds in wrong.items() if holds), "")


def call(command: str, line: list[str], place: Path) -> Ended:
    """Call a command in a folder and break it off when its work has begun.

    Raises:
        Exception: whatever the command does not tell in a sentence.
    """
    err, here = io.StringIO(), Path.cwd()
    status: int | None = None
    with ExitStack() as stack:
        outside = stack.enter_context(_guarded(place, line))
        stack.enter_context(_interrupted_at_work())
        stack.enter_context(mock.patch.object(sys, "argv", ["negoenv", command, *line]))
        stack.enter_context(mock.patch("agents.commands.playtest.RECORDS", place / "records"))  # no option names it
        stack.enter_context(redirect_stdout(io.StringIO()))
        stack.enter_context(redirect_stderr(err))
        os.chdir(place)
        try:
            negoenv()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        except AtWork:
            pass
        finally:
            os.chdir(here)
    left = [str(path) for path in place.rglob("*.unfinished")]
    return Ended(status, err.getvalue(), (*outside, *left))


@contextmanager
def _interrupted_at_work() -> Iterator[None]:
    """Break off whoever plays many episodes, resamples, starts a process or a server; refuse who does not get there."""
    steps = 0

    def limited(method: Callable[..., Any]) -> Callable[..., Any]:
        def counted(self: Any, *arguments: Any, **named: Any) -> Any:
            nonlocal steps
            steps += 1
            if self.num_rows > MOST_ROWS or steps > MOST_STEPS:
                raise AtWork
            return method(self, *arguments, **named)

        return counted

    def at_work(*_: Any, **__: Any) -> None:
        raise AtWork

    def too_long(*_: Any) -> None:
        raise TimeoutError(f"{MOST_SECONDS:.0f} s of processor time, and the work has not begun")

    with ExitStack() as stack:
        for batch in (NegotiationBatch, LadderBatch, SourcingBatch):
            for name in ("reset", "step"):
                stack.enter_context(mock.patch.object(batch, name, limited(getattr(batch, name))))
        for begun in (
            "multiprocessing.process.BaseProcess.start", "tensorboard.program.TensorBoard.launch",
            "agents.reporting.server.wait", "agents.parallel._here", "agents.parallel._Worker",
            "negoenv.human.moments.bootstrap",
        ):  # fmt: skip
            stack.enter_context(mock.patch(begun, at_work))
        before = signal.signal(signal.SIGVTALRM, too_long)
        signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0.0)
            signal.signal(signal.SIGVTALRM, before)


_LIBRARIES = ("__pycache__", "/matplotlib", "/torchinductor_", "/pym-")
"""In the names of places where Python and libraries keep what they need, whatever a command does."""

_guards: list[Callable[[str, Any], None]] = []  # an audit hook cannot be taken away again
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_CHANGES = {
    "os.mkdir": 0, "os.remove": 0, "os.rmdir": 0, "os.rename": 1, "os.symlink": 1, "os.link": 1, "shutil.rmtree": 0,
}  # fmt: skip
"""Audit events, and which of their arguments is the place that changes."""


def _audit(event: str, arguments: Any) -> None:
    for guard in _guards:
        guard(event, arguments)


def _changed(event: str, arguments: Any) -> str | None:
    """Return the place that an audit event is about to change; None if it changes none."""
    if event == "open":
        path, mode, flags = arguments
        writes = bool(set(mode or "") & set("wax+")) or (mode is None and bool((flags or 0) & _WRITES))
    else:
        path, writes = (arguments[_CHANGES[event]], True) if event in _CHANGES else (None, False)
    return os.path.realpath(os.fsdecode(path)) if writes and isinstance(path, (str, bytes, os.PathLike)) else None


@contextmanager
def _guarded(place: Path, line: list[str]) -> Iterator[list[str]]:
    """Keep everything but a folder as it is; yield what somebody wants to write outside, but where the line says so."""
    outside: list[str] = []
    values = [word.partition("=")[2] if word.startswith("--") else word for word in line]
    asked = [os.path.dirname(os.path.realpath(place / word)) for word in values if _leads_out(word)]

    def guard(event: str, arguments: Any) -> None:
        path = _changed(event, arguments)
        if path in (None, os.devnull, "/dev/full") or path.startswith(str(place.resolve())):
            return
        if any(name in path for name in _LIBRARIES):
            return
        if not any(path.startswith(folder) for folder in asked):
            outside.append(path)
        raise PermissionError(1, "Operation not permitted", path)

    if not _guards:
        sys.addaudithook(_audit)
    _guards.append(guard)
    try:
        yield outside
    finally:
        _guards.remove(guard)


def _leads_out(word: str) -> bool:
    """Return whether somebody who writes this asks for a place outside of the working directory."""
    return word.startswith(("/", "..")) and "\0" not in word


def check(command: str, line: list[str], made: Path | None, place: Path) -> str:
    """Call a command in a new folder; return what is wrong with how it ended, nothing if nothing is."""
    shutil.rmtree(place, ignore_errors=True)
    make_folder(place, made)
    try:
        return call(command, line, place).fault()
    except Exception as error:  # the fault that is looked for
        where = traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__}: {str(error)[:200]} ({Path(where.filename).name}, line {where.lineno})"


def make_inputs(place: Path) -> Path:
    """Make a folder with a run, a bundle, a comparison and a game, as the commands leave them; it takes seconds."""
    small = ("total_steps=256", "num_envs=16", "eval_every=0", "eval_episodes=8", "test_episodes=8", "scenario=Ladder")
    few = ("--episodes", "8")
    place.mkdir(parents=True)
    here = Path.cwd()
    for line in (
        ["train", "smoke", *small, "hyperparameters.batch_size=256", "--directory", "run", "--no-progress"],
        ["export", "run", "--out", "bundle.zip", "--no-onnx", *few],
        ["compare", "random", "run", "--scenario", "Ladder", *few, "--logdir", "comparison", "--no-progress"],
        ["play", "--watch", "random", "--seed", "1", "--save", "game.json"],
    ):
        with mock.patch.object(sys, "argv", ["negoenv", *line]), redirect_stdout(io.StringIO()):
            os.chdir(place)
            try:
                negoenv()
            except SystemExit as end:
                if end.code:
                    raise RuntimeError(f"negoenv {' '.join(line)} ends with {end.code}") from None
            finally:
                os.chdir(here)
    return place


Faults = dict[str, list[str]]
"""Each fault, with the first line that shows it."""


def try_lines(command: str, lines: list[list[str]], made: Path | None, place: Path) -> Faults:
    """Try lines; return the faults."""
    faults: Faults = {}
    for line in lines:
        if told := check(command, line, made, place):
            faults.setdefault(told, line)
    return faults


def try_random(command: str, lines: int, made: Path | None, place: Path, number: int = 0) -> Faults:
    """Try so many lines at random; return the faults."""
    faults: Faults = {}

    @seed(number)
    @settings(max_examples=lines, phases=[Phase.generate], suppress_health_check=list(HealthCheck), database=None)
    @given(command_lines(command))
    def try_it(line: list[str]) -> None:
        if told := check(command, line, made, place):
            faults.setdefault(told, line)

    try_it()
    return faults


def main() -> None:
    """Try lines of each command, and print what is wrong."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--step", type=int, default=1, help="every STEP-th odd value")
    options.add_argument("--lines", type=int, default=200, help="at random, of each command")
    options.add_argument("--only", choices=COMMANDS, nargs="*", help="some commands")
    options.add_argument("--seed", type=int, default=0)
    asked = options.parse_args()
    settings.register_profile("lines", deadline=None)
    settings.load_profile("lines")
    found = tried = 0
    with tempfile.TemporaryDirectory() as temporary:
        made, place = make_inputs(Path(temporary) / "made"), Path(temporary) / "within" / "place"
        for command in asked.only or COMMANDS:
            began, lines = time.perf_counter(), one_odd(command, asked.step)
            faults = try_lines(command, lines, made, place)
            if asked.lines:
                faults |= try_random(command, asked.lines, made, place, asked.seed)
            found, tried = found + len(faults), tried + len(lines) + asked.lines
            print(f"{command}: {len(faults)} faults, {time.perf_counter() - began:.0f} s", flush=True)
            for told, line in faults.items():
                print(f"    {told}\n        {line!r}", flush=True)
    print(f"{tried:,} lines, {found} faults")
    sys.exit(found > 0)


if __name__ == "__main__":
    main()
