"""One event file of TensorBoard, written by the process that fills it.

TensorBoard's own writer hands everything to a thread, whose traceback is all that is seen of a full disk.
"""

import os
import socket
import time
from itertools import count
from pathlib import Path
from typing import Any

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.summary.writer.record_writer import RecordWriter

from .files import naming

_NUMBERS = count()


class EventFile:
    """A new event file in a folder, which is made if need be.

    Raises:
        OSError: with the name of the file, if it cannot be written; so do its methods.
    """

    def __init__(self, folder: Path, first_step: int | None = None) -> None:
        """Begin it; what other files of the folder say of steps from ``first_step`` on is to be forgotten."""
        name = f"events.out.tfevents.{int(time.time()):010d}.{socket.gethostname()}.{os.getpid()}.{next(_NUMBERS)}"
        self._path = folder / name
        with naming(self._path):
            folder.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("xb")
            self._records = RecordWriter(self._file)
        self._write(file_version="brain.Event:2")
        if first_step is not None:
            self._write(session_log=SessionLog(status=SessionLog.START), step=first_step)

    def add_summary(self, summary: Any, step: int) -> None:
        """Write a summary of a step."""
        self._write(summary=summary, step=step)

    def _write(self, **content: Any) -> None:
        with naming(self._path):
            self._records.write(Event(wall_time=time.time(), **content).SerializeToString())

    def flush(self) -> None:
        """Write what is waiting."""
        with naming(self._path):
            self._file.flush()

    def close(self) -> None:
        """Write what is waiting, and close it."""
        with naming(self._path):
            self._file.close()
