"""What a training run is: a typed model, read from YAML and changed with ``key=value`` from the command line."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator

from negoenv.config import parse_value, read_yaml, validated
from negoenv.errors import NegoenvError, shown, unknown_name
from negoenv.games import game_name

from .algorithms import ALGORITHMS

_PACKAGE = Path(__file__).parents[1]
CONFIGS = next(place for place in (_PACKAGE / "configs", _PACKAGE.parent / "configs") if place.is_dir())
"""The configurations that come with negoenv: inside the package in a wheel, beside it in a clone."""

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")


def number(value: Any) -> Any:
    """Turn text that is a number into one: PyYAML follows YAML 1.1, to which 1e-3 is text and 1.0e-3 a number."""
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        parsed = float(value)
        return int(parsed) if parsed.is_integer() else parsed
    return value


Count = Annotated[int, BeforeValidator(number)]


class TrainConfig(BaseModel):
    """One training run.

    Attributes:
        name: what run directories are called, with a number added; made from scenario and algorithm unless given.
        scenario: name of a preset or "Ladder", a mapping of changes to a preset, or the path of a YAML file with one.
        algorithm: one of `agents.learning.algorithms.ALGORITHMS`.
        seed: seeds the network, the exploration and the suppliers; row i of the environments has ``seed + i``.
        total_steps: environment steps, over all rows; on-policy algorithms finish the rollout in which it is reached.
        num_envs: episodes side by side.
        torch_threads: threads of PyTorch; more than one slows these small networks down.
        num_threads: threads that step the environments.
        network: sizes of the hidden layers, of the actor and of the critic alike.
        stack: how many of the last rounds the networks see side by side; 1 for the present one alone.
        lstm: size of the LSTM before the network, for a recurrent algorithm; the others have none.
        activation: of the hidden layers.
        anneal: whether the learning rate falls linearly to 0.
        hyperparameters: arguments of the algorithm's class by name; what is left out has the library's default.
        eval_episodes: held-out episodes each time.
        eval_every: steps between two held-out evaluations; 0 for none but at the start and the end.
        test_episodes: held-out episodes at the end.
        checkpoint_every: steps between two stored policies; 0 for none.
        log_every: least number of steps between two points of the training curves.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field("", pattern=r"^[A-Za-z0-9._-]*$")
    scenario: str | dict[str, Any] = "Procurement"
    algorithm: str = "ppo"
    seed: Count = Field(0, ge=0, lt=2**32)
    total_steps: Count = Field(ge=1)
    num_envs: Count = Field(256, ge=1)
    torch_threads: Count = Field(1, ge=1)
    num_threads: Count = Field(1, ge=1)
    network: tuple[Annotated[Count, Field(ge=1)], ...] = (64, 64)
    stack: Count = Field(1, ge=1, le=200)
    lstm: Count = Field(64, ge=1)
    activation: Literal["tanh", "relu"] = "tanh"
    anneal: bool = False
    hyperparameters: dict[str, Any] = Field(default_factory=dict)
    eval_episodes: Count = Field(512, ge=2)
    eval_every: Count = Field(100_000, ge=0)
    test_episodes: Count = Field(4096, ge=2)
    checkpoint_every: Count = Field(0, ge=0)
    log_every: Count = Field(20_000, ge=1)

    @field_validator("scenario")
    @classmethod
    def _scenario(cls, value: str | dict[str, Any]) -> str | dict[str, Any]:
        """Read the file that is named, so that a stored configuration needs no other file."""
        if isinstance(value, str) and value.endswith((".yaml", ".yml")):
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
        algorithm = ALGORITHMS.get(info.data.get("algorithm", ""))  # nothing to check against if that was wrong
        return algorithm.check({name: number(value) for name, value in values.items()}) if algorithm else values

    @property
    def run_name(self) -> str:
        """What run directories are called."""
        return self.name or f"{game_name(self.scenario)}_{self.algorithm}".lower()


def find_config(name: Path | str) -> Path:
    """Return the YAML file that a user means: its path, or the name of one that comes with negoenv.

    Raises:
        NegoenvError: if a name is neither.
    """
    if isinstance(name, Path) or name.endswith((".yaml", ".yml")):
        return Path(name)
    shipped = {path.stem: path for path in CONFIGS.glob("*.yaml")}
    if name not in shipped:
        raise unknown_name("configuration", name, (*shipped, "the path of a YAML file"))
    return shipped[name]


def load_config(path: Path | str, overrides: Iterable[str] = ()) -> TrainConfig:
    """Read a training run from a YAML file.

    Args:
        path: the file, or the name of one that comes with negoenv, for example "procurement_ppo".
        overrides: ``key=value`` or ``key.key=value``; the value is YAML, so ``network=[64,64]`` is a list.

    Raises:
        NegoenvError: a sentence for each thing that is wrong.
    """
    path = find_config(path)
    data = read_yaml(path)
    for override in overrides:
        _override(data, override)
    return validated(TrainConfig, data, str(path))


def _override(data: dict[str, Any], override: str) -> None:
    """Set one key of ``data`` as ``override`` says."""
    key, equals, text = override.partition("=")
    if not equals or not all(key.split(".")):
        raise NegoenvError(f"{override!r} changes nothing: key=value is expected, for example seed=1.")
    *outer, last = key.split(".")
    inner: Any = data
    for depth, part in enumerate(outer, start=1):
        inner = inner.setdefault(part, {})
        if not isinstance(inner, Mapping):
            raise NegoenvError(f"{override!r}: {'.'.join(outer[:depth])!r} is {inner!r}, it holds no key {last!r}.")
    inner[last] = parse_value(text, shown(override))
