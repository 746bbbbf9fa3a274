"""One place that turns the name of a game into a batch of its episodes, whether a negotiation or the ladder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from negoenv.engine.batch import Batch
from negoenv.engine.negotiations import negotiations
from negoenv.errors import unknown_name
from negoenv.ladder import LadderBatch
from negoenv.scenarios.presets import PRESETS, resolve
from negoenv.scenarios.scenario import Scenario

LADDER = "Ladder"


def make_batch(
    num_rows: int, scenario: Scenario | Mapping[str, Any] | str | Path, split: str = "train", num_threads: int = 1
) -> Batch:
    """Return ``num_rows`` episodes of a game.

    Args:
        num_rows: number of episodes side by side.
        scenario: "Ladder", or whatever `negoenv.scenarios.presets.resolve` accepts.
        split: "train", "validation", "test" or "unseen"; the ladder has one population, but other suppliers in
            validation and unseen.
        num_threads: at most so many threads step the rows; the results do not depend on it.

    Raises:
        NegoenvError: if there is no such game or split.
    """
    if scenario == LADDER:
        return LadderBatch(num_rows, split=split)
    return negotiations(num_rows, _negotiation(scenario), split, num_threads)


def game_name(scenario: Scenario | Mapping[str, Any] | str | Path) -> str:
    """Return the name of a game, as in its id."""
    return LADDER if scenario == LADDER else _negotiation(scenario).name


def _negotiation(scenario: Scenario | Mapping[str, Any] | str | Path) -> Scenario:
    """Return the scenario that is meant; if there is none, the error names the ladder among those there are."""
    if isinstance(scenario, str) and not scenario.endswith((".yaml", ".yml")) and scenario not in PRESETS:
        raise unknown_name("scenario", scenario, (*PRESETS, LADDER, "the path of a YAML file"))
    return resolve(scenario)
