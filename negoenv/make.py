"""One place that turns the name of a game into a batch of its episodes: a negotiation, Sourcing, or the ladder."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from negoenv.config import read_yaml, validated
from negoenv.engine.action_spaces import make_actions
from negoenv.engine.actions import Actions
from negoenv.engine.batch import Batch
from negoenv.engine.contract_batch import negotiations
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import unknown_name
from negoenv.ladder import LadderBatch
from negoenv.scenarios.presets import PRESETS, Named, resolve
from negoenv.scenarios.scenario import Scenario
from negoenv.sourcing.engine.actions import make_sourcing_actions
from negoenv.sourcing.engine.batch import SourcingBatch
from negoenv.sourcing.presets import SOURCING_PRESETS, is_sourcing, resolve_sourcing
from negoenv.sourcing.scenario import SourcingScenario

LADDER = "Ladder"
_FILES = (".yaml", ".yml")


def make_batch(num_rows: int, scenario: Named, split: str = "train", num_threads: int = 1) -> Batch:
    """Return ``num_rows`` episodes of a game.

    Args:
        num_rows: number of episodes side by side.
        scenario: "Ladder", a scenario of Sourcing, or whatever `negoenv.scenarios.presets.resolve` accepts.
        split: "train", "validation", "test" or "unseen"; the ladder has one population, but other suppliers in
            validation and unseen.
        num_threads: at most so many threads step the rows; the results do not depend on it.

    Raises:
        NegoenvError: if there is no such game or split.
    """
    if scenario == LADDER:
        return LadderBatch(num_rows, split=split)
    found = _resolved(scenario)
    if isinstance(found, SourcingScenario):
        return SourcingBatch(num_rows, found, split, num_threads)
    return negotiations(num_rows, found, split, num_threads)


def actions_of(batch: Batch, action_space: str) -> Actions | None:
    """Return the action space of this name for a batch; ``None`` for a game that has but one.

    Raises:
        NegoenvError: if there is none of this name.
    """
    if isinstance(batch, SourcingBatch):
        return make_sourcing_actions(action_space, batch)
    return make_actions(action_space, batch) if isinstance(batch, NegotiationBatch) else None


def game_name(scenario: Named) -> str:
    """Return the name of a game, as in its id."""
    return LADDER if scenario == LADDER else _resolved(scenario).name


def scenario_of(settings: Mapping[str, Any]) -> Scenario:
    """Return the scenario that was stored with all its keys, for example by a training.

    Raises:
        NegoenvError: one sentence for each key that is wrong.
    """
    return validated(SourcingScenario if "suppliers" in settings else Scenario, settings, "scenario")


def _resolved(scenario: Named) -> Scenario:
    """Return the scenario that is meant; if there is none, the error names all games."""
    if isinstance(scenario, (str, Path)) and str(scenario).endswith(_FILES):
        base: Any = read_yaml(scenario).get("base")
    elif isinstance(scenario, Mapping):
        base = scenario.get("base")
    else:
        base = scenario
    if is_sourcing(base) or isinstance(scenario, SourcingScenario):
        return resolve_sourcing(scenario)
    if isinstance(scenario, str) and not scenario.endswith(_FILES) and scenario not in PRESETS:
        raise unknown_name("scenario", scenario, (*PRESETS, *SOURCING_PRESETS, LADDER, "the path of a YAML file"))
    return resolve(scenario)
