"""What a sweep is: a typed model, read from YAML, that says which trainings it consists of."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from negoenv.config import FrozenModel, read_yaml, validated
from negoenv.errors import NegoenvError, require_distinct, unknown_name
from negoenv.make import game_name

from ..learning.config import CONFIGS, TrainConfig, load_config
from ..learning.naming import named_changes, run_label

_SUFFIXES = (".yaml", ".yml")
_DIGEST_LETTERS = 8
_SIDE_BY_SIDE = {"torch_threads": 1, "num_threads": 1}  # trials share the cores

Seed = Annotated[int, Field(ge=0, lt=2**32)]


class SweepConfig(FrozenModel):
    """One sweep: every configuration with every scenario, every set of changes and every seed."""

    configs: tuple[str, ...] = Field(
        min_length=1,
        description="training configurations, each an algorithm with its hyperparameters: names that come with "
        "negoenv, or YAML files",
    )
    scenarios: tuple[str | dict[str, Any], ...] = Field(
        (), description="games that each is trained on; unless given, the one of each configuration"
    )
    seeds: Annotated[int, Field(ge=1)] | Annotated[tuple[Seed, ...], Field(min_length=1)] = Field(
        5, description="how many, from 0 on; or a list of them"
    )
    settings: dict[str, Any] = Field(
        default_factory=dict, description="changes to all trainings, for example total_steps: 150_000"
    )
    grid: dict[str, Annotated[tuple[Any, ...], Field(min_length=1)]] = Field(
        default_factory=dict, description="keys with lists of values, of which each combination is trained"
    )
    overrides: tuple[dict[str, Any], ...] = Field(
        ({},), min_length=1, description="sets of changes, of which each is trained with each combination of the grid"
    )

    @property
    def seed_list(self) -> tuple[int, ...]:
        """The seeds."""
        return tuple(range(self.seeds)) if isinstance(self.seeds, int) else self.seeds

    def changes(self) -> Iterator[dict[str, Any]]:
        """Yield the sets of changes in which the trainings differ."""
        for combination in product(*self.grid.values()):
            for override in self.overrides:
                yield dict(zip(self.grid, combination, strict=True)) | override


@dataclass(frozen=True)
class Trial:
    """One training of a sweep.

    Attributes:
        source: the configuration that it was made from, as the sweep names it.
        changes: the changes of the grid or the overrides, without those to all.
        config: what is trained.
    """

    source: str
    changes: dict[str, Any]
    config: TrainConfig

    @property
    def scenario(self) -> str:
        """Name of the game."""
        return game_name(self.config.scenario)

    @property
    def key(self) -> str:
        """What tells this training from all others: a digest of all that it depends on."""
        told = self.config.model_dump(mode="json", exclude={"name", *_SIDE_BY_SIDE})
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:_DIGEST_LETTERS]

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"{self.config.run_name}-{self.key}"

    @property
    def group(self) -> str:
        """What trials are called that differ by scenario or seed alone."""
        told = [self.source.rpartition("/")[2].removesuffix(".yaml"), *(f"{k}={v}" for k, v in self.changes.items())]
        return " ".join(told)


def find_named(folder: str, kind: str, name: str) -> Path:
    """Return a YAML file that a user names: its path, or the name of one that comes with negoenv.

    Args:
        folder: of those that come with negoenv, below that of the configurations.
        kind: what is named, for a message.
        name: what the user wrote.

    Raises:
        NegoenvError: if it is neither.
    """
    if name.endswith(_SUFFIXES):
        return Path(name)
    shipped = {path.stem: path for path in sorted((CONFIGS / folder).glob("*.yaml"))}
    if name not in shipped:
        raise unknown_name(kind, name, (*shipped, "the path of a YAML file"))
    return shipped[name]


def load_sweep(name: str) -> tuple[str, list[Trial]]:
    """Read a sweep; return what it is called and its trainings, in order.

    Args:
        name: the path of a YAML file, or the name of a sweep that comes with negoenv.

    Raises:
        NegoenvError: a sentence for each thing that is wrong; if two trainings are the same.
    """
    path = find_named("sweeps", "sweep", name)
    sweep = validated(SweepConfig, read_yaml(path), str(path))
    return path.stem, trials_of(sweep, str(path))


def trials_of(sweep: SweepConfig, where: str = "the sweep") -> list[Trial]:
    """Return the trainings of a sweep, in order: by configuration, scenario, changes and seed.

    Args:
        sweep: the sweep.
        where: what a message begins with.

    Raises:
        NegoenvError: if a configuration refuses its changes, or two trainings are the same.
    """
    require_distinct("configuration", sweep.configs)
    found: dict[str, Trial] = {}
    for source, scenario in product(sweep.configs, sweep.scenarios or (None,)):
        game = {} if scenario is None else {"scenario": scenario}
        for changes in sweep.changes():
            try:
                config = configured(source, {**sweep.settings, **game}, changes)
            except NegoenvError as error:
                raise NegoenvError(*(f"{where}: {sentence}" for sentence in error.args)) from None
            for seed in sweep.seed_list:
                trial = Trial(source, changes, config.model_copy(update={"seed": seed}))
                if trial.key in found:
                    same = f"{found[trial.key].group} and {trial.group}, seed {seed}"
                    raise NegoenvError(f"{where}: a training is there twice: {same}; leave one of them out.")
                found[trial.key] = trial
    return list(found.values())


def configured(source: str, settings: Mapping[str, Any], changes: Mapping[str, Any]) -> TrainConfig:
    """Return a configuration to be trained on one thread.

    Args:
        source: the configuration, as for `agents.learning.config.load_config`.
        settings: changes, as values, that all have in common; its name does not tell them.
        changes: further ones, which it does.

    Raises:
        NegoenvError: a sentence for each thing that is wrong.
    """
    config = load_config(source, _as_overrides({**settings, **changes, **_SIDE_BY_SIDE}))
    base = f"{game_name(config.scenario)}_{config.algorithm}".lower()
    told = named_changes({}, {key.rpartition(".")[2]: value for key, value in changes.items()})
    return config.model_copy(update={"name": run_label(base, [*told.values()])})


def _as_overrides(changes: Mapping[str, Any]) -> Iterable[str]:
    return (f"{key}={json.dumps(value)}" for key, value in changes.items())
