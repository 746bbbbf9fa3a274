"""The named scenarios, a row of data each, and what a user may mean by a scenario."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from negoenv.config import read_yaml, validated
from negoenv.errors import unknown_name
from negoenv.scenarios import populations
from negoenv.scenarios.archetypes import split
from negoenv.scenarios.differences import Difference, changed_name, differences
from negoenv.scenarios.population import Population
from negoenv.scenarios.populations import shipped
from negoenv.scenarios.scenario import SPLITS, Range, Scenario

_MARKETPLACE = shipped("marketplace")
_KINDS = ("overstocked", "market_leader", "family_firm", "careless_performer", "staller")
_PROCUREMENT = dict(zip(_KINDS, (1.0, 1.0, 1.0, 1.0, 1.0), strict=True))
_PROCUREMENT_TEST = dict(zip(_KINDS, (0.8, 1.2, 1.2, 0.8, 1.0), strict=True))

_ALL = (
    Scenario(
        name="Procurement",
        summary=(
            "Everything at once: five kinds of supplier, each moved by other means. A good buyer tries mild means, "
            "reads the reaction, builds pressure in steps of the right kind, retreats when the mood sours, and leaves "
            "the supplier a profit."
        ),
        **split("procurement", _PROCUREMENT, _PROCUREMENT_TEST),
    ),
    Scenario(
        name="SoleSource",
        summary=(
            "Turning a disadvantage round: nobody else makes it, rivals who are invited do not quote, and the supplier "
            "knows its power. A good buyer finds out what this one has to lose (the order, its good name, the "
            "buyer's leader as a friend) before it spends any pressure, and gives where nothing presses."
        ),
        constants={"quote_chance": 0.0},
        **split(
            "sole_source",
            {"monopolist": 1.0, "dependent_monopolist": 1.0, "careless_monopolist": 1.0, "complacent_monopolist": 1.0},
            {"monopolist": 1.2, "dependent_monopolist": 0.8, "careless_monopolist": 1.0, "complacent_monopolist": 1.0},
        ),
    ),
    Scenario(
        name="Deadline",
        summary=(
            "Time as pressure, on both: few rounds, and running out of them is costly. Some suppliers have less time "
            "than the buyer, some have all of it, some play with it. A good buyer waits for the first, gives to the "
            "second and goes to the brink with the third."
        ),
        deadline=9,
        weights={"deadline": 0.4},
        constants={"deadline_yield": 0.15},
        **split(
            "deadline",
            {"hurried": 1.0, "unhurried": 1.0, "brinkman": 1.0},
            {"hurried": 0.9, "unhurried": 1.1, "brinkman": 1.0},
        ),
    ),
    Scenario(
        name="HiddenWeakness",
        summary=(
            "Information first, emotion only after: some suppliers hide a mistake, and anger moves them once it is "
            "known; before, and against the blameless, it offends. A good buyer asks until it knows, and then shows "
            "anger or gives."
        ),
        constants={"probe_finds": 0.4},
        **split(
            "hidden_weakness",
            {"concealer": 1.5, "blameless": 1.0, "shameless": 1.0},
            {"concealer": 1.6, "blameless": 1.0, "shameless": 1.0},
        ),
    ),
    Scenario(
        name="Stalemate",
        summary=(
            "Breaking a deadlock: no supplier moves by itself. One needs to hear that there will be no deal, best from "
            "the leader, one needs to see rivals, one needs to be given to. A good buyer finds out which, and does "
            "not spend the last word on the wrong one, and mends the mood before it pushes: who is cross does "
            "not listen."
        ),
        constants={"strain_resistance": 2.0},
        **split(
            "stalemate",
            {"procrastinator": 1.0, "entrenched": 1.0, "aggrieved": 1.0},
            {"procrastinator": 1.0, "entrenched": 1.1, "aggrieved": 0.9},
        ),
    ),
    Scenario(
        name="Opportunist",
        summary=(
            "Conceding to someone who exploits it: most suppliers take a gift for weakness, some answer it with one. "
            "A good buyer presses before it gives, unless giving is what works."
        ),
        **split(
            "opportunist",
            {"shark": 1.2, "wolf": 1.0, "reciprocator": 1.0},
            {"shark": 1.2, "wolf": 1.1, "reciprocator": 0.9},
        ),
    ),
    Scenario(
        name="EmptyZone",
        summary=(
            "There may be no deal to be had: many suppliers cost more than the buyer can pay, and principled issues "
            "are not given up for a signature. A good buyer finds out what the supplier's costs are, walks away from "
            "the hopeless early, and bargains with the others."
        ),
        budget_slack=0.1,
        weights={"round": 0.01, "goodwill": 0.1},
        constants={"quote_chance": 0.3, "quote_low": 0.95, "quote_high": 1.15},
        **split(
            "empty_zone",
            {"priced_out": 1.0, "poor_mouth": 1.0, "thin_margin": 0.8},
            {"priced_out": 1.1, "poor_mouth": 0.9, "thin_margin": 0.8},
        ),
    ),
    Scenario(
        name="Partnership",
        summary=(
            "Several deals with one supplier: goodwill, credibility, worn means, exposed bluffs and grudges carry "
            "over, a supplier that was squeezed may not come again, and under-delivery shows after the deal. A good "
            "buyer learns in the first deal whom it has before it, and leaves enough for there to be a last one."
        ),
        deadline=10,
        deals=4,
        **split("partnership", _PROCUREMENT, _PROCUREMENT_TEST),
    ),
    Scenario(
        name="Marketplace",
        summary=(
            "Sellers fitted to human price bargaining: they concede readily and reward patience and middling openings. "
            "What tactics do to them is not in the data; it keeps the assumptions of the model."
        ),
        deadline=10,
        limit=Range(low=1.0, high=1.0),
        benchmark=Range(low=0.78, high=0.88),
        constants={"anchor": 0.12},  # what the sellers were fitted with
        train=_MARKETPLACE,
        test=_MARKETPLACE,
    ),
)

PRESETS: dict[str, Scenario] = {scenario.name: scenario for scenario in _ALL}

Named = Scenario | Mapping[str, Any] | str | Path
"""What a user may name a scenario by; see `resolve`."""


def resolve(
    scenario: Named | None, base: str = "Procurement", population: Population | str | Path | None = None
) -> Scenario:
    """Return the scenario that a user means.

    Args:
        scenario: ``None`` for the preset ``base``; a `Scenario`; the name of a preset; a mapping of changes to the
            preset ``base``; or the path of a YAML file (ending in .yaml or .yml) that holds such a mapping, with the
            key ``base`` naming the preset.
        base: preset that a mapping changes unless it has a key ``base``.
        population: replaces the suppliers of all splits, see `negoenv.scenarios.populations.find`; ``None`` keeps them.

    Raises:
        NegoenvError: if there is no such preset, population or file, or a key of it is wrong.
    """
    found = _found(base if scenario is None else scenario, base)
    return found if population is None else changed(found, {"population": populations.find(population)})


def changed(scenario: Scenario, changes: Mapping[str, Any], where: str = "scenario") -> Scenario:
    """Return a scenario with some keys changed; its name says which, unless ``changes`` give one.

    Args:
        scenario: what is changed.
        changes: keys of `Scenario` and their new values.
        where: what a message begins with.

    Raises:
        NegoenvError: one sentence for each key that is wrong.
    """
    replaced = SPLITS if "population" in changes else ()
    kept = {name: getattr(scenario, name) for name in Scenario.model_fields if name not in replaced}
    base = scenario.base or (scenario.name if PRESETS.get(scenario.name) == scenario else None)
    found = validated(Scenario, {**kept, "base": base, **changes}, where)
    if "name" in changes:
        return found
    origin = PRESETS.get(base or "", scenario)
    named_by_rule = scenario.name == changed_name(origin, scenario)
    name = changed_name(origin if named_by_rule else scenario, found)
    return found.model_copy(update={"name": name, "base": None if name == base else base})


def changes(scenario: Scenario) -> list[Difference]:
    """Return in what a scenario differs from the preset that it was changed from; nothing if it is no changed one."""
    return differences(PRESETS[scenario.base], scenario) if scenario.base in PRESETS else []


def _found(scenario: Named, base: str) -> Scenario:
    if isinstance(scenario, Scenario):
        return scenario
    if isinstance(scenario, (str, Path)) and str(scenario).endswith((".yaml", ".yml")):
        return _changed_preset(read_yaml(scenario), base, str(scenario))
    if isinstance(scenario, Mapping):
        return _changed_preset(scenario, base, "scenario")
    return _preset(scenario)


def _preset(name: object) -> Scenario:
    if not isinstance(name, str) or name not in PRESETS:
        raise unknown_name("scenario", name, PRESETS)
    return PRESETS[name]


def _changed_preset(given: Mapping[str, Any], base: str, where: str) -> Scenario:
    rest = dict(given)
    return changed(_preset(rest.pop("base", None) or base), rest, where)
