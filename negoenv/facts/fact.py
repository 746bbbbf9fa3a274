"""What a fact of the model card is: a claim with its source, an experiment, and a verdict that follows from both."""

import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from negoenv.benchmark.evaluation import Interval

NEGLIGIBLE = (-0.2, 0.2)
"""What "no effect" means where the source gives no number: within a fifth of the effect where there is one."""

REPORTED = "reported"
"""In place of a criterion: the number is shown and decides nothing."""


class Confidence(StrEnum):
    """How well the source is known."""

    A = "A"  # its abstract or opening was read
    S = "S"  # the number comes through a secondary source
    R = "R"  # recalled, unverified
    ASSUMPTION = "Assumption"  # no published support


class Verdict(StrEnum):
    """What an experiment says of a claim."""

    HOLDS = "holds"
    FALLS_SHORT = "falls short"
    ASSUMED = "assumption, holds"
    ASSUMED_FALLS_SHORT = "assumption, falls short"


@dataclass(frozen=True)
class Effect:
    """One number that an experiment measured, and where it must lie."""

    name: str  # what it is, with its unit if it has one
    interval: Interval  # estimate and 95% interval
    low: float = -math.inf  # the whole interval must lie above this
    high: float = math.inf  # the whole interval must lie below this

    @property
    def holds(self) -> bool:
        """Whether the whole interval lies within the criterion; what could not be measured does not hold."""
        return bool(self.low < self.interval.low and self.interval.high < self.high)

    @property
    def criterion(self) -> str:
        """The criterion in words; "reported" if there is none."""
        if self.low == -math.inf:
            return REPORTED if self.high == math.inf else f"< {self.high:g}"
        return f"> {self.low:g}" if self.high == math.inf else f"{self.low:g} to {self.high:g}"

    def as_dict(self) -> dict[str, Any]:
        """Return the number with its criterion and whether it holds, as plain data."""
        return {"name": self.name, **asdict(self.interval), "criterion": self.criterion, "holds": self.holds}


@dataclass(frozen=True)
class Curve:
    """A curve of a figure: estimates with intervals against numbers."""

    label: str
    x: Sequence[float]
    y: Sequence[Interval]


@dataclass(frozen=True)
class Plot:
    """A figure: curves over one axis, with the units in the names of the axes."""

    x: str  # name of the horizontal axis
    y: str  # name of the vertical axis
    curves: tuple[Curve, ...]  # what is drawn
    ticks: tuple[str, ...] = ()  # words in place of the numbers 0, 1, 2, ... of the horizontal axis


@dataclass(frozen=True)
class Finding:
    """What an experiment found."""

    effects: tuple[Effect, ...]
    plot: Plot


Experiment = Callable[[int], Finding]
"""Runs with so many suppliers in each arm."""


@dataclass(frozen=True)
class Fact:
    """One row of the card."""

    row: int  # its number
    name: str  # a few words
    known: str  # what is known
    claim: str  # what the model must show
    source: str  # where it comes from, with the confidence in each source
    confidence: Confidence  # the least confidence among the sources that the claim rests on
    conditions: str  # how the conditions of the source are met, and what to keep in mind
    experiment: Experiment  # what measures it; the figure of an assumption is the sweep over its magnitude, 0 included
    reason: str = ""  # why it falls short, if it does

    @property
    def is_assumption(self) -> bool:
        """Whether it is an assumption, not a finding."""
        return self.confidence is Confidence.ASSUMPTION

    def verdict(self, finding: Finding) -> Verdict:
        """Return whether every effect lies within its criterion; effects that are only reported do not count."""
        holds = all(effect.holds for effect in finding.effects if effect.criterion != REPORTED)
        if self.is_assumption:
            return Verdict.ASSUMED if holds else Verdict.ASSUMED_FALLS_SHORT
        return Verdict.HOLDS if holds else Verdict.FALLS_SHORT


def fact(
    row: int,
    name: str,
    *,
    known: str,
    claim: str,
    source: str,
    confidence: Confidence,
    conditions: str,
    reason: str = "",
) -> Callable[[Experiment], Fact]:
    """Make a fact of the experiment below; see `Fact`."""
    return lambda experiment: Fact(row, name, known, claim, source, confidence, conditions, experiment, reason)
