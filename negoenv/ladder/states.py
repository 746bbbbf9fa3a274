"""Integer codes of the Ladder game's states and of what the buyer sees of them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError
from negoenv.ladder.rules import LadderEnd, LadderRules


class LadderState(NamedTuple):
    """A negotiation that goes on."""

    supplier: int  # code of the type: 0 or 1
    round: int  # rounds played, 0 to deadline - 1
    rung: int  # rung of pressure, 0 to rungs - 1
    tension: int  # level, 0 to tensions - 1


class LadderStates:
    """The codes: what is seen has one code whatever the type, and a state is ``supplier * seen + seen code``.

    Attributes:
        running: number of seen codes of a negotiation that goes on; the four ends follow them.
        seen: number of all seen codes, the size of the observation space when the type is hidden.
        count: number of states, the size of the observation space when the type is known.
    """

    def __init__(self, rules: LadderRules) -> None:
        self._shape = (rules.deadline, rules.rungs, rules.tensions)
        self.running = rules.deadline * rules.rungs * rules.tensions
        self.seen = self.running + len(LadderEnd)
        self.count = len(rules.suppliers) * self.seen

    def encode(self, state: LadderState) -> int:
        """Return the code of a negotiation that goes on.

        Raises:
            NegoenvError: if a part of the state is out of its range.
        """
        supplier, *parts = state
        sizes = (self.count // self.seen, *self._shape)
        if not all(0 <= part < size for part, size in zip(state, sizes, strict=True)):
            raise NegoenvError(f"{state} does not exist; its parts must lie below {sizes}, in that order.")
        return supplier * self.seen + int(np.ravel_multi_index(tuple(parts), self._shape))

    def encode_end(self, supplier: int, end: LadderEnd) -> int:
        """Return the code of a negotiation that has ended."""
        return supplier * self.seen + self.running + end

    def decode(self, code: int) -> LadderState | LadderEnd:
        """Return what a code stands for; a seen code reads as the state with supplier 0.

        Raises:
            NegoenvError: if there is no such code.
        """
        if not 0 <= code < self.count:
            raise NegoenvError(f"Ladder state {code} does not exist; states are 0 to {self.count - 1}.")
        supplier, seen = divmod(int(code), self.seen)
        if seen >= self.running:
            return LadderEnd(seen - self.running)
        return LadderState(supplier, *(int(part) for part in np.unravel_index(seen, self._shape)))

    def rung(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rung of each code of a negotiation that goes on, in the shape of ``codes``."""
        _, rungs, tensions = self._shape
        return codes % self.seen // tensions % rungs

    def round(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rounds played at each code of a negotiation that goes on, in the shape of ``codes``."""
        _, rungs, tensions = self._shape
        return codes % self.seen // (tensions * rungs)

    def tension(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the level of tension at each code of a negotiation that goes on, in the shape of ``codes``."""
        return codes % self.seen % self._shape[-1]
