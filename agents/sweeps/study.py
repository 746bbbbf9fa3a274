"""What a search is: a typed model, read from YAML, and the study of Optuna that keeps its trials."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from negoenv.config import FrozenModel, read_yaml, validated
from negoenv.errors import NegoenvError, first_line, unknown_name

from ..extras import needed
from ..learning.config import TrainConfig
from .plan import configured, find_named

SAMPLERS = {
    "tpe": "TPESampler", "random": "RandomSampler", "qmc": "QMCSampler", "gp": "GPSampler", "cmaes": "CmaEsSampler",
    "nsga2": "NSGAIISampler",
}  # fmt: skip
PRUNERS = {
    "median": "MedianPruner", "percentile": "PercentilePruner", "halving": "SuccessiveHalvingPruner",
    "hyperband": "HyperbandPruner", "none": "NopPruner",
}  # fmt: skip
"""By name: classes of Optuna."""

_SEARCH = "search"  # attribute of a study that says what is searched
_BUSY = 60.0  # seconds that a process waits for another one's writing to SQLite


class Dimension(FrozenModel):
    """The values of one key: between two numbers, whole ones if both are, or one of some choices."""

    low: int | float | None = Field(None, description="least value")
    high: int | float | None = Field(None, description="greatest value")
    log: bool = Field(False, description="whether to search by orders of magnitude")
    step: int | float | None = Field(None, gt=0, description="distance of two values")
    choices: tuple[bool | int | float | str | None, ...] | None = Field(None, min_length=1)

    @model_validator(mode="after")
    def _is_one(self) -> "Dimension":
        numbers = self.low is not None and self.high is not None
        if numbers == (self.choices is not None) or (self.low is None) != (self.high is None):
            raise NegoenvError("low and high, or choices are expected")
        if numbers and not self.low < self.high:  # type: ignore[operator]
            raise NegoenvError(f"low is {self.low}; it must be less than high, which is {self.high}")
        if self.log and (self.step is not None or not numbers or not self.low > 0):  # type: ignore[operator]
            raise NegoenvError("log needs a low above 0, and no step")
        return self

    def suggest(self, trial: Any, key: str) -> Any:
        """Return the value that a trial of Optuna takes."""
        if self.choices is not None:
            return trial.suggest_categorical(key, self.choices)
        whole = isinstance(self.low, int) and isinstance(self.high, int)
        if whole:
            return trial.suggest_int(key, self.low, self.high, step=self.step or 1, log=self.log)
        return trial.suggest_float(key, self.low, self.high, step=self.step, log=self.log)


class Chosen(FrozenModel):
    """A class of Optuna by name, with arguments."""

    name: str = Field(description="see there")
    options: dict[str, Any] = Field(default_factory=dict, description="arguments of the class in Optuna")


class SearchConfig(FrozenModel):
    """One search: which values of some keys give the highest return on validation suppliers."""

    config: str = Field(description="training configuration that is searched from: a name or a YAML file")
    space: dict[str, Dimension] = Field(
        min_length=1,
        description="keys with their values: {low: 1.0e-4, high: 1.0e-2, log: true}, {low: 1, high: 8} or "
        "{choices: [tanh, relu]}",
    )
    settings: dict[str, Any] = Field(default_factory=dict, description="changes to all trainings")
    trials: int = Field(50, ge=1, description="how many trainings, those that are pruned included")
    sampler: Chosen = Field(
        Chosen(name="tpe"), description=f"what proposes values, {{name: NAME, options: {{...}}}}: {', '.join(SAMPLERS)}"
    )
    pruner: Chosen = Field(
        Chosen(name="median"),
        description=f"what ends trainings early that do worse than others did, by their return on validation "
        f"suppliers every eval_every steps: {', '.join(PRUNERS)}",
    )
    seed: int = Field(0, ge=0, lt=2**32, description="of the sampler; trainings have the configured one")

    @field_validator("sampler", "pruner", mode="before")
    @classmethod
    def _by_name(cls, value: Any) -> Any:
        return {"name": value} if isinstance(value, str) else value

    @field_validator("sampler", "pruner")
    @classmethod
    def _known(cls, value: Chosen, info: ValidationInfo) -> Chosen:
        known = SAMPLERS if info.field_name == "sampler" else PRUNERS
        if value.name not in known:
            raise unknown_name(str(info.field_name), value.name, known)
        return value

    def trained(self, values: Mapping[str, Any]) -> TrainConfig:
        """Return the training with some values.

        Raises:
            NegoenvError: if the configuration refuses them.
        """
        return configured(self.config, self.settings, values)


def load_search(name: str) -> tuple[str, SearchConfig]:
    """Read a search; return what it is called, and itself.

    Args:
        name: the path of a YAML file, or the name of a search that comes with negoenv.

    Raises:
        NegoenvError: a sentence for each thing that is wrong.
    """
    path = find_named("searches", "search", name)
    search = validated(SearchConfig, read_yaml(path), str(path))
    edge = {k: d.choices[0] if d.choices is not None else d.low for k, d in search.space.items()}
    try:
        search.trained(edge)  # unknown keys are told before anything is trained
    except NegoenvError as error:
        raise NegoenvError(*(f"{path}: {sentence}" for sentence in error.args)) from None
    return path.stem, search


def make_sampler(search: SearchConfig) -> Any:
    """Return the sampler of a search."""
    seeded = {} if search.sampler.name == "none" else {"seed": search.seed}
    return _made("samplers", SAMPLERS[search.sampler.name], seeded | search.sampler.options, "sampler")


def make_pruner(search: SearchConfig) -> Any:
    """Return the pruner of a search."""
    return _made("pruners", PRUNERS[search.pruner.name], search.pruner.options, "pruner")


def _made(module: str, name: str, options: Mapping[str, Any], key: str) -> Any:
    try:
        return getattr(needed(f"optuna.{module}", "sweep", "A search"), name)(**options)
    except ModuleNotFoundError as error:
        raise NegoenvError(f"key '{key}': {name} of Optuna needs {error.name}, which is not installed.") from None
    except (TypeError, ValueError) as error:
        raise NegoenvError(f"key '{key}': {name} of Optuna refuses its options: {str(error).rstrip('.')}.") from None


def storage_of(directory: Path) -> str:
    """Return where the study of a directory is kept by default: in SQLite."""
    return f"sqlite:///{directory.resolve() / 'study.db'}"


def open_study(search: SearchConfig, name: str, storage: str, mode: Literal["new", "there"]) -> Any:
    """Return the study of a search.

    Args:
        search: the search.
        name: what it is called.
        storage: an address that Optuna knows, for example of `storage_of`.
        mode: "new" makes it if need be; "there" takes one that is there.

    Raises:
        NegoenvError: if the storage cannot be used, or holds another search of that name.
    """
    optuna = needed("optuna", "sweep", "A search")
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    options = {"connect_args": {"timeout": _BUSY}} if storage.startswith("sqlite") else {}
    try:
        kept = optuna.storages.RDBStorage(storage, engine_kwargs=options)
    except Exception as error:  # of SQLAlchemy, or of the driver of a database
        problem = first_line(getattr(error, "orig", None) or error)  # what the driver says
        raise NegoenvError(f"The study cannot be kept in {storage}: {problem}.") from None
    common = {"study_name": name, "storage": kept, "sampler": make_sampler(search), "pruner": make_pruner(search)}
    if mode == "there":
        return optuna.load_study(**common)
    study = optuna.create_study(**common, direction="maximize", load_if_exists=True)
    told = search.model_dump_json(exclude={"trials", "sampler", "pruner", "seed"})
    if study.user_attrs.setdefault(_SEARCH, told) != told:
        before, now = (json.loads(text) for text in (study.user_attrs[_SEARCH], told))
        other = ", ".join(key for key in now if before.get(key) != now[key])
        raise NegoenvError(f"{storage} holds another search {name}, which differs in {other}; name a new directory.")
    study.set_user_attr(_SEARCH, told)
    return study
