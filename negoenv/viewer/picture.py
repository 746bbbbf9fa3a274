"""The negotiation as a picture: offer and ask by round; below them strain, reaction and moves."""

import math
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from negoenv.game.state import Outcome
from negoenv.viewer import phrases, sheet
from negoenv.viewer.events import Event, current_talks
from negoenv.viewer.money import CURRENCY, FIRST_ASK, Money
from negoenv.viewer.sheet import Scale
from negoenv.viewer.transcript import transcript_lines

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

    canvas = Canvas(sheet.WIDTH, sheet.HEIGHT)
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
    canvas.text((24, 38), title, sheet.TITLE, sheet.INK)
    for number, line in enumerate(textwrap.wrap(rest, sheet.TEXT_COLUMNS, max_lines=3, placeholder=" ...")):
        canvas.text((24, 60 + 17 * number), line, sheet.TEXT, sheet.PALE)


def _lines(scale: Scale, events: Sequence[Event]) -> tuple[list[tuple[float, float]], list[tuple[float, float]]]:
    """Return the points of the asks and of the offers; a deal is where they meet."""
    asks = [(scale.x(e.round), scale.y(e.deal.price if e.deal else e.ask)) for e in events]
    offers = [(scale.x(e.round), scale.y(e.deal.price if e.deal else e.offer)) for e in events if e.offer or e.deal]
    return asks, offers


def _gap(canvas: "Canvas", scale: Scale, events: Sequence[Event]) -> None:
    """Shade what lies between offer and ask."""
    asks, offers = _lines(scale, events)
    if len(offers) > 1:
        canvas.area([*offers, *reversed(asks[-len(offers) :])], sheet.GAP)


def _axes(canvas: "Canvas", scale: Scale, money: Money) -> None:
    """Draw a line for each tenth of the first ask, the rounds, and the deadline."""
    for tenth in range(math.ceil(10 * scale.low), math.floor(10 * scale.high) + 1):
        y = scale.y(tenth / 10)
        canvas.line([(sheet.LEFT, y), (sheet.RIGHT, y)], sheet.GRID)
        canvas.text((sheet.LEFT - 8, y), money.number(tenth / 10), sheet.SMALL, sheet.PALE, "rm")
    step = next(step for step in (1, 2, 5, 10, 20, 50) if step * scale.cell > 2 * sheet.SMALL)
    for number in range(0, scale.deadline + 1, step):
        canvas.text((scale.x(number), sheet.CHART[1] + 4), str(number), sheet.SMALL, sheet.PALE, "ma")
    canvas.text((sheet.LEFT - 8, sheet.CHART[1] + 4), "round", sheet.SMALL, sheet.PALE, "ra")
    canvas.text((sheet.LEFT - 8, sheet.CHART[0] - 5), money.currency, sheet.SMALL, sheet.PALE, "rs")
    canvas.line([(sheet.RIGHT, sheet.CHART[0]), (sheet.RIGHT, sheet.CHART[1])], sheet.INK, 1.5)
    canvas.text((sheet.RIGHT, sheet.CHART[0] - 5), "deadline", sheet.SMALL, sheet.INK, "ms")


def _references(canvas: "Canvas", scale: Scale, event: Event) -> None:
    """Draw what an ask is held against; the names stand below one another where prices are close."""
    prices = (
        (event.limit, "outside option", sheet.PALE),
        (event.benchmark, "market price", sheet.PALE),
        (event.quote, "rival's quote", sheet.QUOTE),
    )
    free = 0.0
    for price, name, colour in sorted(prices, reverse=True):
        if price:
            y = scale.y(price)
            canvas.dashes((sheet.LEFT, y), (sheet.RIGHT, y), colour)
            canvas.text((sheet.RIGHT + 8, max(y, free)), name, sheet.SMALL, colour, "lm")
            free = max(y, free) + sheet.SMALL + 2


def _prices(canvas: "Canvas", scale: Scale, events: Sequence[Event], money: Money) -> None:
    """Draw offer and ask by round, and how the talks stand."""
    asks, offers = _lines(scale, events)
    for points, colour in ((offers, sheet.OFFER), (asks, sheet.ASK)):
        canvas.line(points, colour, 2.5)
        for point in points if scale.cell > 2 * sheet.DOT else points[-1:]:
            canvas.dot(point, sheet.DOT, colour)
    last = events[-1]
    x, y = asks[-1]
    side, beside = ("r", x - 6) if x > sheet.RIGHT - 100 else ("l", x)

    def label(name: str, price: float, y: float, colour: str, edge: str) -> None:
        canvas.text((beside, y), f"{name} {money.number(price)}", sheet.TEXT, colour, side + edge, rim=2)

    if last.deal:
        canvas.dot((x, y), 2 * sheet.DOT, sheet.DEAL)
        label("deal", last.deal.price, y + 14, sheet.DEAL, "a")
        return
    label("ask", last.ask, y - 10, sheet.ASK, "s")
    if offers:
        label("offer", last.offer, offers[-1][1] + 10, sheet.OFFER, "a")
    if last.outcome is not Outcome.OPEN:
        canvas.cross((x, y), 7, sheet.INK)


def _strips(canvas: "Canvas", scale: Scale, steps: Sequence[Event]) -> None:
    """Draw what each round was like: how strained the supplier was, how it reacted to pressure, the move."""
    middle = sum(sheet.REACTION) / 2
    half = min(12.0, 0.35 * scale.cell)
    for y, name in ((sheet.STRAIN[1], "strain"), (middle, "reaction")):
        canvas.line([(sheet.LEFT, y), (sheet.RIGHT, y)], sheet.GRID)
        canvas.text((sheet.LEFT - 8, y), name, sheet.SMALL, sheet.PALE, "rm")
    canvas.text((sheet.LEFT - 8, sheet.MOVES), "move", sheet.SMALL, sheet.PALE, "ra")
    every = math.ceil((sheet.SMALL + 1) / scale.cell)
    for event in steps:
        x = scale.x(event.round)
        if event.strain is not None:
            height = (sheet.STRAIN[1] - sheet.STRAIN[0]) * min(1.0, event.strain / sheet.FULL_STRAIN)
            colour = sheet.STRAIN_COLOURS[phrases.band(phrases.STRAINS, event.strain)]
            canvas.box(x - half, sheet.STRAIN[1] - max(1.0, height), x + half, sheet.STRAIN[1], colour)
        if event.reaction is not None and event.pressing:
            height = (middle - sheet.REACTION[0]) * max(-1.0, min(1.0, event.reaction / sheet.FULL_REACTION))
            canvas.box(x - half, middle - height, x + half, middle, sheet.OFFER if height > 0 else sheet.ASK)
        move = event.move if event.wanted is None else event.wanted
        if move is not None and (steps[-1].round - event.round) % every == 0:
            name = move.name.lower().replace("_", " ")
            canvas.upright(
                (x, sheet.MOVES),
                name if event.legal else f"({name})",
                sheet.SMALL,
                sheet.INK if event.legal else sheet.PALE,
            )
