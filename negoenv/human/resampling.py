"""How far a fit can be trusted: refits of resampled negotiations, and fits of one half checked on the other."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from negoenv.errors import NegoenvError
from negoenv.human.bargains import Bargains, Floats
from negoenv.human.check import Comparison, compare
from negoenv.human.fit import Fit, Progress, fit
from negoenv.human.moments import standard_errors
from negoenv.human.problem import Problem, chat_problem
from negoenv.scenarios.population import Population
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario

MAX_DRAWS = 64
"""Archetypes that a population may have."""

_SELLERS = 6  # for each buyer: many fits, whose own scatter is reported, need less exact simulations


@dataclass(frozen=True, eq=False)
class Draws:
    """Fits to resampled negotiations.

    Attributes:
        problem: what was fitted, with all the data.
        values: the fitted numbers, float64 of shape ``(draws, numbers)``, in the order of `Problem.free`.
    """

    problem: Problem
    values: Floats

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
) -> Iterator[list[Comparison]]:
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
            yield compare(resolve(scenario, population=population), unseen, seen, seed=seed + split)
