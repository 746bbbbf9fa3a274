"""The named scenarios, a row of data each, and what a user may mean by a scenario."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from negoenv.config import read_yaml, validated
from negoenv.errors import unknown_name
from negoenv.game.supplier_tactics import TACTICS, SupplierTactic
from negoenv.game.terms_observation import WEIGHTS
from negoenv.scenarios import populations
from negoenv.scenarios.archetypes import split
from negoenv.scenarios.contract_issues import SUPPLY_CONTRACT
from negoenv.scenarios.differences import Difference, changed_name, differences
from negoenv.scenarios.population import Population
from negoenv.scenarios.populations import shipped
from negoenv.scenarios.scenario import SPLITS, Range, Scenario
from negoenv.scenarios.unseen_kinds import NEW_KINDS

_MARKETPLACE = shipped("marketplace")
_KINDS = ("overstocked", "market_leader", "family_firm", "careless_performer", "staller")
_PROCUREMENT = dict(zip(_KINDS, (1.0, 1.0, 1.0, 1.0, 1.0), strict=True))
_PROCUREMENT_TEST = dict(zip(_KINDS, (0.8, 1.2, 1.2, 0.8, 1.0), strict=True))

_BUYER: dict[str, Any] = {
    "need": Range(low=0.3, high=0.9), "delay_cost": Range(low=0.0, high=0.02), "patience": Range(low=0.75, high=1.0)
}  # fmt: skip
"""The pressure on the buyer: it needs the goods by a date, pays for each round after it, and does not wait forever."""

_LATER = (SupplierTactic.BAD_COP, SupplierTactic.EXPLODING_OFFER)
_NEW = {
    "supplier_tactics": tuple(tactic.name for tactic in TACTICS if tactic not in _LATER),
    "unseen_constants": {
        "cue_noise": 0.8, "momentum": 0.4, "argument_step": 0.8, "keep_tension": 0.93, "wear_use": 0.4
    },
}  # fmt: skip
"""What the split "unseen" shows besides new kinds: two tactics of the supplier, and other constants."""

_SHARED: dict[str, Any] = {**_BUYER, **_NEW}

_LAY_PEOPLE = {"goals_risk": 0.8, "information_yield": 1.0, "flat_confidence": 0.8, "exit_waiting": 0.02}
"""How far arguments reach with people who chat for a few minutes, and how long they wait: what the fitted sellers were
fitted with."""

_ALL = (
    Scenario(
        name="Procurement",
        summary=(
            "All mechanisms: five kinds of supplier, each moved by other means. A good buyer tries mild means, reads "
            "the reaction, builds pressure of the right kind in steps, retreats when the supplier is strained, and "
            "leaves it a profit."
        ),
        **_SHARED,
        **split("procurement", _PROCUREMENT, _PROCUREMENT_TEST),
    ),
    Scenario(
        name="SoleSource",
        summary=(
            "A weak position: no other supplier exists, invited rivals do not quote, and the supplier knows its "
            "power. Words impress it little; who walks out shows that it can do without. A good buyer finds out what "
            "moves this one (strong pressure, a known mistake, the leader) before it presses, and concedes where "
            "nothing does. Where others compete, the goods cost less than they do here."
        ),
        benchmark=Range(low=0.56, high=0.66),
        constants={"quote_chance": 0.0, "undemonstrated": 0.7, "walk_out_exit": 0.03, "walk_out_credibility": 0.95},
        **_SHARED,
        **split(
            "sole_source",
            {"monopolist": 1.0, "dependent_monopolist": 1.0, "careless_monopolist": 1.0, "complacent_monopolist": 1.0},
            {"monopolist": 1.2, "dependent_monopolist": 0.8, "careless_monopolist": 1.0, "complacent_monopolist": 1.0},
        ),
    ),
    Scenario(
        name="Deadline",
        summary=(
            "Pressure by time on both sides: few rounds, and a costly deadline. Some suppliers have less time than the "
            "buyer, some have more, some wait for the last round; others move only under strong pressure, or for "
            "rivals. A good buyer waits for the first, concedes to the second, gives an ultimatum to the third, and "
            "has no time to try everything on everybody."
        ),
        deadline=9,
        weights={"deadline": 0.4},
        constants={"deadline_risk": 0.8},
        **_SHARED,
        **split(
            "deadline",
            {"hurried": 1.0, "unhurried": 1.0, "brinkman": 1.0, "quarter_end": 1.0, "broker": 1.0},
            {"hurried": 0.9, "unhurried": 1.1, "brinkman": 1.0, "quarter_end": 1.0, "broker": 1.0},
        ),
    ),
    Scenario(
        name="HiddenWeakness",
        summary=(
            "Information before emotion: some suppliers hide a mistake, and anger moves them once it is known; before, "
            "and against those without one, it offends. A good buyer probes until it knows, and then shows anger or "
            "concedes."
        ),
        constants={"probe_finds": 0.4},
        **_SHARED,
        **split(
            "hidden_weakness",
            {"concealer": 1.5, "blameless": 1.0, "shameless": 1.0},
            {"concealer": 1.6, "blameless": 1.0, "shameless": 1.0},
        ),
    ),
    Scenario(
        name="Stalemate",
        summary=(
            "Breaking a deadlock: no supplier concedes by itself. One needs an ultimatum, best from the leader, one "
            "rivals, one strong pressure, one a mistake that it denies, one concessions. A good buyer finds out which, "
            "gives no ultimatum to the wrong one, and lets strain fall before it presses: a strained supplier yields "
            "less."
        ),
        constants={"strain_resistance": 2.0},
        **_SHARED,
        **split(
            "stalemate",
            {"procrastinator": 1.0, "entrenched": 1.0, "aggrieved": 1.0, "hoarder": 1.0, "denier": 1.0},
            {"procrastinator": 1.0, "entrenched": 1.1, "aggrieved": 0.9, "hoarder": 1.0, "denier": 1.0},
        ),
    ),
    Scenario(
        name="Opportunist",
        summary=(
            "Suppliers that exploit concessions: most expect more after one, some answer it with one. A good "
            "buyer presses before it concedes, unless concessions are what works. List prices leave room to haggle."
        ),
        benchmark=Range(low=0.76, high=0.86),
        **_SHARED,
        **split(
            "opportunist",
            {"shark": 1.2, "wolf": 1.0, "reciprocator": 1.0},
            {"shark": 1.2, "wolf": 1.1, "reciprocator": 0.9},
        ),
    ),
    Scenario(
        name="EmptyZone",
        summary=(
            "There may be no zone of agreement: many suppliers' costs exceed the buyer's limit. A good buyer finds out "
            "what the costs are, walks away early where no deal is possible, and bargains with the others."
        ),
        budget_slack=0.1,
        weights={"round": 0.01, "goodwill": 0.1},
        constants={"quote_chance": 0.3, "quote_low": 0.95, "quote_high": 1.15},
        **_SHARED,
        **split(
            "empty_zone",
            {"priced_out": 1.0, "poor_mouth": 1.0, "thin_margin": 0.8},
            {"priced_out": 1.1, "poor_mouth": 0.9, "thin_margin": 0.8},
            {"overstretched": 2.0, **NEW_KINDS},
        ),
    ),
    Scenario(
        name="Partnership",
        summary=(
            "Several deals with one supplier: goodwill, credibility, wear, exposed bluffs and resentment carry over, a "
            "supplier without a margin may not deal again, and under-delivery shows after the deal. A good buyer "
            "learns the type of supplier in the first deal, and leaves it enough to deal again."
        ),
        deadline=10,
        deals=4,
        **_SHARED,
        **split("partnership", _PROCUREMENT, _PROCUREMENT_TEST),
    ),
    Scenario(
        name="Contract",
        summary=(
            "Several issues: price, payment, delivery, volume and service, which matter to each side by other weights. "
            "A good buyer finds out what is dear to the supplier and cheap to itself, trades that for what is not, and "
            "never gives up the service that it cannot do without."
        ),
        issues=SUPPLY_CONTRACT,
        hidden=WEIGHTS,
        **_SHARED,
        **split("contract", _PROCUREMENT, _PROCUREMENT_TEST),
    ),
    Scenario(
        name="Marketplace",
        summary=(
            "Sellers fitted to human price bargaining: they concede readily and reward patience and middling openings. "
            "Words move them as they move people where the data say so; the rest keeps the assumptions of the model."
        ),
        deadline=10,
        constants=_LAY_PEOPLE,
        limit=Range(low=1.0, high=1.0),
        benchmark=Range(low=0.78, high=0.88),
        train=_MARKETPLACE,
        test=_MARKETPLACE,
        unseen=shipped("ebay"),
    ),
)

PRESETS: dict[str, Scenario] = {scenario.name: scenario for scenario in _ALL}

Named = Scenario | Mapping[str, Any] | str | Path
"""What a user may name a scenario by; see `resolve`."""


def resolve(
    scenario: Named | None,
    base: str = "Procurement",
    population: Population | str | Path | None = None,
    presets: Mapping[str, Scenario] = PRESETS,
) -> Scenario:
    """Return the scenario that a user means.

    Args:
        scenario: ``None`` for the preset ``base``; a `Scenario`; the name of a preset; a mapping of changes to the
            preset ``base``; or the path of a YAML file (ending in .yaml or .yml) that holds such a mapping, with the
            key ``base`` naming the preset.
        base: preset that a mapping changes unless it has a key ``base``.
        population: replaces the suppliers of all splits, see `negoenv.scenarios.populations.find`; ``None`` keeps them.
        presets: the presets that there are, by name.

    Raises:
        NegoenvError: if there is no such preset, population or file, or a key of it is wrong.
    """
    found = _found(base if scenario is None else scenario, base, presets)
    if population is None:
        return found
    return changed(found, {"population": populations.find(population)}, presets=presets)


def changed(
    scenario: Scenario,
    changes: Mapping[str, Any],
    where: str = "scenario",
    presets: Mapping[str, Scenario] = PRESETS,
) -> Scenario:
    """Return a scenario with some keys changed; its name says which, unless ``changes`` give one.

    Args:
        scenario: what is changed.
        changes: keys of `Scenario` and their new values.
        where: what a message begins with.
        presets: the presets that there are, by name.

    Raises:
        NegoenvError: one sentence for each key that is wrong.
    """
    replaced = SPLITS if "population" in changes else ()
    kept = {name: getattr(scenario, name) for name in type(scenario).model_fields if name not in replaced}
    base = scenario.base or (scenario.name if presets.get(scenario.name) == scenario else None)
    found = validated(type(scenario), {**kept, "base": base, **changes}, where)
    if "name" in changes:
        return found
    origin = presets.get(base or "", scenario)
    named_by_rule = scenario.name == changed_name(origin, scenario)
    name = changed_name(origin if named_by_rule else scenario, found)
    return found.model_copy(update={"name": name, "base": None if name == base else base})


def changes(scenario: Scenario) -> list[Difference]:
    """Return in what a scenario differs from the preset that it was changed from; nothing if it is no changed one."""
    return differences(PRESETS[scenario.base], scenario) if scenario.base in PRESETS else []


def _found(scenario: Named, base: str, presets: Mapping[str, Scenario]) -> Scenario:
    if isinstance(scenario, Scenario):
        return scenario
    if isinstance(scenario, (str, Path)) and str(scenario).endswith((".yaml", ".yml")):
        return _changed_preset(read_yaml(scenario), base, str(scenario), presets)
    if isinstance(scenario, Mapping):
        return _changed_preset(scenario, base, "scenario", presets)
    return _preset(scenario, presets)


def _preset(name: object, presets: Mapping[str, Scenario]) -> Scenario:
    if not isinstance(name, str) or name not in presets:
        raise unknown_name("scenario", name, presets)
    return presets[name]


def _changed_preset(given: Mapping[str, Any], base: str, where: str, presets: Mapping[str, Scenario]) -> Scenario:
    rest = dict(given)
    return changed(_preset(rest.pop("base", None) or base, presets), rest, where, presets)
