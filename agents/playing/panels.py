"""What a buyer sees, as text: the prices, and how the supplier seems; and the colours of both."""

from collections.abc import Sequence
from dataclasses import dataclass

from rich.text import Text

from negoenv.game.effects import PRESSING
from negoenv.viewer import Event, phrases
from negoenv.viewer.events import current_talks
from negoenv.viewer.meanings import FAMILIES
from negoenv.viewer.picture import FULL_REACTION, Scale
from negoenv.viewer.transcript import Money


@dataclass(frozen=True)
class Palette:
    """Colours as ``#rrggbb``. Nothing is told by colour alone."""

    ask: str  # the supplier's price
    offer: str  # the buyer's price
    quote: str  # a rival's price
    good: str  # what is to the buyer's advantage
    pale: str  # what stands back
    strains: tuple[str, str, str, str]  # from low to about to leave, one for each of `negoenv.viewer.phrases.STRAINS`


DARK_PALETTE = Palette(
    ask="#F2965A",
    offer="#62B8F0",
    quote="#E3A1C8",
    good="#3CC9A0",
    pale="#9A9A9A",
    strains=("#62B8F0", "#E8DC5A", "#E9A83A", "#FF7A4D"),
)
LIGHT_PALETTE = Palette(
    ask="#B34700",
    offer="#00609A",
    quote="#9C4079",
    good="#00735A",
    pale="#666666",
    strains=("#00609A", "#7A6C00", "#A86200", "#B3300D"),
)


_LABEL = 9  # characters of a row's name
_CURRENCY = 24  # characters below which the currency is not written
_MIN_PLOT = 8  # characters below which prices are not drawn
_BAR = 10  # characters of a bar
_HALF = _BAR // 2
_LEVELS = " ▁▂▃▄▅▆▇█"
STRAINED = ("low", "moderate", "high", "about to leave")
"""Words for how strained a supplier seems, one for each of `negoenv.viewer.phrases.STRAINS`."""

_MEANS = max(len(FAMILIES[family]) for family in PRESSING) + 1


def price_panel(events: Sequence[Event], money: Money, width: int, height: int, palette: Palette) -> Text:
    """Return every price on a line of its own, drawn on one scale where there is room: its past and where it is now.

    Args:
        events: the talks so far.
        money: writes prices.
        width: characters a line.
        height: lines there are; where they do not hold all prices, the budget is left out.
        palette: the colours.
    """
    events = current_talks(events)
    now = events[-1]
    standing = {
        "ask": (now.ask, palette.ask),
        "offer": (now.offer, palette.offer),
        "budget": (now.budget, ""),
        "limit": (now.limit, ""),
        "market": (now.benchmark, ""),
        "quote": (now.quote, palette.quote),
        "its cost?": (now.cost_estimate, ""),
    }
    rows = {name: row for name, row in standing.items() if row[0]}
    if len(rows) > height:
        rows.pop("budget", None)
    write = money if width >= _CURRENCY else money.number
    figures = {name: write(price) for name, (price, _) in rows.items()}
    most = max(map(len, figures.values()))
    plot = width - _LABEL - most - 4
    text = Text(no_wrap=True, overflow="ellipsis")
    for name, (price, colour) in sorted(rows.items(), key=lambda row: -row[1][0]):
        text.append(f"{name:<{_LABEL}} ", palette.pale)
        text.append(f"{figures[name]:>{most}}", f"bold {colour}")
        if plot >= _MIN_PLOT:
            past = [getattr(event, name) for event in events] if name in ("ask", "offer") else []
            text.append("  ").append_text(_drawn(events, price, [old for old in past if old], plot, colour, palette))
        text.append("\n")
    text.right_crop(1)
    return text


def _drawn(
    events: Sequence[Event], price: float, past: Sequence[float], width: int, colour: str, palette: Palette
) -> Text:
    """Return a line with a price on it, its past, and the buyer's limit as a landmark."""
    scale = Scale.holding(events)

    def place(value: float) -> int:
        return max(0, min(width - 1, round((width - 1) * (value - scale.low) / (scale.high - scale.low))))

    line = [("╌", palette.pale)] * width
    if events[-1].limit:
        line[place(events[-1].limit)] = ("┊", palette.pale)
    for old in past:
        line[place(old)] = ("∙", colour)
    line[place(price)] = ("●" if past else "◆", f"bold {colour}")
    return Text.assemble(*line)


def supplier_panel(event: Event, palette: Palette) -> Text:
    """Return how the supplier seems, how worn the buyer's means are, and what time there is: seven lines."""
    text = Text(no_wrap=True, overflow="ellipsis")

    def row(name: str) -> None:
        text.append(f"{name:<{_LABEL}} ", palette.pale)

    row("strain")
    if event.strain is None:
        text.append("not to be seen\n", palette.pale)
    else:
        band = phrases.band(phrases.STRAINS, event.strain)
        text.append_text(filled_bar(event.strain, palette.strains[band], palette)).append(f" {STRAINED[band]}\n")
    row("reaction")
    if event.reaction is None or not event.pressing:
        text.append("no pressure yet\n" if event.move is None else "not pressed\n", palette.pale)
    else:
        manner = phrases.REACTIONS[phrases.band(phrases.REACTIONS, event.reaction)]
        text.append_text(_balance(event.reaction / FULL_REACTION, palette)).append(f" {manner.verbs[0]}\n")
    row("goodwill")
    text.append_text(filled_bar(event.goodwill, palette.good, palette)).append(f" {event.goodwill:.0%}\n")
    row("worn")
    for number, (family, wear) in enumerate(event.wear.items()):
        if number == 2:
            text.append(f"\n{'':{_LABEL}} ")
        level = _LEVELS[round(wear * (len(_LEVELS) - 1))]
        text.append(f"{FAMILIES[family]:<{_MEANS}}").append(level, palette.ask).append(" ")
    text.append("\n")
    row("known")
    text.append(", ".join(_known(event)) or "nothing yet", "" if _known(event) else palette.pale).append("\n")
    row("time")
    left = event.deadline - event.round
    text.append_text(filled_bar(left / event.deadline, palette.pale, palette)).append(f" {left} left")
    return text


def _known(event: Event) -> list[str]:
    """Return what is worth keeping in mind."""
    known = {
        "its weakness": event.weakness_known,
        "ultimatum refused": event.called,
        "it under-delivered": event.under_delivered,
        f"{event.bluffs} exposed bluff{'s' if event.bluffs > 1 else ''}": event.bluffs,
        f"{event.stalemate} rounds stuck": event.stalemate > 1,
    }
    return [words for words, holds in known.items() if holds]


def filled_bar(share: float, colour: str, palette: Palette) -> Text:
    """Return a bar that is filled by ``share``, 0 to 1."""
    filled = round(_BAR * max(0.0, min(1.0, share)))
    return Text.assemble(("█" * filled, colour), ("░" * (_BAR - filled), palette.pale))


def _balance(share: float, palette: Palette) -> Text:
    """Return a bar that grows from its middle: to the right for a good sign, to the left for a bad one; -1 to 1."""
    filled = round(_HALF * max(-1.0, min(1.0, share)))
    left, right = max(0, -filled), max(0, filled)
    return Text.assemble(
        ("░" * (_HALF - left), palette.pale),
        ("█" * left, palette.ask),
        ("│", palette.pale),
        ("█" * right, palette.good),
        ("░" * (_HALF - right), palette.pale),
    )
