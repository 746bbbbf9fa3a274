"""How a subcommand runs: wrong use ends with one sentence on stderr and exit status 2, and compiling is announced."""

import sys
from collections.abc import Callable, Sequence
from functools import cache, wraps
from typing import Any

import typer
from numba.core.event import Event, Listener, register

from negoenv.errors import NegoenvError, printable

from ..invocation import command_line

COMPILING = "Compiling the dynamics (once, about 20 s)..."
_COMPILES = "numba:compile"  # Numba's event for a function that its cache on disk does not hold


class _Notice(Listener):
    """Says it once, when compilation begins."""

    def __init__(self) -> None:
        self._said = False

    def on_start(self, event: Event) -> None:
        """Say it, unless that has been done."""
        if not self._said and event.data["dispatcher"].__module__.partition(".")[0] == "negoenv":
            self._said = True
            print(COMPILING, file=sys.stderr, flush=True)

    def on_end(self, event: Event) -> None:
        """Say nothing."""


@cache
def say_when_compiling() -> Listener:
    """Let this process say on stderr when it compiles the dynamics; return what listens for that."""
    notice = _Notice()
    register(_COMPILES, notice)  # type: ignore[no-untyped-call]
    return notice


WRONG_USE = 2  # exit status, as of most Unix tools
_USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]  # click's UsageError, from whichever copy typer uses


class _InterruptedError(Exception):
    """Ctrl-C, in a form of which no version of typer makes a status of its own."""


def parser(command: Callable[..., Any], epilog: str | None = None) -> Any:
    """Return what reads the arguments of a command and calls it; its ``params`` say what they are."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command(epilog=epilog)(command)
    return typer.main.get_command(app)


def run(command: Callable[..., Any], arguments: Sequence[str], name: str, epilog: str | None = None) -> int:
    """Run one command and return its exit status.

    Args:
        command: a function with typer's annotations; its docstring is the help.
        arguments: the command line after the command's name.
        name: of the subcommand, for example "train".
        epilog: what its help ends with.

    Raises:
        KeyboardInterrupt: if the user broke it off.
    """

    @wraps(command)
    def interruptible(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except KeyboardInterrupt as interrupt:
            raise _InterruptedError(*interrupt.args) from None

    try:
        status = parser(interruptible, epilog)(args=list(arguments), prog_name=f"negoenv {name}", standalone_mode=False)
    except NegoenvError as error:
        return refused(str(error))
    except _USAGE_ERROR as error:
        message = getattr(error, "format_message", error.__str__)()
        return refused(f"{message.rstrip('.')}. See {command_line(name, '--help')}.")
    except OSError as error:
        return refused(f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}.")
    except (_InterruptedError, typer.Abort) as interrupt:
        raise KeyboardInterrupt(*interrupt.args) from None
    return status if isinstance(status, int) else 0


def refused(message: str) -> int:
    """Say on stderr what was wrong; return the exit status of wrong use."""
    print("\n".join(map(printable, message.split("\n"))), file=sys.stderr)
    return WRONG_USE
