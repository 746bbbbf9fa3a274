"""Draw a comparison."""

from pathlib import Path
from typing import Annotated

import typer

from ..terminal import say
from .options import ShowProgress


def main(
    comparison: Annotated[
        Path, typer.Argument(help="Directory of a comparison, as make train or negoenv compare --logdir write it.")
    ],
    out: Annotated[
        Path | None, typer.Option(help="New folder of the page and its figures.", show_default="COMPARISON/report")
    ] = None,
    pictures: Annotated[
        list[str] | None,
        typer.Option(
            "--picture",
            metavar="NAME",
            help="Write no page, only this figure as PNG, light and dark, over what is in the folder --out; "
            "for example returns; may be given again.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a page that is there.")] = False,
    progress: ShowProgress = True,
) -> None:
    """Write a comparison as one HTML page that needs no other file, and its figures as PNG and SVG, light and dark."""
    from ..reporting.html_page import PAGE, write_page, write_pictures  # matplotlib takes seconds to import

    folder = out or comparison / "report"
    if pictures:
        write_pictures(comparison, folder, pictures, progress)
        say(f"Figures: {folder}")
    else:
        write_page(comparison, folder, force, progress)
        say(f"Page: {folder / PAGE}")
