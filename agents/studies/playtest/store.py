"""What a playtest has finished, on disk, so that a stopped one goes on where it was.

Everything is kept under the name of its scenario and a fingerprint of the game, so that results of another model are
never mixed in, and each part under a digest of all that it depends on.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from negoenv.benchmark.fingerprint import fingerprint
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.scenarios.scenario import SPLITS, Scenario

from ...reporting.files import write_json

_DIGITS = 10  # of a digest, in hexadecimal


def digest(*parts: Any) -> str:
    """Return a short digest of bytes and of plain data."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part if isinstance(part, bytes) else json.dumps(part, sort_keys=True, default=str).encode())
    return total.hexdigest()[:_DIGITS]


class Store:
    """The directory of one scenario's playtest.

    Attributes:
        directory: where it is.
    """

    def __init__(self, parent: Path, scenario: Scenario) -> None:
        games = (NegotiationBatch(1, scenario, split) for split in SPLITS)
        self.directory = parent / f"{scenario.name}-{fingerprint(*games)}"

    def place(self, name: str, key: Mapping[str, Any]) -> Path:
        """Return where the training, or whatever else is called ``name`` and depends on ``key``, is kept."""
        words = "".join(letter if letter.isalnum() else "_" for letter in name.lower())
        return self.directory / f"{words}-{digest(key)}"

    def remember(self, name: str, key: Mapping[str, Any], compute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return what ``compute`` gave for this key, now or before: plain data, null where it was not a number."""
        place = self.place(name, key)
        path = place.with_name(f"{place.name}.json")
        found = _stored(path)
        if found is None:
            write_json(path, compute(), force=True)
            found = _stored(path)
        assert found is not None
        return found


def _stored(path: Path) -> dict[str, Any] | None:
    """Return the object in a JSON file; None if there is no such file, or it is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None
