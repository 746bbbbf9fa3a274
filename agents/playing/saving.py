"""A finished game on disk: JSON that can be replayed, words, or a picture. Nothing that is read is executed."""

import io
from collections.abc import Callable, Mapping
from enum import IntEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, field_validator, model_validator

from negoenv.config import read_json, validated
from negoenv.errors import NegoenvError, unknown_name
from negoenv.game.term_moves import moves_by_name
from negoenv.make import scenario_of
from negoenv.scenarios.scenario import Scenario, Split
from negoenv.sourcing import SourcingAction, SourcingScenario

from ..reporting.files import require_writable, write_bytes, write_json, write_text
from ..terminal import PlainConsole
from .market import new_negotiation
from .negotiation import PlayedNegotiation, Setting
from .panels import LIGHT_PALETTE
from .printed import print_talks, print_verdict
from .session import Session

_TOLERANCE = 1e-6  # of prices and rewards; far above what two machines' arithmetic differs by
_MAX_MOVES = 10_000

Numbers = Annotated[tuple[float, ...], Field(max_length=_MAX_MOVES)]


class GameRecord(BaseModel):
    """All that is needed to play a game again, and to see that it goes the same way.

    Attributes:
        format: version of the format.
        negoenv: version of the package that played it.
        scenario: the game, in full.
        split: "train" or "test".
        seed: of the supplier.
        player: who played: "you", or the name of a policy.
        moves: names of the moves.
        asks: the ask after each move, of several the lowest, fraction of the first ask.
        offers: the buyer's offer after each move, of several the highest; 0 before there is one.
        rewards: what each move gave.
        outcome: how it ended.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    format: Literal[1] = 1  # raised when the same file would mean another game
    negoenv: str
    scenario: SerializeAsAny[Scenario]
    split: Split
    seed: int = Field(ge=0, lt=2**64)
    player: str
    moves: tuple[str, ...] = Field(min_length=1, max_length=_MAX_MOVES)
    asks: Numbers
    offers: Numbers
    rewards: Numbers
    outcome: str

    @field_validator("scenario", mode="before")
    @classmethod
    def _of_its_kind(cls, value: Any) -> Any:
        return scenario_of(value) if isinstance(value, Mapping) else value

    @model_validator(mode="after")
    def _known_moves(self) -> "GameRecord":
        known = self._known()
        for name in self.moves:
            if name not in known:
                raise unknown_name("move", name, known)
        return self

    def _known(self) -> Mapping[str, IntEnum]:
        """Return every move of the game by its name."""
        several: Mapping[str, IntEnum] = SourcingAction.__members__
        return several if isinstance(self.scenario, SourcingScenario) else moves_by_name()

    @model_validator(mode="after")
    def _as_long(self) -> "GameRecord":
        for name in ("asks", "offers", "rewards"):
            if len(getattr(self, name)) != len(self.moves):
                raise NegoenvError(f"there are {len(getattr(self, name))} {name} for {len(self.moves)} moves")
        return self

    @classmethod
    def of(cls, negotiation: PlayedNegotiation, player: str) -> "GameRecord":
        """Return the record of finished talks."""
        return cls(
            negoenv=version("negoenv"),
            scenario=negotiation.setting.scenario,
            split=negotiation.setting.split,
            seed=negotiation.setting.seed,
            player=player,
            moves=tuple(move.name for move in negotiation.moves),
            asks=tuple(ask for ask, _ in negotiation.prices),
            offers=tuple(offer for _, offer in negotiation.prices),
            rewards=tuple(negotiation.rewards),
            outcome=negotiation.outcome.name.lower(),
        )

    @classmethod
    def read(cls, path: Path) -> "GameRecord":
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
    def script(self) -> tuple[IntEnum, ...]:
        """The moves."""
        known = self._known()
        return tuple(known[name] for name in self.moves)

    def check(self, where: str) -> None:
        """Play the moves again and compare.

        Args:
            where: what a message begins with, for example the file's name.

        Raises:
            NegoenvError: if the talks go another way now, with the round in which they first do.
        """
        negotiation = new_negotiation(self.setting)
        for number, move in enumerate(self.script):
            if negotiation.over:
                raise self._differs(where, number, "moves", "another move", "the end of the talks")
            negotiation.play(move)
            ask, offer = negotiation.prices[-1]
            now = {"asks": ask, "offers": offer, "rewards": negotiation.rewards[-1]}
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


_WIDTH = 100  # characters a line of a transcript


def _record(session: Session, path: Path) -> None:
    GameRecord.of(session.negotiation, session.player).write(path, force=True)


def _words(session: Session, path: Path) -> None:
    text = io.StringIO()
    console = PlainConsole(file=text, width=_WIDTH, color_system=None)
    print_talks(console, session, LIGHT_PALETTE)
    print_verdict(console, session, (), LIGHT_PALETTE)
    write_text(path, text.getvalue())


def _picture(session: Session, path: Path) -> None:
    from PIL import Image  # only pictures need it

    drawn, picture = io.BytesIO(), session.negotiation.picture()
    assert picture is not None  # see `require_kept`
    Image.fromarray(picture).save(drawn, "PNG")
    write_bytes(path, drawn.getvalue())


_WRITERS: Mapping[str, Callable[[Session, Path], None]] = {".json": _record, ".txt": _words, ".png": _picture}


def require_savable(path: Path | None, force: bool = False) -> None:
    """Refuse a file that a game cannot be saved to, before it is played.

    Raises:
        NegoenvError: if the file's suffix is none of .json, .txt and .png, it cannot be written, or it exists and
            ``force`` is not given.
    """
    if path is None:
        return
    if path.suffix not in _WRITERS:
        raise NegoenvError(f"{path} ends in {path.suffix or 'no suffix'!r}; a game is saved as {', '.join(_WRITERS)}.")
    require_writable(path, force)


def require_kept(talks: PlayedNegotiation, path: Path) -> None:
    """Refuse a picture of a game that there is none of, before it is played.

    Raises:
        NegoenvError: if the file would be one.
    """
    if path.suffix == ".png" and talks.picture() is None:
        raise NegoenvError(f"There is no picture of {talks.setting.scenario.name}; save it as .json or .txt.")


def save_game(session: Session, path: Path, force: bool = False) -> None:
    """Save a finished game; the suffix says how.

    Args:
        session: the game.
        path: ``.json`` for a record that can be replayed, ``.txt`` for the words, ``.png`` for the picture.
        force: overwrite the file if it exists.

    Raises:
        NegoenvError: as `require_savable`, or if the game is not finished.
    """
    require_savable(path, force)
    require_kept(session.negotiation, path)
    if not session.negotiation.over:
        raise NegoenvError("The talks are not over; only a finished game is saved.")
    _WRITERS[path.suffix](session, path)
