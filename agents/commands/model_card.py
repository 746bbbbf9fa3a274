"""Print the model card."""

from typing import Annotated

import typer

from negoenv.facts import FACTS, run_card
from negoenv.facts.card import EPISODES, QUICK, card_dict

from ..reporting.files import require_files, require_folder, write_json
from ..reporting.progress import tracked
from ..studies.model_card import card_table, draw_card, write_card_page
from ..terminal import printed_after
from .options import Figures, Force, JsonFile, MarkdownFile, ShowProgress


def main(
    quick: Annotated[bool, typer.Option("--quick", help="Fewer suppliers: quick and imprecise.")] = False,
    json_file: JsonFile = None,
    markdown_file: MarkdownFile = None,
    figures: Figures = None,
    force: Force = False,
    progress: ShowProgress = True,
) -> None:
    """Run the experiment behind every fact of the supplier model and print what holds and what falls short."""
    require_files(force, json=json_file, markdown=markdown_file)
    require_folder(figures, "the figures")
    episodes = QUICK if quick else EPISODES
    results = run_card(tracked(FACTS, "Facts", progress, "facts"), episodes)
    with printed_after(card_table(results, episodes)):
        write_json(json_file, card_dict(results, episodes), force)
        draw_card(results, figures)
        write_card_page(results, episodes, markdown_file, figures)
