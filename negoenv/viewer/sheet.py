"""The layout of the picture: sizes, colours, and where rounds and prices lie."""

from collections.abc import Sequence
from dataclasses import dataclass

from negoenv.game.tactics import Move
from negoenv.viewer.events import Event

# The layout, in pixels.
WIDTH, HEIGHT = 800, 500
LEFT, RIGHT = 72, 700  # edges of the chart and of the strips below it
CHART = (114, 300)  # upper and lower edge of each part
STRAIN = (324, 348)
REACTION = (354, 382)
MOVES = 390
TITLE, TEXT, SMALL = 21, 13, 11  # sizes of letters
DOT = 4  # radius of the mark of a round
TEXT_COLUMNS = 120  # characters of TEXT that fit in a line

# The colours: Okabe and Ito's, which colour-blind people tell apart.
ASK, OFFER, DEAL, QUOTE = "#D55E00", "#0072B2", "#009E73", "#CC79A7"
STRAIN_COLOURS = ("#56B4E9", "#F0E442", "#E69F00", "#D55E00")  # one for each of `phrases.STRAINS`
INK, PALE, GRID, GAP = "#222222", "#777777", "#DDDDDD", "#F1F1F1"

ROOM_BELOW, ROOM_ABOVE = 0.08, 0.03  # of the chart, beyond the lowest and the highest price, fractions of the first ask
FULL_STRAIN, FULL_REACTION = 1.25, 0.6  # cues that fill their strip


@dataclass(frozen=True)
class Scale:
    """Where rounds and prices lie on the sheet.

    Attributes:
        deadline: the last round.
        low: price at the lower edge of the chart.
        high: price at its upper edge.
    """

    deadline: int
    low: float
    high: float

    def x(self, number: float) -> float:
        """Return where a round lies."""
        return LEFT + (RIGHT - LEFT) * number / self.deadline

    def y(self, price: float) -> float:
        """Return where a price lies."""
        return CHART[1] - (CHART[1] - CHART[0]) * (price - self.low) / (self.high - self.low)

    @property
    def cell(self) -> float:
        """Width of a round."""
        return (RIGHT - LEFT) / self.deadline

    @classmethod
    def holding(cls, events: Sequence[Event]) -> "Scale":
        """Return a scale that holds every price of an episode, and that later rounds hardly ever change."""
        start = events[0]
        least = Move.OPEN_LOW.tactic.effects.opening * (start.benchmark or start.ask)
        lowest = min(least, *(event.offer or event.ask for event in events))
        return cls(start.deadline, lowest - ROOM_BELOW, max(start.ask, start.limit, start.benchmark) + ROOM_ABOVE)
