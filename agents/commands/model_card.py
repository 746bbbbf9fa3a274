"""Print the model card."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from negoenv.facts import FACTS, run_card
from negoenv.facts.card import EPISODES, QUICK, as_dict, markdown

from ..reporting.files import require_folder, require_writable, write_json
from ..reporting.tables import console
from ..studies.model_card import card_table
from .options import Force, JsonFile, Progress


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Fewer suppliers: a look, not a verdict.")] = False,
    json_file: JsonFile = None,
    markdown_file: Annotated[Path | None, typer.Option("--markdown", help="Write the card as a page, too.")] = None,
    figures: Annotated[Path | None, typer.Option(help="Draw a figure of each row into this folder.")] = None,
    force: Force = False,
    progress: Progress = True,
) -> None:
    """Run the experiment behind every fact of the supplier model and print what holds and what falls short."""
    for path in (json_file, markdown_file):
        require_writable(path, force)
    require_folder(figures, "the figures")
    episodes = QUICK if quick else EPISODES
    bar = track(FACTS, "Facts", console=Console(stderr=True), disable=not progress, transient=True)
    results = run_card(bar, episodes)
    console().print(card_table(results, episodes))
    if json_file is not None:
        write_json(json_file, as_dict(results, episodes), force)
    if figures is not None:
        from negoenv.facts.figures import save  # matplotlib takes a second to import

        save(results, figures)
    if markdown_file is not None:
        markdown_file.parent.mkdir(parents=True, exist_ok=True)
        page = markdown(results, episodes, lambda fact: _beside(figures, markdown_file, fact.row))
        markdown_file.write_text(page, encoding="utf-8")


def _beside(figures: Path | None, page: Path, row: int) -> Path | None:
    """Return the path of a row's figure as seen from the page."""
    if figures is None:
        return None
    from negoenv.facts.figures import file_name

    return Path(os.path.relpath(figures / file_name(row), page.parent))
