"""The command ``negoenv``. It lies outside of the package, whose import takes a second in which Ctrl-C may come.

The subcommands belong to the trainers, which import the package and are not imported by it. A wheel carries them as
``negoenv_agents``, since a package called ``agents`` is somebody else's; in a clone they are called ``agents``. Here is
the one place that looks which it is.
"""

import importlib
import sys
from pathlib import Path
from typing import NoReturn

_PACKAGES = ("negoenv_agents", "agents")
_WRONG_USE = 2  # exit status, as of most Unix tools


def main() -> NoReturn:
    """Run one subcommand and exit."""
    beside = Path(__file__).parent
    try:
        package = next(name for name in _PACKAGES if (beside / name / "commands").is_dir())
        importlib.import_module(f"{package}.commands").main()
    except StopIteration:
        sys.exit("The trainers are missing beside the package negoenv; install a wheel of it, or a clone.")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(_PACKAGES):
            raise
        from negoenv.installation import install_command

        extra = "play" if sys.argv[1:2] == ["play"] else "train"
        print(
            f"This command needs {error.name}, which is not installed: run {install_command(extra)}.", file=sys.stderr
        )
        sys.exit(_WRONG_USE)
    sys.exit(0)
