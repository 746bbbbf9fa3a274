"""What is played: an episode, move by move, as the screen, the printed page and a record need it."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.text import Text

from negoenv.engine.batch import Batch
from negoenv.engine.contract_batch import ContractBatch, negotiations
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError, printable
from negoenv.game.effects import Family
from negoenv.game.state import Outcome
from negoenv.game.supplier import SUPPLIER
from negoenv.game.tactics import FAMILY_OF, AnyMove, Move, families_of
from negoenv.make import make_batch
from negoenv.scenarios.population import Archetype
from negoenv.scenarios.presets import PRESETS, Named
from negoenv.scenarios.scenario import Scenario
from negoenv.sourcing import SOURCING_PRESETS, SourcingBatch
from negoenv.viewer import RecordedNegotiation, render_rgb_array, transcript_steps, wrapped
from negoenv.viewer.meanings import FAMILIES
from negoenv.viewer.transcript import Money

from . import panels
from .panels import Palette


@dataclass(frozen=True)
class Setting:
    """Who is met, and in which game. The same setting is the same suppliers with the same random numbers."""

    scenario: Scenario  # the game
    split: str  # "train" or "test"
    seed: int  # of the supplier; that of row i of an evaluation is the evaluation's seed + i

    @classmethod
    def named(cls, scenario: Named, split: str, seed: int) -> "Setting":
        """Return the setting that a user means.

        Args:
            scenario: as in `negoenv.make.make_batch`.
            split: "train" or "test".
            seed: of the supplier.

        Raises:
            NegoenvError: if there is no such scenario or split, or it is a game without prices.
        """
        batch = make_batch(1, scenario, split)
        if not isinstance(batch, NegotiationBatch | SourcingBatch):
            raise NegoenvError(
                f"{scenario} has neither prices nor words to show; it is not played here. Accepted: "
                f"{', '.join((*PRESETS, *SOURCING_PRESETS))}, or a YAML file."
            )
        return cls(batch.scenario, split, seed)

    def __str__(self) -> str:
        return f"{printable(self.scenario.name)}, {self.split} split, seed {self.seed}"


Choice = Any
"""A move, one of the game's own enumeration of them."""


class PlayedNegotiation(ABC):
    """A negotiation from its start: with one supplier, or with several.

    Attributes:
        setting: who is met.
        batch: the environment, one row; whoever shares it must not step it.
        rewards: what each move gave.
        closing: the moves that are always in view, and listed even where they are not legal.
        hold: what a move that is not legal counts as.
        counterpart: title of the panel about the other side.
    """

    setting: Setting
    batch: Batch
    rewards: list[float]
    closing: tuple[IntEnum, ...]
    hold: IntEnum
    counterpart: str

    @property
    @abstractmethod
    def moves(self) -> Sequence[IntEnum]:
        """The moves that were played."""

    @property
    @abstractmethod
    def legal(self) -> tuple[IntEnum, ...]:
        """The moves that are legal now, as they are listed; none once the episode has ended."""

    @abstractmethod
    def play(self, action: int) -> None:
        """Play one move; one that is not legal counts as HOLD."""

    @abstractmethod
    def move_of(self, action: int) -> IntEnum:
        """Return the move of a number."""

    @property
    @abstractmethod
    def outcome(self) -> Outcome:
        """How the talks stand or ended."""

    @property
    @abstractmethod
    def prices(self) -> Sequence[tuple[float, float]]:
        """Ask and offer after each move, fractions of the first ask; of several the lowest and the highest."""

    @property
    @abstractmethod
    def clock(self) -> tuple[str, str]:
        """The time, and which of several deals the talks are about; the latter is empty for one."""

    @abstractmethod
    def transcript_steps(self, money: Money) -> Iterator[tuple[str, bool]]:
        """Yield the lines of the transcript, and whether each tells a move."""

    @abstractmethod
    def group(self, move: Choice) -> str:
        """Return the word under which a move is listed."""

    @abstractmethod
    def simple(self, move: Choice) -> bool:
        """Return whether a move is an argument or an offer alone."""

    @abstractmethod
    def meaning(self, move: Choice, money: Money) -> tuple[str, str]:
        """Return what a move means, and its price for where there is no room for more; the latter may be empty."""

    @abstractmethod
    def confirmation(self, move: Choice) -> str:
        """Return why a move is asked for twice; nothing if once is enough."""

    @abstractmethod
    def price_panel(self, money: Money, width: int, height: int, palette: Palette) -> Text:
        """Return the prices that the buyer knows, in so many characters and lines."""

    @abstractmethod
    def supplier_panel(self, palette: Palette) -> Text:
        """Return what the buyer notices of the other side."""

    @abstractmethod
    def revealed(self, money: Money, width: int) -> Text:
        """Return who was met, in lines of ``width`` characters: hidden while the talks go on."""

    @abstractmethod
    def hidden_types(self) -> Mapping[str, Mapping[str, float]]:
        """Return the fields of the hidden type by name, of each supplier; one alone has no name."""

    def picture(self) -> NDArray[np.uint8] | None:
        """Return the talks as a picture, ``(height, width, 3)``; ``None`` for a game that has none."""
        return None

    @property
    def over(self) -> bool:
        """Whether the episode has ended."""
        return bool(self.batch.terminated[0])

    def ending(self, money: Money) -> list[str]:
        """Return the lines after the last move: how it ended, and what that is worth."""
        last: list[str] = []
        for line, tells_move in self.transcript_steps(money):
            last = [] if tells_move else [*last, line]
        return last


_PRICED = {Family.OPENING, Family.CONCESSION, Family.TERMS}  # families whose moves set a price


class Negotiation(RecordedNegotiation, PlayedNegotiation):
    """A negotiation with one supplier, from the start."""

    batch: NegotiationBatch
    closing = tuple(move for move in Move if FAMILY_OF[move] is Family.CLOSE)
    hold = Move.HOLD
    counterpart = "the supplier"

    def __init__(self, setting: Setting) -> None:
        super().__init__(negotiations(1, setting.scenario, setting.split), setting.seed)
        self.setting = setting
        self._offers: dict[tuple[int, AnyMove], float] = {}  # by number of moves made, and the move

    def move_of(self, action: int) -> AnyMove:
        """Return the move of a number."""
        return self.batch.move_table[action]

    @property
    def prices(self) -> Sequence[tuple[float, float]]:
        """Ask and offer after each move."""
        return [(event.ask, event.offer) for event in self.steps]

    @property
    def clock(self) -> tuple[str, str]:
        """The round, and the number of the deal where there may be several."""
        now = self.events[-1]
        most = now.number + now.deals_left
        return f"round {now.round} of {now.deadline}", f"deal {now.number} of {most}" if most > 1 else ""

    def transcript_steps(self, money: Money) -> Iterator[tuple[str, bool]]:
        """Yield the lines of the transcript."""
        for line, step in transcript_steps(self.events, money):
            yield line, step is not None

    def group(self, move: AnyMove) -> str:
        """Return a word for the family of a move."""
        return FAMILIES[move.tactic.effects.family]

    def simple(self, move: AnyMove) -> bool:
        """Return whether a move is an argument or an offer alone."""
        return bool(move.simple)

    def meaning(self, move: AnyMove, money: Money) -> tuple[str, str]:
        """Return what a move means, and its price."""
        now = self.events[-1]
        if move not in self.legal:
            above = now.ask > now.budget > 0.0
            return f"Not now: {money(now.ask)} is above your budget." if above else "Not possible now.", ""
        offer = self.offer_after(move) if families_of(move) & _PRICED else now.offer
        return priced_meaning(move.tactic.meaning, {"offer": money(offer), "ask": money(now.ask)})

    def confirmation(self, move: AnyMove) -> str:
        """Return why a move is asked for twice."""
        now = self.events[-1]
        if move is Move.WALK_AWAY:
            return "leave without a deal."
        if move is Move.ACCEPT and now.ask > now.limit > 0.0:
            return "take an ask above your limit."
        return ""

    def price_panel(self, money: Money, width: int, height: int, palette: Palette) -> Text:
        """Return every price on a line of its own."""
        return panels.price_panel(self.events, money, width, height, palette)

    def supplier_panel(self, palette: Palette) -> Text:
        """Return how the supplier seems."""
        return panels.supplier_panel(self.events[-1], palette)

    def picture(self) -> NDArray[np.uint8]:
        """Return the talks as a picture."""
        return render_rgb_array(self.events)

    def offer_after(self, move: AnyMove) -> float:
        """Return the offer that would stand after ``move``, fraction of the first ask; 0 if there is none."""
        key = len(self.events), move
        if key not in self._offers:  # a screen asks for all moves whenever it is drawn
            self._offers[key] = self._tried(move)
        return self._offers[key]

    def _tried(self, move: AnyMove) -> float:
        trial = copy.deepcopy(self.batch)  # the rules of the game are asked, not written again
        # Such a supplier takes no offer. Taken, it would stand in no talks, and the person would know beforehand.
        trial.supplier["reservation_price"] = SUPPLIER.by_name["reservation_price"].high
        if isinstance(trial, ContractBatch):  # nor is it known beforehand whether it refuses
            for name in ("refusal", "refusal_cost", "refusal_strain"):
                trial.issues["constants"][name] = 0.0
        trial.step(np.array([int(move)]), np.ones(1, np.bool_))
        return float(trial.seen("offer")[0])

    @property
    def archetype(self) -> Archetype:
        """What kind of supplier it is: hidden while the talks go on."""
        return self.batch.population.archetypes[int(self.batch.supplier["archetype"][0])]

    @property
    def hidden_type(self) -> Mapping[str, float]:
        """The fields of the hidden type by name, see `negoenv.game.supplier.SUPPLIER`."""
        return SUPPLIER.as_dict(self.batch.supplier)

    def hidden_types(self) -> Mapping[str, Mapping[str, float]]:
        """Return the hidden type."""
        return {"": self.hidden_type}

    def revealed(self, money: Money, width: int) -> Text:
        """Return who the supplier was."""
        floor = f"It would never have sold below {money(self.hidden_type['reservation_price'])}."
        return kind_in_words("The supplier", self.archetype, floor, money, width)


def priced_meaning(meaning: str, prices: Mapping[str, str]) -> tuple[str, str]:
    """Return a meaning with its prices, and the first price that it names."""
    named = [price for name, price in prices.items() if f"{{{name}}}" in meaning]
    return meaning.format(**prices), named[0] if named else ""


def kind_in_words(who: str, kind: Archetype, floor: str, money: Money, width: int) -> Text:
    """Return of which kind a supplier was, and its lowest price, in lines of ``width`` characters."""
    name = printable(kind.name).replace("_", " ")
    told_of_it = " ".join(filter(None, (f"{who} was: {name}.", printable(kind.meaning), floor)))
    text = Text(wrapped(told_of_it, width, money.currency))
    text.highlight_words([name], "bold")
    return text
