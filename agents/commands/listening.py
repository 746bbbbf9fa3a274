"""Measure what remembering, and being told the type, is worth."""

from typing import Annotated

import typer

from ..learning.config import load_config
from ..learning.seeds import cores
from ..reporting.files import require_files, write_json
from ..reporting.progress import bar
from ..studies.listening import SEEN, listen, listening_dict, listening_table
from ..terminal import printed_after
from .options import Changes, Count, Force, JsonFile, Processes, ShowProgress, SplitName


def main(
    config: Annotated[
        str, typer.Argument(metavar="CONFIG", help="Name of a configuration that comes with negoenv, or a YAML file.")
    ] = "procurement_fast_ppo",
    changes: Changes = None,
    rounds: Annotated[int, typer.Option(min=2, max=64, help="Rounds that the buyer who remembers sees.")] = 4,
    seeds: Annotated[int, typer.Option(min=1, help="Trainings of each kind of buyer.")] = 3,
    split: SplitName = "test",
    episodes: Count = 4096,
    processes: Processes = None,
    json_file: JsonFile = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Train buyers that see one round, several rounds, or one round and the supplier's type; compare what they win.

    The masks, the network and the number of steps are the same. Nothing is kept but the results.
    """
    require_files(force, json=json_file)
    training = load_config(config, changes or [])
    with bar(training.total_steps * seeds * len(SEEN), "trainings", progress, "steps") as shown:
        found = listen(training, rounds, seeds, split, episodes, processes or cores(), shown.update)
    with printed_after(listening_table(training, found, seeds)):
        write_json(json_file, listening_dict(training, found, seeds), force)
