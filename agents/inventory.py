"""What there is to name on a command line or in a configuration, as tables of plain text."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from negoenv.config import read_yaml
from negoenv.game.supplier_tactics import TACTICS
from negoenv.game.tactics import MOVES, Move
from negoenv.ladder.env import LadderEnv
from negoenv.make import LADDER
from negoenv.markdown import table
from negoenv.scenarios import populations
from negoenv.scenarios.population import Population
from negoenv.scenarios.presets import PRESETS
from negoenv.scenarios.splits import UNSEEN
from negoenv.sourcing import SOURCING_PRESETS
from negoenv.viewer.meanings import FAMILIES
from negoenv.viewer.recorded import IN_ORDER

from .learning.algorithms import ALGORITHMS
from .learning.config import CONFIGS, described_keys
from .planning.planner import REFERENCES
from .scripted import SCRIPTED, SOURCING_SCRIPTED

_PLANNERS = {
    "informed": "Plans by rollouts and is told the hidden type of the supplier: an upper reference, not a rival.",
    "uninformed": "Plans by rollouts over suppliers that fit what a buyer has seen so far.",
}


@dataclass(frozen=True)
class Inventory:
    """One kind of thing that has a name."""

    title: str  # what is listed, and where the names are used
    headers: tuple[str, ...]  # of the columns; the first is the name
    rows: tuple[tuple[str, ...], ...]  # a row for each thing, in plain text


def _scenarios() -> Inventory:
    """Return the presets and the tabular game."""
    rows = [(preset.name, f"negoenv/{preset.name}-v0", preset.summary) for preset in PRESETS.values()]
    rows += [(preset.name, f"negoenv/{preset.name}-v0", preset.summary) for preset in SOURCING_PRESETS.values()]
    ladder = (LADDER, f"negoenv/{LADDER}-v0", _first_line(LadderEnv))
    return Inventory("Scenarios: --scenario NAME, gymnasium.make(ID)", ("name", "id", "about"), (*rows, ladder))


def _policies() -> Inventory:
    """Return the scripted policies and the planners."""
    scripted = [(name, "scripted", _first_line(policy)) for name, policy in SCRIPTED.items()]
    scripted += [(name, "Sourcing", _first_line(policy)) for name, policy in SOURCING_SCRIPTED.items()]
    planners = [(name, "planner", _PLANNERS[name]) for name in REFERENCES]
    return Inventory(
        "Policies: negoenv evaluate NAME, compare NAME...; run directories, exported policies, module:Class",
        ("name", "kind", "about"),
        (*scripted, *planners),
    )


def _suppliers() -> Inventory:
    """Return the kinds of supplier, and in which scenarios each is met."""
    meaning: dict[str, str] = {}
    met: dict[str, list[str]] = {}
    for preset in PRESETS.values():
        for kind in preset.train.archetypes:
            meaning[kind.name] = kind.meaning
            met.setdefault(kind.name, []).append(preset.name)
    for preset in PRESETS.values():
        for kind in preset.population(UNSEEN).archetypes:
            meaning.setdefault(kind.name, kind.meaning)
            met.setdefault(kind.name, ["split unseen"])
    rows = tuple((name, ", ".join(where), meaning[name]) for name, where in met.items())
    return Inventory("Kinds of supplier: reset(options={'supplier': NAME})", ("name", "scenarios", "about"), rows)


def _moves() -> Inventory:
    """Return the moves that are an argument or an offer alone, and which of them are joined in the others."""
    joined = [move.name.split("+") for move in Move if not move.simple]
    places = {first: "first" for first, _ in joined} | {second: "second" for _, second in joined}
    rows = tuple(
        (
            move.name,
            str(move.value),
            FAMILIES[move.tactic.effects.family],
            places.get(move.name, ""),
            move.tactic.meaning.format(offer="PRICE", ask="PRICE"),
        )
        for move in IN_ORDER
        if move.simple
    )
    more = f"{len(joined)} more join a first and a second: {'+'.join(joined[0])}, ..."
    title = f"Moves by number, those from {MOVES} on in Contract only; {more}"
    return Inventory(title, ("name", "number", "kind", "joined", "about"), rows)


def _supplier_tactics() -> Inventory:
    """Return the supplier's own tactics, and when each is used."""
    rows = tuple(
        (
            tactic.name,
            ", ".join(str(occasion.name).lower() for occasion in tactic.effects.occasions),
            tactic.effects.meaning,
        )
        for tactic in TACTICS
    )
    return Inventory(
        "Tactics of the supplier: the key supplier_tactics of a scenario", ("name", "answers", "about"), rows
    )


def _populations() -> Inventory:
    """Return the populations that come as files."""
    found: dict[str, Population] = {name: populations.shipped(name) for name in populations.names()}
    rows = tuple((name, str(len(found[name].archetypes)), found[name].source) for name in found)
    return Inventory("Populations: gymnasium.make(ID, population=NAME)", ("name", "kinds", "source"), rows)


def _algorithms() -> Inventory:
    """Return the learning algorithms."""
    rows = tuple(
        (name, f"{algorithm.module}.{algorithm.class_name}", "legal moves only" if algorithm.masked else "all moves")
        for name, algorithm in ALGORITHMS.items()
    )
    return Inventory("Algorithms: the key algorithm of a configuration", ("name", "class", "acts on"), rows)


def _configurations() -> Inventory:
    """Return the configurations that come with negoenv; what each is about is its file's first comment."""
    rows = []
    for path in sorted(CONFIGS.glob("*.yaml")):
        data = read_yaml(path)
        comment = " ".join(_comment_lines(path.read_text(encoding="utf-8")))
        rows.append((path.stem, *(str(data[key]) for key in ("scenario", "algorithm", "total_steps")), comment))
    return Inventory(
        "Configurations: negoenv train NAME", ("name", "scenario", "algorithm", "steps", "about"), tuple(rows)
    )


def _keys() -> Inventory:
    """Return the keys of a configuration, hyperparameters included."""
    rows = tuple((key.name, key.default, key.meaning) for key in described_keys())
    return Inventory("Keys of a configuration: negoenv train NAME KEY=VALUE", ("key", "default", "about"), rows)


INVENTORIES: dict[str, Callable[[], Inventory]] = {
    "scenarios": _scenarios,
    "policies": _policies,
    "suppliers": _suppliers,
    "moves": _moves,
    "supplier-tactics": _supplier_tactics,
    "populations": _populations,
    "algorithms": _algorithms,
    "configurations": _configurations,
    "keys": _keys,
}
"""Every inventory, by the word that names it on the command line."""


def markdown() -> str:
    """Return every inventory as one page."""
    parts = [_PAGE]
    for inventory in INVENTORIES.values():
        listed = inventory()
        parts.append("\n".join((f"## {listed.title}", "", table(listed.headers, listed.rows), "")))
    return "\n".join(parts)


_PAGE = """\
# What there is to name

Made by `.venv/bin/negoenv list --markdown docs/lists.md --force`; `.venv/bin/negoenv list` prints it,
`.venv/bin/negoenv list policies` one part.
"""


def _first_line(thing: Any) -> str:
    """Return the first sentence of a docstring."""
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ").replace("``", "").replace("`", "")


def _comment_lines(text: str) -> list[str]:
    """Return the comment that a file begins with."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return lines
