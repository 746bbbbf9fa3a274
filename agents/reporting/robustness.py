"""How much of a policy's return survives against suppliers that were trained against it, or that others wrote."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Z95, Episodes, Interval, evaluate
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import require_distinct
from negoenv.scenarios.presets import Named

from ..negmas_opponents import MOST_ROWS, is_negmas, negmas_batch, with_groups
from ..policy import Policy


@dataclass(frozen=True)
class Robustness:
    """What a policy achieves against one opponent.

    Attributes:
        opponent: name of the opponent, in the place of every supplier.
        returned: its return there.
        lost: its return against the game's own suppliers less that, paired by supplier.
        survives: the part of the return that is left, 1 for all; None where there is no return above 0 to lose.
        noted: what is counted apart of an opponent that others wrote, by name: deals, and of those sales below cost and
            the mean share of the frontier; negotiations that it ended by an error, or by running out of time.
        error: the first error that such an opponent raised, in words; empty if there was none.
    """

    opponent: str
    returned: Interval
    lost: Interval
    survives: Interval | None
    noted: Mapping[str, int | float] = field(default_factory=dict)
    error: str = ""

    @classmethod
    def of(cls, opponent: str, before: NDArray[np.float64], against: NDArray[np.float64], **noted: Any) -> "Robustness":
        """Compare returns against the game's own suppliers with those against an opponent, of the same suppliers."""
        lost, left = Interval.of(before - against), part_left(before, against)
        return cls(opponent, Interval.of(against), lost, left, **noted)


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
    scenario: Named,
    split: str,
    before: Episodes,
    opponents: Sequence[str],
    any_scenario: bool = False,
) -> tuple[Robustness, ...]:
    """Play a policy against opponents, each in the place of the suppliers that it met before.

    Args:
        policy: any policy.
        scenario: the game; about a price alone, but for negotiators of NegMAS.
        split: where the suppliers came from.
        before: the episodes against the game's own suppliers.
        opponents: run directories of ``negoenv selfplay``, and negotiators of NegMAS, see `agents.negmas_opponents`.
        any_scenario: accept opponents that were trained on another scenario.

    Raises:
        NegoenvError: if an opponent is none, or does not fit.
    """
    found, count = [], len(before.returns)
    for name in with_groups(opponents):
        parts, errors, most = [], [""], min(policy.most_rows, MOST_ROWS) if is_negmas(name) else policy.most_rows
        for first in range(0, count, most):
            label, batch = _opponent_batch(name, min(most, count - first), scenario, split, any_scenario)
            parts.append(evaluate(policy, batch, before.seed + first))
            errors.append(getattr(batch, "error", ""))
        played = Episodes.joined(parts)
        found.append(
            Robustness.of(
                label, before.returns, played.returns, noted=_noted(played), error=next(filter(None, errors), "")
            )
        )
    return tuple(found)


def _opponent_batch(
    name: str, rows: int, scenario: Named, split: str, any_scenario: bool
) -> tuple[str, NegotiationBatch]:
    """Return what an opponent is called, and negotiations with it in the place of the suppliers."""
    if is_negmas(name):
        return name, negmas_batch(rows, scenario, split, name)
    from ..learning.opponents import with_opponents  # torch takes seconds to import

    batch = with_opponents(rows, scenario, split, [name], any_scenario=any_scenario)
    opponent: Any = batch.opponents[0]
    return opponent.name, batch


def _noted(played: Episodes) -> dict[str, int | float]:
    """Return what is counted apart, where anything is."""
    outcomes = played.outcomes
    if "crashed" not in outcomes:
        return {}
    counted = {name.replace("_", " "): int(outcomes[name].sum()) for name in ("below_cost", "crashed", "timed_out")}
    deals = int((outcomes["outcome"] == "deal").sum())
    noted: dict[str, int | float] = {"deals": deals, **counted}
    if "frontier_share" in outcomes and deals:
        noted["frontier"] = Interval.of(outcomes["frontier_share"]).mean
    return noted


def require_opponents(
    opponents: Sequence[str],
    scenario: Named,
    split: str,
    any_scenario: bool = False,
) -> None:
    """Refuse opponents that are none, do not fit, or are named twice, before anything is played.

    Raises:
        NegoenvError: for the first of them.
    """
    found = with_groups(opponents)
    require_distinct("opponent", [_opponent_batch(name, 1, scenario, split, any_scenario)[0] for name in found])


def worst_of(found: Sequence[Robustness]) -> Robustness | None:
    """Return what is left against the worst opponent: the one with the lowest mean return; None if there is none."""
    return min(found, key=lambda one: one.returned.mean, default=None)
