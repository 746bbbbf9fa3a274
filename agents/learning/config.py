"""What a training run is: a typed model, read from YAML and changed with ``key=value`` from the command line."""

import json
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple

from pydantic import Field, ValidationInfo, field_validator
from pydantic.fields import FieldInfo

from negoenv.config import FrozenModel, parse_value, read_yaml, validated
from negoenv.errors import NegoenvError, shown, unknown_name
from negoenv.make import game_name
from negoenv.names import checked_name

from ..invocation import command_line
from .algorithms import ALGORITHMS, HYPERPARAMETERS
from .naming import named_changes, run_label

_PACKAGE = Path(__file__).parents[1]
CONFIGS = next(place for place in (_PACKAGE / "configs", _PACKAGE.parent / "configs") if place.is_dir())
"""The configurations that come with negoenv: inside the package in a wheel, beside it in a clone."""

WITHOUT_EFFECT = (
    "torch_threads", "num_threads", "eval_episodes", "eval_every", "test_episodes", "checkpoint_every",
    "checkpoints_kept", "log_every", "tracker",
)  # fmt: skip
"""Keys that do not change what is learned, but for the rounding of several threads."""

REQUIRED = "required"
"""What is shown for the default of a key that has none."""

_TOLD = ("scenario", "algorithm", "seed")  # keys that are in the name of every run

_SUFFIXES = (".yaml", ".yml")


class TrainConfig(FrozenModel):
    """One training run; `described_keys` says what each key means."""

    name: str = Field(
        "",
        description="what run directories are called, before seed and number; unless given, scenario, algorithm and "
        "those keys changed on the command line that change what is learned",
    )
    scenario: str | dict[str, Any] = Field(
        "Procurement",
        description="name of a preset or Ladder, a mapping of changes to a preset, or a YAML file with one",
    )
    algorithm: str = Field("ppo", description=f"one of {', '.join(ALGORITHMS)}")
    seed: int = Field(
        0,
        ge=0,
        lt=2**32,
        description="seeds network, exploration and suppliers; row i of the environments has seed + i",
    )
    total_steps: int = Field(
        ge=1,
        description="environment steps, over all rows; on-policy algorithms finish the rollout in which it is reached",
    )
    num_envs: int = Field(256, ge=1, description="episodes side by side, the rows")
    torch_threads: int = Field(1, ge=1, description="threads of PyTorch; more than one slows these small networks down")
    num_threads: int = Field(1, ge=1, description="threads that step the environments")
    network: tuple[Annotated[int, Field(ge=1)], ...] = Field(
        (64, 64), description="sizes of the hidden layers, of the actor and of the critic alike"
    )
    stack: int = Field(
        1, ge=1, le=200, description="rounds that the networks see side by side; 1 for the present one alone"
    )
    trace: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="decay of the moving average of the episode's observations that the networks see beside the "
        "present one, instead of a stack; 0 for none",
    )
    lstm: int = Field(64, ge=1, description="size of the LSTM before the network; of recurrent_ppo only")
    activation: Literal["tanh", "relu"] = Field("tanh", description="of the hidden layers: tanh or relu")
    anneal: bool = Field(False, description="whether the learning rate falls linearly to 0")
    hyperparameters: dict[str, Any] = Field(
        default_factory=dict,
        description="arguments of the algorithm's class; what is left out has the library's default",
    )
    opponents: tuple[str, ...] = Field(
        (), description="run directories of negoenv selfplay, whose suppliers play in some of the rows; none for none"
    )
    opponent_share: float = Field(0.5, ge=0, le=1, description="the part of the rows that they play in")
    eval_episodes: int = Field(512, ge=2, description="validation suppliers that the policy meets each time")
    eval_every: int = Field(
        100_000, ge=0, description="steps between two evaluations on them; 0 for none but at the start and the end"
    )
    test_episodes: int = Field(4096, ge=2, description="test suppliers that the final policy meets")
    checkpoint_every: int = Field(100_000, ge=0, description="steps between two checkpoints; 0 for none")
    checkpoints_kept: int = Field(
        3, ge=1, description="checkpoints that are kept, the newest; the best policy on validation is kept besides"
    )
    log_every: int = Field(20_000, ge=1, description="least number of steps between two points of the training curves")

    tracker: Literal["wandb", "mlflow"] | None = Field(
        None, description="wandb or mlflow, which get the curves, too: offline, in a folder; extra trackers"
    )

    @field_validator("name")
    @classmethod
    def _name(cls, name: str) -> str:
        return checked_name("run name", name) if name else name

    @field_validator("scenario")
    @classmethod
    def _scenario(cls, value: str | dict[str, Any]) -> str | dict[str, Any]:
        """Read the file that is named, so that a stored configuration needs no other file."""
        if isinstance(value, str) and value.endswith(_SUFFIXES):
            value = read_yaml(value)
        game_name(value)  # refuses what is no game
        return value

    @field_validator("algorithm")
    @classmethod
    def _algorithm(cls, name: str) -> str:
        if name not in ALGORITHMS:
            raise unknown_name("algorithm", name, ALGORITHMS)
        return name

    @field_validator("hyperparameters")
    @classmethod
    def _hyperparameters(cls, values: dict[str, Any], info: ValidationInfo) -> dict[str, Any]:
        name = info.data.get("algorithm", "")
        if name not in ALGORITHMS:  # which is told already
            return values
        algorithm = ALGORITHMS[name]
        foreign = [key for key in values if key not in algorithm.parameters() and _belongs_elsewhere(key)]
        if foreign:
            raise NegoenvError(
                f"{algorithm.class_name} does not take {', '.join(foreign)}, which belong to another algorithm"
                f"{_configuration_for(name)}"
            )
        return algorithm.check(values)

    @field_validator("trace")
    @classmethod
    def _trace(cls, decay: float, info: ValidationInfo) -> float:
        if decay and info.data.get("stack", 1) > 1:
            raise NegoenvError(f"the networks see a trace or stacked rounds, not both; stack is {info.data['stack']}")
        return decay

    @property
    def label(self) -> str:
        """What runs are called that differ by their seed alone."""
        return run_label(self.base_name)

    @property
    def base_name(self) -> str:
        """What a run is called of which nothing was changed."""
        return self.name or f"{game_name(self.scenario)}_{self.algorithm}".lower()

    @property
    def run_name(self) -> str:
        """What run directories are called, before a number."""
        return f"{self.label}_seed={self.seed}"

    @property
    def settings(self) -> dict[str, Any]:
        """What decides how it learns, whatever the game and the seed, as plain data."""
        return self.model_dump(mode="json", exclude={*WITHOUT_EFFECT, "name", "seed", "scenario"})


class Key(NamedTuple):
    """One key of a configuration, in words."""

    name: str  # as it is written in a file and on the command line, for example ``"hyperparameters.gamma"``
    default: str  # its default as YAML; `REQUIRED` if it has none
    meaning: str  # what it is


def described_keys(hyperparameters: bool = True) -> list[Key]:
    """Return every key of a configuration.

    Args:
        hyperparameters: whether those of the algorithms are wanted, too; their defaults are those of the library, which
            takes seconds to import.
    """
    keys = keys_of_model(TrainConfig)
    return [*keys, *map(_described, HYPERPARAMETERS)] if hyperparameters else keys


def keys_of_model(model: type[FrozenModel]) -> list[Key]:
    """Return the keys of what is read from a YAML file."""
    return [Key(name, _default(field), field.description or "") for name, field in model.model_fields.items()]


def with_defaults(keys: Iterable[Key]) -> list[tuple[str, str]]:
    """Return keys as a help shows them, each with its default if it has one, and what they mean."""
    return [(k.name if k.default == REQUIRED else f"{k.name}={k.default}", k.meaning) for k in keys]


def _default(field: FieldInfo) -> str:
    return REQUIRED if field.is_required() else _as_yaml(field.get_default(call_default_factory=True))


def _described(name: str) -> Key:
    """Return a hyperparameter as a key, with the default of each algorithm that has it."""
    found = {key: algorithm.parameters().get(name) for key, algorithm in ALGORITHMS.items()}
    by_default: dict[str, list[str]] = {}
    for algorithm, parameter in found.items():
        if parameter is not None:
            by_default.setdefault(_as_yaml(parameter.default), []).append(algorithm)
    default = "; ".join(f"{value} ({', '.join(takers)})" for value, takers in by_default.items())
    return Key(f"hyperparameters.{name}", default, HYPERPARAMETERS[name].described)


def _as_yaml(value: Any) -> str:
    if isinstance(value, str) and value:
        return value
    return json.dumps(value, default=lambda model: model.model_dump(exclude_defaults=True))


def _belongs_elsewhere(key: str) -> bool:
    """Return whether a hyperparameter is one of some other algorithm."""
    return any(key in algorithm.parameters() for algorithm in ALGORITHMS.values())


def _configuration_for(algorithm: str) -> str:
    """Return in words which configuration that comes with negoenv is for an algorithm; nothing if none is."""
    names = sorted(name for name, path in shipped_configs().items() if read_yaml(path).get("algorithm") == algorithm)
    return f": take {' or '.join(command_line('train', name) for name in names)}" if names else ""


def shipped_configs() -> dict[str, Path]:
    """Return the configurations that come with negoenv, by name."""
    return {path.stem: path for path in sorted(CONFIGS.glob("*.yaml"))}


def find_config(name: Path | str) -> Path:
    """Return the YAML file that a user means: its path, or the name of one that comes with negoenv.

    Raises:
        NegoenvError: if a name is neither, or it is a directory.
    """
    if str(name) and Path(name).is_dir():
        inside = sorted(path for path in Path(name).iterdir() if path.suffix in _SUFFIXES)
        example = f", for example {inside[0]}" if inside else ""
        raise NegoenvError(f"{name} is a directory; name a YAML file{example}.")
    if isinstance(name, Path) or name.endswith(_SUFFIXES):
        return Path(name)
    known = shipped_configs()
    if name not in known:
        raise unknown_name("configuration", name, (*known, "the path of a YAML file"))
    return known[name]


def load_config(path: Path | str, overrides: Iterable[str] = ()) -> TrainConfig:
    """Read a training run from a YAML file; what is changed shows in its name.

    Args:
        path: the file, or the name of one that comes with negoenv, for example "procurement_ppo".
        overrides: ``key=value`` or ``key.key=value``; the value is YAML, so ``network=[64,64]`` is a list.

    Raises:
        NegoenvError: a sentence for each thing that is wrong.
    """
    path = find_config(path)
    data = read_yaml(path)
    changed = deepcopy(data)
    for override in overrides:
        _override(changed, override)
    config = validated(TrainConfig, changed, str(path))
    different = named_changes(data, changed, leave_out=(*WITHOUT_EFFECT, *_TOLD))
    if "name" in different or not different:
        return config
    return config.model_copy(update={"name": run_label(config.base_name, [*different.values()])})


def _override(data: dict[str, Any], override: str) -> None:
    """Set one key of ``data`` as ``override`` says."""
    key, equals, text = override.partition("=")
    if not equals or not all(key.split(".")):
        raise NegoenvError(f"{shown(override)} changes nothing: key=value is expected, for example seed=1.")
    *outer, last = key.split(".")
    inner: Any = data
    for depth, part in enumerate(outer, start=1):
        inner = inner.setdefault(part, {})
        if not isinstance(inner, Mapping):
            raise NegoenvError(
                f"{shown(override)}: {'.'.join(outer[:depth])!r} is {shown(inner)}, it holds no key {last!r}."
            )
    inner[last] = parse_value(text, shown(override))
