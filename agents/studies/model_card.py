"""The model card as a table for a terminal, as a page, and drawn."""

from collections.abc import Sequence
from pathlib import Path

from rich.table import Table
from rich.text import Text

from negoenv.facts import FactResult
from negoenv.facts.card import card_page, in_words, summary, sweep_lines
from negoenv.facts.fact import Fact

from ..reporting.files import write_text
from .pages import seen_from


def card_table(results: list[FactResult], episodes: int) -> Table:
    """Return the card as a table for a terminal."""
    table = Table(title=f"Model card: {episodes:,} suppliers in each arm", caption=summary(results), show_lines=True)
    for header, wide in (
        ("row", False),
        ("claim and source", True),
        ("effect, mean and 95% interval", True),
        ("verdict", False),
    ):
        table.add_column(header, justify="right" if header == "row" else "left", ratio=1 if wide else None)
    for result in results:
        fact = result.fact
        effects = [f"{e.name}: {in_words(e.interval)} ({e.criterion})" for e in result.finding.effects]
        effects += sweep_lines(result)
        if not result.holds and fact.reason:
            effects.append(f"Why: {fact.reason}")
        claim = Text.assemble((f"{fact.name}.", "bold"), f" {fact.claim}\n", (fact.source, "dim"))
        table.add_row(str(fact.row), claim, "\n".join(effects), result.verdict.value)
    return table


def draw_card(results: Sequence[FactResult], folder: Path | None) -> None:
    """Draw the figure of each row into a folder, if there is one."""
    if folder is not None:
        from negoenv.facts.figures import draw_fact, fact_figure_name  # matplotlib takes a second to import

        from .pages import save_figure

        for result in results:
            save_figure(draw_fact(result), folder / fact_figure_name(result.fact.row))


def write_card_page(results: Sequence[FactResult], episodes: int, page: Path | None, figures: Path | None) -> None:
    """Write the card as a page, if one is named, which shows the figures, if there are any."""

    def figure(fact: Fact) -> str | None:
        if page is None or figures is None:
            return None
        from negoenv.facts.figures import fact_figure_name

        return seen_from(page, figures / fact_figure_name(fact.row))

    if page is not None:
        write_text(page, card_page(results, episodes, figure))
