"""Fit a population of sellers by simulated moments, and say how far a fit can be trusted.

The method is the simulated method of moments (McFadden 1989, *Econometrica*): the distance of simulated from measured
moments, each in units of its standard error, is minimised over the traits of the sellers. Simulations share their
random numbers, so the distance is a fixed function of the traits. The separable CMA evolution strategy minimises it
(Ros & Hansen 2008; the package cma, by its authors): it needs no derivatives of a function with steps, and a third of
the simulations that differential evolution took. Resampled negotiations are fitted again, and fits of one half are
checked on the other.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from negoenv.errors import NegoenvError
from negoenv.human.bargains import Bargains, Floats
from negoenv.human.check import MomentComparison, compare_moments
from negoenv.human.measured import HumanEvidence
from negoenv.human.moments import standard_errors
from negoenv.human.problem import Problem, chat_problem
from negoenv.human.simulate import replay
from negoenv.human.turns import Turns, turn_errors
from negoenv.scenarios.population import Population
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario

Progress = Callable[[float], None]
"""Called after each generation with the distance reached."""

_CANDIDATES = 18  # in a generation
_WIDE, _NEAR = 0.25, 0.08  # spread of the first candidates, fraction of each range: anywhere, and near a start
_UNDEFINED = 100.0  # squared distance of a moment of nothing


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
    import cma  # an extra: only those who fit need it

    rng = np.random.default_rng(seed)
    distance = _distance(scenario, problem, sellers, seed)
    low, high = (np.array([getattr(p, bound) for p in problem.free]) for bound in ("low", "high"))
    middle = np.full(len(low), 0.5) if start is None else np.clip((start - low) / (high - low), 0.005, 0.995)
    options = {
        "bounds": [0.0, 1.0],
        "popsize": _CANDIDATES,
        "maxiter": generations,
        "CMA_diagonal": True,
        "verbose": -9,
        "seed": np.nan,  # which keeps it from seeding NumPy's global generator: numbers come from `rng`
        "randn": lambda *shape: rng.standard_normal(shape),
    }
    strategy = cma.CMAEvolutionStrategy(middle, _WIDE if start is None else _NEAR, options)
    for _ in range(generations):
        candidates = strategy.ask()
        strategy.tell(candidates, [distance(low + (high - low) * np.asarray(c)) for c in candidates])
        if progress is not None:
            progress(float(strategy.result.fbest))
    return Fit(low + (high - low) * np.asarray(strategy.result.xbest), float(strategy.result.fbest))


def _distance(scenario: Scenario, problem: Problem, sellers: int, seed: int) -> Callable[[Floats], float]:
    """Return the function that is minimised."""
    measured, scale = (np.array(list(numbers.values())) for numbers in (problem.measured, problem.scale))

    def distance(values: Floats) -> float:
        trial = scenario.model_copy(update={"train": problem.population(values, "trial", "trial")})
        simulated = problem.moments(replay(trial, problem.buyers(problem.habits_of(values)), sellers, seed))
        z = (np.array([simulated[name] for name in problem.measured]) - measured) / scale
        return float(np.sum(np.where(np.isnan(z), _UNDEFINED, z**2)))

    return distance


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
    turns: Turns | None,
    draws: int,
    generations: int = 12,
    seed: int = 0,
    progress: Progress | None = None,
) -> Draws:
    """Refit resampled negotiations, each starting from the sellers of the scenario.

    Args:
        scenario: the game; its training population is the fit to all of the data.
        data: the negotiations that are resampled (whole ones, with replacement).
        turns: the turns that are resampled (those of whole dialogues), if there are any.
        draws: number of refits, 2 to `MAX_DRAWS`.
        generations: generations of the optimiser for each; few are enough, since it starts near its goal.
        seed: keys resampling, simulation and optimiser; each draw has a simulation of its own.
        progress: called after each generation.

    Raises:
        NegoenvError: if the number of draws is out of range, or the scenario's population cannot be started from.
    """
    if not 2 <= draws <= MAX_DRAWS:
        raise NegoenvError(f"{draws} draws are asked for; 2 to {MAX_DRAWS} are possible.")
    scale = standard_errors(data) | ({} if turns is None else turn_errors(turns))
    start = chat_problem(data, scale).values_of(scenario.train)
    rng = np.random.default_rng(seed)
    fits: list[Fit] = []
    for draw in range(draws):
        resampled = data.take(rng.integers(len(data), size=len(data)))
        problem = chat_problem(resampled, scale, None if turns is None else turns.resampled(rng))
        fits.append(fit(scenario, problem, generations, _SELLERS, seed + 1 + draw, start, progress))
    return Draws(chat_problem(data, scale), np.array([found.values for found in fits]))


def cross_validate(
    scenario: Scenario,
    data: Bargains,
    turns: Turns | None,
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
        turns: the turns, split by dialogue, if there are any.
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
        parts: list[Turns | None] = [None, None]
        if turns is not None:
            parts = [turns.take(part) for part in np.array_split(rng.permutation(turns.dialogues), 2)]
        for one, other in ((0, 1), (1, 0)):
            problem = chat_problem(halves[one], turns=parts[one])
            found = fit(scenario, problem, generations, _SELLERS, seed + split, progress=progress)
            population = problem.population(found.values, "half", "half of the data")
            game = resolve(scenario, population=population)
            tested, fitted = (HumanEvidence(halves[half], parts[half]) for half in (other, one))
            yield compare_moments(game, tested, fitted, seed + split)
