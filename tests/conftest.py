"""What all tests share: property tests draw the same examples every time, no test is judged by its speed, and windows
are drawn nowhere."""

import os
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import settings

from negoenv.human import measured, moments_of, standard_errors

ROOT = Path(__file__).parent.parent

settings.register_profile("negoenv", derandomize=True, deadline=None, database=None, print_blob=False)
settings.load_profile("negoenv")

os.environ["SDL_VIDEODRIVER"] = "dummy"


@pytest.fixture
def command(capsys, monkeypatch):
    """Return a function that runs a subcommand of ``negoenv`` in this process: exit status, stdout and stderr."""
    from agents.commands import main, runner  # typer is an extra: only tests of commands need it

    monkeypatch.chdir(ROOT)

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["negoenv", *(str(argument) for argument in arguments)])
        with pytest.raises(SystemExit) as exit_:
            main()
        out, err = capsys.readouterr()
        err = err.replace(f"{runner.COMPILING}\n", "")  # which depends on what has run in this process before
        return exit_.value.code, out, err

    return run


@pytest.fixture
def rough(monkeypatch):
    """Take standard errors of human bargains from few resamples: they take most of a small fit's time."""
    few = partial(standard_errors, resamples=50)
    for module in ("fit", "problem"):
        monkeypatch.setattr(f"negoenv.human.{module}.standard_errors", few)
    monkeypatch.setitem(measured._MEASURES, "bargains", (moments_of, few))


@pytest.fixture
def undrawn(monkeypatch):
    """Leave figures empty, on the pages of comparisons and on the boards of trainings: they take longest of all."""
    from agents.reporting.figures.theme import THEMES  # matplotlib is an extra, too
    from agents.reporting.files import write_text

    def save(pictures, folder, **_):
        for name, _ in pictures:
            for theme in THEMES:
                write_text(folder / f"{name}_{theme.name}.svg", "<svg/>")

    monkeypatch.setattr("agents.reporting.html_page.save_pictures", save)
    monkeypatch.setattr("agents.learning.train.put_picture", lambda *_: None)
    monkeypatch.setattr("agents.learning.train.put_pictures", lambda *_: None)
