"""What all tests share: property tests draw the same examples every time, no test is judged by its speed, and windows
are drawn nowhere."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent

settings.register_profile("negoenv", derandomize=True, deadline=None, database=None, print_blob=False)
settings.load_profile("negoenv")

os.environ["SDL_VIDEODRIVER"] = "dummy"


@pytest.fixture
def script(capsys, monkeypatch):
    """Return a function that runs a script in this process and returns its exit status, stdout and stderr."""
    from agents.reporting.cli import run  # typer is an extra: only tests of scripts need it

    monkeypatch.chdir(ROOT)

    def play(name, *arguments):
        spec = importlib.util.spec_from_file_location(f"script_{name}", ROOT / "scripts" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        monkeypatch.setattr(sys, "argv", [f"{name}.py"])
        with pytest.raises(SystemExit) as exit_:
            run(module.main, [str(argument) for argument in arguments])
        return exit_.value.code, *capsys.readouterr()

    return play
