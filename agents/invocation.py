"""Command lines to go on with, as they work in the shell that started this process."""

import os
import shlex
import shutil
import sys
from pathlib import Path

from negoenv.installation import here


def command_line(*arguments: object) -> str:
    """Return a ``negoenv`` command that can be pasted into the shell, for example ``.venv/bin/negoenv report runs/x``.

    Nothing needs to be activated: where the environment of this interpreter is not on the path, the command is named by
    its place.
    """
    return shlex.join([*_program(), *map(str, arguments)])


def _program() -> list[str]:
    """Return how this installation's ``negoenv`` is called from here."""
    folder = Path(sys.executable).parent  # not resolved: a virtual environment links to another interpreter
    script = shutil.which("negoenv", path=str(folder))
    if script is None:
        return [here(sys.executable), "-m", "negoenv"]
    on_path = shutil.which("negoenv")
    if on_path is not None and os.path.samefile(on_path, script):
        return ["negoenv"]
    return [here(script)]
