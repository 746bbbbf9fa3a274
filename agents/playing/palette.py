"""Colours of the game, for dark and for light terminals: after Okabe and Ito, whom colour-blind people tell apart."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours as ``#rrggbb``. Nothing is told by colour alone.

    Attributes:
        ask: the supplier's price.
        offer: the buyer's price.
        quote: a rival's price.
        good: what is to the buyer's advantage.
        pale: what stands back.
        strains: from low to about to leave, one for each of `negoenv.viewer.phrases.STRAINS`.
    """

    ask: str
    offer: str
    quote: str
    good: str
    pale: str
    strains: tuple[str, str, str, str]


DARK = Palette(
    ask="#F2965A",
    offer="#62B8F0",
    quote="#E3A1C8",
    good="#3CC9A0",
    pale="#9A9A9A",
    strains=("#62B8F0", "#E8DC5A", "#E9A83A", "#FF7A4D"),
)
LIGHT = Palette(
    ask="#B34700",
    offer="#00609A",
    quote="#9C4079",
    good="#00735A",
    pale="#666666",
    strains=("#00609A", "#7A6C00", "#A86200", "#B3300D"),
)
