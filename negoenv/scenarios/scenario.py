"""Scenarios: a population, a deadline, what things are worth, what is observed. Presets are data."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationInfo, field_validator, model_validator

from negoenv.config import FrozenModel
from negoenv.errors import NegoenvError, unknown_name
from negoenv.game import observation, terms_observation
from negoenv.game.constants import CONSTANTS
from negoenv.game.effects import Family
from negoenv.game.reward import WEIGHTS
from negoenv.game.state import STATE
from negoenv.game.supplier_tactics import TACTICS, SupplierTactic
from negoenv.game.tactics import FAMILY_OF, AnyMove, Move, families_of
from negoenv.game.term_moves import ALL_MOVES
from negoenv.names import Name
from negoenv.numerics.layout import Layout, Records
from negoenv.scenarios import populations
from negoenv.scenarios.issues import Issues
from negoenv.scenarios.population import Population
from negoenv.scenarios.splits import SPLITS as SPLITS
from negoenv.scenarios.splits import UNSEEN, stream_of
from negoenv.scenarios.splits import Split as Split

RANGES = ("limit", "benchmark", "goodwill", "need", "delay_cost", "patience")
"""What an episode draws for the buyer, each from a `Range`."""


class Range(FrozenModel):
    """A closed interval from which an episode draws a number uniformly.

    Attributes:
        low: smallest value.
        high: largest value.
    """

    low: float = Field(ge=0.0, le=2.0)
    high: float = Field(ge=0.0, le=2.0)

    @model_validator(mode="after")
    def _ordered(self) -> "Range":
        if self.low > self.high:
            raise NegoenvError(f"low ({self.low:g}) must not exceed high ({self.high:g})")
        return self


class Scenario(FrozenModel):
    """One game: who sits at the other side, for how long, and what an outcome is worth.

    Attributes:
        name: name, as in the id ``negoenv/<name>-v0``; that of a changed preset says what was changed.
        base: name of the preset that was changed; ``None`` for a preset, and for a game of one's own.
        summary: what the scenario isolates, and which policy should win it.
        deadline: rounds until the negotiation of a deal ends.
        deals: how many deals with the same supplier an episode may have; the first that fails is the last.
        limit: the buyer's reservation price (what its outside option is worth).
        budget_slack: the budget is the limit plus this; a deal above the limit is possible and bad.
        benchmark: market price that the buyer knows; openings are fractions of it.
        goodwill: goodwill at the start, a fraction.
        need: round by which the buyer needs the goods, fraction of its deadline.
        delay_cost: what each round after that costs it, reward.
        patience: how much of the deadline the buyer has, a fraction: its own deadline.
        supplier_tactics: the supplier's tactics in the splits but "unseen", by name; all of them unless given.
        train: population of the training split.
        test: population of the test split, which is held out of training.
        validation: population of the split that choices are made on; that of the test unless given. Its suppliers are
            never those of the test, whatever the seeds.
        unseen: population of the split whose suppliers differ in kind; that of the test unless given.
        unseen_constants: constants that differ in that split from those of the others, by name.
        population: not kept, but accepted in place of these four: one population for all splits.
        weights: reward weights that differ from the default, by name.
        constants: constants of the model that differ from the default, by name.
        issues: what is agreed on besides the price; ``None`` for nothing.
        weight_layout: the reward weights that there are; of the game, not a key.
        hidden: observation columns that read 0, by name.
        without: moves or families that are never legal, by name.
    """

    weight_layout: ClassVar[Layout] = WEIGHTS

    name: Name
    base: Name | None = None
    summary: str = ""
    deadline: int = Field(20, ge=1, le=200)
    deals: int = Field(1, ge=1, le=12)
    limit: Range = Range(low=0.8, high=0.9)
    budget_slack: float = Field(0.05, ge=0.0, le=1.0)
    benchmark: Range = Range(low=0.66, high=0.76)
    goodwill: Range = Range(low=0.5, high=0.5)
    need: Range = Range(low=1.0, high=1.0)
    delay_cost: Range = Range(low=0.0, high=0.0)
    patience: Range = Range(low=1.0, high=1.0)
    supplier_tactics: tuple[str, ...] = tuple(tactic.name for tactic in TACTICS)
    train: Population
    test: Population
    validation: Population | None = None
    unseen: Population | None = None
    unseen_constants: dict[str, float] = Field(default_factory=dict)
    weights: dict[str, float] = Field(default_factory=dict)
    constants: dict[str, float] = Field(default_factory=dict)
    issues: Issues | None = None
    hidden: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _one_for_all_splits(cls, data: Any) -> Any:
        """Let the key ``population`` stand for all splits."""
        if not isinstance(data, Mapping) or "population" not in data:
            return data
        rest = dict(data)
        population = rest.pop("population")
        for split in sorted({*SPLITS} & {*rest}):
            raise NegoenvError(f"key 'population' stands for all splits; leave out 'population' or {split!r}")
        return {**rest, **dict.fromkeys(("train", "test"), cls._population(population))}

    @field_validator(*SPLITS, mode="before")
    @classmethod
    def _population(cls, value: Any) -> Any:
        """Accept the name of a population that comes with negoenv, or the path of a YAML file, in place of one."""
        return populations.find(value) if isinstance(value, (str, Path)) else value

    @field_validator("limit", "benchmark", "goodwill", "delay_cost")
    @classmethod
    def _drawn(cls, values: Range, info: ValidationInfo) -> Range:
        """Refuse a range from which the state could not hold every number."""
        for value in (values.low, values.high):
            STATE.check(str(info.field_name), value)
        return values

    @field_validator("need", "patience")
    @classmethod
    def _fractions(cls, values: Range, info: ValidationInfo) -> Range:
        if values.high > 1.0 or (info.field_name == "patience" and values.low <= 0.0):
            raise NegoenvError(f"{info.field_name} is a part of the deadline: at most 1, and patience above 0")
        return values

    @field_validator("weights")
    @classmethod
    def _weights(cls, values: dict[str, float]) -> dict[str, float]:
        return _checked(cls.weight_layout, values)

    @field_validator("supplier_tactics")
    @classmethod
    def _supplier_tactics(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        known = [tactic.name for tactic in TACTICS]
        for name in names:
            if name not in known:
                raise unknown_name("tactic of the supplier", name, known)
        return names

    @field_validator("constants", "unseen_constants")
    @classmethod
    def _constants(cls, values: dict[str, float]) -> dict[str, float]:
        return _checked(CONSTANTS, values)

    @field_validator("hidden")
    @classmethod
    def _hidden(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        known = _columns(info.data.get("issues"))
        for name in names:
            if name not in known:
                raise unknown_name("observation column", name, known)
        return names

    @field_validator("without")
    @classmethod
    def _without(cls, names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        moves = _moves(info.data.get("issues"))
        families = {family for move in moves for family in families_of(move)}
        known = [move.name for move in moves] + [family.name for family in Family if family in families]
        for name in names:
            if name not in known:
                raise unknown_name("move or family", name, known)
        if {Move.WALK_AWAY.name, FAMILY_OF[Move.WALK_AWAY].name} & set(names):
            raise NegoenvError("WALK_AWAY cannot be left out: a buyer may always leave")
        return names

    @property
    def moves(self) -> tuple[AnyMove, ...]:
        """The moves of the game by number."""
        return _moves(self.issues)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns of its observations."""
        return _columns(self.issues)

    def population(self, split: str) -> Population:
        """Return the population of a split.

        Raises:
            NegoenvError: if there is no such split.
        """
        stream_of(split)
        others = {"validation": self.validation or self.test, "unseen": self.unseen or self.test}
        return {"train": self.train, "test": self.test, **others}[split]

    def weight_record(self) -> Records:
        """Return the reward weights as one record."""
        return self.weight_layout.record(**self.weights)

    def constant_record(self, split: str = "train") -> Records:
        """Return the constants of the model in a split as one record."""
        return CONSTANTS.record(**{**self.constants, **(self.unseen_constants if split == UNSEEN else {})})

    def supplier_tactics_of(self, split: str) -> NDArray[np.float64]:
        """Return 1 for each tactic of the supplier that there is in a split, else 0; shape ``(tactics + 1,)``."""
        return np.array([split == UNSEEN or tactic.name in self.supplier_tactics for tactic in SupplierTactic], float)

    def visible_columns(self) -> NDArray[np.float32]:
        """Return 1 for each observation column that is shown, else 0; shape ``(columns,)``."""
        return np.array([name not in self.hidden for name in observation.NAMES], np.float32)

    def allowed_moves(self) -> NDArray[np.int8]:
        """Return 1 for each move that may ever be legal, else 0; shape ``(moves,)``."""
        left_out = set(self.without)
        return np.array([not left_out & _names(move) for move in self.moves], np.int8)

    def _left_out(self) -> tuple[str, ...]:
        """Return the families that are left out whole, and the other moves that are, in one way for one game."""
        left_out = [move for move, allowed in zip(self.moves, self.allowed_moves(), strict=True) if not allowed]
        there = {family: [move for move in self.moves if family in families_of(move)] for family in Family}
        families = [family for family, moves in there.items() if moves and all(move in left_out for move in moves)]
        others = [move for move in left_out if not families_of(move) & {*families}]
        simple = {move.name for move in others if move.simple}
        moves = [move.name for move in others if move.simple or not simple & {*move.name.split("+")}]
        return (*(family.name for family in families), *moves)

    def numbers(self) -> dict[str, Any]:
        """Return what makes the game what it is but for its suppliers, every number by its name."""
        ranges = {name: getattr(self, name) for name in RANGES}
        return {
            "deadline": self.deadline,
            "deals": self.deals,
            "budget_slack": self.budget_slack,
            **{name: (chosen.low, chosen.high) for name, chosen in ranges.items()},
            "weights": self.weight_layout.as_dict(self.weight_record()),
            "constants": CONSTANTS.as_dict(self.constant_record()),
            "unseen_constants": dict(sorted(self.unseen_constants.items())),
            "supplier_tactics": tuple(tactic.name for tactic in TACTICS if tactic.name in self.supplier_tactics),
            "hidden": tuple(name for name in self.columns if name in self.hidden),
            "without": self._left_out(),
            **({} if self.issues is None else {"issues": self.issues.numbers()}),
        }


def _moves(issues: Issues | None) -> tuple[AnyMove, ...]:
    return tuple(Move) if issues is None else ALL_MOVES


def _columns(issues: Issues | None) -> tuple[str, ...]:
    return observation.NAMES if issues is None else terms_observation.ALL_NAMES


def _names(move: AnyMove) -> set[str]:
    """Return the names under which a move can be left out: its own, those of its parts, and its families."""
    return {move.name, *move.name.split("+"), *(family.name for family in families_of(move))}


def _checked(layout: Layout, values: dict[str, float]) -> dict[str, float]:
    return {name: layout.check(name, value) for name, value in values.items()}
