"""Fit sellers to human bargaining, or check a fit against data that it has not seen."""

from pathlib import Path
from typing import Annotated

import typer

from agents.reporting.calibration import calibrate, calibration_dict, calibration_table, measured
from agents.reporting.cli import Force, JsonFile, Progress, Scenario, run
from agents.reporting.files import require_writable, write_json
from agents.reporting.tables import console
from negoenv.human.fit import compare
from negoenv.scenario import resolve

Data = Annotated[Path | None, typer.Option(show_default="the data that comes with negoenv")]


def main(
    negotiations: Data = None,
    offers: Data = None,
    check: Annotated[
        bool, typer.Option("--check", help="Fit nothing: compare the scenario's sellers with the data.")
    ] = False,
    scenario: Scenario = "Marketplace",
    out: Annotated[Path | None, typer.Option(help="Write the fitted population to this YAML file.")] = None,
    generations: Annotated[int, typer.Option(min=1, help="Generations of the optimiser.")] = 70,
    seed: Annotated[int, typer.Option(min=0, help="Keys simulation and optimiser.")] = 0,
    json_file: JsonFile = None,
    force: Force = False,
    progress: Progress = True,
) -> None:
    """Fit a population of sellers to human bargaining, and print measured beside simulated moments."""
    for file in (json_file, out):
        require_writable(file, force)
    data = measured(negotiations, offers)
    game = resolve(scenario)
    if not check:
        game = calibrate(game, data, str(negotiations or "shipped data"), out, generations, seed, progress)
    moments = compare(game, data)
    console().print(calibration_table(moments))
    if json_file is not None:
        write_json(json_file, calibration_dict(moments), force)


if __name__ == "__main__":
    run(main)
