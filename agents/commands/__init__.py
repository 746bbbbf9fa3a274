"""The command ``negoenv``: one module a subcommand, each with a function ``main`` that typer reads.

A subcommand is imported when it is called, so that none pays for what another needs.
"""

import importlib
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import NoReturn

from ..streams import protected

COMMANDS = {
    "list": "Show scenarios, policies, kinds of supplier, algorithms and configuration keys.",
    "train": "Train a policy and leave a run directory.",
    "sweep": "Train a grid of configurations, scenarios, changes and seeds.",
    "search": "Search hyperparameters, with Optuna.",
    "selfplay": "Train the worst case of a policy: a supplier against it.",
    "evaluate": "Play one policy against held-out suppliers.",
    "compare": "Play several policies against the same suppliers.",
    "report": "Write a comparison as one HTML page with its figures.",
    "board": "Open TensorBoard on runs and comparisons.",
    "play": "Negotiate yourself, or watch a policy do it.",
    "dataset": "Record episodes of policies for offline learning, with Minari.",
    "export": "Write a trained policy as one directory or zip to hand on.",
    "import-sb3": "Make a policy of a model that Stable-Baselines3 has saved.",
    "demo": "Train on two scenarios and compare with the scripted policies: make train.",
    "playtest": "Find out whether a scenario is a game worth learning.",
    "model-card": "Run the experiment behind each fact of the supplier model.",
    "calibrate": "Fit sellers to human bargaining data, or check a fit.",
    "refit": "Fit the populations that come with negoenv anew.",
    "references": "Measure what 0 and 1 of the normalised score are worth.",
    "planning-curve": "Measure what planners gain from more rollouts.",
    "simple-policies": "Search the best repeated move, the best fixed sequence and the best six rules.",
    "ablation": "Measure what a policy plays, and what it loses without each argument or offer.",
    "listening": "Measure what remembering, and being told the supplier's type, is worth to a learner.",
    "identification": "Measure how well the kind of supplier can be told, and what history adds.",
    "trade-off": "Measure what a buyer gives up of price for goodwill, time or safety.",
    "contract-study": "Measure what policies make of contracts with several issues.",
    "sourcing-study": "Measure what several suppliers, their quotes and split awards are worth.",
    "speed": "Time the environments beside others.",
}
"""Every subcommand and what it does, in the order in which a user meets them."""

_INTERRUPTED = 130  # exit status, 128 + SIGINT


def main(*arguments: str) -> NoReturn:
    """Run one subcommand and exit.

    Args:
        arguments: what comes before the command line's own arguments, as in the scripts of a clone.
    """
    with protected() as streams:
        try:
            status = _called([*arguments, *sys.argv[1:]] or ["--help"])
        except KeyboardInterrupt as interrupt:  # which may say what was kept
            print(str(interrupt) or "Interrupted.", file=sys.stderr)
            status = _INTERRUPTED
        status = streams.status(status)
    sys.exit(status)


def _called(line: Sequence[str]) -> int:
    """Run what a command line asks for and return the exit status."""
    name, *rest = line
    if name in ("--help", "-h", "help"):
        print(overview())
        return 0
    if name == "--version":
        print(f"negoenv {version('negoenv')}")
        return 0
    from negoenv.errors import unknown_name  # the package takes a second to import, in which Ctrl-C may come

    from ..invocation import command_line
    from .runner import refused, run, say_when_compiling  # typer is part of an extra

    if name not in COMMANDS:
        return refused(f"{unknown_name('command', name, COMMANDS)} See {command_line('--help')}.")
    module = importlib.import_module(f".{name.replace('-', '_')}", __package__)
    if sys.stderr.isatty() or name in ("train", "demo"):  # somebody waits, or reads the log of a training
        say_when_compiling()
    return run(module.main, rest, name, getattr(module, "EPILOG", None))


def overview() -> str:
    """Return what ``negoenv --help`` prints."""
    width = max(map(len, COMMANDS))
    lines = [f"  {name:<{width}}  {meaning}" for name, meaning in COMMANDS.items()]
    return "\n".join(
        (
            "Usage: negoenv COMMAND [ARGUMENTS]...",
            "",
            "Learn, compare and benchmark negotiation policies.",
            "",
            *lines,
            "",
            "After a command, --help says what it takes; --version says which version this is.",
            "",
            "Exit status: 0 done; 2 wrong use, or a file that cannot be read or written; 130 Ctrl-C. Files are written",
            "before anything is printed: 141 the reader of a pipe has left, 1 the output cannot be written.",
        )
    )
