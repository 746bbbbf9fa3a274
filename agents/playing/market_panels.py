"""What a buyer sees of several suppliers, as text: a line each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from negoenv.sourcing.transcript import Seen
from negoenv.viewer import phrases
from negoenv.viewer.transcript import Money

from .panels import STRAINED, Palette, filled_bar

_LABEL = 7  # characters of a row's name
_CURRENCY = 40  # characters below which the currency is not written
_MIN_PLOT = 8  # characters below which prices are not drawn
_LIFE_SCALE = 0.1  # of the column ``ask_left``


@dataclass(frozen=True)
class SupplierStatus:
    """How one supplier stands, as the buyer sees it."""

    ask: float  # what it asks or has agreed to, fraction of the first ask
    offer: float  # what the buyer offers it; 0 before there is an offer
    other: float  # the lowest price of the others that stands; 0 if none does
    strain: float  # how strained it seems
    left: float  # rounds for which its price stands
    words: str  # whether that is so, or why not

    @classmethod
    def of(cls, seen: Seen, views: Mapping[str, NDArray[Any]], k: int) -> "SupplierStatus":
        """Return how supplier ``k`` stands, given what is seen of all."""
        left = float(views["ask_left"][k]) / _LIFE_SCALE
        stands = f"stands {left:.0f}" if left >= 1.0 else "about to expire"
        words = {
            "has left": seen.gone,
            "not in the talks": not seen.awake,
            f"agreed, {stands}": seen.agreed and seen.stands,
            stands: seen.stands,
        }
        told = next((word for word, holds in words.items() if holds), "expired")
        return cls(seen.price, seen.offer, float(views["other_ask"][k]), float(views["strain"][k]), left, told)


def market_prices(
    stands: Sequence[SupplierStatus], order: np.void, money: Money, width: int, height: int, palette: Palette
) -> Text:
    """Return a line for each supplier, ask and offer drawn on one scale where there is room; and the buyer's own.

    Args:
        stands: the suppliers.
        order: the record of the order.
        money: writes prices.
        width: characters a line.
        height: lines there are; where they are few, the buyer's own prices are left out.
        palette: the colours.
    """
    write = money if width >= _CURRENCY else money.number
    money_left = {"funds": float(order["funds"])} if order["requirements"] > 1 else {"budget": float(order["ceiling"])}
    own = {"limit": float(order["limit"]), **money_left}
    known = [price for stand in stands for price in (stand.ask, stand.offer) if price] + [own["limit"]]
    low, high = min(known), max(known)
    most = max(len(write(price)) for price in (*known, *own.values()))
    plot = width - _LABEL - 2 * (most + 2)
    text = Text(no_wrap=True, overflow="ellipsis")
    for number, stand in enumerate(stands, start=1):
        text.append(f"{f'S{number}':<{_LABEL}}", palette.pale)
        text.append(f"{write(stand.ask):>{most}}  ", f"bold {palette.ask}")
        text.append(f"{write(stand.offer) if stand.offer else '-':>{most}}  ", f"bold {palette.offer}")
        if plot >= _MIN_PLOT:
            marks = {
                own["limit"]: ("┊", palette.pale),
                stand.offer: ("◆", palette.offer),
                stand.ask: ("●", palette.ask),
            }
            line = [("╌", palette.pale)] * plot
            for price, mark in marks.items():
                if price:
                    line[round((plot - 1) * (price - low) / max(high - low, 1e-9))] = mark
            text.append_text(Text.assemble(*line))
        text.append("\n")
    for name, price in list(own.items())[: max(0, height - len(stands))]:
        text.append(f"{name:<{_LABEL}}", palette.pale).append(f"{write(price):>{most}}\n", "bold")
    text.right_crop(1)
    return text


def market_suppliers(stands: Sequence[SupplierStatus], order: np.void, palette: Palette) -> Text:
    """Return a line for each supplier, its strain and whether its price stands; and the time that is left."""
    text = Text(no_wrap=True, overflow="ellipsis")
    for number, stand in enumerate(stands, start=1):
        band = phrases.band(phrases.STRAINS, stand.strain)
        text.append(f"S{number} ", palette.pale)
        text.append_text(filled_bar(stand.strain, palette.strains[band], palette))
        text.append(f" {STRAINED[band]}; " if stand.offer else " ").append(f"{stand.words}\n")
    left = float(order["deadline"] - order["round"])
    text.append("time ", palette.pale)
    text.append_text(filled_bar(left / float(order["deadline"]), palette.pale, palette)).append(f" {left:.0f} left")
    return text
