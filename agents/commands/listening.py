"""Measure what remembering, and being told the type, is worth."""

import shlex
from pathlib import Path
from typing import Annotated

import typer

from negoenv.benchmark.scores import RECORDS, record_path

from ..learning.config import load_config
from ..learning.seeds import cores
from ..reporting.files import require_files, require_folder, write_json
from ..reporting.progress import bar
from ..studies.listening import SEEN, learned_reference, listen, listening_dict, listening_table
from ..studies.references import recorded_game, with_learned, write_record
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
    trace: Annotated[
        float,
        typer.Option(metavar="DECAY", min=0.0, max=0.999, help="Show that buyer a trace instead; 0 for none."),
    ] = 0.0,
    record: Annotated[
        bool,
        typer.Option("--record", help="Record the returns; the best is the 1 of the score, if none was better."),
    ] = False,
    out: Annotated[Path, typer.Option(help="Folder of those records.")] = RECORDS,
    json_file: JsonFile = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Train buyers that see one round, several rounds, or one round and the supplier's type; compare what they win.

    The masks, the network and the number of steps are the same. Nothing is kept but the results.
    """
    require_files(force, json=json_file)
    training = load_config(config, changes or [])
    if record:
        require_folder(out, "the records")
        reference = recorded_game(training.scenario, split, out)
    with bar(training.total_steps * seeds * len(SEEN), "trainings", progress, "steps") as shown:
        found = listen(training, rounds, seeds, split, episodes, processes or cores(), trace, shown.update)
    with printed_after(listening_table(training, found, seeds)):
        write_json(json_file, listening_dict(training, found, seeds), force)
        if record:
            memory = ("--trace", trace) if trace else ("--rounds", rounds)
            words = [config, *(changes or []), *memory, "--seeds", seeds, "--episodes", episodes, "--record"]
            command = shlex.join(["negoenv", "listening", *map(str, words)])
            learned = learned_reference(training, found, episodes, command)
            write_record(with_learned(reference, learned), record_path(reference.scenario, out))
