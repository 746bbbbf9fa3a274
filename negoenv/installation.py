"""Where this installation came from, and the command that adds an extra to it."""

import json
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from negoenv.errors import NegoenvError


def here(path: str | Path) -> str:
    """Return an absolute path relative to the working directory where it lies below that."""
    path, folder = Path(path), Path.cwd()
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


def install_command(extra: str) -> str:
    """Return the command that installs an extra, for example ``.venv/bin/python -m pip install -e '/my/clone[play]'``.

    The clone or wheel that was installed is named, as pip has written it down (PEP 610). Without such a note it came
    from a package index, where its name is enough.
    """
    try:
        origin = json.loads(distribution("negoenv").read_text("direct_url.json") or "{}")
    except PackageNotFoundError:
        origin = {}
    url = urlsplit(origin.get("url", ""))
    place = url2pathname(url.path) if url.scheme == "file" else "negoenv"
    editable = ["-e"] if origin.get("dir_info", {}).get("editable") else []
    return shlex.join([here(sys.executable), "-m", "pip", "install", *editable, f"{place}[{extra}]"])


@contextmanager
def importing(library: str, extra: str) -> Iterator[None]:
    """Import a library of an extra within.

    Raises:
        NegoenvError: with the command that installs it, if that fails.
    """
    try:
        yield
    except ImportError as error:
        raise NegoenvError(f"{library} cannot be imported ({error}); install it: {install_command(extra)}") from None
