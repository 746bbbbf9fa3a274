"""Compiled functions kept on disk, so that a process starts in a second; nothing depends on whether that works.

Numba's own cache refuses to compile where nothing can be written, breaks down at every start over one damaged file,
and looks only at the file that a function is written in to tell whether what it kept is stale. Here an entry is one
file, which begins with a checksum over itself and over all sources: one that is stale, cut short or damaged does not
match, counts as missing, and is written anew.
"""

import hashlib
import importlib
import os
import pickle
import sys
import uuid
import warnings
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import llvmlite
import numba
from numba.core import config
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps
from numba.misc.appdirs import AppDirs

_CHECKSUM = hashlib.sha256
_LENGTH = _CHECKSUM().digest_size
_BUILD = f"{sys.implementation.cache_tag} {numba.__version__} {llvmlite.__version__}"


class CodeCache(NullCache):
    """What Numba asks for the compiled versions of one function, and hands them to.

    Attributes:
        folders: where they may lie; they are looked for in each, and written into the first that can be written.
        stamp: checksum of all sources that they may have been compiled from.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self._name = f"{function.__module__}.{function.__qualname__}"
        package = _package(function)
        self.folders = _folders(package)
        self.stamp = b"".join(_sources(folder) for folder in sorted({package, Path(__file__).parent}))

    @property
    def cache_path(self) -> str:
        """The folder that is tried first."""
        return str(self.folders[0])

    def load_overload(self, signature: Any, context: Any) -> Any:
        """Return what was stored for a signature on this kind of processor, or ``None``."""
        context.refresh()
        for folder in self.folders:
            stored = self._read(folder / self._file(signature, context.codegen()))
            if stored is not None:
                return CompileResult._rebuild(context, *pickle.loads(stored))  # type: ignore[no-untyped-call]
        return None

    def save_overload(self, signature: Any, result: Any) -> None:
        """Store what was compiled; warn, once in a process, if that cannot be done."""
        if result.library.has_dynamic_globals:  # addresses in this process
            return
        content: bytes = dumps(result._reduce())  # type: ignore[no-untyped-call]
        content = self._checksum(content) + content
        for folder in self.folders:
            try:
                _write(folder / self._file(signature, result.codegen), content)
                return
            except OSError as error:
                reason = error
        _warn_once(reason)

    def _file(self, signature: Any, codegen: Any) -> str:
        """Return the name of the file for a signature, a build of Python and Numba, and a kind of processor."""
        key = _CHECKSUM(repr((signature, codegen.magic_tuple(), _BUILD)).encode()).hexdigest()
        return f"{self._name}-{key[:16]}.nbc"

    def _checksum(self, content: bytes) -> bytes:
        return _CHECKSUM(self.stamp + content).digest()

    def _read(self, path: Path) -> bytes | None:
        """Return what a file holds; ``None`` if there is none, or another thing than was written for these sources."""
        try:
            whole = path.read_bytes()
        except OSError:
            return None
        content = whole[_LENGTH:]
        return content if whole[:_LENGTH] == self._checksum(content) else None


def _package(function: Callable[..., Any]) -> Path:
    """Return the folder of the package that a function is written in."""
    top = importlib.import_module(function.__module__.partition(".")[0])
    return Path(str(top.__file__)).parent


@lru_cache
def _sources(folder: Path) -> bytes:
    """Return a checksum of all Python sources in a folder."""
    digest = _CHECKSUM()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.digest()


def _folders(package: Path) -> list[Path]:
    """Return where compiled functions of a package may lie: where the user says; else beside it, or in its cache."""
    apart = f"{package.name}-{_CHECKSUM(str(package).encode()).hexdigest()[:16]}"
    if config.CACHE_DIR:  # type: ignore[attr-defined]
        return [Path(config.CACHE_DIR) / apart]  # type: ignore[attr-defined]
    users = Path(AppDirs("negoenv", appauthor=False).user_cache_dir)  # type: ignore[no-untyped-call]
    return [package / "__pycache__", *([users / apart] if users.is_absolute() else [])]  # "~" is a user without a home


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, whoever else is writing it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{uuid.uuid4().hex}")
    try:
        unfinished.write_bytes(content)
        os.replace(unfinished, path)
    except OSError:
        unfinished.unlink(missing_ok=True)
        raise


_warned = False


def _warn_once(reason: OSError) -> None:
    global _warned
    if not _warned:
        _warned = True
        warnings.warn(
            f"Compiled code cannot be stored ({reason}), so that each process compiles anew, which takes some 20 "
            "seconds; let NUMBA_CACHE_DIR name a folder that can be written.",
            RuntimeWarning,
            stacklevel=2,
        )
