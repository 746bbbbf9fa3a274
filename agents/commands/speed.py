"""Measure how fast the environments are, beside others."""

from pathlib import Path
from typing import Annotated

import typer

from ..reporting.files import require_folder, require_writable, write_json
from ..studies.speed.page import require_page, write_page
from ..studies.speed.report import measure, text
from .options import Force, JsonFile, Progress


def main(
    quick: Annotated[
        bool, typer.Option("--quick", help="Few rows, few moments: whether it runs, not how fast.")
    ] = False,
    json_file: JsonFile = None,
    figures: Annotated[Path | None, typer.Option(help="Draw the figures into this directory.")] = None,
    page: Annotated[Path | None, typer.Option(help="Write the tables into this page, between its two marks.")] = None,
    force: Force = False,
    progress: Progress = True,
) -> None:
    """Compare the environments with CartPole, with themselves unbatched, with other libraries and with the limit."""
    require_writable(json_file, force)
    require_folder(figures, "the figures")
    require_page(page)
    results = measure(quick, progress)
    print(text(results))
    if json_file is not None:
        write_json(json_file, results, force)
    if figures is not None:
        from ..studies.speed.figures import draw

        draw(results, figures)
    if page is not None:
        write_page(page, results)
