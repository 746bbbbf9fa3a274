"""How much of a policy's return survives against suppliers that were trained against it, or against others."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Z95, Episodes, Interval, evaluate
from negoenv.errors import require_distinct
from negoenv.scenarios.scenario import Scenario

from ..policy import Policy


@dataclass(frozen=True)
class Robustness:
    """What a policy achieves against one opponent.

    Attributes:
        opponent: name of the opponent, which sits in the place of every supplier.
        returned: its return there.
        lost: its return against the game's own suppliers less that, paired by supplier.
        survives: the part of the return that is left, 1 for all; None where there is no return above 0 to lose.
    """

    opponent: str
    returned: Interval
    lost: Interval
    survives: Interval | None

    @classmethod
    def of(cls, opponent: str, before: NDArray[np.float64], against: NDArray[np.float64]) -> "Robustness":
        """Compare returns against the game's own suppliers with those against an opponent, of the same suppliers."""
        return cls(opponent, Interval.of(against), Interval.of(before - against), part_left(before, against))


def part_left(before: NDArray[np.float64], against: NDArray[np.float64]) -> Interval | None:
    """Return the ratio of two paired means with its 95% interval (delta method); None unless the first is above 0.

    Args:
        before: what it is the part of, shape ``(episodes,)``.
        against: what is left, of the same suppliers.
    """
    if Interval.of(before).low <= 0.0:
        return None
    ratio = float(against.mean() / before.mean())
    half = Z95 * float((against - ratio * before).std(ddof=1)) / (math.sqrt(before.size) * float(before.mean()))
    return Interval(ratio, ratio - half, ratio + half)


def robustness(
    policy: Policy,
    scenario: Scenario | Mapping[str, Any] | str | Path,
    split: str,
    before: Episodes,
    opponents: Sequence[str],
    any_scenario: bool = False,
) -> tuple[Robustness, ...]:
    """Play a policy against opponents, each in the place of the suppliers that it met before.

    Args:
        policy: any policy.
        scenario: the game, about a price alone.
        split: where the suppliers came from.
        before: the episodes against the game's own suppliers.
        opponents: run directories of ``negoenv selfplay``.
        any_scenario: accept opponents that were trained on another scenario.

    Raises:
        NegoenvError: if an opponent is none, or does not fit.
    """
    if not opponents:
        return ()
    from ..learning.opponents import with_opponents  # torch takes seconds to import

    found, count = [], len(before.returns)
    for name in opponents:
        returns = []
        for first in range(0, count, policy.most_rows):
            rows = min(policy.most_rows, count - first)
            batch = with_opponents(rows, scenario, split, [name], any_scenario=any_scenario)
            returns.append(evaluate(policy, batch, before.seed + first).returns)
        opponent: Any = batch.opponents[0]
        found.append(Robustness.of(opponent.name, before.returns, np.concatenate(returns)))
    return tuple(found)


def require_opponents(
    opponents: Sequence[str],
    scenario: Scenario | Mapping[str, Any] | str | Path,
    split: str,
    any_scenario: bool = False,
) -> None:
    """Refuse opponents that are none, do not fit, or are named twice, before anything is played.

    Raises:
        NegoenvError: for the first of them.
    """
    from ..learning.opponents import with_opponents

    batch = with_opponents(1, scenario, split, opponents, any_scenario=any_scenario)
    names: list[Any] = list(batch.opponents)
    require_distinct("opponent", [opponent.name for opponent in names])


def worst_of(found: Sequence[Robustness]) -> Robustness | None:
    """Return what is left against the worst opponent: the one with the lowest mean return; None if there is none."""
    return min(found, key=lambda one: one.returned.mean, default=None)
