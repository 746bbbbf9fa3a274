"""The model card as a table for a terminal."""

from rich.table import Table

from negoenv.facts import Result
from negoenv.facts.card import in_words, summary, sweeps


def card_table(results: list[Result], episodes: int) -> Table:
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
        effects += sweeps(result)
        if not result.holds and fact.reason:
            effects.append(f"Why: {fact.reason}")
        claim = f"[bold]{fact.name}.[/bold] {fact.claim}\n[dim]{fact.source}[/dim]"
        table.add_row(str(fact.row), claim, "\n".join(effects), result.verdict.value)
    return table
