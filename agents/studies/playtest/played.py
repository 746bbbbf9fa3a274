"""Everybody who played a scenario on the same held-out suppliers, and how sure one can be of how they compare.

Suppliers and training seeds count (`agents.reporting.statistics`). Planners meet the first few suppliers only. What a
related policy earned against all of them says how hard those few were, and only the difference between the two has to
be estimated from the few (`seen_as_all`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Episodes, Interval
from negoenv.facts.measures import ratio
from negoenv.game.effects import Family
from negoenv.game.tactics import Move

from ...reporting.statistics import SeedNoise
from .under_test import PPO

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Played:
    """Episodes of one kind of policy on the same suppliers.

    Attributes:
        name: what it is called.
        runs: the episodes of each policy of this kind; several where several seeds were trained.
        kind: "fixed", "scripted", "learned" or "reference".
        detail: what else is to be said, for example the moves.
        related: returns of a related policy against all suppliers, if the runs met the first few only.
    """

    name: str
    runs: tuple[Episodes, ...]
    kind: str
    detail: str = ""
    related: Floats | None = None

    @property
    def returns(self) -> Floats:
        """The return against each supplier, the mean over the runs; shape ``(episodes,)``."""
        mean: Floats = np.mean([run.returns for run in self.runs], axis=0)
        return mean if self.related is None else seen_as_all(mean, self.related)

    @property
    def best_run(self) -> "Played":
        """The one run with the highest mean return, by itself."""
        if len(self.runs) == 1:
            return self
        best = int(np.argmax([run.returns.mean() for run in self.runs]))
        return replace(self, name=f"{self.name}, seed {best}", runs=(self.runs[best],), kind="one run")

    def metrics(self) -> dict[str, float]:
        """Return the mean of each metric and the number of moves of each family, over runs and suppliers."""
        each = [
            {name: interval.mean for name, interval in run.metrics().items()}
            | {f"use_{family}": use for family, use in run.family_use().items()}
            for run in self.runs
        ]
        return {name: float(over_runs([np.array([one[name]]) for one in each])[0]) for name in each[0]}


def seed_noise(players: Iterable[Played]) -> SeedNoise:
    """Return what the learned groups with several seeds say together."""
    return SeedNoise.pooled([run.returns.mean() for run in p.runs] for p in players if p.kind == "learned")


def widened(interval: Interval, noise: SeedNoise, *players: Played, unit: float = 1.0) -> Interval:
    """Return an interval over suppliers, widened by the seeds of the trained players that it compares.

    Args:
        interval: of a mean or difference over suppliers.
        noise: what the seeds do.
        players: who is in it; only learned ones count.
        unit: how much return is 1 in the interval.
    """
    return noise.widen(interval, *(len(player.runs) for player in players if player.kind == "learned"), unit=unit)


def paired_gain(a: Played, b: Played, noise: SeedNoise) -> Interval:
    """Return a's mean return less b's, paired by supplier, widened by the seeds."""
    return widened(Interval.of(a.returns - b.returns), noise, a, b)


def share_of_span(a: Played, b: Played | None, zero: Played, best: Played, noise: SeedNoise) -> Interval:
    """Return how far a is from b, in units of the span from ``zero`` to ``best``; from ``zero`` if b is None.

    A ratio of two means over the same suppliers; its error to first order.
    """
    other = b or zero
    spans = best.returns - zero.returns
    span = float(spans.mean())
    if span <= 0.0:
        return Interval(*[np.nan] * 3)
    return widened(ratio(a.returns - other.returns, spans), noise, a, other, unit=span)


def seen_as_all(few: Floats, related: Floats) -> Floats:
    """Return a column for all suppliers whose mean, and whose error, are those of the difference estimator.

    The mean is that of ``related`` over all suppliers, plus the mean of ``few - related`` over the few (Cochran 1977,
    *Sampling Techniques*, 12.6, double sampling with a slope of 1). Each of the few stands for all / few suppliers, so
    that any mean, difference or ratio of such columns comes with the right error. Single entries mean nothing.

    Args:
        few: returns against the first suppliers.
        related: returns of a policy that does well and badly against the same suppliers, against all of them.
    """
    correction = few - related[: len(few)]
    column: Floats = related + correction.mean()
    column[: len(few)] += len(related) / len(few) * (correction - correction.mean())
    return column


def over_runs(columns: Sequence[Floats]) -> Floats:
    """Return the mean over runs for each supplier, leaving NaNs out; NaN where there is nothing else.

    Several runs met the same suppliers, so these means are what is independent, not the single numbers.
    """
    each = np.array(columns, np.float64)
    known = (~np.isnan(each)).sum(axis=0)
    means: Floats = np.where(known > 0, np.nansum(each, axis=0) / np.maximum(known, 1), np.nan)
    return means


def as_data(episodes: Episodes) -> dict[str, Any]:
    """Return episodes as plain data."""
    return {
        "returns": episodes.returns.tolist(),
        "outcomes": {name: column.tolist() for name, column in episodes.outcomes.items()},
        "uses": episodes.uses.tolist(),
        "seed": episodes.seed,
    }


def from_data(data: Mapping[str, Any]) -> Episodes:
    """Return the episodes that `as_data` wrote; reward terms are not kept."""
    outcomes = {
        name: np.array(column) if name == "outcome" else np.array(column, np.float64)  # null is no number
        for name, column in data["outcomes"].items()
    }
    returns, uses = np.array(data["returns"], np.float64), np.array(data["uses"], np.int64)
    return Episodes(returns, outcomes, uses, {}, int(data["seed"]))


RANDOM, REPEATED, SEQUENCE, RULE_LIST = "random", "best repeated move", "best fixed sequence", "best six rules"
LEFT_OUT = (
    *(f.name for f in (Family.STRONG, Family.THIRD_PARTY, Family.ULTIMATUM, Family.EMOTION, Family.CONCESSION)),
    Move.PROBE.name,
    Move.HOLD.name,
)
"""The tactics, and the two moves, that must earn their place."""


def without(name: str) -> str:
    """Return what the policy trained without a move or family is called."""
    return f"{PPO} without {name}"


@dataclass(frozen=True)
class PlayerPool:
    """Everybody, on the same suppliers."""

    players: Mapping[str, Played]  # by name, in the order of playing
    noise: SeedNoise  # what the seeds of trainings do

    @property
    def zero(self) -> Played:
        """The random policy: 0 of the normalised score."""
        return self.players[RANDOM]

    @cached_property
    def best(self) -> Played:
        """The single policy with the highest mean return of all that were run: 1 of the normalised score."""
        return self.best_among(self.players.values())

    def best_among(self, players: Iterable[Played]) -> Played:
        """Return the best single run of some players."""
        return max((player.best_run for player in players), key=lambda run: float(run.returns.mean()))

    def score(self, player: Played) -> Interval:
        """Return the normalised score of a player."""
        return share_of_span(player, None, self.zero, self.best, self.noise)

    def gain(self, a: Played, b: Played) -> Interval:
        """Return the return of a less that of b."""
        return paired_gain(a, b, self.noise)

    def gain_share(self, a: Played, b: Played) -> Interval:
        """Return the same in units of the normalised score."""
        return share_of_span(a, b, self.zero, self.best, self.noise)
