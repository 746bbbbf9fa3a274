"""The named scenarios of Sourcing, a row of data each, and what a user may mean by one."""

from pathlib import Path

from negoenv.scenarios.population import Population
from negoenv.scenarios.presets import PRESETS, Named, resolve
from negoenv.scenarios.scenario import Range, Scenario
from negoenv.sourcing.scenario import SourcingScenario

_LIKE = PRESETS["Procurement"]  # the same suppliers and the same pressure on the buyer, so that the two compare
_SHARED = {
    name: getattr(_LIKE, name)
    for name in (
        "need", "delay_cost", "patience", "supplier_tactics", "unseen_constants", "train", "test", "validation",
        "unseen",
    )
}  # fmt: skip

_ALL = (
    SourcingScenario(
        name="Sourcing",
        summary=(
            "Three suppliers at once, of whom two take part from the start. Their asks stand for some rounds and "
            "expire; a true quote of one is an argument with another, a made-up one can be found out. A good buyer "
            "lets them bid against each other, presses each by its own means, and awards before prices expire, to two "
            "where one may fail."
        ),
        deadline=24,
        suppliers=3,
        invited=2,
        **_SHARED,
    ),
    SourcingScenario(
        name="TimedSourcing",
        summary=(
            "Requirements arrive one after the other, each with a need date, and one budget pays for all. A good buyer "
            "closes in time, keeps the suppliers in the market, and pays no more for one than it can afford with the "
            "others to come."
        ),
        deadline=60,
        suppliers=3,
        requirements=4,
        budget_share=0.85,
        **{**_SHARED, "need": Range(low=0.12, high=0.25), "delay_cost": Range(low=0.01, high=0.03)},
    ),
)

SOURCING_PRESETS: dict[str, Scenario] = {scenario.name: scenario for scenario in _ALL}
"""The scenarios by name."""


def resolve_sourcing(
    scenario: Named | None, base: str = "Sourcing", population: Population | str | Path | None = None
) -> SourcingScenario:
    """Return the scenario of Sourcing that a user means; see `negoenv.scenarios.presets.resolve`.

    Raises:
        NegoenvError: if there is no such preset, population or file, or a key of it is wrong.
    """
    found = resolve(scenario, base, population, SOURCING_PRESETS)
    assert isinstance(found, SourcingScenario)
    return found


def is_sourcing(base: object) -> bool:
    """Return whether a preset of this name is one of Sourcing."""
    return isinstance(base, str) and base in SOURCING_PRESETS
