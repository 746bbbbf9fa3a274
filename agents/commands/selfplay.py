"""Train the worst case of a buyer: a supplier against it; and a buyer against suppliers of all kinds and that one."""

from pathlib import Path
from typing import Annotated

import typer

from negoenv.errors import NegoenvError
from negoenv.interop.sb3_supplier import OBJECTIVES_OF_SUPPLIERS

from ..invocation import command_line
from ..learning.config import TrainConfig, load_config
from ..policy import Policy
from ..registry import load_policy
from ..reporting.files import numbered_directory, require_folder
from ..reporting.tables import with_margin
from .options import Changes, Runs, ShowProgress, Trust

_OBJECTIVES = "; ".join(f"{name}: {meaning}" for name, meaning in OBJECTIVES_OF_SUPPLIERS.items())


def _play_rounds(
    first: Policy, suppliers: TrainConfig, buyers: TrainConfig, rounds: int, directory: Path | None, runs: Path,
    objective: str, share: float, progress: bool,
) -> None:  # fmt: skip
    """Train suppliers and buyers in turn, and print each worst case."""
    from ..learning.best_responses import best_responses

    place = directory or numbered_directory(runs, "selfplay")
    for found in best_responses(first, suppliers, buyers, rounds, place, objective, share, progress):
        left = f", {with_margin(found.against.survives)} survives" if found.against.survives else ""
        print(f"{found.buyer}: return {with_margin(found.before)}, {with_margin(found.against.returned)} against")
        print(f"  its worst case, {found.supplier}{left}", flush=True)
    print(f"Runs: {place}")


def main(
    policy: Annotated[
        str,
        typer.Argument(
            help="The buyer, which stays as it is: scripted, a run directory, an exported policy, or module:Class."
        ),
    ],
    changes: Changes = None,
    config: Annotated[
        Path | None, typer.Option(help="YAML file of the supplier's training.", show_default="one that comes along")
    ] = None,
    objective: Annotated[str, typer.Option(help=f"Objective of the supplier. {_OBJECTIVES}.")] = "profit",
    directory: Annotated[
        Path | None, typer.Option(help="New directory of the run.", show_default="a numbered one")
    ] = None,
    runs: Runs = Path("runs"),
    buyer: Annotated[
        str | None,
        typer.Option(
            metavar="CONFIG",
            help="Then train a buyer with this configuration, against the population and the new supplier mixed.",
        ),
    ] = None,
    share: Annotated[float, typer.Option(min=0.0, max=1.0, help="The part of its rows with this supplier.")] = 0.5,
    rounds: Annotated[
        int,
        typer.Option(
            min=1,
            help="How many buyers are trained in turn with suppliers, each against the population and all suppliers so "
            "far. With more than one, --directory holds all runs, and the same command goes on with what is there.",
        ),
    ] = 1,
    trust: Trust = False,
    progress: ShowProgress = True,
) -> None:
    """Train a supplier that does its best against one buyer, and say what of the buyer's return survives.

    It leaves a run directory that --opponent of evaluate and compare takes, and the key opponents of a training.
    """
    if objective not in OBJECTIVES_OF_SUPPLIERS:
        raise NegoenvError(f"--objective is {objective!r}; accepted: {', '.join(OBJECTIVES_OF_SUPPLIERS)}.")
    require_folder(runs, "the runs")

    from ..learning.selfplay import (  # torch takes seconds to import
        WORST_CASE,
        against_suppliers,
        require_for_suppliers,
        train_supplier,
    )

    settings = load_config(config or WORST_CASE, changes or ())
    require_for_suppliers(settings)
    learned = load_config(buyer) if buyer is not None else None
    if rounds > 1:
        if learned is None:
            raise NegoenvError("--rounds trains buyers, too: name their configuration with --buyer.")
        _play_rounds(load_policy(policy, trust), settings, learned, rounds, directory, runs, objective, share, progress)
        return
    if directory is not None and directory.exists() and (not directory.is_dir() or any(directory.iterdir())):
        raise NegoenvError(f"{directory} exists already; name a new directory.")
    player = load_policy(policy, trust)
    found = train_supplier(settings, player, objective, directory, runs, progress)
    print(f"{found.steps:,} steps in {found.seconds:.1f} s ({found.steps / found.seconds:,.0f} a second)")
    print(f"{player.name}: return {with_margin(found.before)} against the test suppliers")
    print(f"  {with_margin(found.against.returned)} with the new supplier in their place")
    if found.against.survives is not None:
        print(f"  {with_margin(found.against.survives)} of its return survives")
    print(f"Run: {found.directory}")
    print(f"Use: {command_line('compare', policy, '--opponent', found.directory)}")
    if learned is not None:
        from ..learning.train import train

        result = train(against_suppliers(learned, [found.directory], share), None, runs, progress)
        print(f"Buyer: {result.directory}, return {with_margin(result.report.episodes.metrics()['return'])}")
        print(f"Use: {command_line('compare', policy, result.directory, '--opponent', found.directory)}")
