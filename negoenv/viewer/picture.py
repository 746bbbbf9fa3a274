"""The negotiation as a picture: offer and ask by round; below them strain, reaction and moves."""

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from negoenv.viewer import phrases
from negoenv.viewer.events import Event, current_talks
from negoenv.viewer.transcript import CURRENCY, FIRST_ASK, Money, transcript_lines

# The layout, in pixels.
WIDTH, HEIGHT = 800, 500
LEFT, RIGHT = 72, 700  # edges of the chart and of the strips below it
CHART = (114, 300)  # upper and lower edge of each part
STRAIN = (324, 348)
REACTION = (354, 382)
MOVES = 390
TITLE, TEXT, SMALL = 21, 13, 11  # sizes of letters
LINE = SMALL + 1  # from one line of SMALL to the next
DOT = 4  # radius of the mark of a round
TEXT_COLUMNS = 120  # characters of TEXT that fit in a line

# The colours: Okabe and Ito's, which colour-blind people tell apart.
ASK, OFFER, DEAL, QUOTE = "#D55E00", "#0072B2", "#009E73", "#CC79A7"
STRAIN_COLOURS = ("#56B4E9", "#F0E442", "#E69F00", "#D55E00")  # one for each of `phrases.STRAINS`
INK, PALE, GRID, GAP = "#222222", "#777777", "#DDDDDD", "#F1F1F1"

ROOM_BELOW, ROOM_ABOVE = 0.08, 0.03  # of the chart, beyond the lowest and the highest price, fractions of the first ask
FULL_STRAIN, FULL_REACTION = 1.25, 1.5  # cues that fill their strip


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


if TYPE_CHECKING:
    from negoenv.viewer.canvas import Canvas


def render_rgb_array(
    events: Sequence[Event], first_ask: float = FIRST_ASK, currency: str = CURRENCY
) -> NDArray[np.uint8]:
    """Return the picture so far, of the talks about the present deal; uint8 of shape ``(500, 800, 3)``.

    Args:
        events: the events of one episode, from its start.
        first_ask: what the supplier asks first, in currency.
        currency: name of the currency.

    Raises:
        gymnasium.error.DependencyNotInstalled: if Pillow is not installed.
    """
    from negoenv.viewer.canvas import Canvas  # imports Pillow, which only pictures need

    canvas = Canvas(WIDTH, HEIGHT)
    if events:
        money = Money(first_ask, currency)
        _head(canvas, transcript_lines(events, first_ask, currency), events[-1])
        events = current_talks(events)
        scale = Scale.holding(events)
        _gap(canvas, scale, events)
        _axes(canvas, scale, money)
        _references(canvas, scale, events[-1])
        _prices(canvas, scale, events, money)
        _strips(canvas, scale, events[1:])
    return canvas.pixels()


def _head(canvas: "Canvas", lines: Sequence[str], now: Event) -> None:
    """Write the last round, or the result, above the chart."""
    title, _, rest = (lines[-1] if now.outcome is Outcome.OPEN else " ".join(lines[-2:])).partition(". ")
    if now.number > 1 and now.round:
        title = f"Deal {now.number}. {title}"
    canvas.text((24, 38), title, TITLE, INK)
    for number, line in enumerate(textwrap.wrap(rest, TEXT_COLUMNS, max_lines=3, placeholder=" ...")):
        canvas.text((24, 60 + 17 * number), line, TEXT, PALE)


def _lines(scale: Scale, events: Sequence[Event]) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Return the points of the asks and of the offers; a deal is where they meet."""
    asks = [(scale.x(e.round), scale.y(e.deal.price if e.deal else e.ask)) for e in events]
    offers = [(scale.x(e.round), scale.y(e.deal.price if e.deal else e.offer)) for e in events if e.offer or e.deal]
    return asks, offers


def _gap(canvas: "Canvas", scale: Scale, events: Sequence[Event]) -> None:
    """Shade what lies between offer and ask."""
    asks, offers = _lines(scale, events)
    if len(offers) > 1:
        canvas.area([*offers, *reversed(asks[-len(offers) :])], GAP)


def _axes(canvas: "Canvas", scale: Scale, money: Money) -> None:
    """Draw a line for each tenth of the first ask, the rounds, and the deadline."""
    for tenth in range(math.ceil(10 * scale.low), math.floor(10 * scale.high) + 1):
        y = scale.y(tenth / 10)
        canvas.line([(LEFT, y), (RIGHT, y)], GRID)
        canvas.text((LEFT - 8, y), money.number(tenth / 10), SMALL, PALE, "rm")
    step = next(step for step in (1, 2, 5, 10, 20, 50) if step * scale.cell > 2 * SMALL)
    for number in range(0, scale.deadline + 1, step):
        canvas.text((scale.x(number), CHART[1] + 4), str(number), SMALL, PALE, "ma")
    canvas.text((LEFT - 8, CHART[1] + 4), "round", SMALL, PALE, "ra")
    canvas.text((LEFT - 8, CHART[0] - 5), money.currency, SMALL, PALE, "rs")
    canvas.line([(RIGHT, CHART[0]), (RIGHT, CHART[1])], INK, 1.5)
    canvas.text((RIGHT, CHART[0] - 5), "deadline", SMALL, INK, "ms")


def _references(canvas: "Canvas", scale: Scale, event: Event) -> None:
    """Draw what an ask is held against; the names stand below one another where prices are close."""
    prices = (
        (event.limit, "outside option", PALE),
        (event.benchmark, "market price", PALE),
        (event.quote, "rival's quote", QUOTE),
    )
    free = 0.0
    for price, name, colour in sorted(prices, reverse=True):
        if price:
            y = scale.y(price)
            canvas.dashes((LEFT, y), (RIGHT, y), colour)
            canvas.text((RIGHT + 8, max(y, free)), name, SMALL, colour, "lm")
            free = max(y, free) + SMALL + 2


def _prices(canvas: "Canvas", scale: Scale, events: Sequence[Event], money: Money) -> None:
    """Draw offer and ask by round, and how the talks stand."""
    asks, offers = _lines(scale, events)
    for points, colour in ((offers, OFFER), (asks, ASK)):
        canvas.line(points, colour, 2.5)
        for point in points if scale.cell > 2 * DOT else points[-1:]:
            canvas.dot(point, DOT, colour)
    last = events[-1]
    x, y = asks[-1]
    side, beside = ("r", x - 6) if x > RIGHT - 100 else ("l", x)

    def label(name: str, price: float, y: float, colour: str, edge: str) -> None:
        canvas.text((beside, y), f"{name} {money.number(price)}", TEXT, colour, side + edge, rim=2)

    if last.deal:
        canvas.dot((x, y), 2 * DOT, DEAL)
        label("deal", last.deal.price, y + 14, DEAL, "a")
        return
    label("ask", last.ask, y - 10, ASK, "s")
    if offers:
        label("offer", last.offer, offers[-1][1] + 10, OFFER, "a")
    if last.outcome is not Outcome.OPEN:
        canvas.cross((x, y), 7, INK)


def _strips(canvas: "Canvas", scale: Scale, steps: Sequence[Event]) -> None:
    """Draw what each round was like: how strained the supplier was, how it reacted to pressure, the move."""
    middle = sum(REACTION) / 2
    half = min(12.0, 0.35 * scale.cell)
    for y, name in ((STRAIN[1], "strain"), (middle, "reaction")):
        canvas.line([(LEFT, y), (RIGHT, y)], GRID)
        canvas.text((LEFT - 8, y), name, SMALL, PALE, "rm")
    canvas.text((LEFT - 8, MOVES), "move", SMALL, PALE, "ra")
    lines = [_move_lines(event) for event in steps]
    every = math.ceil(max(map(len, lines), default=1) * LINE / scale.cell)
    for event, names in zip(steps, lines, strict=True):
        x = scale.x(event.round)
        if event.strain is not None:
            height = (STRAIN[1] - STRAIN[0]) * min(1.0, event.strain / FULL_STRAIN)
            colour = STRAIN_COLOURS[phrases.band(phrases.STRAINS, event.strain)]
            canvas.box(x - half, STRAIN[1] - max(1.0, height), x + half, STRAIN[1], colour)
        if event.reaction is not None and event.pressing:
            height = (middle - REACTION[0]) * max(-1.0, min(1.0, event.reaction / FULL_REACTION))
            canvas.box(x - half, middle - height, x + half, middle, OFFER if height > 0 else ASK)
        if (steps[-1].round - event.round) % every == 0:
            for number, name in enumerate(names):
                at = (x + LINE * (number - (len(names) - 1) / 2), MOVES)
                canvas.upright(at, name, SMALL, INK if event.legal else PALE)


def _move_lines(event: Event) -> list[str]:
    """Return the name of the move that was chosen, in brackets if it was not legal: a line, or two of a combined one.

    An action that is no move has the name of the one that counted.
    """
    move = event.move if event.wanted is None else event.wanted
    name = "" if move is None else move.name.lower().replace("_", " ")
    return (name if event.legal else f"({name})").replace("+", "\n+").split("\n")
