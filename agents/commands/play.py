"""Play against a supplier."""

from pathlib import Path
from typing import Annotated

import typer

from ..playing.command import PlayOptions, play_games
from .options import AnyScenario, Force, Trust

_SIZE = typer.Option(help="Columns and rows of that picture.", metavar="COLUMNS ROWS")


def main(
    scenario: Annotated[
        str | None, typer.Option(help="Name of a scenario, or a YAML file with one.", show_default="Procurement")
    ] = None,
    split: Annotated[
        str | None, typer.Option(help="Suppliers to meet: train, validation, or test.", show_default="test")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**64 - 1, help="Seed of the supplier.", show_default="any")
    ] = None,
    watch: Annotated[str | None, typer.Option(metavar="POLICY", help="Watch a policy instead of playing.")] = None,
    advise: Annotated[
        str | None, typer.Option(metavar="POLICY", help="Show what a policy would do, and its values.")
    ] = None,
    replay: Annotated[Path | None, typer.Option(metavar="FILE", help="Play a saved game (.json) again.")] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option(metavar="POLICY", help="Compare the result with this policy's, too; may be repeated."),
    ] = None,
    any_scenario: AnyScenario = False,
    trust: Trust = False,
    save: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Save the finished game: .json to replay, .txt to read, .png to see."),
    ] = None,
    force: Force = False,
    text: Annotated[bool, typer.Option("--text", help="Print the talks instead of taking the whole screen.")] = False,
    light: Annotated[bool, typer.Option("--light", help="Colours for a light terminal.")] = False,
    screenshot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Draw the screen into this SVG file instead of showing it.")
    ] = None,
    rounds: Annotated[
        int | None, typer.Option(min=0, help="Rounds before that picture.", show_default="all of them")
    ] = None,
    size: Annotated[tuple[int, int], _SIZE] = (100, 36),
) -> None:
    """Negotiate with a supplier of hidden type, in the terminal; or watch a policy, or a saved game, do it.

    A POLICY is the name of a scripted one, or the directory of a training run.
    """
    play_games(
        PlayOptions(
            scenario=scenario,
            split=split,
            seed=seed,
            watch=watch,
            advise=advise,
            replay=replay,
            references=tuple(reference or ()),
            any_scenario=any_scenario,
            trust=trust,
            save=save,
            force=force,
            text=text,
            light=light,
            screenshot=screenshot,
            rounds=rounds,
            size=size,
        )
    )
