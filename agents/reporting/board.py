"""What TensorBoard shows besides numbers: a guide, figures, transcripts and tables, grouped by question."""

from collections.abc import Sequence

from rich.table import Table
from stable_baselines3.common.logger import Logger

from negoenv.markdown import literal

from .figures.catalogue import Picture, guide
from .figures.theme import LIGHT, drawing, pixels
from .tables import cells_of
from .tags import FAILS, NEGOTIATES, START
from .tensorboard import writer_of
from .transcripts import Transcript

DPI = 200  # pixels an inch: twice those of a card, for screens that have them
_NARROW = ("walked away", "deadline", "surplus share")  # columns for which the tab has no room

_TEXT_OF = {
    "best": (NEGOTIATES, "best negotiation"),
    "typical": (NEGOTIATES, "typical negotiation"),
    "worst": (FAILS, "worst negotiation"),
    "breakdown": (FAILS, "a breakdown"),
}
PLACES = {
    "Which is better, how sure?": "group 1; tab HPARAMS",
    "How does it negotiate?": "group 2; tab TEXT, in words",
    "Where does it fail?": "group 3; tab TEXT, its worst",
    "How did it learn?": "group 4; return in group 1",
}
"""Where each question is answered."""

_LINES = "Curves: runs ending in train or validation. Flat: test."


def put_picture(logger: Logger, picture: Picture, step: int) -> None:
    """Draw a figure into the group of its question."""
    with drawing(LIGHT):
        image = pixels(picture.draw(LIGHT), DPI)
    writer_of(logger).picture(f"{picture.question}/{picture.title}", image, picture.caption, step)


def put_pictures(logger: Logger, pictures: Sequence[Picture], step: int) -> None:
    """Draw those figures that can be read on a card."""
    for picture in pictures:
        if picture.small:
            put_picture(logger, picture, step)


def put_transcripts(logger: Logger, transcripts: Sequence[Transcript], step: int) -> None:
    """Put transcripts into the TEXT tab, under the question that each answers."""
    for transcript in transcripts:
        text = "\n\n".join((f"**{literal(transcript.title)}**", *map(literal, transcript.lines)))
        writer_of(logger).text("/".join(_TEXT_OF[transcript.name]), text, step)


def put_guide(logger: Logger, title: str, facts: Sequence[str]) -> None:
    """Say what this is and where to look: as a figure, for the tab that opens first shows no text, and as text."""
    put_picture(logger, guide(title, (*facts, _LINES), PLACES), 0)
    head = [f"**{literal(title)}**", "", *(f"{literal(fact)}\n" for fact in (*facts, _LINES))]
    places = [_line(["you want to know", "look at"]), _line(["---"] * 2), *map(_line, PLACES.items())]
    writer_of(logger).text(f"{START}/guide", "\n".join((*head, *places)), 0)


def put_table(logger: Logger, table: Table) -> None:
    """Put a table into the TEXT tab."""
    headers, rows = cells_of(table, leave_out=_NARROW)
    lines = [f"**{literal(str(table.title))}**", "", _line(headers), _line(["---"] * len(headers))]
    lines += [_line([literal(cell) for cell in row]) for row in rows]
    writer_of(logger).text(f"{START}/results", "\n".join((*lines, "", str(table.caption or ""))), 0)


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
