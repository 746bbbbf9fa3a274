"""What a stored policy says of itself: the game it was trained on and the shape of its network, as plain data."""

from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from negoenv.batch import Batch
from negoenv.errors import NegoenvError
from negoenv.games import LADDER
from negoenv.ladder.rules import LadderMove
from negoenv.negotiation import NegotiationBatch
from negoenv.observation import NAMES
from negoenv.tactics import Move

SUBSTITUTE = "HOLD"
"""What every game makes of a move that is not legal."""


class Game(BaseModel):
    """What a policy must agree on with a game.

    Attributes:
        scenario: name of the scenario.
        columns: names of the observation's columns; none where an observation is one integer.
        states: how many integers there are to be observed; 0 where an observation has columns.
        moves: names of the moves.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    scenario: str
    columns: tuple[str, ...]
    states: int = Field(ge=0)
    moves: tuple[str, ...]

    @classmethod
    def of(cls, batch: Batch) -> "Game":
        """Return the description of a batch."""
        if isinstance(batch, NegotiationBatch):
            return cls(scenario=batch.scenario.name, columns=NAMES, states=0, moves=tuple(move.name for move in Move))
        states = int(getattr(batch.observation_space, "n", 0))
        return cls(scenario=LADDER, columns=(), states=states, moves=tuple(move.name for move in LadderMove))

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

    def require(self, other: "Game", policy: str, any_scenario: bool = False) -> None:
        """Refuse a policy trained on this game for another.

        Raises:
            NegoenvError: if observation or moves differ; or the scenario does, unless ``any_scenario``.
        """
        for what, mine, theirs in (
            ("observes other columns", (self.columns, self.states), (other.columns, other.states)),
            ("plays other moves", self.moves, other.moves),
        ):
            if mine != theirs:
                raise NegoenvError(
                    f"The policy {policy!r} {what} than {other.scenario} has; it was trained on {self.scenario}."
                )
        if self.scenario != other.scenario and not any_scenario:
            raise NegoenvError(
                f"The policy {policy!r} was trained on {self.scenario}, not on {other.scenario}; "
                "give --any-scenario to play it there all the same."
            )


class PolicySpec(BaseModel):
    """The JSON file beside the weights.

    Attributes:
        format: version of the format.
        algorithm: what trained it.
        game: what it was trained on.
        network: sizes of the hidden layers.
        activation: of the hidden layers.
        masked: whether it was trained on legal moves only.
        stack: how many of the last rounds it sees side by side; 1 for the present one alone.
        lstm: size of the LSTM between observation and network; 0 if it has none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal[1] = 1  # raised when the same files would mean another policy
    algorithm: str
    game: Game
    network: tuple[int, ...]
    activation: Literal["tanh", "relu"]
    masked: bool
    stack: int = Field(1, ge=1)
    lstm: int = Field(0, ge=0)

    @property
    def lstm_shapes(self) -> dict[str, tuple[int, ...]]:
        """The tensors of the LSTM in the weights file, by name; none if it has none."""
        if not self.lstm:
            return {}
        gates = 4 * self.lstm  # input, forget, cell and output gate
        return {
            "lstm.input_weight": (gates, self.game.inputs * self.stack),
            "lstm.recurrent_weight": (gates, self.lstm),
            "lstm.input_bias": (gates,),
            "lstm.recurrent_bias": (gates,),
        }

    @property
    def shapes(self) -> dict[str, tuple[int, ...]]:
        """The tensors of the weights file, by name."""
        sizes = (self.lstm or self.game.inputs * self.stack, *self.network, len(self.game.moves))
        shapes = self.lstm_shapes
        for layer, (inputs, outputs) in enumerate(pairwise(sizes)):
            shapes |= {f"{layer}.weight": (outputs, inputs), f"{layer}.bias": (outputs,)}
        return shapes
