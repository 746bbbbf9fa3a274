"""What was said, as text; and the game printed line by line, where there is no terminal or the screen is gone."""

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from negoenv.viewer import wrapped
from negoenv.viewer.transcript import WIDTH, Money

from .panels import Palette
from .results import PlayResult, agreement, ranking
from .session import Session


def session_transcript(session: Session, money: Money, width: int, aside: str = "") -> Text:
    """Return the transcript so far, a paragraph a round, and the result once there is one.

    Args:
        session: the game.
        money: writes prices.
        width: characters a line.
        aside: style of what the adviser would have done, where that was something else.
    """
    talks = session.negotiation
    text = Text()
    number = 0
    for line, tells_move in talks.transcript_steps(money):
        otherwise = _otherwise(session, number) if tells_move else ""
        number += tells_move
        paragraph = Text(wrapped(f"{line} {otherwise}".rstrip(), width, money.currency) + "\n")
        if otherwise:
            paragraph.stylize(aside, len(paragraph) - len(otherwise) - 1)
        text.append_text(paragraph)
    text.right_crop(1)
    return text


def _otherwise(session: Session, number: int) -> str:
    """Return what the adviser would have done in place of move ``number``, if that was something else."""
    moves = session.negotiation.moves
    if number >= min(len(session.advice), len(moves)) or session.advice[number].move is moves[number]:
        return ""
    return f"({session.advice[number].policy}: {session.advice[number].move.name})"


def outcome_text(session: Session, money: Money, width: int) -> str:
    """Return how finished talks ended, and what that is worth: a paragraph each."""
    return "\n".join(wrapped(line, width, money.currency) for line in session.negotiation.ending(money))


def print_talks(console: Console, session: Session, palette: Palette) -> None:
    """Print who met, and what was said."""
    title = f"{session.negotiation.setting}, played by {session.player}"
    console.print(title, style="bold", highlight=False, markup=False)
    console.print(session_transcript(session, Money(), _width(console), palette.good))


def print_verdict(console: Console, session: Session, results: Sequence[PlayResult], palette: Palette) -> None:
    """Print who the supplier was, and the result beside the references, if they have played."""
    money = Money()
    console.print(session.negotiation.revealed(money, _width(console)))
    if said := agreement(session):
        console.print(said, highlight=False, markup=False)
    if results:
        own = PlayResult.of(session.negotiation, session.player)
        console.print()
        console.print(ranking(own, results, money, palette, console.width))


def _width(console: Console) -> int:
    """Return how long lines of words are: no longer than reads well."""
    return min(console.width, WIDTH)
