"""One process at a time in a directory.

The lock is the system's, by the library filelock, which torch brings along: it holds where there is no flock, too, and
that of a process which was killed is free again.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from negoenv.errors import NegoenvError

LOCK = ".lock"
"""Name of the file by which a directory is held; there only while it is."""


@contextmanager
def alone_in(directory: Path) -> Iterator[None]:
    """Keep other processes out of a directory, which is made if need be, while this one works there.

    Raises:
        NegoenvError: if another process works there.
    """
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / LOCK
    lock = FileLock(file, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise NegoenvError(
            f"Another process is at work in {directory}; wait until it has ended, or name another directory."
        ) from None
    try:
        yield
    finally:
        with suppress(OSError):  # where an open file cannot be removed
            file.unlink()  # before the release: whoever gets the lock of a removed file tries anew
        lock.release()


@contextmanager
def new_work(directory: Path) -> Iterator[None]:
    """Hold a new directory while it is written; if that is broken off, nothing of it is left.

    Raises:
        NegoenvError: if it is there and holds something, or another process works in it.
    """
    made = not directory.exists()
    if not made and not directory.is_dir():
        raise NegoenvError(f"{directory} is a file; name a new directory.")
    try:
        with alone_in(directory):
            if _contents(directory):
                raise NegoenvError(f"{directory} exists already; name a new directory.")
            try:
                yield
            except BaseException:
                for path in _contents(directory):
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
                raise
    except BaseException:
        if made:
            with suppress(OSError):
                directory.rmdir()
        raise


def _contents(directory: Path) -> list[Path]:
    return [path for path in directory.iterdir() if path.name != LOCK]
