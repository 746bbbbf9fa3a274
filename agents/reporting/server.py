"""TensorBoard on this machine: what it is opened on, and where to look first."""

import json
import threading
from pathlib import Path

from tensorboard import program

from negoenv.errors import NegoenvError
from negoenv.make import game_name

from ..invocation import command_line
from ..registry import training_of
from .files import EVENTS, RESULTS
from .tags import START

HOST = "127.0.0.1"  # this machine only
_SETTINGS = "?smoothing=0#timeseries"  # TensorBoard smooths curves by 0.6 unless told otherwise


def newest(folder: Path) -> Path:
    """Return the newest comparison in a folder, or the newest training run if it holds no comparison.

    Raises:
        NegoenvError: if it holds neither.
    """
    found = boards(folder)
    compared = [path for path in found if (path / RESULTS).is_file()]
    if not found:
        raise NegoenvError(f"{folder} holds neither a comparison nor a training run; name the directory of one.")
    return max(compared or found, key=lambda path: path.stat().st_mtime)


def boards(folder: Path) -> dict[Path, list[str]]:
    """Return every comparison and training run that is, or lies directly in, a folder, with its scenarios."""
    places = [folder, *sorted(path for path in folder.glob("*") if path.is_dir())]
    return {path: names for path in places if (names := _scenarios(path))}


def _scenarios(path: Path) -> list[str]:
    """Return the scenarios of a comparison or a training run; none if it is neither, or cannot be read."""
    try:
        if (path / RESULTS).is_file():
            return sorted(map(str, json.loads((path / RESULTS).read_text(encoding="utf-8"))["best"]))
        settings = training_of(path)
        return [game_name(settings["scenario"])] if settings else []
    except (NegoenvError, OSError, ValueError, KeyError, TypeError):
        return []


def advice(logdir: Path) -> str:
    """Return what to know before looking: where to begin, and that different games do not compare."""
    begin = f'Look first at "{START}"; groups 1 to 3 say which policy is better, how it negotiates and where it fails.'
    places: dict[str, Path] = {}
    for path, names in boards(logdir).items():
        places |= {name: path / name if len(names) > 1 else path for name in names}
    if len(places) < 2:
        return begin
    lines = (f"  {name}: {command_line('board', path)}" for name, path in places.items())
    return "\n".join((begin, "Returns of different games do not compare. One scenario alone:", *lines))


def start(logdir: Path, port: int) -> str:
    """Start TensorBoard beside this thread, and return its address.

    Args:
        logdir: what it shows.
        port: where it listens; 0 for any free port.

    Raises:
        NegoenvError: if there is nothing to show, or the port is in use.
    """
    if not any(logdir.rglob(EVENTS)):
        raise NegoenvError(f"{logdir} holds nothing that TensorBoard shows; name a run, a comparison or their folder.")
    board = program.TensorBoard()
    board.configure(logdir=str(logdir), host=HOST, port=port, load_fast="false")  # the fast way is experimental
    try:
        return f"{board.launch()}{_SETTINGS}"
    except program.TensorBoardPortInUseError:
        raise NegoenvError(f"Port {port} is in use; name another with --port, or 0 for any free one.") from None
    except program.TensorBoardServerException as error:
        raise NegoenvError(f"TensorBoard does not start: {error.msg.rstrip('.')}.") from None


def wait() -> None:
    """Wait until the user interrupts."""
    threading.Event().wait()
