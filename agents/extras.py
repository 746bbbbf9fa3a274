"""Libraries that only some commands need: told with the command that installs them, before any work."""

import importlib
from typing import Any

from negoenv.errors import NegoenvError
from negoenv.installation import install_command


def needed(module: str, extra: str, what: str) -> Any:
    """Return a module that belongs to an extra.

    Args:
        module: its name.
        extra: of this package, see ``pyproject.toml``.
        what: what needs it, as a sentence begins.

    Raises:
        NegoenvError: if it is not installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        missing = error.name or module
        raise NegoenvError(f"{what} needs {missing}, which is not installed: run {install_command(extra)}.") from None
