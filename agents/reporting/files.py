"""Results on disk. Nothing that a user has is overwritten without being told to."""

import json
import math
from collections.abc import Mapping
from itertools import count
from pathlib import Path
from typing import Any

from negoenv.errors import NegoenvError

RESULTS = "comparison.json"  # in the directory of a comparison
EVENTS = "events.out.tfevents.*"  # of TensorBoard


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
    """Refuse to write over a file, before hours are spent on what it should hold.

    Raises:
        NegoenvError: if it exists and ``force`` is not given.
    """
    if path is not None and path.exists() and not force:
        raise NegoenvError(f"{path} exists already; give --force to overwrite it, or name another file.")


def require_folder(path: Path | None, what: str) -> None:
    """Refuse a file where a folder is needed.

    Raises:
        NegoenvError: if it is a file.
    """
    if path is not None and path.exists() and not path.is_dir():
        raise NegoenvError(f"{path} is a file; name a folder for {what}.")


def write_json(path: Path, data: Mapping[str, Any], force: bool = False) -> None:
    """Write plain data as JSON; what is not a finite number becomes null, for JSON knows no NaN.

    Raises:
        NegoenvError: if the file exists and ``force`` is not given.
    """
    require_writable(path, force)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(_finite(data), indent=2, allow_nan=False) + "\n", encoding="utf-8")


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _finite(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(inner) for inner in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value
