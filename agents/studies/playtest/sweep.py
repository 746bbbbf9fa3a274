"""Part 5: how the best policy moves with what an outcome is worth."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Episodes, Interval
from negoenv.game.effects import Family
from negoenv.game.reward import WEIGHTS
from negoenv.game.term_moves import ALL_MOVES

from .played import over_runs
from .training import TrainingRun
from .under_test import ScenarioUnderTest

SWEPT = ("goodwill", "breakdown", "round")
"""The reward weights that are varied, one at a time."""

HARD = (Family.STRONG, Family.THIRD_PARTY, Family.ULTIMATUM, Family.EMOTION)
"""The hard families; concessions, HOLD and PROBE are the soft ones."""

SWEEP_MEASURES = ("hard_moves", "price", "goodwill", "breakdown_rate", "rounds")
_HARD = np.array([move.tactic.effects.family in HARD for move in ALL_MOVES])


@dataclass(frozen=True)
class SweepPoint:
    """What is learned at one value of a weight."""

    value: float  # of the weight
    default: bool  # whether it is the scenario's own
    measures: dict[str, Interval]  # each of `SWEEP_MEASURES` over held-out suppliers; the mean over the seeds


@dataclass(frozen=True)
class Sweep:
    """One weight: its values, and how the policy turns from hard to soft between them."""

    weight: str  # its name
    points: tuple[SweepPoint, ...]  # by rising value
    trend: Interval  # hard moves an episode at the highest value less those at the lowest


def values(tested: ScenarioUnderTest, weight: str) -> list[float]:
    """Return the values of a weight by rising size, the scenario's own among them."""
    own = _own(tested, weight)
    unit = own or WEIGHTS.by_name[weight].default
    highest = WEIGHTS.by_name[weight].high
    return sorted({own, *(min(highest, unit * factor) for factor in tested.settings.factors)})


def sweep_trainings(tested: ScenarioUnderTest) -> dict[str, dict[float, list[TrainingRun]]]:
    """Return the trainings behind each weight and value; at its own values the scenario's own."""
    seeds = tested.settings.sweep_seeds
    return {
        weight: {
            value: tested.trainings(
                game=None if value == _own(tested, weight) else tested.weighted(**{weight: value}), seeds=seeds
            )
            for value in values(tested, weight)
        }
        for weight in SWEPT
    }


def reward_sweeps(tested: ScenarioUnderTest) -> list[Sweep]:
    """Play what was learned at each value of each weight."""
    found = []
    for weight, by_value in sweep_trainings(tested).items():
        played = {value: [tested.play_learned(one) for one in group] for value, group in by_value.items()}
        points = [
            SweepPoint(value, value == _own(tested, weight), {name: _pooled(runs, name) for name in SWEEP_MEASURES})
            for value, runs in played.items()
        ]
        lowest, highest = (over_runs([hard_moves(run) for run in played[end]]) for end in (min(played), max(played)))
        found.append(Sweep(weight, tuple(points), Interval.of(highest - lowest)))
    return found


def hard_moves(episodes: Episodes) -> NDArray[np.float64]:
    """Return how many moves of the hard families each episode has."""
    moves: NDArray[np.int64] = episodes.uses[:, _HARD[: episodes.uses.shape[1]]].sum(axis=1)
    return moves.astype(np.float64)


def _pooled(runs: Sequence[Episodes], name: str) -> Interval:
    """Return a measure over the suppliers, the mean over the runs."""
    each = [hard_moves(run) if name == "hard_moves" else run.values()[name] for run in runs]
    return Interval.of(over_runs(each))


def _own(tested: ScenarioUnderTest, weight: str) -> float:
    """Return the scenario's own value of a weight."""
    return float(tested.scenario.weight_record()[weight][0])
