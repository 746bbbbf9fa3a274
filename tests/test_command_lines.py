"""Odd command lines are right or refused in sentences; `tests.check_command_lines` tries as many as one likes."""

import sys

import pytest

from agents.commands import COMMANDS, evaluate
from agents.commands import list as list_command
from negoenv.errors import NegoenvError
from tests.check_command_lines import check, try_lines, try_random
from tests.command_lines import one_odd, parameters

pytestmark = pytest.mark.filterwarnings("ignore:html5lib's sanitizer is deprecated")  # which TensorBoard brings along

LINES = 3  # of each kind, for each command


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_works_or_refuses_in_sentences(command, tmp_path):
    odd = one_odd(command)
    assert not try_lines(command, odd[:: len(odd) // LINES + 1], None, tmp_path / "within" / "place")
    assert not try_random(command, LINES, None, tmp_path / "within" / "place")


FOUND = {
    "an empty name of a configuration": ("train", [""]),
    "nobody to watch": ("play", ["--watch=", "--seed", "1"]),
    "a class that wants arguments": ("evaluate", ["json:JSONDecodeError"]),
}
"""Lines that once ended in a traceback, or worse."""


@pytest.mark.parametrize("case", FOUND)
def test_what_was_found_is_mended(case, tmp_path):
    assert check(*FOUND[case], None, tmp_path / "within" / "place") == ""


def test_parameters_are_those_of_the_parser():
    found = {one.name: one for one in parameters("train")}
    assert found["config"].options == ()
    assert found["changes"].keys
    assert found["seeds"].number
    assert found["progress"].options == ("--progress", "--no-progress")
    assert found["progress"].values == 0
    assert {one.name for one in parameters("refit") if one.package} == {"populations", "page", "figures"}


def outside(place):
    (place.parent / "x").touch()


def unfinished(place):
    (place / "x.unfinished").touch()


def no_sentence(place):
    raise NegoenvError("no end")


def escape(place):
    print("\x1b[2J.", file=sys.stderr)
    raise NegoenvError("A sentence.")


def another_status(place):
    raise SystemExit(3)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (lambda place: 1 / 0, "ZeroDivisionError: "),
        (outside, "it writes outside of its folder: "),
        (unfinished, "it writes outside of its folder: "),
        (no_sentence, "no sentence: "),
        (escape, "not printable: "),
        (another_status, "it ends with 3"),
    ],
)
def test_the_check_can_fail(fault, told, monkeypatch, tmp_path):
    place = tmp_path / "within" / "place"
    monkeypatch.setattr(list_command, "main", lambda: fault(place))
    assert check("list", [], None, place).startswith(told)


def test_work_is_broken_off(monkeypatch, tmp_path):
    """Nobody plays a million episodes here."""
    line = ["random", "--episodes", "1000000"]
    assert check("evaluate", line, None, tmp_path / "within" / "place") == ""
    monkeypatch.setattr(evaluate, "require_writable", lambda *_: 1 / 0)
    assert "ZeroDivisionError" in check("evaluate", line, None, tmp_path / "within" / "place")
