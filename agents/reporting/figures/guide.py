"""Words as a figure: what a board shows and where to look, for the tab that opens first, which shows no text."""

import textwrap
from collections.abc import Mapping, Sequence

from matplotlib.figure import Figure

from .theme import CARD, Theme, sheet

_LINE = 0.165  # inches
_LONGEST = 58  # characters a line
_MIDDLE = 0.5  # where places begin, share of the width


def draw_guide(title: str, facts: Sequence[str], places: Mapping[str, str], theme: Theme) -> Figure:
    """Draw what there is to know, and below it where each question is answered."""
    lines = [part for fact in facts for part in textwrap.wrap(fact, _LONGEST)]
    height = _LINE * (len(lines) + len(places) + 2)
    figure = sheet(CARD[0], height)
    down = iter([1.0 - number * _LINE / height for number in range(1, len(lines) + len(places) + 2)])
    figure.text(0.01, next(down), title, color=theme.ink, fontweight="bold")
    for line in lines:
        figure.text(0.01, next(down), line, color=theme.ink, fontsize=8.5)
    for question, place in places.items():
        y = next(down)
        figure.text(0.01, y, question, color=theme.buyer, fontweight="bold", fontsize=8.5)
        figure.text(_MIDDLE, y, place, color=theme.ink, fontsize=8.5)
    return figure
