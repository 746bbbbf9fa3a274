"""Measure what planners gain from thinking longer."""

from pathlib import Path
from typing import Annotated

import typer

from ..planning.planner import Effort
from ..reporting.files import require_writable, write_json
from ..reporting.report import EVALUATION_SEED
from ..reporting.tables import console
from ..studies.planning_curve import BUDGETS, curve_table, draw_curve, measure_curve
from .options import Force, JsonFile, Progress, Scenario, Seed


def main(
    budget: Annotated[
        list[int] | None,
        typer.Option(help="Rollouts a decision; may be given again.", show_default=" ".join(map(str, BUDGETS))),
    ] = None,
    scenario: Scenario = "Procurement",
    base: Annotated[
        list[str] | None,
        typer.Option(help="Base policy of the planners, for example a run directory; may be given again."),
    ] = None,
    episodes: Annotated[int, typer.Option(help="Number of suppliers, one episode each.")] = 256,
    seed: Seed = EVALUATION_SEED,
    figure: Annotated[Path | None, typer.Option(help="Draw the curve into this PNG file.")] = None,
    json_file: JsonFile = None,
    force: Force = False,
    progress: Progress = True,
) -> None:
    """Play the planners with several budgets against the same held-out suppliers, and time their decisions."""
    for path in (json_file, figure):
        require_writable(path, force)
    budgets = [Effort(rollouts).rollouts for rollouts in budget or BUDGETS]
    curve = measure_curve(scenario, base or (), budgets, episodes, seed, progress)
    console().print(curve_table(curve))
    if json_file is not None:
        write_json(json_file, curve.as_dict(), force)
    if figure is not None:
        draw_curve(curve, figure)
