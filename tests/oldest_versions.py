"""Print the oldest versions that pyproject.toml admits, as a constraints file of pip; needs nothing but Python.

    python -m tests.oldest_versions train,render           those of the package and of these extras

`make check-oldest` installs them, and runs the quick tests.
"""

import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

PROJECT = Path(__file__).parents[1] / "pyproject.toml"

_REQUIREMENT = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[a-z,-]+\])?>=(?P<version>[0-9.]+)")


def oldest(requirements: Iterable[str]) -> dict[str, str]:
    """Return the oldest version of each package; of one that is required twice, that which all of them admit.

    Raises:
        ValueError: for a requirement that is no ``name>=version``.
    """
    found: dict[str, str] = {}
    for requirement in requirements:
        match = _REQUIREMENT.fullmatch(requirement)
        if match is None:
            raise ValueError(f"{requirement!r} is not of the form name>=version")
        name, version = match["name"].lower(), match["version"]
        found[name] = max(found.get(name, version), version, key=_numbers)
    return found


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def main(extras: str = "") -> None:
    """Print a line for each package."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    requirements = list(project["dependencies"])
    for extra in filter(None, extras.split(",")):
        requirements += project["optional-dependencies"][extra]
    for name, version in sorted(oldest(requirements).items()):
        print(f"{name}=={version}")


if __name__ == "__main__":
    main(*sys.argv[1:])
