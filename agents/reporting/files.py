"""Results on disk: whole or not there. Nothing that a user has is overwritten without being told to.

Every file is written beside its place and takes its name once it lies on the disk, so that neither Ctrl-C nor a full
disk leaves half of one. Whether a place can be written to is tried before the work whose results it should hold.
"""

import json
import math
import os
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import fields, is_dataclass
from itertools import count
from pathlib import Path
from typing import Any

from negoenv.errors import NegoenvError

RESULTS = "comparison.json"  # in the directory of a comparison
EVENTS = "events.out.tfevents.*"  # of TensorBoard
UNFINISHED = ".unfinished"  # what the names of files end in that are being written


def numbered_directory(parent: Path, name: str) -> Path:
    """Make and return the first of ``name-001``, ``name-002``, ... that does not exist yet."""
    parent.mkdir(parents=True, exist_ok=True)
    for number in count(1):
        directory = parent / f"{name}-{number:03d}"
        try:
            directory.mkdir()
        except FileExistsError:
            continue
        return directory
    raise AssertionError("unreachable")


def new_directory(directory: Path) -> Path:
    """Make and return ``directory``; an empty one may be there already.

    Raises:
        NegoenvError: if it holds something, or is a file.
    """
    if directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise NegoenvError(f"{directory} exists already; name a new directory.")
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def require_writable(path: Path | None, force: bool = False) -> None:
    """Refuse a file that cannot be written, or would be written over, before hours are spent on what it should hold.

    Devices and pipes may be named: nothing in them is overwritten.

    Raises:
        NegoenvError: if it exists and ``force`` is not given, is a directory, or nothing can be written there.
    """
    if path is None:
        return
    _try(path, path.parent)
    if path.is_dir():
        raise NegoenvError(f"{path} is a directory; name a file.")
    if os.path.lexists(path) and not _is_special(path) and not force:
        raise NegoenvError(f"{path} exists already; give --force to overwrite it, or name another file.")


def require_files(force: bool, **options: Path | None) -> None:
    """Refuse files as `require_writable` does, and two options that name the same one, of which the last would be kept.

    Args:
        force: whether files may be overwritten.
        options: what each option names, by its name.

    Raises:
        NegoenvError: for the first that cannot be written.
    """
    named: dict[str, str] = {}
    for option, path in options.items():
        require_writable(path, force)
        if path is not None and not _is_special(path):
            other = named.setdefault(os.path.realpath(path), option)
            if other != option:
                raise NegoenvError(f"--{other} and --{option} both name {path}; name two files.")


def require_folder(path: Path | None, what: str) -> None:
    """Refuse a folder in which nothing can be written, before hours are spent on what it should hold.

    Raises:
        NegoenvError: if it is a file, or nothing can be written there.
    """
    if path is None:
        return
    if os.path.lexists(path) and not os.path.isdir(path):
        raise NegoenvError(f"{path} is a file; name a folder for {what}.")
    _try(path, path)


def _try(path: Path, folder: Path) -> None:
    """Make a folder with an empty file in it, and take both away again; ``path`` is what a message names."""
    made: list[Path] = []
    for outer in (folder, *folder.parents):
        if os.path.lexists(outer) and not os.path.isdir(outer):
            raise NegoenvError(f"{path} cannot be written: {outer} is no folder.")
    try:
        made += [outer for outer in (folder, *folder.parents) if not outer.exists()]
        folder.mkdir(parents=True, exist_ok=True)
        if not _is_special(path):  # which refuses names that are too long
            trial = _beside(folder)
            trial.open("xb").close()
            trial.unlink()
    except OSError as error:
        raise NegoenvError(f"{path} cannot be written: {error.strerror or error}.") from None
    finally:
        for outer in made:
            with suppress(OSError):
                outer.rmdir()


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file that is whole or not there, and make its folder if need be.

    It has the rights that the umask gives to new files. A link is replaced, not followed; into devices and pipes the
    content is written as it is.

    Raises:
        OSError: with the name of the file, if it cannot be written.
    """
    with naming(path):
        if _is_special(path):
            path.write_bytes(content)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = _beside(path.parent)
        try:
            with beside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an `OSError` name the file that it is about, which the system does not always do."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _is_special(path: Path) -> bool:
    """Return whether a path leads to a device, a pipe or a socket."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _beside(folder: Path) -> Path:
    """Return the path of a file that is not there yet."""
    return folder / f".{secrets.token_hex(8)}{UNFINISHED}"


def sync_folder(folder: Path) -> None:
    """Bring the names of a folder onto the disk, where the system can do that."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def write_text(path: Path, text: str) -> None:
    """Write text as UTF-8, as `write_bytes` writes bytes; what UTF-8 lacks, as odd file names have it, becomes "?"."""
    write_bytes(path, text.encode("utf-8", errors="replace"))


def write_json(path: Path | None, data: Any, force: bool = False) -> None:
    """Write data as JSON, if a file is named: plain data, dataclasses by their fields, paths as text.

    What is not a finite number becomes null, for JSON knows no NaN.

    Raises:
        NegoenvError: if the file exists and ``force`` is not given.
    """
    if path is not None:
        require_writable(path, force)
        write_text(path, json.dumps(_plain(data), indent=2, allow_nan=False) + "\n")


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    if isinstance(value, Path):
        return str(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value
