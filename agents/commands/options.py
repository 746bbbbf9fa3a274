"""The options that several subcommands share."""

from collections.abc import Iterable
from pathlib import Path
from textwrap import wrap
from typing import Annotated

import typer

PolicyName = Annotated[
    str, typer.Argument(help="A scripted policy, a run directory, an exported policy, or module:Class.")
]
Changes = Annotated[
    list[str] | None,
    typer.Argument(metavar="[KEY=VALUE]...", help="For example seed=1 total_steps=200_000 scenario=Deadline"),
]
ScenarioName = Annotated[str, typer.Option(help="Name of a scenario, or a YAML file with one.")]
SplitName = Annotated[
    str, typer.Option(help="Suppliers: train, validation, test (met in neither), unseen (other kinds).")
]
Count = Annotated[int, typer.Option("--episodes", help="Number of suppliers, one episode each.")]
Seed = Annotated[int, typer.Option(help="Seed of the first supplier; with the same seed they are the same.")]
AnyScenario = Annotated[bool, typer.Option("--any-scenario", help="Accept policies trained on another scenario.")]
Trust = Annotated[
    bool, typer.Option("--trust", help="Load zips of Stable-Baselines3 as that does, which runs code that they hold.")
]
Opponents = Annotated[
    list[str] | None,
    typer.Option(
        "--opponent",
        metavar="RUN",
        help="What of the return survives against another supplier: a run directory of negoenv selfplay, or "
        "negmas:NAME, a negotiator of NegMAS; negmas:built_in are all that come with it; may be given again.",
    ),
]
Bases = Annotated[
    list[str] | None,
    typer.Option("--base", help="Base policy of the planners, for example a run directory; may be given again."),
]
Generations = Annotated[
    int | None, typer.Option(min=1, help="Generations of the optimiser.", show_default="by what is fitted")
]
FitSeed = Annotated[int, typer.Option(min=0, help="Seed of simulation, resampling and optimiser.")]
JsonFile = Annotated[Path | None, typer.Option("--json", help="Write the results to this file, too.")]
MarkdownFile = Annotated[Path | None, typer.Option("--markdown", help="Write the results as a page, too.")]
Figures = Annotated[
    Path | None, typer.Option(help="Draw the figures into this folder, over those of the same names that are there.")
]
Page = Annotated[Path | None, typer.Option(help="Write the tables into this page, between its two marks.")]
Tiny = Annotated[bool, typer.Option("--quick", help="Tiny sizes: a smoke test.")]
Force = Annotated[bool, typer.Option("--force", help="Overwrite that file if it exists.")]
KeptIn = Annotated[
    Path | None,
    typer.Option("--directory", help="Its directory; an interrupted one is resumed there.",
                 show_default="in runs, by its name"),
]  # fmt: skip
Runs = Annotated[Path, typer.Option(help="Where numbered run directories are made.")]
ShowProgress = Annotated[bool, typer.Option(help="Show a progress bar.")]
Processes = Annotated[
    int | None,
    typer.Option(min=1, help="How many run side by side, a thread each.", show_default="as many as there are cores"),
]
EngineName = Annotated[
    str, typer.Option("--engine", help="Where they run: local, in processes here, or ray, as tasks of a cluster.")
]
Address = Annotated[
    str | None,
    typer.Option(
        help="Of a Ray cluster, for example auto or ray://HOST:10001.", show_default="one that is started here"
    ),
]
Shared = Annotated[
    str | None,
    typer.Option(
        metavar="URI",
        help="Storage that all nodes of the cluster reach: a path, or a URI that pyarrow knows, such as "
        "s3://BUCKET/FOLDER.",
        show_default="in the directory",
    ),
]


def keys_of(what: str, keys: Iterable[tuple[str, str]], *more: str) -> str:
    """Return the keys of a YAML file as a help text ends with them.

    Args:
        what: what the file describes.
        keys: names, with their defaults, and meanings.
        more: lines that follow.
    """
    lines = (line for key, meaning in keys for line in (key, *_indented(meaning)))
    return "\n".join((f"Keys of {what}, with their defaults:", "", "\b", *lines, *(("", "\b", *more) if more else ())))


def _indented(text: str) -> list[str]:
    return wrap(text, 76, initial_indent="    ", subsequent_indent="    ")
