"""The game printed line by line: where there is no terminal, and for a terminal's memory once the screen is gone."""

from collections.abc import Sequence

from rich.console import Console

from negoenv.viewer.money import Money
from negoenv.viewer.transcript import WIDTH

from . import verdict
from .palette import Palette
from .references import Result
from .session import Session
from .story import story


def print_talks(console: Console, session: Session, palette: Palette) -> None:
    """Print who met, and what was said."""
    title = f"{session.negotiation.setting}, played by {session.player}"
    console.print(title, style="bold", highlight=False, markup=False)
    console.print(story(session, Money(), _width(console), palette.good))


def print_verdict(console: Console, session: Session, results: Sequence[Result], palette: Palette) -> None:
    """Print who the supplier was, and the result beside the references, if they have played."""
    money = Money()
    console.print(verdict.revealed(session.negotiation, money, _width(console)))
    if said := verdict.agreement(session):
        console.print(said, highlight=False, markup=False)
    if results:
        own = Result.of(session.negotiation, session.player)
        console.print()
        console.print(verdict.ranking(own, results, money, palette, console.width))


def _width(console: Console) -> int:
    """Return how long lines of words are: no longer than reads well."""
    return min(console.width, WIDTH)
