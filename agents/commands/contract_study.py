"""Measure what policies make of a contract with several issues."""

from pathlib import Path
from typing import Annotated

import typer

from ..reporting.files import require_writable
from ..reporting.progress import bar
from ..studies.contract import MEASURED_CONTRACT, POLICIES, contract_page, draw
from ..studies.pages import fill, require_page
from ..terminal import printed_after
from .options import Count, Force, Page, ShowProgress


def main(
    policies: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[POLICY]...",
            help="Scripted policies, or directories of trainings.",
            show_default=" ".join(POLICIES),
        ),
    ] = None,
    known: Annotated[
        str | None, typer.Option(metavar="POLICY", help="One that is played where the supplier's weights are seen.")
    ] = None,
    episodes: Count = 4096,
    page: Page = None,
    picture: Annotated[
        Path | None, typer.Option(help="Draw offers and asks of two policies into this PNG file, and measure nothing.")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the supplier in the picture.")] = 1_000_005,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Play policies on contracts, and print what they create, claim and give up, and the paired differences."""
    require_writable(picture, force)
    require_page(page, MEASURED_CONTRACT)
    if picture is not None:
        draw(picture, seed)
        return
    names = policies or list(POLICIES)
    with bar(len(names) + (known is not None), "Contract", progress, "policies") as shown:
        measured = contract_page(names, known, episodes, shown.update)
    with printed_after(measured):
        fill(page, {MEASURED_CONTRACT: measured})
