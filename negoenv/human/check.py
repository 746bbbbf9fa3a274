"""Measured beside simulated moments, in standard errors of their difference."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from negoenv.human.bargains import Bargains
from negoenv.human.moments import MOMENTS, moments_of, standard_errors
from negoenv.human.simulate import Buyers, replay
from negoenv.human.turns import TURN_MOMENTS, Turns, turn_errors, turn_moments_of
from negoenv.scenarios.scenario import Scenario

FAR = 3.0
"""Standard errors of the difference beyond which a moment of unseen data counts as missed."""

FAR_FITTED = 2.5
"""Standard errors beyond which a moment counts as missed on the data that it was fitted to."""

HEADLINE = ("agreement", "sale_price_mean", "sale_price_50", "anchoring_correlation")
"""Moments that must not be missed."""

_REPLICAS = 20
_APART = 100_000  # seeds between two simulations, more than there are negotiations in one


@dataclass(frozen=True)
class MomentComparison:
    """One moment, measured and simulated."""

    name: str  # key in `MOMENTS` or `TURN_MOMENTS`
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
    data: Bargains,
    fitted_to: Bargains | None = None,
    seed: int = 1,
    replicas: int = _REPLICAS,
    turns: Turns | None = None,
    fitted_turns: Turns | None = None,
) -> list[MomentComparison]:
    """Return every moment of the data beside the same moment of its buyers against the scenario's sellers.

    Args:
        scenario: the game, and in its training population the sellers.
        data: the measured negotiations; its buyers are replayed.
        fitted_to: the data that the sellers were fitted to, if it is other data; its sampling error then counts, too.
            All of it counts, which is an upper bound of what it passes on to the simulated moments.
        seed: keys the simulations.
        replicas: independent simulations, each with one new seller for each buyer; at least 2.
        turns: measured turns, whose moments are compared too; none unless given.
        fitted_turns: the turns that the sellers were fitted to, if they are others.
    """
    measured, errors = moments_of(data), standard_errors(data)
    fit_errors = {} if fitted_to is None else standard_errors(fitted_to)
    if turns is not None:
        measured, errors = measured | turn_moments_of(turns), errors | turn_errors(turns)
        fit_errors |= {} if fitted_turns is None else turn_errors(fitted_turns)
    buyers = Buyers.of(data)
    runs = [_simulated(scenario, buyers, seed + _APART * k, turns is not None) for k in range(replicas)]
    comparisons = []
    for name, value in measured.items():
        values = np.array([run[name] for run in runs])
        known = values[~np.isnan(values)]
        simulated = float(known.mean()) if known.size else math.nan
        scatter = float(known.std(ddof=1) / math.sqrt(known.size)) if known.size > 1 else math.nan
        fitted = name in TURN_MOMENTS or MOMENTS[name].fitted
        error, fit_error = errors[name], fit_errors.get(name, 0.0)
        comparisons.append(MomentComparison(name, value, simulated, error, fit_error, scatter, fitted))
    return comparisons


def _simulated(scenario: Scenario, buyers: Buyers, seed: int, with_turns: bool) -> dict[str, float]:
    bargains, turns = replay(scenario, buyers, 1, seed)
    return moments_of(bargains) | (turn_moments_of(turns) if with_turns else {})


def share_near(moments: Sequence[MomentComparison]) -> float:
    """Return the share of moments within `FAR` standard errors of the difference."""
    return sum(moment.near for moment in moments) / len(moments)


def same_data(one: Bargains, other: Bargains) -> bool:
    """Return whether two data sets hold the same negotiations in the same order."""
    return np.array_equal(one.sale_price, other.sale_price, equal_nan=True) and np.array_equal(
        one.prices, other.prices, equal_nan=True
    )
