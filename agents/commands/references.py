"""Measure reference policies."""

from pathlib import Path
from typing import Annotated

import typer

from negoenv.benchmark.scores import RECORDS, record_path
from negoenv.make import LADDER
from negoenv.scenarios.presets import PRESETS
from negoenv.sourcing import SOURCING_PRESETS

from ..reporting.files import require_folder, require_writable, write_json
from ..reporting.report import EVALUATION_SEED
from ..reporting.tables import comparison_table
from ..studies.references import PlannerStudy, measure_references, write_record
from ..terminal import printed_after
from .options import Bases, Count, Force, JsonFile, Seed, ShowProgress


def main(
    scenario: Annotated[
        list[str] | None, typer.Option(help="Name of a scenario; may be given again.", show_default="all")
    ] = None,
    base: Bases = None,
    episodes: Count = 1024,
    seed: Seed = EVALUATION_SEED,
    record: Annotated[
        bool, typer.Option("--record", help="Record what 0 and 1 of the normalised score are worth.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder of those records.")] = RECORDS,
    json_file: JsonFile = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Play the random policy and the planners, told the truth and not, and print the price of hidden information."""
    require_writable(json_file, force)
    if record:
        require_folder(out, "the records")
    results = {}
    for name in scenario or [*PRESETS, *SOURCING_PRESETS, LADDER]:
        measured = measure_references(PlannerStudy(name, base or (), episodes, seed, progress))
        price = measured.price_of_hidden_information()
        told = "not known, only 'informed' plans it" if price is None else str(price)
        with printed_after(comparison_table(measured.comparison), f"Price of hidden information in {name}: {told}"):
            if record:
                write_record(measured.reference, record_path(name, out))
        results[name] = measured.as_dict()
    write_json(json_file, results, force)
