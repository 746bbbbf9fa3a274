"""What every script shares: some options, and that wrong use ends with one sentence on stderr and exit status 2."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from negoenv.errors import NegoenvError

_WRONG_USE = 2  # exit status, as of most Unix tools
_INTERRUPTED = 130  # exit status, 128 + SIGINT
_USAGE_ERROR: type[Exception] = typer.BadParameter.__mro__[1]  # click's UsageError, from whichever copy typer uses

Scenario = Annotated[str, typer.Option(help="Name of a scenario, or a YAML file with one.")]
Split = Annotated[str, typer.Option(help="Suppliers to meet: train, or test for those held out of training.")]
Count = Annotated[int, typer.Option("--episodes", help="Number of suppliers, one episode each.")]
Seed = Annotated[int, typer.Option(help="Seed of the first supplier; with the same seed they are the same.")]
AnyScenario = Annotated[bool, typer.Option("--any-scenario", help="Accept policies trained on another scenario.")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the results to this file, too.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite that file if it exists.")]
Runs = Annotated[Path, typer.Option(help="Where numbered run directories are made.")]
Progress = Annotated[bool, typer.Option(help="Show a progress bar.")]


def run(command: Callable[..., Any], arguments: list[str] | None = None) -> NoReturn:
    """Run a script's one command and exit.

    Args:
        command: a function with typer's annotations; its docstring is the help.
        arguments: the command line, ``sys.argv`` unless given.
    """
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
    app.command()(command)
    try:
        status = app(args=arguments, standalone_mode=False)
    except NegoenvError as error:
        _refuse(str(error))
    except _USAGE_ERROR as error:
        message = getattr(error, "format_message", error.__str__)()
        _refuse(f"{message.rstrip('.')}. See {Path(sys.argv[0]).name} --help.")
    except OSError as error:
        _refuse(f"{error.filename or 'A file'} cannot be read or written: {error.strerror or error}.")
    except (KeyboardInterrupt, typer.Abort):
        print("Interrupted.", file=sys.stderr)
        sys.exit(_INTERRUPTED)
    sys.exit(status if isinstance(status, int) else 0)


def _refuse(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    sys.exit(_WRONG_USE)
