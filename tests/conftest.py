"""What all tests share: property tests draw the same examples every time, no test is judged by its speed, and windows
are drawn nowhere."""

import os
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings

from negoenv.human import measured, standard_errors
from negoenv.human.check import compare_moments

ROOT = Path(__file__).parent.parent

settings.register_profile("negoenv", derandomize=True, deadline=None, database=None, print_blob=False)
settings.load_profile("negoenv")

os.environ["SDL_VIDEODRIVER"] = "dummy"


def pytest_collection_modifyitems(items):
    """Begin with the files that hold slow tests, so that no process is left alone with a long one at the end."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


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
    """Fit to human data with few candidates, resamples and simulations: they take most of a small fit's time."""
    few = partial(standard_errors, resamples=50)
    for module in ("fit", "problem"):
        monkeypatch.setattr(f"negoenv.human.{module}.standard_errors", few)
    for part in ("bargains", "turns", "dialogues"):
        moments, errors = measured._MEASURES[part]
        monkeypatch.setitem(measured._MEASURES, part, (moments, partial(errors, resamples=50)))
    monkeypatch.setattr(measured, "participant_errors", partial(measured.participant_errors, resamples=50))
    monkeypatch.setattr("negoenv.human.fit._CANDIDATES", 8)
    monkeypatch.setattr("agents.studies.calibration.fits._REFINED_SELLERS", 4)
    monkeypatch.setattr("agents.studies.calibration.fits._CHECKED_SELLERS", 4)
    for module in ("negoenv.human.fit", "agents.studies.calibration.fits"):
        monkeypatch.setattr(f"{module}.compare_moments", partial(compare_moments, replicas=3))


@pytest.fixture(scope="module", autouse=True)
def blank_boards():
    """Leave the pictures on boards blank: a small training is spent mostly on them; who looks at them overrides this.

    They are composed all the same, and `tests/test_reporting_figures.py` draws those of every kind of game.
    """
    with pytest.MonkeyPatch.context() as patch:
        if "agents.reporting.tensorboard" in sys.modules:  # matplotlib is an extra, too, and takes long to import
            patch.setattr("agents.reporting.tensorboard.pixels", lambda *_: np.zeros((8, 8, 3), np.uint8))
        yield


@pytest.fixture
def undrawn(monkeypatch):
    """Leave the figures of pages empty."""
    from agents.reporting.figures.theme import THEMES
    from agents.reporting.files import write_text

    def save(pictures, folder, **_):
        for name, _ in pictures:
            for theme in THEMES:
                write_text(folder / f"{name}_{theme.name}.svg", "<svg/>")

    monkeypatch.setattr("agents.reporting.html_page.save_pictures", save)
