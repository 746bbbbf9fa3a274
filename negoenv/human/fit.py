"""Fit a population of sellers to measured negotiations by simulated moments.

The method is the simulated method of moments (McFadden 1989, *Econometrica*): the distance of simulated from measured
moments, each in units of its bootstrap standard error, is minimised over the traits of the sellers. Simulations share
their random numbers, so the distance is a fixed function of the traits. SciPy's differential evolution minimises it: it
needs no derivatives of a function with steps, and stands being started anywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from negoenv.human.bargains import Bargains, Floats
from negoenv.human.moments import MOMENTS, evaluate, standard_errors
from negoenv.human.simulate import simulate
from negoenv.population import Archetype, Population, Trait
from negoenv.scenario import Scenario


@dataclass(frozen=True)
class Parameter:
    """One number that is fitted.

    Attributes:
        trait: field of the supplier.
        part: "mean" or "spread".
        low: smallest value tried.
        high: largest value tried.
    """

    trait: str
    part: str
    low: float
    high: float


PARAMETERS = (
    Parameter("reservation_price", "mean", 0.2, 0.9),
    Parameter("reservation_price", "spread", 0.0, 0.8),
    Parameter("aspiration", "mean", 0.0, 1.0),
    Parameter("aspiration", "spread", 0.0, 1.0),
    Parameter("drift", "mean", 0.0, 0.4),
    Parameter("concession_rate", "mean", 0.1, 1.0),
    Parameter("concession_spread", "mean", 0.0, 1.0),
    Parameter("firmness", "mean", 0.0, 0.3),
    Parameter("midpoint_affinity", "mean", 0.0, 0.6),
    Parameter("decisiveness", "mean", 0.2, 1.0),
    Parameter("decisiveness", "spread", 0.0, 1.0),
    Parameter("exit_rate", "mean", 0.0, 0.2),
)
"""What the prices can identify. Traits that answer tactics are not among them: prices do not show tactics."""

GIVEN = {"weakness": 0.0, "opportunism": 0.0, "reciprocity": 0.15, "patience": 0.25, "acceptance_width": 0.02}
"""Traits that are set and not fitted.

The fitted moments hardly depend on reciprocity; it is set within the published slopes, .12 to .23 (Backus et al. 2020).
These chats last two or three prices a side, a quarter of the rounds that the game allows: so is their patience. Widths
of acceptance up to .02 fit alike; the widest of them, the model's default, leaves room for the pull of the midpoint.
"""
REDUNDANT = ("reply_none",)  # 1 less the other two replies


def population_of(values: Floats, name: str, source: str) -> Population:
    """Return the population that the fitted numbers describe, in the order of `PARAMETERS`."""
    parts: dict[str, dict[str, float]] = {trait: {"mean": value} for trait, value in GIVEN.items()}
    for parameter, value in zip(PARAMETERS, values, strict=True):
        parts.setdefault(parameter.trait, {})[parameter.part] = round(float(value), 4)
    traits = {trait: Trait(**numbers) for trait, numbers in parts.items()}
    return Population(name=name, source=source, archetypes=(Archetype(name="seller", traits=traits),))


@dataclass(frozen=True)
class Comparison:
    """One moment, measured and simulated.

    Attributes:
        name: key in `MOMENTS`.
        measured: its value in the data.
        error: its bootstrap standard error.
        simulated: its value in the simulation.
    """

    name: str
    measured: float
    error: float
    simulated: float

    @property
    def z(self) -> float:
        """How many standard errors the simulation lies above the data."""
        return (self.simulated - self.measured) / self.error if self.error > 0.0 else float("nan")


def compare(scenario: Scenario, bargains: Bargains, sellers: int = 20, seed: int = 1) -> list[Comparison]:
    """Return every moment of the data beside the same moment of the replay against the scenario's sellers."""
    errors = standard_errors(bargains)
    measured = evaluate(bargains)
    simulated = evaluate(simulate(scenario, bargains, sellers, seed))
    return [Comparison(name, measured[name], errors[name], simulated[name]) for name in MOMENTS]


def _distance(scenario: Scenario, bargains: Bargains, sellers: int, seed: int) -> Callable[[Floats], float]:
    """Return the function that is minimised: the sum of squared z-scores of the fitted moments."""
    errors = standard_errors(bargains)
    names = [name for name, moment in MOMENTS.items() if moment.fitted and name not in REDUNDANT]
    measured = np.array([evaluate(bargains)[name] for name in names])
    scale = np.array([max(errors[name], 1e-3) for name in names])

    def distance(values: Floats) -> float:
        population = population_of(values, "trial", "trial")
        trial = scenario.model_copy(update={"train": population})
        simulated = evaluate(simulate(trial, bargains, sellers, seed))
        z = (np.array([simulated[name] for name in names]) - measured) / scale
        return float(np.sum(np.where(np.isnan(z), 100.0, z**2)))

    return distance


def fit(
    scenario: Scenario,
    bargains: Bargains,
    name: str,
    source: str,
    generations: int = 70,
    sellers: int = 10,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> tuple[Population, float]:
    """Fit a population to measured negotiations.

    Args:
        scenario: the game in which the replay takes place.
        bargains: the data.
        name: name of the population.
        source: where the data comes from.
        generations: generations of the optimiser.
        sellers: simulated sellers for each measured buyer.
        seed: keys simulation and optimiser.
        progress: called after each generation with the distance reached.

    Returns:
        The population and its distance, the sum of squared z-scores of the fitted moments.
    """
    from scipy.optimize import differential_evolution  # an extra: only those who fit need it

    distance = _distance(scenario, bargains, sellers, seed)

    def report(intermediate_result: object) -> None:
        if progress is not None:
            progress(float(intermediate_result.fun))  # type: ignore[attr-defined]

    result = differential_evolution(
        distance,
        [(parameter.low, parameter.high) for parameter in PARAMETERS],
        maxiter=generations,
        popsize=6,
        tol=0.0,
        mutation=(0.4, 0.9),
        rng=np.random.default_rng(seed),
        polish=False,
        callback=report,
    )
    return population_of(result.x, name, source), float(result.fun)
