"""Standard output and error that never fail whoever prints: results are in files by then, and work goes on.

What an encoding lacks is written in ASCII; what cannot be written at all is dropped, and the exit status says so.
Nothing is imported here but the standard library, so that this is in place before anything else can fail.
"""

import codecs
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO

UNPRINTED = 1  # exit status: what was to be printed is lost
NO_READER = 141  # exit status where the reader of a pipe has left: 128 + SIGPIPE, as of other Unix tools

_ASCII = {"±": "+/-", "…": "...", "●": "*", "▸": ">", "∙": "-"}


def _in_ascii(error: UnicodeError) -> tuple[str, int]:
    """Return what stands for characters that an encoding lacks, and where to go on: an error handler of `codecs`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_ASCII.get(character, "?") for character in lacking), error.end


codecs.register_error("negoenv_ascii", _in_ascii)


class Stream:
    """A text stream whose failure is kept, not raised.

    Attributes:
        error: why it can no longer be written to; None while it can.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.error: OSError | None = None
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="negoenv_ascii")

    def write(self, text: str) -> int:
        """Write text, or drop it; return its length."""
        with self._kept():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Hand on what has been written."""
        with self._kept():
            self._stream.flush()

    @contextmanager
    def _kept(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self.error = self.error or error
            with suppress(OSError, ValueError):  # what is still buffered would fail once more at the end
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, self._stream.fileno())
                os.close(nowhere)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Streams:
    """Both streams of a program.

    Attributes:
        out: standard output.
        err: standard error.
    """

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self.out, self.err = Stream(out), Stream(err)

    def status(self, status: int) -> int:
        """Return the exit status of a command that ended with ``status``; a full disk is told, a reader may leave."""
        self.out.flush()
        if status or self.out.error is None:
            return status
        if isinstance(self.out.error, BrokenPipeError):
            return NO_READER
        print(f"The output cannot be written: {self.out.error.strerror}.", file=self.err)
        return UNPRINTED


@contextmanager
def protected() -> Iterator[Streams]:
    """Put such streams in the place of Python's."""
    before = sys.stdout, sys.stderr
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:  # closed: the next file that is opened would be taken for a standard stream
            os.open(os.devnull, os.O_RDWR)
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        streams = Streams(*(stream or nowhere for stream in before))
        sys.stdout, sys.stderr = streams.out, streams.err
        try:
            yield streams
        finally:
            streams.out.flush()
            streams.err.flush()
            sys.stdout, sys.stderr = before
