"""Fits to human bargaining: run with a progress bar, shown as a table, written as YAML."""

from pathlib import Path
from typing import Any

import yaml
from rich.table import Table
from tqdm import tqdm

from negoenv.errors import NegoenvError
from negoenv.human import Bargains, load, load_shipped
from negoenv.human.fit import Comparison, fit
from negoenv.human.moments import MOMENTS
from negoenv.population import Population
from negoenv.scenario import Scenario

_FAR = 3.0  # standard errors


def measured(negotiations: Path | None, offers: Path | None) -> Bargains:
    """Return the engaged negotiations of two files, or those that come with negoenv.

    Raises:
        NegoenvError: if only one file is named, or a file cannot be used.
    """
    if negotiations is None and offers is None:
        return load_shipped().bargains
    if negotiations is None or offers is None:
        raise NegoenvError("Name both --negotiations and --offers, or neither for the data that comes with negoenv.")
    return load(negotiations, offers).bargains


def calibrate(
    scenario: Scenario, data: Bargains, source: str, out: Path | None, generations: int, seed: int, progress: bool
) -> Scenario:
    """Fit the scenario's sellers to the data; return it with them, and write them to ``out`` if that is named."""
    with tqdm(total=generations, desc="fit", unit="generation", disable=not progress) as bar:

        def report(distance: float) -> None:
            bar.set_postfix(distance=f"{distance:.1f}")
            bar.update()

        population, distance = fit(scenario, data, "fitted", source, generations, seed=seed, progress=report)
    print(f"Sum of squared z-scores of the fitted moments: {distance:.1f}")
    if out is not None:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(_population_text(population), encoding="utf-8")
        print(f"Population: {out}")
    return scenario.changed({"train": population, "test": population})


def _population_text(population: Population) -> str:
    """Return a population as YAML that a scenario can name."""
    return yaml.safe_dump(population.model_dump(mode="json"), sort_keys=False)


def calibration_table(moments: list[Comparison]) -> Table:
    """Return measured beside simulated moments; those far apart are marked."""
    table = Table(title="Measured and simulated moments", caption=f"! is more than {_FAR:g} standard errors apart.")
    table.add_column("moment")
    for header in ("measured", "standard error", "simulated", "z"):
        table.add_column(header, justify="right")
    table.add_column("")
    for moment in moments:
        far = "!" if abs(moment.z) > _FAR else ""
        aim = "" if MOMENTS[moment.name].fitted else "not fitted"
        numbers = (f"{moment.measured:.3f}", f"{moment.error:.3f}", f"{moment.simulated:.3f}", f"{moment.z:+.1f}{far}")
        table.add_row(moment.name, *numbers, aim)
    return table


def calibration_dict(moments: list[Comparison]) -> dict[str, Any]:
    """Return the same as plain data."""
    return {
        moment.name: {
            "measured": moment.measured,
            "standard_error": moment.error,
            "simulated": moment.simulated,
            "z": moment.z,
            "fitted": MOMENTS[moment.name].fitted,
        }
        for moment in moments
    }
