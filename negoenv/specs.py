"""What `gymnasium.make` was given, kept in a form that JSON can hold."""

import copy
import json
from pathlib import Path
from typing import Any

from gymnasium.envs.registration import EnvSpec

from negoenv.scenarios.presets import PRESETS
from negoenv.scenarios.scenario import Scenario


class PlainSpec:
    """An environment whose ``spec`` survives ``EnvSpec.to_json``, whatever kind of scenario it was made with."""

    _spec: EnvSpec | None = None

    @property
    def spec(self) -> EnvSpec | None:
        """How to make this environment again; ``None`` if no registry made it."""
        return self._spec

    @spec.setter
    def spec(self, spec: EnvSpec | None) -> None:
        self._spec = spec if spec is None else _plain(spec, getattr(self, "scenario", None))


def _plain(spec: EnvSpec, scenario: Scenario | None) -> EnvSpec:
    """Return a spec with paths as text, and with the mapping that makes the scenario anew in place of an object."""
    plain = copy.copy(spec)
    plain.kwargs = {name: str(value) if isinstance(value, Path) else value for name, value in spec.kwargs.items()}
    if scenario is not None and not _is_json(plain.kwargs):
        plain.kwargs.pop("population", None)  # the scenario holds it
        plain.kwargs["scenario"] = scenario.name if PRESETS.get(scenario.name) == scenario else _keys(scenario)
    return plain


def _is_json(value: Any) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True


def _keys(scenario: Scenario) -> dict[str, Any]:
    """Return all keys of a scenario, as `negoenv.scenarios.presets.resolve` takes them."""
    keys = scenario.model_dump(mode="json")
    return {name: value for name, value in keys.items() if value is not None}
