"""Fit a population of sellers by simulated moments, and say how far a fit can be trusted.

The method is the simulated method of moments (McFadden 1989, *Econometrica*): the distance of simulated from measured
moments, each in units of its standard error, is minimised over the traits of the sellers. Simulations share their
random numbers, so the distance is a fixed function of the traits. SciPy's differential evolution minimises it: it needs
no derivatives of a function with steps, and stands being started anywhere. Resampled negotiations are fitted again, and
fits of one half are checked on the other.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from negoenv.errors import NegoenvError
from negoenv.human.bargains import Bargains, Floats
from negoenv.human.check import MomentComparison, compare_moments
from negoenv.human.moments import standard_errors
from negoenv.human.problem import Problem, chat_problem
from negoenv.human.simulate import simulate
from negoenv.scenarios.population import Population
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario

Progress = Callable[[float], None]
"""Called after each generation with the distance reached."""

_CANDIDATES = 6  # for each free number, in a generation
_MUTATION = (0.4, 0.9)
_UNDEFINED = 100.0  # squared distance of a moment of nothing
_NEARBY = 0.08  # spread of the first candidates of a warm start, fraction of the range of a number


@dataclass(frozen=True, eq=False)
class Fit:
    """What a fit found."""

    values: Floats  # the free numbers, in the order of `Problem.free`
    distance: float  # sum of the squared distances of the fitted moments, each in its unit


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


MAX_DRAWS = 64
"""Archetypes that a population may have."""

_SELLERS = 6  # for each buyer: many fits, whose own scatter is reported, need less exact simulations


@dataclass(frozen=True, eq=False)
class Draws:
    """Fits to resampled negotiations."""

    problem: Problem  # what was fitted, with all the data
    values: Floats  # the fitted numbers, float64 of shape ``(draws, numbers)``, in the order of `Problem.free`

    def population(self, name: str, source: str) -> Population:
        """Return the mixture of the draws, an archetype each: sellers as uncertain as the data leaves them."""
        archetypes = [self.problem.archetype(values, f"draw_{k:02d}") for k, values in enumerate(self.values, start=1)]
        return Population(name=name, source=source, archetypes=tuple(archetypes))


def bootstrap_fit(
    scenario: Scenario,
    data: Bargains,
    draws: int,
    generations: int = 12,
    seed: int = 0,
    progress: Progress | None = None,
) -> Draws:
    """Refit resampled negotiations, each starting from the sellers of the scenario.

    Args:
        scenario: the game; its training population is the fit to all of the data.
        data: the negotiations that are resampled (whole ones, with replacement).
        draws: number of refits, 2 to `MAX_DRAWS`.
        generations: generations of the optimiser for each; few are enough, since it starts near its goal.
        seed: keys resampling, simulation and optimiser; each draw has a simulation of its own.
        progress: called after each generation.

    Raises:
        NegoenvError: if the number of draws is out of range, or the scenario's population cannot be started from.
    """
    if not 2 <= draws <= MAX_DRAWS:
        raise NegoenvError(f"{draws} draws are asked for; 2 to {MAX_DRAWS} are possible.")
    scale = standard_errors(data)
    start = chat_problem(data, scale).values_of(scenario.train)
    rng = np.random.default_rng(seed)
    fits: list[Fit] = []
    for draw in range(draws):
        resampled = data.take(rng.integers(len(data), size=len(data)))
        problem = chat_problem(resampled, scale)
        fits.append(fit(scenario, problem, generations, _SELLERS, seed + 1 + draw, start, progress))
    return Draws(chat_problem(data, scale), np.array([found.values for found in fits]))


def cross_validate(
    scenario: Scenario,
    data: Bargains,
    splits: int,
    generations: int = 30,
    seed: int = 0,
    progress: Progress | None = None,
) -> Iterator[list[MomentComparison]]:
    """Fit a random half of the negotiations and check the other half with it, then the other way round.

    Every fit starts anew, so that nothing of the half that is checked is known.

    Args:
        scenario: the game; its population is not used.
        data: the negotiations.
        splits: how often the data is split; each gives two checks.
        generations: generations of the optimiser for each fit.
        seed: keys splits, simulations and optimiser.
        progress: called after each generation.

    Yields:
        The moments of each check.
    """
    rng = np.random.default_rng(seed)
    for split in range(splits):
        order = rng.permutation(len(data))
        halves = [data.take(np.sort(part)) for part in np.array_split(order, 2)]
        for seen, unseen in (halves, reversed(halves)):
            problem = chat_problem(seen)
            found = fit(scenario, problem, generations, _SELLERS, seed + split, progress=progress)
            population = problem.population(found.values, "half", "half of the data")
            yield compare_moments(resolve(scenario, population=population), unseen, seen, seed=seed + split)
