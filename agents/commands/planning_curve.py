"""Measure what planners gain from thinking longer."""

from pathlib import Path
from typing import Annotated

import typer

from ..planning.planner import Effort
from ..reporting.files import require_files, write_json
from ..reporting.report import EVALUATION_SEED
from ..studies.planning_curve import BUDGETS, curve_table, draw_curve, measure_curve
from ..studies.references import PlannerStudy
from ..terminal import printed_after
from .options import Bases, Count, Force, JsonFile, ScenarioName, Seed, ShowProgress


def main(
    budget: Annotated[
        list[int] | None,
        typer.Option(help="Rollouts a decision; may be given again.", show_default=" ".join(map(str, BUDGETS))),
    ] = None,
    scenario: ScenarioName = "Procurement",
    base: Bases = None,
    episodes: Count = 256,
    seed: Seed = EVALUATION_SEED,
    figure: Annotated[Path | None, typer.Option(help="Draw the curve into this PNG file.")] = None,
    json_file: JsonFile = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Play the planners with several budgets against the same held-out suppliers, and time their decisions."""
    require_files(force, json=json_file, figure=figure)
    budgets = [Effort(rollouts).rollouts for rollouts in budget or BUDGETS]
    curve = measure_curve(PlannerStudy(scenario, base or (), episodes, seed, progress), budgets)
    with printed_after(curve_table(curve)):
        write_json(json_file, curve, force)
        if figure is not None:
            draw_curve(curve, figure)
