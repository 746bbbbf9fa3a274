"""Measure what a buyer gives up of one objective for another."""

from pathlib import Path
from typing import Annotated

import typer

from ..reporting.files import require_writable
from ..reporting.progress import bar
from ..studies.pages import fill, require_page
from ..studies.trade_off import (
    CONFIG,
    GRID,
    MEASURED_TRADE_OFF,
    draw_trade_off,
    parse_weights,
    trade_off_config,
    trade_off_page,
    train_and_play,
)
from ..terminal import printed_after
from .options import Changes, Count, Force, Page, ShowProgress


def main(
    changes: Changes = None,
    config: Annotated[str, typer.Option(help="Configuration of the trainings.")] = CONFIG,
    weights: Annotated[
        list[str] | None,
        typer.Option(
            metavar="OBJECTIVE=FACTOR,...",
            help="By what objectives are multiplied, for example goodwill=2,time=0.5; may be given again.",
            show_default=f"{len(GRID)} of them",
        ),
    ] = None,
    episodes: Count = 4096,
    page: Page = None,
    picture: Annotated[Path | None, typer.Option(help="Draw price and goodwill into this PNG file.")] = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Train a policy for each of some weights of surplus, goodwill, time and breakdown, and measure all of them."""
    require_writable(picture, force)
    require_page(page, MEASURED_TRADE_OFF)
    settings = trade_off_config(config, changes or ())
    grid = [parse_weights(text) for text in weights] if weights else list(GRID)
    with bar(len(grid), "trade-off", progress, "trainings") as shown:
        points = train_and_play(settings, grid, episodes, shown.update)
    measured = trade_off_page(points, settings)
    with printed_after(measured):
        fill(page, {MEASURED_TRADE_OFF: measured})
        if picture is not None:
            draw_trade_off(points, picture)
