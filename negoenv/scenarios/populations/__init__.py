"""Populations that come as data files, and one way to name any population."""

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from negoenv.errors import unknown_name
from negoenv.scenarios.population import Population

_SUFFIXES = (".yaml", ".yml")


def names() -> tuple[str, ...]:
    """Return the names of the populations that come with negoenv."""
    return tuple(sorted(Path(file.name).stem for file in files(__name__).iterdir() if file.name.endswith(_SUFFIXES)))


@cache
def shipped(name: str) -> Population:
    """Return the population in the YAML file ``name`` of this package.

    Raises:
        NegoenvError: if there is none.
    """
    if name not in names():
        raise unknown_name("population", name, (*names(), "the path of a YAML file"))
    with as_file(files(__name__) / f"{name}.yaml") as path:
        return Population.from_yaml(path)


def find(population: Population | str | Path) -> Population:
    """Return the population that a user means: the name of one that comes with negoenv, or the path of a YAML file.

    Raises:
        NegoenvError: if there is no such population, or a sentence for each key of the file that is wrong.
    """
    if isinstance(population, Population):
        return population
    if isinstance(population, Path) or str(population).endswith(_SUFFIXES):
        return Population.from_yaml(population)
    return shipped(str(population))
