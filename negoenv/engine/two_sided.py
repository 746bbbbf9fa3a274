"""A batch of negotiations whose suppliers are played: the buyer moves, then somebody answers for the supplier."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from negoenv.engine import two_sided_kernels as kernels
from negoenv.engine.batch import Mask
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.engine.options import Options
from negoenv.errors import NegoenvError
from negoenv.game.chosen_answer import ANSWER, HEARD
from negoenv.game.supplier_tactics import TACTICS, SupplierTactic
from negoenv.numerics.layout import Records
from negoenv.scenarios.scenario import Scenario


class TwoSidedBatch(NegotiationBatch):
    """Rows of negotiations in which somebody else answers for the supplier.

    They are about a price; `negoenv.engine.two_sided_contract` has those about several issues.

    A round is `buyer_step`, which plays the buyer's moves, and `supplier_step`, which lets answers take their effect in
    the rows where `waits` is set. `step` still lets the game's own supplier answer.

    Attributes:
        heard: what the supplier is to answer, records of `negoenv.game.chosen_answer.HEARD`, shape ``(rows,)``.
        possible: 1 for each sort of answer that is possible, see `negoenv.engine.two_sided_kernels.COUNTER_COLUMN`;
            int8 of shape ``(rows, columns)``, meaningful where a move waits for an answer.
        has_terms: whether there are issues besides the price.
        profits: the supplier's reward of the last half round, float64 of shape ``(rows,)``; see
            `negoenv.game.chosen_answer.profit`.
    """

    row_arrays: ClassVar[tuple[str, ...]] = (*NegotiationBatch.row_arrays, "heard", "possible", "profits")
    has_terms: ClassVar[bool] = False
    _loops: ClassVar[tuple[Any, Any]] = (kernels.buyer_step_rows, kernels.supplier_step_rows)

    def __init__(self, num_rows: int, scenario: Scenario, split: str = "train") -> None:
        """Allocate the buffers; see `NegotiationBatch`.

        Raises:
            NegoenvError: if the scenario has several issues, and the class knows none.
        """
        if scenario.issues is not None and not self.has_terms:
            raise NegoenvError(f"A supplier that is played negotiates about the price; {scenario.name} has issues.")
        super().__init__(num_rows, scenario, split)
        self.heard: Records = np.zeros(num_rows, HEARD)
        self.possible = np.zeros((num_rows, kernels.FIRST_TACTIC + len(TACTICS)), np.int8)
        self.profits = np.zeros(num_rows)

    def _begin(self, mask: Mask, options: Options | None, clears: bool) -> None:
        super()._begin(mask, options, clears)
        self.heard[mask] = np.zeros(1, HEARD)
        self.possible[mask] = 0

    @property
    def waits(self) -> Mask:
        """Where a move of the buyer waits for an answer, bool of shape ``(rows,)``."""
        waits: Mask = self.heard["waits"]
        return waits

    def buyer_step(self, actions: NDArray[np.int64], mask: Mask) -> None:
        """Play the buyer's move in each row of ``mask``; rows that it ends are scored, in the others it waits."""
        arguments: tuple[Any, ...] = (mask, actions, *self._common(), self.possible, *self._written())
        self._loops[0](*arguments)

    def supplier_step(self, answers: Records, mask: Mask) -> None:
        """Let answers take their effect in the rows of ``mask`` where a move waits, and score the round for both.

        Args:
            answers: records of `negoenv.game.chosen_answer.ANSWER`, shape ``(rows,)``; what is not possible counts as
                the same ask again.
            mask: bool of shape ``(rows,)``.
        """
        arguments: tuple[Any, ...] = (mask, answers.copy(), *self._common(), *self._written())
        self._loops[1](*arguments)

    def _common(self) -> tuple[NDArray[Any], ...]:
        return self.records, self.game, self.tiles, self.heard

    def _written(self) -> tuple[NDArray[Any], ...]:
        return (
            self.observations, self.action_masks, self.rewards, self.profits, self.reward_terms, self.terminated,
            self.reports,
        )  # fmt: skip


def blank_answers(num_rows: int) -> Records:
    """Return ``num_rows`` answers that are the same ask again, records of `negoenv.game.chosen_answer.ANSWER`."""
    answers: Records = np.zeros(num_rows, ANSWER)
    return answers


def usable_tactics(batch: TwoSidedBatch, row: int) -> tuple[SupplierTactic, ...]:
    """Return the tactics that fit what the supplier of a row is to answer; none where no move waits."""
    possible = batch.possible[row, kernels.FIRST_TACTIC :]
    return tuple(tactic for tactic, fits in zip(TACTICS, possible, strict=True) if fits and batch.waits[row])
