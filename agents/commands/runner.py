"""How a subcommand runs: wrong use ends with one sentence on stderr and exit status 2."""

import sys
from collections.abc import Callable
from typing import Any, NoReturn

import typer

from negoenv.errors import NegoenvError

_WRONG_USE = 2  # exit status, as of most Unix tools
_INTERRUPTED = 130  # exit status, 128 + SIGINT
_USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]  # click's UsageError, from whichever copy typer uses


def run(command: Callable[..., Any], arguments: list[str], name: str, epilog: str | None = None) -> NoReturn:
    """Run one command and exit.

    Args:
        command: a function with typer's annotations; its docstring is the help.
        arguments: the command line after the command's name.
        name: what the command is called, for example "negoenv train".
        epilog: what its help ends with.
    """
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command(epilog=epilog)(command)
    try:
        status = app(args=arguments, prog_name=name, standalone_mode=False)
    except NegoenvError as error:
        refuse(str(error))
    except _USAGE_ERROR as error:
        message = getattr(error, "format_message", error.__str__)()
        refuse(f"{message.rstrip('.')}. See {name} --help.")
    except OSError as error:
        refuse(f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}.")
    except (KeyboardInterrupt, typer.Abort):
        print("Interrupted.", file=sys.stderr)
        sys.exit(_INTERRUPTED)
    sys.exit(status if isinstance(status, int) else 0)


def refuse(message: str) -> NoReturn:
    """Say on stderr what was wrong, and exit as for wrong use."""
    print(message, file=sys.stderr)
    sys.exit(_WRONG_USE)
