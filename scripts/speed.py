"""Measure how fast the environments are, beside others."""

from pathlib import Path
from typing import Annotated

import typer

from agents.reporting.cli import Force, JsonFile, run
from agents.reporting.files import require_writable, write_json
from agents.reporting.speed_report import measure, text


def main(
    quick: Annotated[
        bool, typer.Option("--quick", help="Few rows, few moments: whether it runs, not how fast.")
    ] = False,
    json_file: JsonFile = None,
    figures: Annotated[Path | None, typer.Option(help="Draw the figures into this directory.")] = None,
    force: Force = False,
) -> None:
    """Compare the environments with CartPole, with themselves unbatched, with other libraries and with the limit."""
    require_writable(json_file, force)
    results = measure(quick)
    print(text(results))
    if json_file is not None:
        write_json(json_file, results, force)
    if figures is not None:
        from agents.reporting.speed_figures import draw

        draw(results, figures)


if __name__ == "__main__":
    run(main)
