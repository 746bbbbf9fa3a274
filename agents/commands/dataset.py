"""Record a data set for offline learning."""

import time
from pathlib import Path
from typing import Annotated

import typer

from negoenv.errors import NegoenvError
from negoenv.make import LADDER, make_batch
from negoenv.registration import environment_id, environment_ids

from ..recording import play_and_record, require_minari, write_dataset
from ..registry import load_policy, require_fit
from ..reporting.files import require_folder
from ..reporting.progress import tracked
from .options import AnyScenario, ScenarioName, ShowProgress, SplitName, Trust


def main(
    policies: Annotated[
        list[str],
        typer.Argument(help="Scripted policies, run directories, exported policies, or module:Class: any mix."),
    ],
    name: Annotated[str, typer.Option(help="Name of the data set.")] = "recorded-v0",
    scenario: ScenarioName = "Procurement",
    split: SplitName = "train",
    episodes: Annotated[int, typer.Option(min=1, help="Number of episodes of each policy, one a supplier.")] = 4096,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the first supplier; each policy meets others.")] = 0,
    folder: Annotated[Path, typer.Option(help="Folder of data sets, Minari's MINARI_DATASETS_PATH.")] = Path(
        "datasets"
    ),
    any_scenario: AnyScenario = False,
    trust: Trust = False,
    progress: ShowProgress = True,
) -> None:
    """Play policies side by side and write their episodes in Minari's format, with action masks in the infos."""
    require_folder(folder, "the data sets")
    if scenario == LADDER or environment_id(scenario) not in environment_ids():
        raise NegoenvError(f"A data set needs the name of a scenario with an id other than Ladder, not {scenario!r}.")
    if (folder / name).exists():
        raise NegoenvError(f"{folder / name} exists already; give --name another one.")
    require_minari()
    players = [load_policy(policy, trust) for policy in policies]
    recorded, start = [], time.perf_counter()
    for number, player in enumerate(tracked(players, "playing", progress, "policies")):
        batch = make_batch(min(episodes, player.most_rows), scenario, split)
        require_fit(player, batch, any_scenario)
        if batch.num_rows < episodes:
            raise NegoenvError(f"--episodes is {episodes}; {player.name} takes at most {player.most_rows}.")
        recorded.append(play_and_record(player, batch, seed + number * episodes))
    played = time.perf_counter()
    place = write_dataset(name, recorded, scenario, split, [player.name for player in players], folder, progress)
    written = time.perf_counter()
    steps = sum(one.steps for one in recorded)
    print(f"{len(players) * episodes:,} episodes, {steps:,} steps")
    print(f"Played {steps / (played - start):,.0f} steps a second, written {steps / (written - played):,.0f}")
    print(f"Data set: {place}")
