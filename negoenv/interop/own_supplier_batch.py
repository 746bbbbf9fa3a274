"""Rows of negotiations with suppliers of one's own: who asks them, and what is made of what they answer."""

from collections.abc import Callable
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Batch, Mask
from negoenv.engine.options import Options
from negoenv.engine.two_sided import TwoSidedBatch, blank_answers, usable_tactics
from negoenv.engine.two_sided_kernels import AGREE_COLUMN
from negoenv.errors import NegoenvError
from negoenv.game.chosen_answer import ACCEPTS, AGREES, LEAVES
from negoenv.game.state import Outcome
from negoenv.game.supplier_tactics import SupplierTactic
from negoenv.interop.supplier_protocol import Answer, Exchange, OwnSupplier, Package, Saying, Talks, checked_answer
from negoenv.numerics.layout import Records
from negoenv.scenarios.scenario import Scenario

LEAST_ASK = 1e-9
"""What an ask of 0 counts as: 0 is none."""

_DEAL = float(Outcome.DEAL)
_OWN_TACTICS = "tactics_rate"  # of the supplier that the game drew: its words are not this supplier's
_KINDS = {Answer.ACCEPT: ACCEPTS, Answer.AGREE: AGREES, Answer.LEAVE: LEAVES}
_COUNTED = ("below_cost", "crashed", "timed_out")


class OwnSupplierBatch(TwoSidedBatch):
    """Rows of negotiations about a price, each with a supplier of one's own.

    Attributes:
        owns: the suppliers, one a row.
        counted: what is counted apart, 0 or 1 for each row, int64: ``below_cost`` (it sold below its reservation
            price), ``crashed`` (it raised an error) and ``timed_out`` (it took too long).
        error: the first error that a supplier raised, in words; empty while there is none.
    """

    row_arrays: ClassVar[tuple[str, ...]] = (*TwoSidedBatch.row_arrays, "counted")

    def __init__(
        self, num_rows: int, scenario: Scenario, split: str, make: Callable[[], OwnSupplier],
        crash_leaves: bool = False,
    ) -> None:  # fmt: skip
        """Make a supplier for each row.

        Args:
            num_rows: number of negotiations side by side.
            scenario: the game; it must have one deal.
            split: where costs, and how arguments are taken, come from.
            make: makes a supplier.
            crash_leaves: whether an error in a supplier ends the talks as if it had left, rather than being raised.

        Raises:
            NegoenvError: if the scenario has several deals, or issues that this class does not know.
        """
        if scenario.deals > 1:
            raise NegoenvError(f"A supplier of one's own makes one deal; {scenario.name} has {scenario.deals}.")
        super().__init__(num_rows, scenario, split)
        self.owns = [make() for _ in range(num_rows)]
        self.counted = np.zeros(num_rows, [(name, np.int64) for name in _COUNTED])
        self.error = ""
        self._crash_leaves = crash_leaves

    def resized(self, num_rows: int) -> Self:
        """Refuse: what a supplier of one's own remembers cannot be copied, so that nobody can plan ahead.

        Raises:
            NegoenvError: always.
        """
        raise NegoenvError("A planner looks ahead in copies of the game; a supplier of one's own cannot be copied.")

    def _begin(self, mask: Mask, options: Options | None, clears: bool) -> None:
        super()._begin(mask, options, clears)
        self.supplier[_OWN_TACTICS][mask] = 0.0
        self.counted[mask] = 0
        for row in np.flatnonzero(mask).tolist():
            key, episode = int(self.keys[row]), int(self.episodes[row])
            seed = int(np.random.SeedSequence([key, episode]).generate_state(1, np.uint64)[0])
            self.owns[row].begin(self._talks(row, ""), seed)

    step_or_reset = Batch.step_or_reset  # the compiled loop lets the game's own suppliers answer

    def step(self, actions: NDArray[np.int64], mask: Mask) -> None:
        """Play one move in each row of ``mask``, and let its supplier answer.

        Raises:
            NegoenvError: if a supplier answers what is no answer.
        """
        self.buyer_step(actions, mask)
        answers = blank_answers(self.num_rows)
        for row in np.flatnonzero(mask & self.waits).tolist():
            move = self.move_table[int(self.state["last_move"][row])].name
            self._write(row, self._answered(row, self._talks(row, move)), answers)
            self.counted["timed_out"][row] = int(getattr(self.owns[row], "timed_out", False))
        self.supplier_step(answers, mask)
        least = self.supplier["reservation_price"] - LEAST_ASK
        self.counted["below_cost"] = (self.state["outcome"] == _DEAL) & (self.state["price"] < least)

    def outcomes(self, index: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return what the game reports, and what is counted apart."""
        counted = self.counted if index is None else self.counted[index]
        return super().outcomes(index) | {name: counted[name].copy() for name in _COUNTED}

    def _answered(self, row: int, talks: Talks) -> float | Answer | Saying | Package:
        """Return what the supplier of a row answers.

        Raises:
            NegoenvError: if it is no answer.
        """
        try:
            answered = self.owns[row].answer(talks)
        except Exception as error:
            if not self._crash_leaves:
                raise
            self.counted["crashed"][row] = 1
            self.error = self.error or f"{type(error).__name__}: {error}"
            return Answer.LEAVE
        return checked_answer(answered, talks, type(self.owns[row]).__name__)

    def _write(self, row: int, answered: float | Answer | Saying | Package, answers: Records) -> None:
        """Write an answer that has been checked as a record; an ask at or below the standing offer takes it."""
        answer = answers[row]
        if isinstance(answered, Saying):
            answer["tactic"], answer["meant"] = SupplierTactic[answered.tactic], answered.meant
            answer["ask"] = answered.ask or 0.0
        elif isinstance(answered, Answer):
            answer["kind"] = _KINDS[answered]
        else:
            assert isinstance(answered, float), "a package is refused where there is nothing but the price"
            if self.state["offer"][row] >= max(answered, LEAST_ASK):
                answer["kind"] = ACCEPTS
            else:
                answer["ask"] = max(answered, LEAST_ASK)

    def _talks(self, row: int, move: str) -> Talks:
        """Return what the supplier of a row is told after a move."""
        state, supplier = self.state[row], self.supplier[row]
        return Talks(
            round=int(state["round"]),
            deadline=int(state["deadline"]),
            reservation_price=float(supplier["reservation_price"]),
            ask=float(state["ask"]),
            offer=float(state["offer"]),
            move=move,
            tension=float(state["tension"] / supplier["tolerance"]),
            tactics=tuple(tactic.name for tactic in usable_tactics(self, row)),
            exchange=self._exchange(row),
        )

    def _exchange(self, row: int) -> Exchange | None:
        """Return what the buyer proposes, where the supplier can agree."""
        if not self.waits[row] or not self.possible[row, AGREE_COLUMN]:
            return None
        state = self.state[row]
        effects = self.effects[int(state["last_move"])]
        ask, offer = float(state["ask"]), float(state["offer"])
        gap = ask - offer
        return Exchange(offer + float(effects["concession"]) * gap, ask - float(effects["asked"]) * gap)
