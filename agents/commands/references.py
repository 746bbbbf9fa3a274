"""Measure reference policies."""

from pathlib import Path
from typing import Annotated

import typer

from negoenv.games import LADDER
from negoenv.presets import PRESETS
from negoenv.scores import RECORDS, record_path

from ..reporting.files import require_writable, write_json
from ..reporting.report import EVALUATION_SEED
from ..reporting.tables import comparison_table, console
from ..studies.references import measure_references, write_record
from .options import Force, JsonFile, Progress, Seed


def main(
    scenario: Annotated[
        list[str] | None, typer.Option(help="Name of a scenario; may be given again.", show_default="all")
    ] = None,
    base: Annotated[
        list[str] | None,
        typer.Option(help="Base policy of the planners, for example a run directory; may be given again."),
    ] = None,
    episodes: Annotated[int, typer.Option(help="Number of suppliers, one episode each.")] = 1024,
    seed: Seed = EVALUATION_SEED,
    record: Annotated[
        bool, typer.Option("--record", help="Record what 0 and 1 of the normalised score are worth.")
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder of those records.")] = RECORDS,
    json_file: JsonFile = None,
    force: Force = False,
    progress: Progress = True,
) -> None:
    """Play the random policy and the planners, told the truth and not, and print the price of hidden information."""
    require_writable(json_file, force)
    results = {}
    for name in scenario or [*PRESETS, LADDER]:
        measured = measure_references(name, base or (), episodes, seed, progress)
        console().print(comparison_table(measured.comparison))
        print(f"Price of hidden information in {name}: {measured.price_of_hidden_information()}")
        if record:
            write_record(measured.reference, record_path(name, out))
        results[name] = measured.as_dict()
    if json_file is not None:
        write_json(json_file, results, force)
