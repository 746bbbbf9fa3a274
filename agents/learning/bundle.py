"""A policy that somebody has handed on as one zip: its weights, what it is as JSON, and its ONNX graph.

Loading one executes nothing, whoever made it: it is numbers and text, only files of these names are read from a zip,
and none of them is unpacked to a place that the zip names.
"""

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from negoenv.errors import NegoenvError, shown

from ..invocation import command_line
from .network_policy import NetworkPolicy
from .onnx_file import ONNX_FILE
from .storage import SPEC_FILE, WEIGHTS_FILE, read_policy

ZIP = ".zip"
_SB3_WEIGHTS = "policy.pth"  # in the zip of a model of Stable-Baselines3
FILES = {SPEC_FILE: 4_000_000, WEIGHTS_FILE: 256_000_000, ONNX_FILE: 256_000_000}  # bytes of the largest that is taken


def is_sb3_zip(path: Path) -> bool:
    """Return whether a zip is a model of Stable-Baselines3."""
    with opened_zip(path) as archive:
        return _SB3_WEIGHTS in archive.namelist()


def read_bundle(path: Path) -> NetworkPolicy:
    """Read the policy of a zip, which somebody else may have made.

    Raises:
        NegoenvError: if it is no zip of a policy, or holds anything else.
    """
    with opened_zip(path) as archive:
        entries = archive.infolist()
        names = [entry.filename for entry in entries]
        if _SB3_WEIGHTS in names:
            convert = command_line("import-sb3", path, "--scenario", "NAME", "--out", "NEW")
            raise NegoenvError(
                f"{path} is a model of Stable-Baselines3; {convert} makes a policy of it, without running code of it."
            )
        if foreign := [name for name in names if name not in FILES]:
            raise NegoenvError(f"{path} holds {shown(foreign[0])}; a policy is made of {', '.join(FILES)}.")
        if len({*names}) < len(names):
            raise NegoenvError(f"{path} holds a file twice.")
        with tempfile.TemporaryDirectory(prefix="negoenv-") as folder:
            for entry in entries:
                (Path(folder) / entry.filename).write_bytes(read_entry(archive, entry, FILES[entry.filename]))
            try:
                policy = read_policy(Path(folder))
            except NegoenvError as error:
                raise NegoenvError(*(part.replace(folder, str(path)) for part in error.args)) from None
    if policy.spec.bundle is None:
        raise NegoenvError(f"{path}: {SPEC_FILE} lacks the key 'bundle', so it is no policy that was exported.")
    return policy


@contextmanager
def opened_zip(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a zip; what is wrong with it is told in a sentence.

    Raises:
        NegoenvError: if it is no regular file, damaged, encrypted or packed in an unknown way.
    """
    if path.exists() and not path.is_file():  # a device may have no end
        raise NegoenvError(f"{path} is not a file.")
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except NegoenvError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        raise NegoenvError(f"{path} is not a readable zip file: {shown(str(error))}.") from None


def read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Return the content of a file in a zip, whatever size the zip tells.

    Raises:
        NegoenvError: if it is larger than ``most`` bytes.
    """
    with archive.open(entry) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise NegoenvError(f"{archive.filename} holds {entry.filename} of more than {most:,} bytes.")
    return content
