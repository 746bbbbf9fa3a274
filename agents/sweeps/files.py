"""Where a trial leaves what comes of it: files of this machine, and a folder that several machines share."""

import io
import shutil
import tarfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from secrets import token_hex
from typing import Any

from negoenv.errors import NegoenvError, first_line, shown

from ..extras import needed
from ..reporting.files import UNFINISHED, write_bytes
from ..reporting.lock import LOCK

_RESULT, _RUN = "results/{}.json", "trials/{}.tar"  # in shared storage


@dataclass(frozen=True)
class TrialFiles:
    """The files of one trial.

    Attributes:
        run: its run directory.
        result: what came of it, as JSON; there once it has ended. Its name is that of the trial.
    """

    run: Path
    result: Path

    def below(self, folder: Path) -> "TrialFiles":
        """Return files of the same names in another folder."""
        return TrialFiles(folder / "run" / self.run.name, folder / self.result.name)


@dataclass(frozen=True)
class SharedFolder:
    """A folder that all machines of a cluster reach, on any file system that pyarrow knows.

    Each object in it is whole or not there. A run directory is one object, an archive, so that checkpoint, curves and
    best policy are of the same moment.

    Attributes:
        place: an absolute path, or a URI such as ``s3://bucket/folder``.
    """

    place: str

    @cached_property
    def _system(self) -> tuple[Any, str]:
        """The file system, and the path of the folder there."""
        arrow = needed("pyarrow.fs", "ray", "Shared storage")
        try:
            system, path = arrow.FileSystem.from_uri(self.place)
        except (ValueError, OSError, NotImplementedError) as error:  # those of pyarrow are among them
            raise NegoenvError(
                f"{shown(self.place)} is no shared storage: {first_line(error)}; a path or a URI that pyarrow knows "
                "is expected, for example s3://BUCKET/FOLDER."
            ) from None
        return system, path.rstrip("/")

    def make(self) -> None:
        """Make the folder, and try whether it can be written to, before hours are spent on what it should hold.

        Raises:
            NegoenvError: if it cannot be used.
        """
        trial = f"trial-{token_hex(8)}"
        try:
            self._system[0].create_dir(self._system[1], recursive=True)
            self._write(trial, b"")
            self._remove(trial)
        except OSError as error:
            raise NegoenvError(f"{self.place} cannot be written: {first_line(error)}.") from None

    def require(self, where: str) -> None:
        """Refuse a folder that is not there.

        Args:
            where: the machine, for the message.

        Raises:
            NegoenvError: if it is not there.
        """
        system, path = self._system
        if system.type_name == "local" and not Path(path).is_dir():  # stores of objects have no empty folders
            raise NegoenvError(f"{self.place} is not there on {where}; let --shared name storage that all nodes reach.")

    def has_ended(self, files: TrialFiles) -> bool:
        """Return whether the result of a trial is there."""
        return self._read(_RESULT.format(files.result.stem)) is not None

    def put_run(self, files: TrialFiles) -> None:
        """Store the run directory of a trial as it is now."""
        content = io.BytesIO()
        with tarfile.open(fileobj=content, mode="w") as archive:
            archive.add(files.run, ".", filter=_kept)
        self._write(_RUN.format(files.result.stem), content.getvalue())

    def put_result(self, files: TrialFiles) -> None:
        """Store the result of a trial; the run directory comes first."""
        self._write(_RESULT.format(files.result.stem), files.result.read_bytes())

    def get_run(self, files: TrialFiles) -> None:
        """Lay the run directory of a trial down where ``files`` says, instead of what is there, if one is stored."""
        content = self._read(_RUN.format(files.result.stem))
        if content is None:
            return
        beside = files.run.with_name(f".{files.run.name}{UNFINISHED}")
        shutil.rmtree(beside, ignore_errors=True)
        try:
            with tarfile.open(fileobj=io.BytesIO(content)) as archive:
                archive.extractall(beside, filter="data")  # nothing outside, no links to it, no devices
        except tarfile.TarError:  # of a file system that knows no whole files
            shutil.rmtree(beside, ignore_errors=True)
            return
        shutil.rmtree(files.run, ignore_errors=True)
        beside.rename(files.run)

    def get_all(self, files: TrialFiles) -> None:
        """Lay run directory and result of a trial that has ended down where ``files`` says.

        Raises:
            NegoenvError: if its result is not there.
        """
        result = self._read(_RESULT.format(files.result.stem))
        if result is None:
            raise NegoenvError(
                f"It has ended, but its result is not in {self.place}; let --shared name storage that all nodes reach."
            )
        self.get_run(files)
        write_bytes(files.result, result)

    def forget(self, files: TrialFiles) -> None:
        """Remove what is stored of a trial."""
        for name in (_RUN, _RESULT):  # the result says that the rest is there: it goes last
            self._remove(name.format(files.result.stem))

    def _write(self, name: str, content: bytes) -> None:
        system, folder = self._system
        path = f"{folder}/{name}"
        system.create_dir(path.rpartition("/")[0], recursive=True)
        whole = system.type_name != "local"  # stores show an object when it is whole
        beside = path if whole else f"{path}.{token_hex(8)}{UNFINISHED}"
        try:
            with system.open_output_stream(beside) as stream:
                stream.write(content)
            if not whole:
                system.move(beside, path)
        except BaseException:
            if not whole:
                Path(beside).unlink(missing_ok=True)
            raise

    def _read(self, name: str) -> bytes | None:
        system, folder = self._system
        try:
            with system.open_input_stream(f"{folder}/{name}", compression=None) as stream:
                return bytes(stream.read())
        except FileNotFoundError:
            return None

    def _remove(self, name: str) -> None:
        system, folder = self._system
        try:
            system.delete_file(f"{folder}/{name}")
        except FileNotFoundError:
            return


def _kept(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """Leave out of an archive what another machine has no use for."""
    name = Path(entry.name).name
    return None if name == LOCK or name.endswith(UNFINISHED) else entry
