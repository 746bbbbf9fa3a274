"""The one way to a terminal: names are shown as they are, and nothing in them is obeyed.

Names come from files and directories that somebody else may have made: they are no markup, and what a terminal would
obey is escaped (`negoenv.errors.printable`).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from negoenv.errors import printable

_FILE_WIDTH = 150  # characters a line where the output is no terminal


class PlainConsole(Console):
    """A console that takes strings as they are: no markup, no emoji by name, no control characters."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(markup=False, emoji=False, **settings)

    def render_str(self, text: str, **settings: Any) -> Text:
        """Return a string as text, with what is not printable escaped."""
        return super().render_str("\n".join(map(printable, text.split("\n"))), **settings)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Return segments without control characters but those of the console itself."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(_without_controls(segment.text), segment.style)


def _without_controls(text: str) -> str:
    """Return text without what is not printable; it takes no room, so that columns stay where they are."""
    return text if text.isprintable() else "".join(c for c in text if c.isprintable() or c == "\n")


def console(stderr: bool = False) -> Console:
    """Return where tables are printed; a pipe or a file gets lines long enough for the widest of them."""
    probe = PlainConsole(stderr=stderr)
    return probe if probe.is_terminal else PlainConsole(stderr=stderr, width=_FILE_WIDTH)


def number_table(
    title: str, headers: Iterable[str], rows: Iterable[Iterable[str]], caption: str | None = None, **header_options: Any
) -> Table:
    """Return a table whose first column holds names, and whose others hold numbers, at the right.

    Args:
        title: what it shows.
        headers: of the columns.
        rows: the cells of each row.
        caption: what to know of it.
        header_options: options of rich for the columns of numbers.
    """
    table = Table(title=title, caption=caption)
    first, *others = headers
    table.add_column(first, overflow="fold")
    for header in others:
        table.add_column(header, justify="right", **header_options)
    for row in rows:
        table.add_row(*row)
    return table


def say(text: str) -> None:
    """Print lines of text as they are, however long, with what is not printable escaped."""
    for line in text.split("\n"):
        print(printable(line))


@contextmanager
def printed_after(*what: RenderableType) -> Iterator[None]:
    """Print results once the files are written that are written within, and also if one of them cannot be.

    Args:
        what: tables, and sentences, which are printed as `say` does.
    """
    try:
        yield
    finally:
        for part in what:
            say(part) if isinstance(part, str) else console().print(part)
