"""A batch of contracts with several issues whose suppliers are played."""

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from negoenv.engine import two_sided_contract_kernels as kernels
from negoenv.engine.contract_batch import ContractBatch
from negoenv.engine.two_sided import TwoSidedBatch
from negoenv.game.state import STATE
from negoenv.scenarios.scenario import Scenario

_HIGHEST_BUDGET = STATE.by_name["budget"].high


class TwoSidedContractBatch(TwoSidedBatch, ContractBatch):
    """Rows of contracts in which somebody else answers for the supplier; see `TwoSidedBatch`.

    A supplier that is played does not refuse to talk about terms, and asks for other terms what leaves its profit the
    same, until it answers.

    Attributes:
        raised: where the last move on terms was a concession to the supplier, bool of shape ``(rows,)``.
    """

    row_arrays: ClassVar[tuple[str, ...]] = (*TwoSidedBatch.row_arrays, "terms", "extras", "raised")
    has_terms: ClassVar[bool] = True
    _loops: ClassVar[tuple[Any, Any]] = (kernels.buyer_step_contract_rows, kernels.supplier_step_contract_rows)

    def __init__(self, num_rows: int, scenario: Scenario, split: str = "train") -> None:
        """Allocate the buffers; see `ContractBatch`."""
        super().__init__(num_rows, scenario, split)
        self.raised = np.zeros(num_rows, np.bool_)

    def _common(self) -> tuple[NDArray[Any], ...]:
        return self.records, self.terms, self.game, self.issues, self.tiles, self.heard, self.raised

    def _written(self) -> tuple[NDArray[Any], ...]:
        return *super()._written(), self.extras

    def put_on_table(self, row: int, levels: Sequence[int], offer: float) -> None:
        """Put terms on the table of a row, with the buyer's offer for them; 0 where it has made none.

        Args:
            row: its number.
            levels: the level of each issue.
            offer: the price that the buyer offers for them, fraction of the first ask.
        """
        state, terms = self.state, self.terms
        worth, budgeted, cost = (float(value[0]) for value in self.priced(np.array([row]), np.array([levels])))
        terms["level"][row], terms["worth"][row], terms["cost"][row] = levels, worth, cost
        state["offer"][row] = offer - cost if offer > 0.0 else 0.0
        budget = float(state["limit"][row]) + self.scenario.budget_slack + budgeted - cost
        state["budget"][row] = min(budget, _HIGHEST_BUDGET)
