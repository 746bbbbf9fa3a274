"""How a command ends: by its exit status, in a line, with its files written, whatever becomes of the terminal."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from agents.commands import _called
from agents.terminal import PlainConsole, console, printed_after, say

ROOT = Path(__file__).parents[1]
SHORT = ("compare", "random", "--scenario", "Ladder", "--episodes", "8")
COMPARE = (*SHORT, "--scenario", "Procurement")
TRAP = "\x1b]0;title\x07[bold]x[/] :smile: \x9b31m"


def run(*arguments, stdout=subprocess.PIPE, **environment):
    """Run ``negoenv`` in a process of its own."""
    command = [sys.executable, "-m", "negoenv", *map(str, arguments)]
    return subprocess.run(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=stdout, stderr=subprocess.PIPE, timeout=240,
        check=False,
    )  # fmt: skip


# The terminal fails


@pytest.mark.slow
def test_what_an_encoding_lacks_is_written_in_ascii(tmp_path):
    done = run(*SHORT, "--json", tmp_path / "x.json", "--logdir", tmp_path / "x", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"+/-" in done.stdout
    assert done.stdout.isascii()
    assert json.loads((tmp_path / "x.json").read_text())["best"]
    assert (tmp_path / "x" / "comparison.json").is_file()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_behind_the_output_is_told_and_the_files_are_written(tmp_path):
    with open("/dev/full", "wb") as full:
        done = run(*COMPARE, "--json", tmp_path / "x.json", stdout=full)
    assert done.returncode == 1
    assert done.stderr.decode() == "The output cannot be written: No space left on device.\n"
    assert json.loads((tmp_path / "x.json").read_text())["best"]


@pytest.mark.slow
def test_a_reader_that_has_left_ends_nothing_but_the_printing(tmp_path):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        done = run(*COMPARE, "--json", tmp_path / "x.json", stdout=pipe)
    assert (done.returncode, done.stderr) == (141, b"")
    assert json.loads((tmp_path / "x.json").read_text())["best"]


@pytest.mark.slow
def test_closed_streams_are_no_files_of_ours(tmp_path):
    line = f'exec "$0" -m negoenv {" ".join(COMPARE)} --json {tmp_path}/x.json 0>&- 1>&- 2>&-'
    assert subprocess.run(["sh", "-c", line, sys.executable], cwd=ROOT, timeout=240, check=False).returncode == 0
    assert json.loads((tmp_path / "x.json").read_text())["best"]


def test_a_file_that_cannot_be_written_does_not_keep_results_from_being_printed(command, tmp_path, monkeypatch):
    def fail(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    status, out, err = command("evaluate", "random", "--scenario", "Ladder", "--episodes", 8, "--json", tmp_path / "x")
    assert (status, err) == (2, f"{tmp_path / 'x'} cannot be read or written: No space left on device.\n")
    assert "return" in out
    assert not list(tmp_path.iterdir())


# Names


def test_names_are_shown_as_they_are_and_obeyed_by_no_terminal(capsys):
    from rich.table import Table
    from rich.text import Text

    table = Table(title=f"1 {TRAP}", caption=f"2 {TRAP}")
    table.add_column(f"3 {TRAP}")
    table.add_row(f"4 {TRAP}")
    table.add_row(Text(f"5 {TRAP}"))
    console().print(table)
    console().print(f"6 {TRAP}")
    say(f"7 {TRAP}")
    PlainConsole(force_terminal=True, color_system=None, width=100).print(f"8 {TRAP}")
    out = capsys.readouterr().out
    for number in range(1, 9):
        assert f"{number} " in out
    assert out.count("[bold]x[/] :smile:") == 8
    assert not {"\x1b", "\x07", "\x9b"} & set(out)
    assert out.count("\\x1b]0;title\\x07") == 7  # a Text is measured before: what has no width is left out there


def test_results_are_printed_after_the_files_and_in_any_case(capsys):
    def write():
        with printed_after("results", "more"):
            assert capsys.readouterr().out == ""
            raise OSError("full")

    with pytest.raises(OSError, match="full"):
        write()
    assert capsys.readouterr().out == "results\nmore\n"


# Ctrl-C

IMPORTED = """
class Interrupt:
    def find_spec(self, name, *_):
        if name == {0!r}:
            sys.meta_path.remove(self)
            os.killpg(0, signal.SIGINT)
sys.meta_path.insert(0, Interrupt())
"""
PLAYED = """
from negoenv.engine.negotiation_batch import NegotiationBatch
NegotiationBatch.step = lambda *_: os.killpg(0, signal.SIGINT)
"""
WHEN = {
    # when Ctrl-C comes: by which code, to which command
    "while the package is imported": (IMPORTED.format("numba"), "compare"),
    "while the commands are imported": (IMPORTED.format("typer"), "compare"),
    "while torch is imported": (IMPORTED.format("torch"), "train smoke --directory {folder}/run"),
    "while it plays": (PLAYED, "compare --episodes 8 --logdir {folder}/new --json {folder}/x.json"),
    "while it fits": (PLAYED, "calibrate --ebay --out {folder}/x.yaml"),
    "while it draws": (IMPORTED.format("PIL.PngImagePlugin"),
                       "planning-curve --scenario Ladder --budget 64 --episodes 2 --figure {folder}/x.png"),
}  # fmt: skip


def interrupted(code, *arguments):
    """Run code in a group of processes of its own, as a terminal does, and return status, output and errors.

    A shell starts what runs in the background with Ctrl-C ignored; here it is heard in any case.
    """
    heard = "import os, signal, sys\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
    done = subprocess.run(
        [sys.executable, "-c", f"{heard}{code}", *arguments], cwd=ROOT, capture_output=True, text=True,
        timeout=240, start_new_session=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("when", WHEN)
def test_ctrl_c_is_told_in_one_line_and_leaves_nothing(when, tmp_path):
    code, line = WHEN[when]
    code += "import negoenv_command; negoenv_command.main()"
    status, _, err = interrupted(code, *line.format(folder=tmp_path).split())
    assert (status, err) == (130, "Interrupted.\n")
    assert not list(tmp_path.iterdir())


def stay(seconds):
    """Let the whole group be told of Ctrl-C, and stay."""
    os.killpg(0, signal.SIGINT)
    threading.Event().wait(seconds)


@pytest.mark.slow
def test_ctrl_c_ends_the_processes_at_work_and_they_are_silent():
    """They are told, too, and would each print where they were; one is still importing then."""
    code = """
from agents.parallel import in_parallel
from tests.test_ending import stay
try:
    list(in_parallel(stay, [(600,)] * 4, 2))
except KeyboardInterrupt:
    sys.exit(130)
"""
    assert interrupted(f"if __name__ == '__main__':{textwrap.indent(code, '    ')}") == (130, "", "")


def test_ctrl_c_in_a_command_is_130_by_any_version_of_typer(command, monkeypatch):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("agents.commands.evaluate.load_policy", interrupt)
    assert command("evaluate", "random") == (130, "", "Interrupted.\n")
    monkeypatch.setattr("agents.commands._called", interrupt)
    assert command("evaluate", "random") == (130, "", "Interrupted.\n")
    assert _called(["--help"]) == 0
