"""Fit the populations that come with negoenv again, after the model or the data has changed."""

from pathlib import Path
from typing import Annotated

import typer

from negoenv.scenarios import populations as shipped

from ..studies.calibration.refit import RefitEffort, refit
from .options import FitSeed, Generations, ShowProgress

_SHIPPED = Path(shipped.__file__).parent
_DOCS = _SHIPPED.parents[2] / "docs"  # of a clone


def main(
    populations: Annotated[
        Path, typer.Option(help="Folder of the population files.", show_default="that of the package")
    ] = _SHIPPED,
    page: Annotated[Path, typer.Option(help="Page whose tables are filled.", show_default="docs/human_data.md")] = (
        _DOCS / "human_data.md"
    ),
    figures: Annotated[Path, typer.Option(help="Folder of the figures.", show_default="docs/figures")] = (
        _DOCS / "figures"
    ),
    draws: Annotated[int, typer.Option(min=2, max=64, help="Resamples that are refitted.")] = 12,
    splits: Annotated[int, typer.Option(min=1, help="Splits of the cross-validation.")] = 4,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep the sellers of Marketplace; fit only what depends on them.")
    ] = False,
    generations: Generations = None,
    seed: FitSeed = 0,
    force: Annotated[bool, typer.Option("--force", help="Overwrite the population files.")] = False,
    progress: ShowProgress = True,
) -> None:
    """Fit Marketplace, its draws and eBay again, check and cross-validate; takes a quarter of an hour."""
    refit(populations, page, figures, RefitEffort(draws, splits, generations, keep), seed, force, progress)
