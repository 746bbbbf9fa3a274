"""What TensorBoard shows besides numbers: figures, transcripts, and a page on where to look."""

from collections.abc import Sequence

from rich.table import Table
from stable_baselines3.common.logger import Logger

from .figures.catalogue import FAILS, NEGOTIATES, QUESTIONS, Picture
from .figures.theme import LIGHT, drawing, pixels
from .tables import cells_of
from .tensorboard import writer_of
from .transcripts import Transcript

START = "0_start_here"
DPI = 110  # pixels an inch
_NARROW = ("walked away", "deadline", "surplus share")  # columns for which the tab has no room

_QUESTION_OF = {"best": NEGOTIATES, "typical": NEGOTIATES, "worst": FAILS, "breakdown": FAILS}

GUIDE = f"""
| you want to know | look at |
|---|---|
| **{QUESTIONS["1_which_is_better"]}** | **Custom Scalars**, first category: the line is the mean return on suppliers \
that no policy was trained on, the band its 95% interval. Scripted policies are flat lines: they do not learn. \
**Images**, `1_which_is_better`. **HParams**: a row for each run; sort it by `heldout/return`. |
| **{QUESTIONS["2_how_it_negotiates"]}** | **Images**, `2_how_it_negotiates`: offer and ask by round, moves by round, \
what is chosen at which pressure and mood. **Text**, `2_how_it_negotiates`: its best and a typical negotiation, told \
round by round. |
| **{QUESTIONS["3_where_it_fails"]}** | **Custom Scalars**, third category: how negotiations end, and with which kind \
of supplier they break down. **Text**, `3_where_it_fails`: its worst negotiation and a breakdown. |

Runs are numbered by rank, the best first. Where the board holds several scenarios, write the name of one into the
filter of runs on the left: returns of different games do not belong into one chart. Curves: `heldout/...` is the greedy
policy on held-out suppliers, `rollout/...` the exploring one on those it trains with, `train/...` what the algorithm
reports of itself.
"""


def put_picture(logger: Logger, picture: Picture, step: int, prefix: str = "") -> None:
    """Draw a figure into the IMAGES tab, under the question that it answers."""
    with drawing(LIGHT):
        image = pixels(picture.draw(LIGHT), DPI)
    writer_of(logger).add_image(f"{picture.question}/{prefix}{picture.name}", image, step, dataformats="HWC")


def put_transcripts(logger: Logger, transcripts: Sequence[Transcript], step: int) -> None:
    """Put transcripts into the TEXT tab, under the question that each answers."""
    for transcript in transcripts:
        tag = f"{_QUESTION_OF[transcript.name]}/{transcript.name}"
        writer_of(logger).add_text(tag, transcript.markdown(), step)


def put_guide(logger: Logger, summary: str) -> None:
    """Put what this is and where to look into the TEXT tab."""
    writer_of(logger).add_text(f"{START}/where_to_look", f"{summary}\n{GUIDE}")


def put_table(logger: Logger, name: str, table: Table) -> None:
    """Put a table into the TEXT tab."""
    headers, rows = cells_of(table, leave_out=_NARROW)
    lines = [f"**{table.title}**", "", _line(headers), _line(["---"] * len(headers)), *map(_line, rows)]
    writer_of(logger).add_text(f"{START}/{name}", "\n".join((*lines, "", str(table.caption or ""))))


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
