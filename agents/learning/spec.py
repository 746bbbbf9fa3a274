"""What a stored policy says of itself, as plain data: the game and the training it comes from, its network's shape."""

import json
from collections.abc import Sequence
from enum import IntEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any, Literal

from pydantic import Field, field_validator

from negoenv.benchmark.fingerprint import fingerprint
from negoenv.config import FrozenModel
from negoenv.engine.batch import Batch
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError
from negoenv.ladder.batch import LadderBatch
from negoenv.ladder.rules import LadderMove
from negoenv.make import LADDER, make_batch, scenario_of
from negoenv.names import Name
from negoenv.scenarios.differences import differences
from negoenv.scenarios.scenario import Scenario
from negoenv.sourcing import SourcingBatch
from negoenv.sourcing.moves import LAYOUT
from negoenv.sourcing.observation import SOURCING_NAMES

SUBSTITUTE = "HOLD"
"""What every game makes of a move that is not legal."""

FORMAT: Literal[2] = 2  # raised when the same files would mean another policy

_HELD_OUT = ("validation", "test")  # keys of a scenario that no training sees
_MAX_SAID = 4  # differences that are named one by one


class Game(FrozenModel):
    """The game that a policy was trained on.

    Attributes:
        scenario: name of the scenario.
        columns: names of the observation's columns; none where an observation is one integer.
        states: how many integers there are to be observed; 0 where an observation has columns.
        moves: names of the moves.
        settings: the whole scenario; nothing for the ladder, which has no settings.
        fingerprint: of the game with its training suppliers, see `negoenv.benchmark.fingerprint`.
    """

    scenario: Name
    columns: tuple[str, ...]
    states: int = Field(ge=0)
    moves: tuple[str, ...]
    settings: dict[str, Any]  # not a Scenario, so that a policy of another version can be read, and said to be one
    fingerprint: str

    @classmethod
    def of(cls, batch: Batch) -> "Game":
        """Return the description of a batch, whatever its split."""
        if isinstance(batch, NegotiationBatch):
            return cls._with_columns(batch.scenario, batch.columns, batch.move_table)
        if isinstance(batch, SourcingBatch):
            columns = tuple(f"s{number}_{name}" for number in range(1, LAYOUT + 1) for name in SOURCING_NAMES)
            return cls._with_columns(batch.scenario, columns, batch.move_table)
        states = int(getattr(batch.observation_space, "n", 0))
        moves = tuple(move.name for move in LadderMove)
        return cls(
            scenario=LADDER, columns=(), states=states, moves=moves, settings={},
            fingerprint=fingerprint(LadderBatch(1, split="train")),
        )  # fmt: skip

    @classmethod
    def _with_columns(cls, scenario: Scenario, columns: tuple[str, ...], moves: Sequence[IntEnum]) -> "Game":
        return cls(
            scenario=scenario.name,
            columns=columns,
            states=0,
            moves=tuple(move.name for move in moves),
            settings=scenario.model_dump(mode="json"),
            fingerprint=_fingerprint(scenario.model_dump_json()),
        )

    @field_validator("moves")
    @classmethod
    def _moves(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if SUBSTITUTE not in names:
            raise NegoenvError(f"the move {SUBSTITUTE} is missing")
        return names

    @property
    def inputs(self) -> int:
        """Numbers that enter the network; an integer observation enters one-hot, as in Stable-Baselines3."""
        return self.states or len(self.columns)

    @property
    def preset(self) -> str:
        """Name of the scenario, or of the one that it was changed from."""
        return self.settings.get("base") or self.scenario

    def differences(self, other: "Game") -> tuple[str, ...]:
        """Return how this game differs from another in what a training sees, in words such as "deadline 12, here 20".

        The suppliers that are held out of training do not count.
        """
        if self.fingerprint == other.fingerprint:
            return ()
        if self.preset != other.preset:
            return (f"scenario {self.scenario}, here {other.scenario}",)
        try:
            mine, theirs = (scenario_of(game.settings) for game in (self, other))
        except NegoenvError:  # of another version, with other keys
            return (_OTHER_RULES,)
        found = [f"{d.key} {d.one}, here {d.other}" for d in differences(mine, theirs) if d.key not in _HELD_OUT]
        more = [f"and {len(found) - _MAX_SAID} more"] if len(found) > _MAX_SAID else []
        return (*found[:_MAX_SAID], *more) or (_OTHER_RULES,)

    def require(self, other: "Game", policy: str, any_scenario: bool = False) -> None:
        """Refuse a policy trained on this game for another that it cannot play, or was not made for.

        A changed game of the same preset is played; `differences` are what is to be said then.

        Raises:
            NegoenvError: if observation or moves differ; or the preset does, unless ``any_scenario``.
        """
        for what, mine, theirs in (
            ("observes other columns", (self.columns, self.states), (other.columns, other.states)),
            ("plays other moves", self.moves, other.moves),
        ):
            if mine != theirs:
                raise NegoenvError(
                    f"The policy {policy!r} {what} than {other.scenario} has; it was trained on {self.scenario}."
                )
        if self.preset != other.preset and self.fingerprint != other.fingerprint and not any_scenario:
            raise NegoenvError(
                f"The policy {policy!r} was trained on {self.scenario}, not on {other.scenario}; "
                "give --any-scenario to play it there all the same."
            )


_OTHER_RULES = "rules of another version of negoenv"


@lru_cache
def _fingerprint(scenario: str) -> str:
    """Return the fingerprint of a scenario, given as JSON, with its training suppliers."""
    return fingerprint(make_batch(1, scenario_of(json.loads(scenario)), "train"))


class Training(FrozenModel):
    """How a policy was trained.

    Attributes:
        label: what runs are called that differ by their seed alone.
        seed: of the training.
        total_steps: environment steps that it was to make; 0 if that is not known.
        settings: everything else that makes a difference, of `agents.learning.config.TrainConfig`; nothing if that is
            not known.
        kept: which policy of the run it is: the last, the best on validation suppliers, or one on the way.
    """

    label: Name = "policy"
    seed: int = Field(0, ge=0)
    total_steps: int = Field(0, ge=0)
    settings: dict[str, Any] = Field(default_factory=dict)
    kept: Literal["last", "best", "checkpoint"] = "last"


class Bundle(FrozenModel):
    """What a policy that is handed on says besides.

    Attributes:
        name: what it is called.
        weights_sha256: hash of the file with its weights, in hexadecimal digits.
        normalisation: of observations before they enter the network; those of a negotiation are scaled by the game.
        versions: what it was trained with, by package; more is in ``versions.json`` of its run.
        scores: what it achieved, a mapping for each evaluation with its scenario, split, number of episodes and seed.
    """

    name: Name
    weights_sha256: str = Field(pattern="^[0-9a-f]{64}$")
    normalisation: Literal["none"] = "none"
    versions: dict[str, str]
    scores: tuple[dict[str, Any], ...]


class PolicySpec(FrozenModel):
    """The JSON file beside the weights."""

    format: Literal[2] = FORMAT  # version of the format
    algorithm: str  # what trained it
    game: Game  # what it was trained on
    training: Training = Training()  # how
    network: tuple[int, ...]  # sizes of the hidden layers
    activation: Literal["tanh", "relu"]  # of the hidden layers
    masked: bool  # whether it was trained on legal moves only
    stack: int = Field(1, ge=1)  # how many of the last rounds it sees side by side; 1 for the present one alone
    trace: float = Field(0.0, ge=0, lt=1)  # decay of the observations' moving average that it sees; 0 if it sees none
    lstm: int = Field(0, ge=0)  # size of the LSTM between observation and network; 0 if it has none
    bundle: Bundle | None = None  # what it says besides where it is handed on

    @property
    def inputs(self) -> int:
        """Numbers that enter the LSTM, or the network if it has none, with those that are remembered."""
        return self.game.inputs * self.stack * (2 if self.trace else 1)

    @property
    def lstm_shapes(self) -> dict[str, tuple[int, ...]]:
        """The tensors of the LSTM in the weights file, by name; none if it has none."""
        if not self.lstm:
            return {}
        gates = 4 * self.lstm  # input, forget, cell and output gate
        return {
            "lstm.input_weight": (gates, self.inputs),
            "lstm.recurrent_weight": (gates, self.lstm),
            "lstm.input_bias": (gates,),
            "lstm.recurrent_bias": (gates,),
        }

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The tensors of the weights file, by name."""
        sizes = (self.lstm or self.inputs, *self.network, len(self.game.moves))
        shapes = self.lstm_shapes
        for layer, (inputs, outputs) in enumerate(pairwise(sizes)):
            shapes |= {f"{layer}.weight": (outputs, inputs), f"{layer}.bias": (outputs,)}
        return shapes
