"""The one way to a terminal."""

from rich.console import Console

_FILE_WIDTH = 150  # characters a line where the output is no terminal


def console() -> Console:
    """Return where tables are printed; a pipe or a file gets lines long enough for the widest of them."""
    probe = Console()
    return probe if probe.is_terminal else Console(width=_FILE_WIDTH)
