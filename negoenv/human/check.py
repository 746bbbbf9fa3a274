"""Measured beside simulated moments, in standard errors of their difference."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from negoenv.human.goodwill import SIZED
from negoenv.human.measured import FITTED, HumanEvidence
from negoenv.human.participants import participant_errors, participant_moments_of
from negoenv.human.simulated import Simulation
from negoenv.scenarios.scenario import Scenario

FAR = 3.0
"""Standard errors of the difference beyond which a moment of unseen data counts as missed."""

FAR_FITTED = 2.5
"""Standard errors beyond which a moment counts as missed on the data that it was fitted to."""

TOLD = 1.96
"""Standard errors from 0 beyond which data tells the sign of an effect."""

HEADLINE = ("agreement", "sale_price_mean", "sale_price_50", "anchoring_correlation")
"""Moments that must not be missed."""

REPLICAS = 20
"""Simulations of a check."""

_APART = 100_000  # seeds between two simulations, more than there are negotiations in one


@dataclass(frozen=True)
class MomentComparison:
    """One moment, measured and simulated."""

    name: str  # key in one of the tables of moments
    measured: float  # its value in the data
    simulated: float  # its mean over simulations
    error: float  # bootstrap standard error of the measured value
    fit_error: float  # that of the data which the sellers were fitted to; 0 if it is the same data
    simulation_error: float  # standard error of the simulated value
    fitted: bool = True  # whether a calibration aims at it

    @property
    def error_of_difference(self) -> float:
        """Standard error of simulated less measured: independent errors, so their squares add up."""
        return math.hypot(self.error, self.fit_error, self.simulation_error)

    @property
    def z(self) -> float:
        """How many standard errors of the difference the simulation lies above the data."""
        difference = self.simulated - self.measured
        if difference == 0.0:
            return 0.0
        return difference / self.error_of_difference if self.error_of_difference > 0.0 else math.nan

    @property
    def near(self) -> bool:
        """Whether it lies within `FAR` standard errors; what could not be computed does not."""
        return abs(self.z) <= FAR

    @property
    def chance_on_unseen_data(self) -> float:
        """Chance that other data of the same size and kind is near, seen from the data that was fitted to.

        Other data lies around the truth as this one does, so the difference is centred on the one found here and has
        the sampling error of both.
        """
        spread = math.hypot(self.error, self.error, self.simulation_error)
        if spread == 0.0:
            return float(self.simulated == self.measured)
        centre = (self.simulated - self.measured) / spread
        return 0.5 * (math.erf((FAR - centre) / math.sqrt(2.0)) - math.erf((-FAR - centre) / math.sqrt(2.0)))


def compare_moments(
    scenario: Scenario,
    data: HumanEvidence,
    fitted_to: HumanEvidence | None = None,
    seed: int = 1,
    replicas: int = REPLICAS,
    progress: Callable[[], object] | None = None,
) -> list[MomentComparison]:
    """Return every moment of the data beside the same moment of its buyers against the scenario's sellers.

    Args:
        scenario: the game, and in its training population the sellers.
        data: what was measured; its buyers are replayed.
        fitted_to: what the sellers were fitted to; where it is other data, its sampling error counts, too. All of it
            counts, which is an upper bound of what it passes on to the simulated moments.
        seed: keys the simulations.
        replicas: independent simulations, each with one new seller for each buyer; at least 2.
        progress: called after each simulation.
    """
    measured, errors = data.moments(), data.errors()
    fit_errors = {} if fitted_to is None else fitted_to.differing(data).errors()
    simulation = Simulation(scenario, data)
    runs = []
    for k in range(replicas):
        runs.append(simulation.moments(seed + _APART * k))
        if progress is not None:
            progress()
    comparisons = []
    for name, value in measured.items():
        values = np.array([run[name] for run in runs])
        known = values[~np.isnan(values)]
        simulated = float(known.mean()) if known.size else math.nan
        scatter = float(known.std(ddof=1) / math.sqrt(known.size)) if known.size > 1 else math.nan
        fit_error = fit_errors.get(name, 0.0)
        comparisons.append(MomentComparison(name, value, simulated, errors[name], fit_error, scatter, name in FITTED))
    return comparisons


@dataclass(frozen=True)
class SignComparison:
    """An effect on an opinion, compared by sign only: people's scale and the model's index have no common unit."""

    name: str  # key of `negoenv.human.participants.participant_moments_of`
    measured: float  # in standard deviations of people's opinions
    error: float  # its bootstrap standard error
    simulated: float  # in standard deviations between the suppliers

    @property
    def told(self) -> bool:
        """Whether the data tells its sign: more than `TOLD` standard errors from 0."""
        return abs(self.measured) > TOLD * self.error

    @property
    def agrees(self) -> bool:
        """Whether the model has the same sign."""
        return self.measured * self.simulated > 0.0


def compare_signs(scenario: Scenario, data: HumanEvidence, seed: int = 1) -> list[SignComparison]:
    """Return every effect on opinions that the data has beside that of the model; its size means nothing."""
    if data.participants is None:
        return []
    measured, errors = participant_moments_of(data.participants), participant_errors(data.participants)
    simulated = Simulation(scenario, data).opinions(seed)
    names = [name for name in measured if name not in SIZED]
    return [SignComparison(name, measured[name], errors[name], simulated[name]) for name in names]


def share_near(moments: Sequence[MomentComparison]) -> float:
    """Return the share of moments within `FAR` standard errors of the difference."""
    return sum(moment.near for moment in moments) / len(moments)
