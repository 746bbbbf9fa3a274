"""Measure how fast the environments are, beside others."""

from pathlib import Path
from typing import Annotated

import typer

from agents.reporting.cli import Force, JsonFile, Progress, run
from agents.reporting.files import require_folder, require_writable, write_json
from agents.reporting.speed_page import require_page, write_page
from agents.reporting.speed_report import measure, text


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
        from agents.reporting.speed_figures import draw

        draw(results, figures)
    if page is not None:
        write_page(page, results)


if __name__ == "__main__":
    run(main)
