"""Search hyperparameters."""

from pathlib import Path
from typing import Annotated

import typer

from negoenv.errors import NegoenvError

from ..invocation import command_line
from ..learning.config import keys_of_model, with_defaults
from ..learning.seeds import cores
from ..reporting.files import require_folder
from ..sweeps.engines import make_engine
from ..sweeps.search import SearchPlace, run_search
from ..sweeps.study import SearchConfig, load_search, storage_of
from ..sweeps.table import trials_table
from ..terminal import console, say
from .options import Address, EngineName, KeptIn, Processes, Shared, ShowProgress, keys_of

EPILOG = keys_of("a search", with_defaults(keys_of_model(SearchConfig)))


def main(
    search: Annotated[
        str, typer.Argument(metavar="SEARCH", help="Name of a search that comes with negoenv, or a YAML file.")
    ],
    directory: KeptIn = None,
    trials: Annotated[
        int | None, typer.Option(min=1, help="How many there are to be in all.", show_default="as SEARCH says")
    ] = None,
    storage: Annotated[
        str | None,
        typer.Option(
            metavar="URL", help="Database of the study, as Optuna names it.", show_default="SQLite in the directory"
        ),
    ] = None,
    processes: Processes = None,
    engine: EngineName = "local",
    address: Address = None,
    shared: Shared = None,
    progress: ShowProgress = True,
) -> None:
    """Search the values of some keys that give the highest return on validation suppliers, with Optuna.

    Several trainings run at a time on one study. Started again it goes on with those that were broken off and re-does
    none that has ended. It leaves best.yaml, which negoenv train takes, and figures.
    """
    name, wanted = load_search(search)
    place = directory or Path("runs") / "searches" / name
    require_folder(place, "the search")
    place.mkdir(parents=True, exist_ok=True)
    where = SearchPlace(place, storage or storage_of(place), name)
    runs_on = make_engine(engine, processes or cores(), place, address, shared)
    result = run_search(wanted, where, runs_on, trials, progress)
    if result.best is None:
        raise NegoenvError(*(f"Trial {n} failed: {why}" for n, why in result.failures.items()), "No trial ended well.")

    from ..sweeps.figures import save_figures  # matplotlib takes a second to import

    console().print(trials_table(name, result.study, wanted.space))
    for path in save_figures(result.study, place / "figures"):
        say(f"Figure: {path}")
    say(f"Best: {result.best}")
    say(f"Train: {command_line('train', result.best)}")
