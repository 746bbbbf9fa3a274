"""Train a sweep."""

from pathlib import Path
from typing import Annotated

import typer

from negoenv.errors import NegoenvError

from ..learning.config import keys_of_model, with_defaults
from ..learning.seeds import cores
from ..reporting.files import require_folder
from ..sweeps.engines import make_engine
from ..sweeps.plan import SweepConfig, load_sweep
from ..sweeps.sweep import result_lines, run_sweep
from ..sweeps.table import sweep_standings, sweep_table
from ..terminal import console, say
from .options import Address, EngineName, KeptIn, Processes, Shared, ShowProgress, keys_of

EPILOG = keys_of("a sweep", with_defaults(keys_of_model(SweepConfig)))


def main(
    sweep: Annotated[
        str, typer.Argument(metavar="SWEEP", help="Name of a sweep that comes with negoenv, or a YAML file.")
    ],
    directory: KeptIn = None,
    processes: Processes = None,
    engine: EngineName = "local",
    address: Address = None,
    shared: Shared = None,
    progress: ShowProgress = True,
) -> None:
    """Train every configuration with every scenario, every set of changes and every seed.

    Started again it trains only what is missing, and goes on with what was broken off from its newest checkpoint. What
    fails is tried once more at the end. The directory holds a file for each result, results.parquet with all of them,
    and the run directories, those of a game together for TensorBoard.
    """
    name, trials = load_sweep(sweep)
    place = directory or Path("runs") / "sweeps" / name
    require_folder(place, "the sweep")
    runs_on = make_engine(engine, processes or cores(), place, address, shared)
    result = run_sweep(trials, place, runs_on, progress)
    if result.rows:
        console().print(sweep_table(name, sweep_standings(result.rows)))
    for line in result_lines(result):
        say(line)
    if result.failures:
        sentences = [f"{trial} failed twice: {why}" for trial, why in result.failures.items()]
        raise NegoenvError(*sentences, f"{len(result.rows)} of {len(trials)} trials have ended; the same command tries "
                           "the others again.")  # fmt: skip
