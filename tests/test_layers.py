"""Imports run one way, downwards, wherever in a module they stand; CONTRIBUTING draws the layers."""

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LAYERS = (
    ("errors", "colours", "markdown"),
    ("yaml_core", "names", "installation"),
    ("config",),
    ("numerics",),
    ("game",),
    ("scenarios",),
    ("engine", "arguments", "specs"),
    ("benchmark", "human", "viewer", "infos"),
    ("facts", "base_env"),
    ("ladder", "sourcing", "env"),
    ("vector_env",),
    ("make",),
    ("registration",),
    ("interop",),
    ("__init__", "__main__"),
)
"""The modules and packages of negoenv, lowest first: each imports those of lower layers only."""

RANK = {name: rank for rank, layer in enumerate(LAYERS) for name in layer}
FILES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts): path
    for package in ("negoenv", "agents")
    for path in sorted((ROOT / package).rglob("*.py"))
}


def imported(name: str) -> Iterator[str]:
    """Yield the modules of this project that a module imports, packages as their ``__init__``."""
    for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found = [(alias.name, "") for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            parents = name.split(".")[: -node.level] if node.level else []
            base = ".".join([*parents, *([node.module] if node.module else [])])
            found = [(base, alias.name) for alias in node.names]
        else:
            continue
        for base, member in found:
            candidates = (f"{base}.{member}", f"{base}.{member}.__init__", base, f"{base}.__init__")
            yield from [candidate for candidate in candidates if candidate in FILES][:1]


IMPORTS = {name: set(imported(name)) - {name} for name in FILES}


def test_the_imports_are_found():
    assert "negoenv.game.transition" in IMPORTS["negoenv.engine.kernels"]
    assert "agents.policy" in IMPORTS["agents.scripted.base"], "relative ones, too"
    assert "negoenv.viewer.window" in IMPORTS["negoenv.env"], "and those in functions"


def test_every_part_of_negoenv_has_a_layer():
    assert {name.split(".")[1] for name in FILES if name.startswith("negoenv.")} == set(RANK)


@pytest.mark.parametrize("part", RANK)
def test_negoenv_imports_from_lower_layers_only(part):
    for name in FILES:
        if name.split(".")[:2] == ["negoenv", part]:
            for other in IMPORTS[name]:
                package, theirs = other.split(".")[:2]
                assert package == "negoenv", f"{name} imports {other}"
                assert theirs == part or RANK[theirs] < RANK[part], f"{name} imports {other}"


def test_the_rules_know_no_gymnasium():
    sources = [path.read_text(encoding="utf-8") for name, path in FILES.items() if name.startswith("negoenv.game.")]
    assert sources
    assert not [source for source in sources if "import gymnasium" in source or "from gymnasium" in source]


@pytest.mark.parametrize(
    ("package", "users"),
    [("commands", ()), ("studies", ("commands",)), ("playing", ("commands", "studies"))],
)
def test_commands_studies_and_play_are_the_top_of_agents(package, users):
    for name in FILES:
        if name.split(".")[1] not in (package, *users):
            assert not [other for other in IMPORTS[name] if other.startswith(f"agents.{package}.")], name


def test_no_imports_run_in_a_circle():
    assert len(list(TopologicalSorter(IMPORTS).static_order())) == len(FILES)
