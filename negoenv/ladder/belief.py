"""What a buyer who cannot see the type of the supplier should believe of it."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from negoenv.errors import NegoenvError
from negoenv.ladder.rules import DEFAULT_RULES, LadderRules
from negoenv.ladder.table import LadderTable, ladder_table


class LadderBelief:
    """A Bayes filter: the probability that the supplier is of the second type, for each of some negotiations.

    Attributes:
        probability: float64 of shape ``(rows,)``.
    """

    def __init__(self, num_rows: int = 1, rules: LadderRules = DEFAULT_RULES) -> None:
        self._table = ladder_table(rules)
        self.probability = np.full(num_rows, rules.second_probability)

    def update(self, seen: ArrayLike, moves: ArrayLike, seen_after: ArrayLike) -> None:
        """Learn from one transition in each row; the arguments are integers or arrays of shape ``(rows,)``.

        The first observation of an episode is never seen again in it, so a row that shows it is back at the prior:
        ``seen`` and ``moves`` do not matter there, and any kind of autoreset is followed.

        Raises:
            NegoenvError: if one of the transitions is impossible.
        """
        before, after = np.asarray(seen), np.asarray(seen_after)
        first, second = (_likelihood(self._table, before, np.asarray(moves), after, supplier) for supplier in (0, 1))
        begun = after == self._table.starts[0]
        prior = self._table.rules.second_probability
        joint = np.where(begun, prior, self.probability * second)
        evidence = np.where(begun, 1.0, (1.0 - self.probability) * first + joint)
        if not np.all(evidence > 0.0):
            raise NegoenvError(f"No Ladder supplier leads from {before} to {after} by the moves {moves!r}.")
        self.probability = joint / evidence


def _likelihood(
    table: LadderTable, seen: NDArray[Any], moves: NDArray[Any], after: NDArray[Any], supplier: int
) -> NDArray[np.float64]:
    """Return the probability that a supplier of this type leads from ``seen`` to ``after``, shape ``(rows,)``."""
    offset = supplier * table.states.seen
    branches = table.successors[seen + offset, moves] == np.asarray(after + offset)[..., None]
    return np.asarray((table.probabilities[seen + offset, moves] * branches).sum(axis=-1))
