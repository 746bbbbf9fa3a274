"""A supplier of one's own at the other side: a few lines of Python decide its answers, the game does all the rest.

    class Splits:
        def begin(self, talks, seed):
            pass

        def answer(self, talks):
            price = max(talks.reservation_price, (talks.offer + talks.ask) / 2)
            return Answer.ACCEPT if talks.offer >= price else price

    env = OwnSupplierEnv(Splits(), "Procurement")

This is the slow path: Python is asked once a round. What the buyer's moves do, what it sees of how they are taken,
rewards and infos are those of `negoenv.NegotiationEnv`; only leaving, accepting, agreeing to an exchange, the ask, the
terms that go with it and what is said with it are the supplier's own.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from negoenv.env import NegotiationEnv
from negoenv.interop.own_contract_batch import OwnContractBatch
from negoenv.interop.own_supplier_batch import OwnSupplierBatch
from negoenv.interop.supplier_protocol import HIGHEST_ASK, Answer, Exchange, OwnSupplier, Package, Saying, Talks
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario

__all__ = [
    "HIGHEST_ASK", "Answer", "Exchange", "OwnSupplier", "OwnSupplierEnv", "Package", "Saying", "Talks",
    "own_suppliers",
]  # fmt: skip


def own_suppliers(
    num_rows: int, scenario: Scenario, split: str, make: Callable[[], OwnSupplier], crash_leaves: bool = False
) -> OwnSupplierBatch:
    """Return negotiations with suppliers of one's own, about the price or several issues; see `OwnSupplierBatch`."""
    made = OwnSupplierBatch if scenario.issues is None else OwnContractBatch
    return made(num_rows, scenario, split, make, crash_leaves)


class OwnSupplierEnv(NegotiationEnv):
    """`negoenv.NegotiationEnv` with a supplier of one's own.

    Its cost, and how it takes arguments, are drawn as ever. There is one deal, about the price or several issues.

    At the end ``info`` holds besides ``below_cost`` (1 if it sold below its reservation price), ``crashed`` (1 if
    it raised an error) and ``timed_out`` (1 if it took too long), each 0 or 1.
    """

    batch: OwnSupplierBatch

    def __init__(
        self,
        own: OwnSupplier,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        split: str = "train",
        *,
        crash_leaves: bool = False,
        **others: Any,
    ) -> None:
        """Make the environment.

        Args:
            own: the supplier.
            scenario: as of `negoenv.NegotiationEnv`; it must have one deal.
            split: where the cost and the nature of the supplier come from.
            crash_leaves: whether an error in the supplier ends the talks as if it had left, rather than being raised.
            others: further arguments of `negoenv.NegotiationEnv`.

        Raises:
            NegoenvError: if the scenario has several deals.
        """
        self._own, self._crash_leaves = own, crash_leaves
        found = resolve(scenario, others.pop("base", "Procurement"), others.pop("population", None))
        super().__init__(found, split, **others)

    def _negotiation(self, split: str) -> OwnSupplierBatch:
        return own_suppliers(1, self.scenario, split, lambda: self._own, self._crash_leaves)

    @property
    def own(self) -> OwnSupplier:
        """The supplier."""
        return self._own
