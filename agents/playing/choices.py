"""The moves to choose from, as text: what each means, and what an adviser thinks of it."""

from rich.cells import cell_len
from rich.text import Text

from negoenv.tactics import FAMILY_OF, Family, Move
from negoenv.viewer.meanings import FAMILIES, MEANINGS
from negoenv.viewer.money import Money

from .advice import Advice
from .negotiation import Negotiation
from .palette import Palette

_PRICED = (Family.OPENING, Family.CONCESSION)  # families whose moves set a price
_NAME = max(len(move.name) for move in Move) + 1
_FAMILY = max(map(len, FAMILIES.values())) + 1
_ADVICE = 14  # characters of the columns that show advice
_MEANING = 46  # characters of a move's meaning that make room for its family


def choices(
    negotiation: Negotiation, money: Money, advice: Advice | None, width: int, palette: Palette
) -> dict[Move, Text]:
    """Return a line for each legal move: its name, what it means, and what the adviser thinks of it.

    Args:
        negotiation: the talks.
        money: writes prices.
        advice: what the adviser says, if there is one.
        width: characters a line; the family is left out where there is little room.
        palette: the colours.
    """
    room = width - 2 - _NAME - (_ADVICE if advice and advice.values else 0)
    with_family = room >= _FAMILY + _MEANING
    lines: dict[Move, Text] = {}
    last_family = None
    for move in negotiation.legal:
        family = FAMILY_OF[move]
        line = Text(no_wrap=True, overflow="ellipsis")
        line.append("▸ " if advice and advice.move is move else "  ", palette.good)
        if with_family:
            line.append(f"{FAMILIES[family] if family is not last_family else '':<{_FAMILY}}", palette.pale)
        line.append(f"{move.name:<{_NAME}}", "bold")
        meaning = _meaning(negotiation, move, money)
        left = room - (_FAMILY if with_family else 0)
        line.append(meaning if cell_len(meaning) <= left else meaning[: left - 1] + "…")
        if advice and advice.values:
            line.append(" " * max(1, left - cell_len(meaning) + 1)).append(_opinion(advice, move), palette.good)
        lines[move] = line
        last_family = family
    return lines


def _meaning(negotiation: Negotiation, move: Move, money: Money) -> str:
    now = negotiation.events[-1]
    offer = negotiation.offer_after(move) if FAMILY_OF[move] in _PRICED else now.offer
    return MEANINGS[move].format(offer=money(offer), ask=money(now.ask))


def _opinion(advice: Advice, move: Move) -> str:
    """Return what the adviser thinks of a move, at most 13 characters."""
    probability = f"{advice.probabilities[move]:4.0%} " if advice.probabilities else ""
    return f"{probability}{advice.values[move]:+8.2f}".rjust(_ADVICE - 1)


def advice_heading(advice: Advice | None) -> str:
    """Return what the columns of the adviser are."""
    if advice is None:
        return ""
    if not advice.values:
        return f"▸ {advice.policy}"
    return f"▸ {advice.policy}: {'probability and ' if advice.probabilities else ''}{advice.kind}"
