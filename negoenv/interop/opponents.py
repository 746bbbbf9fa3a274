"""Opponents: suppliers that are played by policies, in the place of the game's own or among them."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Actor
from negoenv.engine.batch import Batch, Mask
from negoenv.engine.options import Options
from negoenv.engine.two_sided import TwoSidedBatch
from negoenv.errors import NegoenvError
from negoenv.interop.supplier_agent import answers_of, seen_by_suppliers, supplier_masks
from negoenv.scenarios.scenario import Scenario


class OpponentBatch(TwoSidedBatch):
    """Rows of negotiations, some or all of them with an opponent for a supplier.

    Costs, traits and everything else that is not a supplier's choice are those that the game draws for the split, so
    that rows of one seed meet the same suppliers with and without an opponent. The rows are dealt out evenly: the first
    of them to the first opponent, and so on, the last to the game's own suppliers.

    Attributes:
        opponents: who answers for the suppliers: policies that see what `negoenv.interop.supplier_agent` says.
        opponent_of: the number of each row's opponent, -1 for the game's own supplier; int64 of shape ``(rows,)``.
        starts: whether the opponent has yet to answer in the episode, bool of shape ``(rows,)``.
    """

    row_arrays: ClassVar[tuple[str, ...]] = (*TwoSidedBatch.row_arrays, "opponent_of", "starts")

    def __init__(
        self, num_rows: int, scenario: Scenario, split: str = "train", opponents: Sequence[Actor] = (),
        share: float = 1.0,
    ) -> None:  # fmt: skip
        """Deal the rows out to the opponents.

        Args:
            num_rows: number of negotiations side by side.
            scenario: the game, about a price alone.
            split: where costs and traits come from.
            opponents: the policies.
            share: the part of the rows that they play in, 0 to 1.

        Raises:
            NegoenvError: if there is no opponent, the share is out of range, or the scenario has several issues.
        """
        super().__init__(num_rows, scenario, split)
        if not opponents or not 0.0 <= share <= 1.0:
            raise NegoenvError(f"There are {len(opponents)} opponents in a share of {share:g}; 1 and 0 to 1 are due.")
        self.opponents = tuple(opponents)
        played = round(share * num_rows)
        self.opponent_of = np.full(num_rows, -1, np.int64)
        self.opponent_of[:played] = np.arange(played) * len(self.opponents) // max(played, 1)
        for number, opponent in enumerate(self.opponents):
            opponent.reset(int((self.opponent_of == number).sum()))
        self.starts = np.ones(num_rows, np.bool_)

    def _begin(self, mask: Mask, options: Options | None, clears: bool) -> None:
        super()._begin(mask, options, clears)
        self.starts[mask] = True

    step_or_reset = Batch.step_or_reset  # the compiled loop lets the game's own suppliers answer

    def step(self, actions: NDArray[np.int64], mask: Mask) -> None:
        """Play one move in each row of ``mask``, and let the supplier of the row answer it."""
        others = self.opponent_of < 0
        if others.any():
            super().step(actions, mask & others)
        played = mask & ~others
        self.buyer_step(actions, played)
        if not (played & self.waits).any():
            return
        seen, masks, moves = seen_by_suppliers(self), supplier_masks(self), np.zeros(self.num_rows, np.int64)
        for number, opponent in enumerate(self.opponents):
            rows = self.opponent_of == number
            if rows.any():
                moves[rows] = opponent.act(seen[rows], masks[rows], self.starts[rows])
        self.supplier_step(answers_of(moves), played)
        self.starts[played] = False
