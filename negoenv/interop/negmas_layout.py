"""The outcomes of a NegMAS negotiation as what a policy of negoenv knows: as prices, or as contracts.

Both go by the negotiator's own utility: the game's limit is what its reserved value is worth, and nothing else is
known. What a deal would be worth to the other party appears nowhere.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.two_sided_contract import TwoSidedContractBatch
from negoenv.errors import NegoenvError
from negoenv.game.term_moves import ISSUES, LEVELS
from negoenv.game.terms_state import MOST_LEVELS
from negoenv.interop.own_supplier_batch import OwnSupplierBatch
from negoenv.interop.supplier_protocol import HIGHEST_ASK

LIMIT = 0.85
"""The price in the game, at the standard terms, that is worth the reserved value to the buyer."""

_MOST_OUTCOMES = 10_000  # that are looked at
_MOST_PRICES = 1000
_SAME = 1e-9  # a smaller difference of prices is none


class OutcomeLayout(Protocol):
    """How outcomes are laid out.

    Attributes:
        highest_ask: the highest price that the policy is shown; it accepts none that is higher.
    """

    highest_ask: float

    def prepare(self, batch: OwnSupplierBatch) -> None:
        """Write into the game what it is about, before an episode."""

    def price(self, outcome: Any, batch: OwnSupplierBatch) -> float:
        """Return the price, for the terms on the table, that is worth as much to the buyer as an outcome."""

    def outcome(self, offer: float, batch: OwnSupplierBatch) -> Any:
        """Return the outcome that is nearest to an offer for the terms on the table and no worse for the buyer."""


def layout_for(ufun: Any, outcome_space: Any, batch: OwnSupplierBatch) -> OutcomeLayout:
    """Return how a policy that plays in ``batch`` sees the outcomes that ``ufun`` values.

    Raises:
        NegoenvError: if there are more issues than a contract has.
    """
    made = ContractLayout if isinstance(batch, TwoSidedContractBatch) else PriceLayout
    return made(ufun, outcome_space)


class PriceLayout:
    """All outcomes in one row, as prices: the best costs nothing."""

    highest_ask = 1.0  # what suppliers ask at first

    def __init__(self, ufun: Any, outcome_space: Any) -> None:
        """Rank the outcomes."""
        self._ufun = ufun
        outcomes = list(outcome_space.enumerate_or_sample(max_cardinality=_MOST_OUTCOMES))
        values = np.array([float(ufun(outcome)) for outcome in outcomes])
        order = np.argsort(-values, kind="stable")
        self._outcomes = [outcomes[k] for k in order]
        self._best = float(values.max())
        self._unit = LIMIT / max(self._best - _reserved(ufun, float(values.min())), _SAME)
        self._prices = self._unit * (self._best - values[order])

    def prepare(self, batch: OwnSupplierBatch) -> None:
        """Do nothing: the game is about a price."""

    def price(self, outcome: Any, batch: OwnSupplierBatch) -> float:
        """Return an outcome as a price in the game."""
        return self._unit * (self._best - float(self._ufun(outcome)))

    def outcome(self, offer: float, batch: OwnSupplierBatch) -> Any:
        """Return the outcome that is nearest to an offer and no worse for the buyer."""
        return self._outcomes[max(0, int(np.searchsorted(self._prices, offer + _SAME)) - 1)]


class ContractLayout:
    """A price and up to four other issues, each by what it is worth to the buyer while the others stay as they are.

    The price is the issue of that name, or else the one with the most values; other issues that are called as those of
    a contract are taken for these, and the rest for what is left of them, in their order. Of an issue with many values
    as many as a contract knows are used, evenly spaced by rank; the game begins in the middle of each.
    """

    highest_ask = HIGHEST_ASK

    def __init__(self, ufun: Any, outcome_space: Any) -> None:
        """Value the issues.

        Raises:
            NegoenvError: if there are more issues than a contract has.
        """
        self._ufun, issues = ufun, list(outcome_space.issues)
        values = [_values(issue) for issue in issues]
        named = [k for k, issue in enumerate(issues) if issue.name == "price"]
        self._place = named[0] if named else max(range(len(issues)), key=lambda k: len(values[k]))
        self._others = [k for k in range(len(issues)) if k != self._place]
        if len(self._others) > len(ISSUES):
            raise NegoenvError(
                f"A policy of contracts knows a price and {len(ISSUES)} other issues; there are {len(issues)} issues."
            )
        named_terms = {k: ISSUES.index(issues[k].name) for k in self._others if issues[k].name in ISSUES}
        free = iter([slot for slot in range(len(ISSUES)) if slot not in named_terms.values()])
        self._slots = [named_terms[k] if k in named_terms else next(free) for k in self._others]
        middle = [ordered[(len(ordered) - 1) // 2] for ordered in values]
        self._ranked = {k: self._by_worth(k, values[k], middle) for k in self._others}
        self._standard = [(len(self._ranked[k]) - 1) // 2 for k in self._others]
        begin = list(middle)
        for k, level in zip(self._others, self._standard, strict=True):
            begin[k] = self._ranked[k][level]
        prices = self._by_worth(self._place, values[self._place], begin, _MOST_PRICES)[::-1]  # the best first
        begin[self._place] = prices[0]
        self._best = float(ufun(tuple(begin)))
        self._unit = LIMIT / max(self._best - _reserved(ufun, self._worst(begin, prices[-1])), _SAME)
        self._values, self._prices = prices, self._unit * (self._best - self._each(self._place, prices, begin))
        self._worth = [self._unit * (self._each(k, self._ranked[k], begin) - self._best) for k in self._others]

    def _each(self, place: int, values: Sequence[Any], begin: Sequence[Any]) -> NDArray[np.float64]:
        """Return the utility of each value of an issue, where the others are as in ``begin``."""
        return np.array([float(self._ufun((*begin[:place], value, *begin[place + 1 :]))) for value in values])

    def _by_worth(self, place: int, values: Sequence[Any], begin: Sequence[Any], most: int = MOST_LEVELS) -> list[Any]:
        """Return values of an issue from the buyer's worst to its best, at most so many."""
        order = np.argsort(self._each(place, values, begin), kind="stable")
        kept = np.unique(np.linspace(0, len(values) - 1, min(len(values), most)).round().astype(int))
        return [values[k] for k in order[kept]]

    def _worst(self, begin: Sequence[Any], price: Any) -> float:
        worst = list(begin)
        worst[self._place] = price
        for k in self._others:
            worst[k] = self._ranked[k][0]
        return float(self._ufun(tuple(worst)))

    def prepare(self, batch: OwnSupplierBatch) -> None:
        """Write what the levels are worth; what they cost the other party is not known, and nothing."""
        assert isinstance(batch, TwoSidedContractBatch)
        issues = batch.issues[0]
        for name in ("worth", "budgeted", "burden", "kinds", "least", "standard"):
            issues[name] = 0
        issues["levels"] = 2  # those of an issue that there is not, which no move is about
        for slot, levels, standard in zip(self._slots, self._worth, self._standard, strict=True):
            issues["levels"][slot], issues["standard"][slot] = max(2, len(levels)), standard
            issues["worth"][slot, : len(levels)] = issues["budgeted"][slot, : len(levels)] = levels
        there = {slot for slot, levels in zip(self._slots, self._worth, strict=True) if len(levels) > 1}
        missing = [slot for slot in range(len(ISSUES)) if slot not in there]
        issues["allowed"] &= (LEVELS[:, missing] == 0).all(axis=1)

    def price(self, outcome: Any, batch: OwnSupplierBatch) -> float:
        """Return the price, for the terms on the table, that is worth as much to the buyer as an outcome."""
        assert isinstance(batch, TwoSidedContractBatch)
        return self._unit * (self._best - float(self._ufun(outcome))) + float(batch.terms["worth"][0])

    def outcome(self, offer: float, batch: OwnSupplierBatch) -> Any:
        """Return the terms on the table at the price that is nearest to an offer and no worse for the buyer."""
        assert isinstance(batch, TwoSidedContractBatch)
        outcome: list[Any] = [None] * (len(self._others) + 1)
        outcome[self._place] = self._values[max(0, int(np.searchsorted(self._prices, offer + _SAME)) - 1)]
        for slot, k in zip(self._slots, self._others, strict=True):
            outcome[k] = self._ranked[k][int(batch.terms["level"][0, slot])]
        return tuple(outcome)


def _values(issue: Any) -> list[Any]:
    """Return the values of an issue, evenly spaced ones where there is no end of them."""
    return list(issue.all) if issue.is_finite() else list(issue.ordered_value_generator(_MOST_PRICES))


def _reserved(ufun: Any, otherwise: float) -> float:
    """Return the reserved value; what is given where there is none."""
    reserved = float(ufun.reserved_value)
    return reserved if np.isfinite(reserved) else otherwise
