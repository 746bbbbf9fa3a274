"""Measure how fast the environments are, beside others."""

from typing import Annotated

import typer

from ..reporting.files import require_folder, require_writable, write_json
from ..studies.pages import fill, require_page
from ..studies.speed.targets import MEASURED, measure, speed_page, text
from ..terminal import printed_after
from .options import Figures, Force, JsonFile, Page, ShowProgress


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Few rows, few repeats: a smoke test.")] = False,
    json_file: JsonFile = None,
    figures: Figures = None,
    page: Page = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Compare the environments with CartPole, with themselves unbatched, with other libraries and with the limit."""
    require_writable(json_file, force)
    require_folder(figures, "the figures")
    require_page(page, MEASURED)
    results = measure(quick, progress)
    with printed_after(text(results)):
        write_json(json_file, results, force)
        if figures is not None:
            from ..studies.speed.plots import draw_speed  # matplotlib takes a second to import

            draw_speed(results, figures)
        fill(page, {MEASURED: speed_page(results)})
