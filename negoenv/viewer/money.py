"""Prices in currency: inside the game they are fractions of the first ask, which is all that matters to it."""

from dataclasses import dataclass

FIRST_ASK = 100_000.0  # what the supplier asks first, in currency
CURRENCY = "EUR"


@dataclass(frozen=True)
class Money:
    """Writes prices in currency.

    Attributes:
        first_ask: what the supplier asks first, in currency.
        currency: its name.
    """

    first_ask: float = FIRST_ASK
    currency: str = CURRENCY

    def number(self, price: float) -> str:
        """Return a price, a fraction of the first ask, as a number; small sums have cents."""
        return f"{price * self.first_ask:,.{0 if self.first_ask >= 1000 else 2}f}"

    def __call__(self, price: float) -> str:
        """Return a price, a fraction of the first ask, in currency."""
        return f"{self.currency} {self.number(price)}"
