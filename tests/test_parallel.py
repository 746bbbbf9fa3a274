"""Processes side by side: how far they are is told, and one that fails or dies takes no other along."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agents.parallel import all_outcomes, in_parallel, tell_done
from tests.conftest import ROOT


def half(number):
    """Tell something, and fail or die as told."""
    tell_done(10 * number)
    if number == 1:
        raise ValueError("one")
    if number == 2:
        os._exit(1)


@pytest.mark.slow
def test_one_that_fails_or_dies_takes_no_other_along():
    found = dict(all_outcomes(half, [(number,) for number in range(5)], 2))
    assert [found[number] is None for number in range(5)] == [True, False, False, True, True]
    assert str(found[1]) == "one"
    assert "ended from outside" in str(found[2])


def test_what_fails_here_is_told_like_that():
    found = dict(all_outcomes(half, iter([(0,), (1,), (3,)]), 1))
    assert [str(error) for error in found.values()] == ["None", "one", "None"]


def test_how_far_it_is_is_told():
    told = []
    assert list(in_parallel(half, [(3,), (4,)], 1, told.append)) == [0, 1]
    assert told == [{0: 30}, {1: 40}]
    tell_done(5)
    assert len(told) == 2, "nobody listens any more"


def stay(path):
    """Say who this is, and stay for longer than any test."""
    beside = Path(f"{path}.beside")
    beside.write_text(str(os.getpid()))
    beside.rename(path)
    time.sleep(600)


BEGIN = """
import sys
from agents.parallel import all_outcomes
from tests.test_parallel import stay
if __name__ == "__main__":
    list(all_outcomes(stay, [(path,) for path in sys.argv[1:]], 2))
"""


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no such signals")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGKILL"])
def test_no_process_stays_behind_when_the_one_that_began_it_is_ended(number, tmp_path):
    files = [tmp_path / "a", tmp_path / "b"]
    begun = subprocess.Popen([sys.executable, "-c", BEGIN, *map(str, files)], cwd=ROOT)
    try:
        wait_until(lambda: all(file.exists() for file in files))
    finally:
        begun.send_signal(getattr(signal, number))
        begun.wait()
    workers = [int(file.read_text()) for file in files]
    wait_until(lambda: not any(is_there(worker) for worker in workers))


def wait_until(condition):
    """Wait for what comes in a moment, and on a busy machine later."""
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


def is_there(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
