"""A finished game on disk, as plain JSON, and its replay. Nothing that is read is executed."""

from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from negoenv.config import read_json, validated
from negoenv.errors import NegoenvError, unknown_name
from negoenv.game.tactics import Move
from negoenv.scenarios.scenario import Scenario, Split

from ..reporting.files import write_json
from .negotiation import Negotiation, Setting

_TOLERANCE = 1e-6  # of prices and rewards; far above what two machines' arithmetic differs by
_MAX_MOVES = 10_000

Numbers = Annotated[tuple[float, ...], Field(max_length=_MAX_MOVES)]


class Record(BaseModel):
    """All that is needed to play a game again, and to see that it goes the same way.

    Attributes:
        format: version of the format.
        negoenv: version of the package that played it.
        scenario: the game, in full.
        split: "train" or "test".
        seed: of the supplier.
        player: who played: "you", or the name of a policy.
        moves: names of the moves.
        asks: the ask after each move, fraction of the first ask.
        offers: the buyer's offer after each move, fraction of the first ask; 0 before there is one.
        rewards: what each move gave.
        outcome: how it ended.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal[1] = 1  # raised when the same file would mean another game
    negoenv: str
    scenario: Scenario
    split: Split
    seed: int = Field(ge=0, lt=2**64)
    player: str
    moves: tuple[str, ...] = Field(min_length=1, max_length=_MAX_MOVES)
    asks: Numbers
    offers: Numbers
    rewards: Numbers
    outcome: str

    @field_validator("moves")
    @classmethod
    def _moves(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        for name in names:
            if name not in Move.__members__:
                raise unknown_name("move", name, Move.__members__)
        return names

    @model_validator(mode="after")
    def _as_long(self) -> "Record":
        for name in ("asks", "offers", "rewards"):
            if len(getattr(self, name)) != len(self.moves):
                raise NegoenvError(f"there are {len(getattr(self, name))} {name} for {len(self.moves)} moves")
        return self

    @classmethod
    def of(cls, negotiation: Negotiation, player: str) -> "Record":
        """Return the record of finished talks."""
        steps = negotiation.steps
        return cls(
            negoenv=version("negoenv"),
            scenario=negotiation.setting.scenario,
            split=negotiation.setting.split,
            seed=negotiation.setting.seed,
            player=player,
            moves=tuple(move.name for move in negotiation.moves),
            asks=tuple(event.ask for event in steps),
            offers=tuple(event.offer for event in steps),
            rewards=tuple(negotiation.rewards),
            outcome=negotiation.outcome.name.lower(),
        )

    @classmethod
    def read(cls, path: Path) -> "Record":
        """Read a record.

        Raises:
            NegoenvError: if there is no such file, or it is no record.
        """
        return validated(cls, read_json(path), str(path))

    def write(self, path: Path, force: bool = False) -> None:
        """Write the record as JSON.

        Raises:
            NegoenvError: if the file exists and ``force`` is not given.
        """
        write_json(path, self.model_dump(mode="json"), force)

    @property
    def setting(self) -> Setting:
        """Who was met, and in which game."""
        return Setting(self.scenario, self.split, self.seed)

    @property
    def script(self) -> tuple[Move, ...]:
        """The moves."""
        return tuple(Move[name] for name in self.moves)

    def check(self, where: str) -> None:
        """Play the moves again and compare.

        Args:
            where: what a message begins with, for example the file's name.

        Raises:
            NegoenvError: if the talks go another way now, with the round in which they first do.
        """
        negotiation = Negotiation(self.setting)
        for number, move in enumerate(self.script):
            if negotiation.over:
                raise self._differs(where, number, "moves", "another move", "the end of the talks")
            negotiation.play(move)
            event = negotiation.steps[-1]
            now = {"asks": event.ask, "offers": event.offer, "rewards": negotiation.rewards[-1]}
            for name, value in now.items():
                then = getattr(self, name)[number]
                if not abs(then - value) <= _TOLERANCE:
                    raise self._differs(where, number + 1, name, f"{then:.6f}", f"{value:.6f}")
        if (outcome := negotiation.outcome.name.lower()) != self.outcome:
            raise self._differs(where, len(self.moves), "outcome", self.outcome, outcome)

    def _differs(self, where: str, number: int, name: str, then: str, now: str) -> NegoenvError:
        return NegoenvError(
            f"{where} does not go the same way now: after round {number}, {name} was {then} and is {now}. It was "
            f"played with negoenv {self.negoenv}; this is {version('negoenv')}, or the file was changed."
        )
