"""Rows of contracts with several issues and suppliers of one's own, who answer with a price or a whole package."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Mask
from negoenv.engine.options import Options
from negoenv.engine.two_sided_contract import TwoSidedContractBatch
from negoenv.game.chosen_answer import ACCEPTS, AGREES
from negoenv.game.term_moves import ISSUES
from negoenv.interop.own_supplier_batch import LEAST_ASK, OwnSupplierBatch
from negoenv.interop.supplier_protocol import Answer, Levels, OwnSupplier, Package, Saying, Talks
from negoenv.numerics.layout import Records
from negoenv.scenarios.scenario import Scenario

_NAMED = np.dtype([("levels", np.int64, (len(ISSUES),)), ("price", np.float64)], align=True)


class OwnContractBatch(OwnSupplierBatch, TwoSidedContractBatch):
    """Rows of contracts, each with a supplier of one's own; see `OwnSupplierBatch`.

    There is one text on the table, the buyer's or, where both gain by that, the supplier's. What the buyer's offer is
    worth to it does not change by the supplier's terms: its price for them is shown to it, and to nobody else. The
    supplier is told, and takes, what the buyer itself has named.

    Attributes:
        named: the last offer that the buyer has named: the ``levels``, and the ``price``; 0 before there is one.
    """

    row_arrays: ClassVar[tuple[str, ...]] = (*TwoSidedContractBatch.row_arrays, "counted", "named")

    def __init__(
        self, num_rows: int, scenario: Scenario, split: str, make: Callable[[], OwnSupplier],
        crash_leaves: bool = False,
    ) -> None:  # fmt: skip
        """Make a supplier for each row; see `OwnSupplierBatch`."""
        self.named = np.zeros(num_rows, _NAMED)
        super().__init__(num_rows, scenario, split, make, crash_leaves)

    def _begin(self, mask: Mask, options: Options | None, clears: bool) -> None:
        self.named["price"][mask] = 0.0
        super()._begin(mask, options, clears)

    def _begin_terms(self, mask: Mask) -> None:
        super()._begin_terms(mask)
        self.named["levels"][mask] = self.terms["level"][mask]

    def buyer_step(self, actions: NDArray[np.int64], mask: Mask) -> None:
        """Play the buyer's move in each row of ``mask``, and note the offer if it names another."""
        offers, levels = self.seen("offer").copy(), self.terms["level"].copy()
        super().buyer_step(actions, mask)
        changed = (self.seen("offer") != offers) | (self.terms["level"] != levels).any(axis=1)
        self._note(mask & changed)

    def supplier_step(self, answers: Records, mask: Mask) -> None:
        """Let answers take their effect; an exchange that comes about moves the buyer's offer, too."""
        super().supplier_step(answers, mask)
        self._note(mask & (answers["kind"] == AGREES))

    def _note(self, rows: Mask) -> None:
        """Note what lies on the table as named by the buyer."""
        self.named["levels"][rows] = self.terms["level"][rows]
        self.named["price"][rows] = self.seen("offer")[rows]

    def _write(self, row: int, answered: float | Answer | Saying | Package, answers: Records) -> None:
        """Write an answer, whose prices hold for terms, as a record, whose prices are supplier-equivalent."""
        answer, cost = answers[row], float(self.terms["cost"][row])
        if isinstance(answered, Saying):
            asked = None if answered.ask is None else max(answered.ask - cost, LEAST_ASK)
            super()._write(row, replace(answered, ask=asked), answers)
        elif isinstance(answered, Answer):
            super()._write(row, answered, answers)
        elif isinstance(answered, Package) and self._take_up(row, answered):
            answer["ask"] = max(answered.ask - float(self.terms["cost"][row]), LEAST_ASK)
        else:
            package = answered if isinstance(answered, Package) else Package(answered, self._levels(row))
            asked = max(package.ask - self._cost(row, package.terms), LEAST_ASK)
            if 0.0 < self.named["price"][row] >= asked + self._cost(row, self.named["levels"][row]):
                answer["kind"] = ACCEPTS
            else:
                answer["ask"] = asked
        named = tuple(self.named["levels"][row].tolist())
        if answer["kind"] == ACCEPTS and named != self._levels(row):
            self.put_on_table(row, named, float(self.named["price"][row]))

    def _take_up(self, row: int, package: Package) -> bool:
        """Put the terms of a package on the table if both together gain by that; return whether they do.

        The buyer's offer for them is what leaves it the same, and no more than the supplier asks.
        """
        worth, _, cost = (float(value[0]) for value in self.priced(np.array([row]), np.array([package.terms])))
        before = self.terms[row]
        if worth - cost <= before["worth"] - before["cost"] + LEAST_ASK:
            return False
        offer = float(self.seen("offer")[row])
        same = offer + worth - float(before["worth"])
        self.put_on_table(row, package.terms, max(LEAST_ASK, min(same, package.ask)) if offer > 0.0 else 0.0)
        return True

    def _levels(self, row: int) -> Levels:
        return tuple(self.terms["level"][row].astype(np.int64).tolist())

    def _cost(self, row: int, levels: Levels | NDArray[np.int64]) -> float:
        """Return what terms cost the supplier of a row."""
        return float(self.priced(np.array([row]), np.array([levels]))[2][0])

    def _talks(self, row: int, move: str) -> Talks:
        plain, on_table, cost = super()._talks(row, move), self._levels(row), float(self.terms["cost"][row])
        named, issues = self.named[row], self.issues[0]
        exchange = plain.exchange
        if exchange is not None:
            exchange = replace(exchange, offer=exchange.offer + cost, ask=exchange.ask + cost)
        return replace(
            plain,
            ask=plain.ask + cost,
            offer=float(named["price"]),
            exchange=exchange,
            terms=on_table,
            offered=tuple(named["levels"].tolist()),
            costs=tuple(
                tuple((weight * burden[:count]).tolist())
                for weight, burden, count in zip(
                    self.terms["weight"][row], issues["burden"], issues["levels"], strict=True
                )
            ),
        )
