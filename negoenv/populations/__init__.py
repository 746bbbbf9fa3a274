"""Populations that come as data files."""

from importlib.resources import as_file, files

from negoenv.population import Population


def shipped(name: str) -> Population:
    """Return the population in the YAML file ``name`` of this package."""
    with as_file(files(__name__) / f"{name}.yaml") as path:
        return Population.from_yaml(path)
