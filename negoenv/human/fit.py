"""Fit a population of sellers by simulated moments.

The method is the simulated method of moments (McFadden 1989, *Econometrica*): the distance of simulated from measured
moments, each in units of its standard error, is minimised over the traits of the sellers. Simulations share their
random numbers, so the distance is a fixed function of the traits. SciPy's differential evolution minimises it: it needs
no derivatives of a function with steps, and stands being started anywhere.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from negoenv.human.bargains import Floats
from negoenv.human.problem import Problem
from negoenv.human.simulate import simulate
from negoenv.scenarios.scenario import Scenario

Progress = Callable[[float], None]
"""Called after each generation with the distance reached."""

_CANDIDATES = 6  # for each free number, in a generation
_MUTATION = (0.4, 0.9)
_UNDEFINED = 100.0  # squared distance of a moment of nothing
_NEARBY = 0.08  # spread of the first candidates of a warm start, fraction of the range of a number


@dataclass(frozen=True, eq=False)
class Fit:
    """What a fit found.

    Attributes:
        values: the free numbers, in the order of `Problem.free`.
        distance: sum of the squared distances of the fitted moments, each in its unit.
    """

    values: Floats
    distance: float


def fit(
    scenario: Scenario,
    problem: Problem,
    generations: int = 50,
    sellers: int = 10,
    seed: int = 0,
    start: Floats | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Fit sellers.

    Args:
        scenario: the game in which they meet the buyers.
        problem: what is fitted to what.
        generations: generations of the optimiser.
        sellers: simulated sellers for each buyer.
        seed: keys simulation and optimiser.
        start: values near which the search begins; it begins everywhere unless given.
        progress: called after each generation.
    """
    from scipy.optimize import differential_evolution  # an extra: only those who fit need it

    def report(intermediate_result: object) -> None:
        if progress is not None:
            progress(float(intermediate_result.fun))  # type: ignore[attr-defined]

    rng = np.random.default_rng(seed)
    result = differential_evolution(
        _distance(scenario, problem, sellers, seed),
        [(parameter.low, parameter.high) for parameter in problem.free],
        maxiter=generations,
        popsize=_CANDIDATES,
        init="latinhypercube" if start is None else _near(start, problem, rng),
        tol=0.0,
        mutation=_MUTATION,
        rng=rng,
        polish=False,
        callback=report,
    )
    return Fit(result.x, float(result.fun))


def _distance(scenario: Scenario, problem: Problem, sellers: int, seed: int) -> Callable[[Floats], float]:
    """Return the function that is minimised."""
    measured, scale = (np.array(list(numbers.values())) for numbers in (problem.measured, problem.scale))

    def distance(values: Floats) -> float:
        trial = scenario.model_copy(update={"train": problem.population(values, "trial", "trial")})
        simulated = problem.moments(simulate(trial, problem.buyers(problem.habits_of(values)), sellers, seed))
        z = (np.array([simulated[name] for name in problem.measured]) - measured) / scale
        return float(np.sum(np.where(np.isnan(z), _UNDEFINED, z**2)))

    return distance


def _near(start: Floats, problem: Problem, rng: np.random.Generator) -> Floats:
    """Return first candidates around the start, and the start itself."""
    low, high = (np.array([getattr(p, bound) for p in problem.free]) for bound in ("low", "high"))
    candidates = start + _NEARBY * (high - low) * rng.standard_normal((_CANDIDATES * len(start), len(start)))
    candidates[0] = start
    clipped: Floats = np.clip(candidates, low, high)
    return clipped
