"""The command ``negoenv``: one module a subcommand, each with a function ``main`` that typer reads.

A subcommand is imported when it is called, so that none pays for what another needs.
"""

import importlib
import sys
from importlib.metadata import version
from typing import NoReturn

from negoenv.errors import unknown_name

COMMANDS = {
    "train": "Train a policy and leave a run directory.",
    "evaluate": "Play one policy against held-out suppliers.",
    "compare": "Play several policies against the same suppliers.",
    "report": "Write a comparison as one HTML page with its figures.",
    "board": "Open TensorBoard on runs and comparisons.",
    "play": "Negotiate yourself, or watch a policy do it.",
    "demo": "Train on two scenarios and compare with the scripted policies: make train.",
    "playtest": "Find out whether a scenario is a game worth learning.",
    "model-card": "Run the experiment behind each fact of the supplier model.",
    "calibrate": "Fit sellers to human bargaining data, or check a fit.",
    "refit": "Fit the populations that come with negoenv anew.",
    "references": "Measure what 0 and 1 of the normalised score are worth.",
    "planning-curve": "Measure what planners gain from more rollouts.",
    "speed": "Time the environments beside others.",
}
"""Every subcommand and what it does, in the order in which a user meets them."""


def main(*arguments: str) -> NoReturn:
    """Run one subcommand and exit.

    Args:
        arguments: what comes before the command line's own arguments, as in the scripts of a clone.
    """
    name, *rest = [*arguments, *sys.argv[1:]] or ["--help"]
    if name in ("--help", "-h", "help"):
        print(overview())
        sys.exit(0)
    if name == "--version":
        print(f"negoenv {version('negoenv')}")
        sys.exit(0)
    from ..compiling import say_when_compiling
    from .runner import refuse, run  # typer is part of an extra

    if name not in COMMANDS:
        refuse(f"{unknown_name('command', name, COMMANDS)} See negoenv --help.")
    module = importlib.import_module(f".{name.replace('-', '_')}", __package__)
    say_when_compiling()
    run(module.main, rest, f"negoenv {name}", getattr(module, "EPILOG", None))


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
            "negoenv COMMAND --help says what a command takes; negoenv --version, which version this is.",
        )
    )
