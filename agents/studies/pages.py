"""Figures of the studies, and pages whose numbers are written by a program.

Numbers stand in parts between marks, so that the words around them stay as they are.

A part begins with the line ``<!-- begin NAME -->`` and ends with ``<!-- end NAME -->``.
"""

import io
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from negoenv.benchmark.fingerprint import fingerprint
from negoenv.engine.batch import Batch
from negoenv.errors import NegoenvError

from ..reporting.files import require_writable, write_bytes, write_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_DPI = 110  # pixels an inch


def save_figure(figure: "Figure", path: Path) -> None:
    """Write a figure as a PNG file, which is the same wherever and whenever it is drawn alike."""
    drawn = io.BytesIO()
    figure.savefig(drawn, format="png", dpi=_DPI, metadata={"Software": None})
    write_bytes(path, drawn.getvalue())


def label(text: str) -> str:
    """Return text as a label that shows it as it is, dollars included, which would set mathematics."""
    return text.replace("$", r"\$")


_BEGIN, _END = "<!-- begin {} -->", "<!-- end {} -->"


def _part(name: str) -> re.Pattern[str]:
    return re.compile(f"{re.escape(_BEGIN.format(name))}.*?{re.escape(_END.format(name))}", re.DOTALL)


def require_page(page: Path | None, *names: str) -> None:
    """Refuse a page that cannot be filled, before long work on what it should hold.

    Args:
        page: the file; nothing is asked of none.
        names: of its parts.

    Raises:
        NegoenvError: if the page is missing, cannot be written, or lacks the marks of a part.
    """
    if page is None:
        return
    require_writable(page, force=True)
    text = _read(page)
    for name in names:
        if not _part(name).search(text):
            raise NegoenvError(f"{page}: the marks {_BEGIN.format(name)} and {_END.format(name)} are missing.")


def fill(page: Path | None, contents: Mapping[str, str]) -> None:
    """Replace what stands between the marks of some parts.

    Args:
        page: the file; nothing is written without one.
        contents: the new content of each part, by its name.

    Raises:
        NegoenvError: as `require_page`.
    """
    if page is None:
        return
    require_page(page, *contents)
    text = _read(page)
    for name, content in contents.items():
        part = f"{_BEGIN.format(name)}\n{content}\n{_END.format(name)}"
        text = _part(name).sub(lambda _, part=part: part, text)  # type: ignore[misc]
    write_text(page, text)


def _read(page: Path) -> str:
    if not page.is_file():
        raise NegoenvError(f"There is no page {str(page)!r}.")
    try:
        return page.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise NegoenvError(f"{page} cannot be read: byte {error.start + 1} is not UTF-8.") from None


def measured_on(game: Batch) -> str:
    """Return the line by which a page says of which game its numbers are; a test tells when that was changed."""
    return f"Measured on the game with the fingerprint `{fingerprint(game)}`."


def seen_from(page: Path, file: Path) -> str:
    """Return the path of a file as a page names it."""
    return Path(os.path.relpath(file, page.parent)).as_posix()
