"""Fits of sellers to a market: run with a progress bar, written as YAML that a scenario can name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from negoenv.errors import NegoenvError
from negoenv.human import Bargains, ebay
from negoenv.human.check import REPLICAS, MomentComparison, compare_moments
from negoenv.human.fit import Draws, bootstrap_fit, cross_validate, fit
from negoenv.human.measured import HumanEvidence
from negoenv.human.problem import chat_problem
from negoenv.human.simulate import replay
from negoenv.human.turns import Turns
from negoenv.scenarios.population import Archetype, Population
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario

from ...reporting.files import require_writable, write_text
from ...reporting.progress import bar

CHATS = "CraigslistBargain (He, Chen, Balakrishnan & Liang, EMNLP 2018), development split"
_CHECKED_SELLERS = 60  # for each of eBay's buyers, so that the simulation's own error is small
_REFINED, _REFINED_SELLERS = 15, 40  # generations and sellers of a second fit near the first: its target is exact


def source_of(negotiations: Path | None, data: Bargains, turns: Turns | None) -> str:
    """Return the words that say where fitted data comes from."""
    more = "" if turns is None else f", {len(turns)} turns with a reply"
    return f"{CHATS if negotiations is None else negotiations}, {len(data)} engaged negotiations{more}"


@contextmanager
def _bar(what: str, generations: int, progress: bool) -> Iterator[Callable[[float], None]]:
    """Show how many generations are done, how long the rest will take, and the distance reached."""
    with bar(generations, what, progress, "generations") as shown:

        def report(distance: float) -> None:
            shown.set_postfix(distance=f"{distance:.1f}", refresh=False)
            shown.update()

        yield report


def fit_chats(
    scenario: Scenario,
    data: Bargains,
    turns: Turns | None,
    name: str,
    source: str,
    generations: int,
    seed: int,
    progress: bool,
    near: Population | None = None,
) -> Population:
    """Fit sellers to measured negotiations, and to turns where there are any; near those of a population, if given."""
    problem = chat_problem(data, turns=turns)
    start = None if near is None else problem.values_of(near)
    with _bar("fit", generations, progress) as report:
        found = fit(scenario, problem, generations, seed=seed, start=start, progress=report)
    return problem.population(found.values, name, source)


def check_sellers(
    scenario: Scenario, data: HumanEvidence, fitted_to: HumanEvidence | None = None, progress: bool = False
) -> list[MomentComparison]:
    """Compare the sellers of a scenario with what was measured."""
    with bar(REPLICAS, "check", progress, "simulations") as shown:
        return compare_moments(scenario, data, fitted_to, progress=shown.update)


def draw_sellers(
    scenario: Scenario, data: Bargains, turns: Turns | None, draws: int, generations: int, seed: int, progress: bool
) -> Draws:
    """Refit resampled negotiations, each near the sellers of the scenario."""
    with _bar(f"{draws} refits", draws * generations, progress) as report:
        return bootstrap_fit(scenario, data, turns, draws, generations, seed, report)


def cross_check(
    scenario: Scenario, data: Bargains, turns: Turns | None, splits: int, generations: int, seed: int, progress: bool
) -> list[list[MomentComparison]]:
    """Fit halves of the negotiations and check the other halves."""
    with _bar(f"{2 * splits} fits of a half", 2 * splits * generations, progress) as report:
        return list(cross_validate(scenario, data, turns, splits, generations, seed, report))


def fit_ebay(
    scenario: Scenario, generations: int, seed: int, progress: bool
) -> tuple[Population, dict[str, float], dict[str, float]]:
    """Fit sellers to eBay's numbers, what is not fitted as in the scenario's sellers.

    Returns:
        The population, its moments in a simulation that the fit has not seen, and the habits of its buyers.
    """
    problem = ebay.problem(_only(scenario.train).traits)
    refined = min(_REFINED, generations)
    with _bar("eBay", generations + refined, progress) as report:
        found = fit(scenario, problem, generations, seed=seed, progress=report)
        found = fit(scenario, problem, refined, _REFINED_SELLERS, seed, found.values, report)
    population = problem.population(found.values, "ebay", ebay.SOURCE)
    habits = problem.habits_of(found.values)
    trial = resolve(scenario, population=population)
    simulated = problem.moments(replay(trial, problem.buyers(habits), _CHECKED_SELLERS, seed + 1))
    return population, dict(simulated), {p.name: float(v) for p, v in zip(problem.habits, habits, strict=True)}


def _only(population: Population) -> Archetype:
    if len(population.archetypes) != 1:
        raise NegoenvError(
            f"The population {population.name!r} is a mixture; name one of a single archetype, fitted to chats."
        )
    return population.archetypes[0]


def write_population(path: Path, population: Population, note: str, force: bool = False) -> None:
    """Write a population as YAML that a scenario can name.

    Args:
        path: the file.
        population: what is written.
        note: lines of the comment at the top, such as how it was made.
        force: overwrite the file.

    Raises:
        NegoenvError: if the file exists and ``force`` is not given.
    """
    require_writable(path, force)
    comment = "".join(f"# {line}\n" for line in note.splitlines())
    content = yaml.safe_dump(_plain(population), sort_keys=False, width=120, default_flow_style=None)
    write_text(path, comment + content)


def _plain(population: Population) -> dict[str, Any]:
    """Return a population as plain data, traits without a spread as bare numbers."""
    plain = population.model_dump(mode="json")
    for archetype in plain["archetypes"]:
        traits = archetype["traits"].items()
        archetype["traits"] = {name: trait if trait["spread"] else trait["mean"] for name, trait in sorted(traits)}
    return plain


def spreads_of(draws: Draws) -> dict[str, tuple[float, float]]:
    """Return mean and standard deviation of each fitted number over the draws, by name and part."""
    names = [f"{parameter.name} {parameter.part}" for parameter in draws.problem.parameters]
    means, errors = draws.values.mean(axis=0), np.std(draws.values, axis=0, ddof=1)
    return {name: (float(m), float(e)) for name, m, e in zip(names, means, errors, strict=True)}
