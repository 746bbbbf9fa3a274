"""What scripted policies of every game share: what they remember of each row's episode."""

from typing import ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from negoenv.numerics.layout import Layout, Records

from ..policy import EpisodeStarts, Policy


class RememberingPolicy(Policy):
    """A policy with a record of memory for each row.

    Attributes:
        remembers: what it keeps of each row's episode; the defaults are what an episode starts with.
        memory: those fields, one record a row.
    """

    remembers: ClassVar[Layout] = Layout("memory")
    memory: Records

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Forget everything; nothing here is random, so ``seed`` does not matter."""
        self.memory = self.remembers.records(num_rows)

    def branch(self, index: NDArray[np.intp], keys: NDArray[np.uint64]) -> Self:
        """Return a policy that remembers what this one remembers of the rows ``index``."""
        other = super().branch(index, keys)
        other.memory = self.memory[index]
        return other

    def make_room(self, num_rows: int) -> None:
        """Forget everything if there are not so many rows."""
        if len(getattr(self, "memory", ())) != num_rows:
            self.reset(num_rows)

    def forget(self, begun: EpisodeStarts) -> None:
        """Forget the episodes before in the rows that have just ``begun`` one, bool of shape ``(rows,)``."""
        self.memory[begun] = self.remembers.records(1)[0]
