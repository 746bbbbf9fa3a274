"""Fit sellers to human bargaining, check a fit against data that it has not seen, or say how certain it is."""

from pathlib import Path
from typing import Annotated

import typer

from ..studies.calibration.modes import Job, Mode, chosen_mode, perform
from ..studies.calibration.sources import DataFiles
from .options import FitSeed, Force, Generations, JsonFile, ScenarioName, ShowProgress

SHIPPED = "the data that comes with negoenv"

Data = Annotated[Path | None, typer.Option(show_default=SHIPPED)]
FittedData = Annotated[
    Path | None, typer.Option(help="With --check: data that the sellers were fitted to.", show_default=SHIPPED)
]


def main(
    negotiations: Data = None,
    offers: Data = None,
    turns: Annotated[
        Path | None,
        typer.Option(help="Turns with the replies to them.", show_default="those that come with its own data"),
    ] = None,
    dialogues: Annotated[
        Path | None, typer.Option(help="With --check: targets, words and agreement of dialogues.", show_default=SHIPPED)
    ] = None,
    rejections: Annotated[
        Path | None, typer.Option(help="With --check: rejections in the ultimatum game.", show_default=SHIPPED)
    ] = None,
    participants: Annotated[
        Path | None, typer.Option(help="With --check: what participants think of each other.", show_default=SHIPPED)
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="Fit nothing: compare the sellers with the data.")] = False,
    bootstrap: Annotated[
        int | None, typer.Option(min=2, max=64, help="Refit so many resamples; --out gets the mixture.")
    ] = None,
    cross_validate: Annotated[
        int | None, typer.Option(min=1, help="Fit halves, check the other halves, so many times both ways.")
    ] = None,
    ebay: Annotated[bool, typer.Option("--ebay", help="Fit to the published numbers of eBay instead.")] = False,
    fitted_negotiations: FittedData = None,
    fitted_offers: FittedData = None,
    scenario: ScenarioName = "Marketplace",
    population: Annotated[
        str | None, typer.Option(help="Sellers, or where a fit starts: a name such as ebay, or a YAML file.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the fitted population to this YAML file.")] = None,
    generations: Generations = None,
    seed: FitSeed = 0,
    json_file: JsonFile = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Fit a population of sellers to human bargaining, and print measured beside simulated moments."""
    mode = chosen_mode({Mode.CHECK: check, Mode.DRAWS: bootstrap, Mode.CROSS: cross_validate, Mode.EBAY: ebay})
    files = DataFiles(negotiations, offers, turns, dialogues, rejections, participants)
    fitted = (fitted_negotiations, fitted_offers)
    job = Job(scenario, population, files, *fitted, generations, seed, out, json_file, force, progress)
    perform(job, mode, bootstrap or cross_validate or 0)
