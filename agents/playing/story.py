"""What was said, with what the adviser would have done otherwise."""

from rich.text import Text

from negoenv.viewer import told, wrapped
from negoenv.viewer.money import Money

from .session import Session


def story(session: Session, money: Money, width: int, aside: str = "") -> Text:
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
    for line, step in told(talks.events, money):
        otherwise = "" if step is None else _otherwise(session, number)
        number += step is not None
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


def result(session: Session, money: Money, width: int) -> str:
    """Return how finished talks ended, and what that is worth: two paragraphs."""
    lines = [line for line, _ in told(session.negotiation.events, money)]
    return "\n".join(wrapped(line, width, money.currency) for line in lines[-2:])
