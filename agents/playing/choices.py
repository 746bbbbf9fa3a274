"""The moves to choose from, as text: what each means, and what an adviser thinks of it."""

from rich.cells import cell_len
from rich.text import Text

from negoenv.game.tactics import BY_FAMILY, FAMILY_OF, Family, Move
from negoenv.viewer.meanings import FAMILIES
from negoenv.viewer.money import Money

from .advice import Advice
from .negotiation import Negotiation
from .palette import Palette

CLOSING = tuple(move for move in Move if FAMILY_OF[move] is Family.CLOSE)
"""The moves that end the talks: always in view, and listed even where they are not legal."""

_PRICED = (Family.OPENING, Family.CONCESSION)  # families whose moves set a price
_NAME = max(len(move.name) for move in Move) + 1
_FAMILY = max(map(len, FAMILIES.values())) + 1
_ADVICE = 14  # characters of the columns that show advice
_MEANING = 46  # characters of a move's meaning that make room for its family


def choices(
    negotiation: Negotiation,
    money: Money,
    advice: Advice | None,
    width: int,
    palette: Palette,
    asked: Move | None = None,
) -> dict[Move, Text]:
    """Return a line for each legal move, and for those that close: its name, its meaning, the adviser's opinion.

    Args:
        negotiation: the talks.
        money: writes prices.
        advice: what the adviser says, if there is one.
        width: characters a line; the family is left out where there is little room.
        palette: the colours.
        asked: the move that awaits its confirmation, if any does.
    """
    legal = negotiation.legal
    room = width - 2 - _NAME - (_ADVICE if advice and advice.values else 0)
    with_family = room >= _FAMILY + _MEANING
    left = room - (_FAMILY if with_family else 0)
    lines: dict[Move, Text] = {}
    last_family = None
    for move in (move for move in BY_FAMILY if move in legal or move in CLOSING):
        family = FAMILY_OF[move]
        line = Text(no_wrap=True, overflow="ellipsis", style="" if move in legal else palette.pale)
        line.append("▸ " if advice and advice.move is move else "  ", palette.good)
        if with_family:
            line.append(f"{FAMILIES[family] if family is not last_family else '':<{_FAMILY}}", palette.pale)
        line.append(f"{move.name:<{_NAME}}", "bold" if move in legal else "")
        meaning = _meaning(negotiation, move, money, left)
        if move is asked:
            meaning = _cut(f"Enter again: {confirmation(negotiation, move)}", left)
        line.append(meaning, f"bold {palette.ask}" if move is asked else "")
        if advice and move in advice.values:
            line.append(" " * max(1, left - cell_len(meaning) + 1)).append(_opinion(advice, move), palette.good)
        lines[move] = line
        last_family = family
    return lines


def confirmation(negotiation: Negotiation, move: Move) -> str:
    """Return why a move is asked for twice; nothing if once is enough."""
    now = negotiation.events[-1]
    if move is Move.WALK_AWAY:
        return "leave without a deal."
    if move is Move.ACCEPT and now.ask > now.limit > 0.0:
        return "take an ask above your limit."
    return ""


def _meaning(negotiation: Negotiation, move: Move, money: Money, room: int) -> str:
    """Return what a move means, or where there is no room for that its price."""
    now = negotiation.events[-1]
    if move not in negotiation.legal:
        above = now.ask > now.budget > 0.0
        return _cut(f"Not now: {money(now.ask)} is above your budget." if above else "Not possible now.", room)
    offer = negotiation.offer_after(move) if FAMILY_OF[move] in _PRICED else now.offer
    prices = {"offer": money(offer), "ask": money(now.ask)}
    meaning = move.tactic.meaning.format(**prices)
    named = [price for name, price in prices.items() if f"{{{name}}}" in move.tactic.meaning]
    return named[0] if named and cell_len(meaning) > room >= cell_len(named[0]) else _cut(meaning, room)


def _cut(text: str, room: int) -> str:
    return text if cell_len(text) <= room else text[: room - 1] + "…"


def _opinion(advice: Advice, move: Move) -> str:
    """Return what the adviser thinks of a move, at most 13 characters."""
    probability = f"{advice.probabilities[move]:4.0%} " if advice.probabilities else ""
    return f"{probability}{advice.values[move]:+8.2f}".rjust(_ADVICE - 1)


def advice_heading(advice: Advice | None) -> Text:
    """Return what the adviser would play, which may be out of view, and what its columns are."""
    if advice is None:
        return Text()
    columns = f" ({'probability, ' if advice.probabilities else ''}{advice.kind})" if advice.values else ""
    return Text(f"▸ {advice.policy}: {advice.move.name}{columns}")
