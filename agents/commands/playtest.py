"""Playtest the scenarios."""

from pathlib import Path
from typing import Annotated

import typer

from negoenv.benchmark.scores import RECORDS, record_path
from negoenv.errors import NegoenvError
from negoenv.scenarios.presets import PRESETS

from ..reporting.files import require_files, require_folder
from ..studies.playtest.settings import PARTS, QUICK, Settings, with_changes
from ..studies.playtest.verdict import ScenarioResult
from ..terminal import console, printed_after
from .options import Figures, Force, JsonFile, MarkdownFile, ShowProgress, Tiny

USUAL = Settings()


def usual(name: str) -> str:
    """Return how the help names the usual size, which --quick makes smaller."""
    return f"{getattr(USUAL, name):,}"


def main(
    scenario: Annotated[
        list[str] | None, typer.Option(help="Preset, or YAML file; may be given again.", show_default="all presets")
    ] = None,
    part: Annotated[
        list[str],
        typer.Option(help="What to play beside the standings, PART or PART@SCENARIO; may be given again."),
    ] = [*PARTS],  # noqa: B006 - typer copies it
    steps: Annotated[
        int | None,
        typer.Option(
            help="Environment steps of each training, for each deal of an episode.", show_default=usual("steps")
        ),
    ] = None,
    seeds: Annotated[int | None, typer.Option(help="Trainings of each kind.", show_default=usual("seeds"))] = None,
    episodes: Annotated[int | None, typer.Option(help="Held-out suppliers.", show_default=usual("episodes"))] = None,
    reference_episodes: Annotated[
        int | None,
        typer.Option(help="How many of them the planners meet; 0: none.", show_default=usual("reference_episodes")),
    ] = None,
    recurrent_steps: Annotated[
        int | None,
        typer.Option(help="Steps of RecurrentPPO, slow; 0: none.", show_default=usual("recurrent_steps")),
    ] = None,
    processes: Annotated[
        int | None, typer.Option(help="Trainings side by side, a thread each.", show_default=usual("processes"))
    ] = None,
    configs: Annotated[Path, typer.Option(help="Folder of the training configurations.")] = USUAL.configs,
    directory: Annotated[Path, typer.Option(help="Where finished parts are kept, to resume from.")] = Path(
        "runs/playtest"
    ),
    record: Annotated[
        bool, typer.Option("--record", help="Record what 0 and 1 of the normalised score of these presets are worth.")
    ] = False,
    quick: Tiny = False,
    json_file: JsonFile = None,
    markdown_file: MarkdownFile = None,
    figures: Figures = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Find out whether scenarios are games worth learning, and print which criteria hold."""
    require_files(force, json=json_file, markdown=markdown_file)
    require_folder(figures, "the figures")
    if record and (quick or not set(scenario or ()) <= set(PRESETS)):
        raise NegoenvError("--record takes presets, and the usual sizes; --quick and YAML files say nothing of them.")
    if record:
        require_folder(RECORDS, "the records")
    settings = with_changes(
        QUICK if quick else USUAL, steps=steps, seeds=seeds, episodes=episodes, reference_episodes=reference_episodes,
        recurrent_steps=recurrent_steps, processes=processes, configs=configs,
    )  # fmt: skip

    from ..studies.playtest.output import standings_table, verdict_table, write_playtest
    from ..studies.playtest.run import playtest  # scipy and torch take seconds to import

    def show(result: ScenarioResult) -> None:
        console().print(standings_table(result))

    played = playtest(scenario or list(PRESETS), settings, directory, part, progress, show)
    with printed_after(verdict_table(played.lines)):
        write_playtest(played, json_file, markdown_file, figures, force)
        if record:
            from ..studies.playtest.output import measured_reference
            from ..studies.references import write_record

            for result in played.results:
                write_record(measured_reference(result, settings), record_path(result.scenario))
