"""Saving a finished game: as a record that can be replayed, as words, or as a picture."""

import io
from collections.abc import Callable, Mapping
from pathlib import Path

from negoenv.errors import NegoenvError
from negoenv.viewer import render_rgb_array

from ..reporting.files import require_writable, write_bytes, write_text
from ..terminal import PlainConsole
from .palette import LIGHT
from .printed import print_talks, print_verdict
from .record import Record
from .session import Session

_WIDTH = 100  # characters a line of a transcript


def _record(session: Session, path: Path) -> None:
    Record.of(session.negotiation, session.player).write(path, force=True)


def _words(session: Session, path: Path) -> None:
    text = io.StringIO()
    console = PlainConsole(file=text, width=_WIDTH, color_system=None)
    print_talks(console, session, LIGHT)
    print_verdict(console, session, (), LIGHT)
    write_text(path, text.getvalue())


def _picture(session: Session, path: Path) -> None:
    from PIL import Image  # only pictures need it

    drawn = io.BytesIO()
    Image.fromarray(render_rgb_array(session.negotiation.events)).save(drawn, "PNG")
    write_bytes(path, drawn.getvalue())


_WRITERS: Mapping[str, Callable[[Session, Path], None]] = {".json": _record, ".txt": _words, ".png": _picture}


def require_savable(path: Path | None, force: bool = False) -> None:
    """Refuse a file that a game cannot be saved to, before it is played.

    Raises:
        NegoenvError: if the file's suffix is none of .json, .txt and .png, it cannot be written, or it exists and
            ``force`` is not given.
    """
    if path is None:
        return
    if path.suffix not in _WRITERS:
        raise NegoenvError(f"{path} ends in {path.suffix or 'no suffix'!r}; a game is saved as {', '.join(_WRITERS)}.")
    require_writable(path, force)


def save(session: Session, path: Path, force: bool = False) -> None:
    """Save a finished game; the suffix says how.

    Args:
        session: the game.
        path: ``.json`` for a record that can be replayed, ``.txt`` for the words, ``.png`` for the picture.
        force: overwrite the file if it exists.

    Raises:
        NegoenvError: as `require_savable`, or if the game is not finished.
    """
    require_savable(path, force)
    if not session.negotiation.over:
        raise NegoenvError("The talks are not over; only a finished game is saved.")
    _WRITERS[path.suffix](session, path)
