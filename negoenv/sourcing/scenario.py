"""Scenarios of Sourcing as data: how many suppliers, how an order may be split, what arrives when."""

from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, ValidationInfo, field_validator, model_validator

from negoenv.errors import NegoenvError, unknown_name, whole_number
from negoenv.game.effects import Family
from negoenv.numerics.layout import Layout, Records
from negoenv.scenarios.scenario import Scenario
from negoenv.sourcing.constants import MARKET, SOURCING_WEIGHTS
from negoenv.sourcing.moves import AWARDS, LAYOUT, SourcingMove

_EVEN = 1e-9  # to which shares must add up to the order
_SPLITS = {award.name: award for award in AWARDS[1:]}
_MOST_REQUIREMENTS = 12
_NEEDED = (SourcingMove.HOLD, SourcingMove.AWARD)  # without which no episode could end well


class SourcingScenario(Scenario):
    """One game with several suppliers at once; see `negoenv.scenarios.scenario.Scenario` for the other keys.

    Attributes:
        suppliers: how many there are, 1 to 5.
        invited: at most so many of them take part from the start; the others may be invited.
        splits: of each award that splits the order, by name, the shares of the supplier that is named and of the
            cheapest of the others.
        requirements: orders of the episode, one after the other.
        budget_share: the budget over all, as a part of the most that all requirements may cost; of several only.
        market: constants of the market that differ from the default, by name (`negoenv.sourcing.constants.MARKET`).
        without: moves of `negoenv.sourcing.moves.SourcingMove` or families that are never legal, by name.
    """

    weight_layout: ClassVar[Layout] = SOURCING_WEIGHTS

    suppliers: int = 3
    invited: int = LAYOUT
    splits: dict[str, tuple[float, float]] = Field(
        default_factory=lambda: {"AWARD_MOST": (0.7, 0.3), "AWARD_HALF": (0.5, 0.5)}
    )
    requirements: int = 1
    budget_share: float = Field(1.0, gt=0.0, le=1.0)
    market: dict[str, float] = Field(default_factory=dict)

    @field_validator("suppliers", "invited")
    @classmethod
    def _within_the_layout(cls, count: int) -> int:
        if not 1 <= count <= LAYOUT:
            raise NegoenvError(f"{count} suppliers; the layout has room for 1 to {LAYOUT}")
        return count

    @field_validator("requirements")
    @classmethod
    def _requirements(cls, count: int) -> int:
        return whole_number("requirements", count, most=_MOST_REQUIREMENTS)

    @field_validator("deals")
    @classmethod
    def _one_deal(cls, count: int) -> int:
        if count != 1:
            raise NegoenvError("the key 'deals' belongs to games with one supplier; name 'requirements' instead")
        return count

    @field_validator("splits")
    @classmethod
    def _within_the_order(cls, splits: dict[str, tuple[float, float]]) -> dict[str, tuple[float, float]]:
        for name, shares in splits.items():
            if name not in _SPLITS:
                raise unknown_name("award that splits", name, _SPLITS)
            if min(shares) <= 0.0:
                raise NegoenvError(f"{name} gives {min(shares):g} of the order to one of two; each gets more than 0")
            if sum(shares) > 1.0 + _EVEN:
                raise NegoenvError(f"{name} gives {sum(shares):g} of the order; two suppliers get at most all of it, 1")
            if sum(shares) < 1.0 - _EVEN:
                raise NegoenvError(f"{name} gives {sum(shares):g} of the order and leaves the rest; it must be 1")
        missing = [name for name in _SPLITS if name not in splits]
        if missing:
            raise NegoenvError(f"the shares of {missing[0]} are missing")
        return splits

    @field_validator("market")
    @classmethod
    def _market(cls, values: dict[str, float]) -> dict[str, float]:
        return {name: MARKET.check(name, value) for name, value in values.items()}

    @field_validator("without")
    @classmethod
    def _without(cls, names: tuple[str, ...], _: ValidationInfo) -> tuple[str, ...]:
        known = [move.name for move in SourcingMove] + [family.name for family in Family]
        for name in names:
            if name not in known:
                raise unknown_name("move or family", name, known)
        return names

    @model_validator(mode="after")
    def _consistent(self) -> "SourcingScenario":
        if not self.allowed()[[*_NEEDED]].all():
            raise NegoenvError(f"{' and '.join(move.name for move in _NEEDED)} cannot be left out")
        spacing = self.market_record()
        if spacing["spacing_low"][0] > spacing["spacing_high"][0]:
            raise NegoenvError("market: spacing_low must not exceed spacing_high")
        return self

    @property
    def awake(self) -> int:
        """How many suppliers take part from the start."""
        return min(self.invited, self.suppliers)

    def allowed(self) -> NDArray[np.int8]:
        """Return 1 for each move that may ever be legal, else 0; shape ``(moves of a supplier,)``."""
        left_out = set(self.without)
        return np.array([not left_out & _own_names(move) for move in SourcingMove], np.int8)

    def allowed_moves(self) -> NDArray[np.int8]:
        """Return 1 for each move of the price game: what is left out of Sourcing, `allowed` says."""
        return np.ones(len(super().allowed_moves()), np.int8)

    def market_record(self) -> Records:
        """Return the constants of the market as one record."""
        return MARKET.record(**self.market)

    def shares(self) -> NDArray[np.float64]:
        """Return the share of the supplier that is named, by award; shape ``(awards,)``."""
        return np.array([1.0, *(self.splits[award.name][0] for award in AWARDS[1:])])

    def _left_out(self) -> tuple[str, ...]:
        return tuple(move.name for move, allowed in zip(SourcingMove, self.allowed(), strict=True) if not allowed)

    def numbers(self) -> dict[str, Any]:
        """Return what makes the game what it is but for its suppliers, every number by its name."""
        own: dict[str, Any] = {
            "suppliers": self.suppliers,
            "invited": self.awake,
            "splits": {name: shares[0] for name, shares in sorted(self.splits.items())},
            "requirements": self.requirements,
            "budget_share": self.budget_share,
            "market": MARKET.as_dict(self.market_record()),
        }
        return super().numbers() | own


def _own_names(move: SourcingMove) -> set[str]:
    """Return the names under which a move can be left out: its own, those of its parts, and its family."""
    family = move.tactic.effects.family.name
    parts = {"SHOW_QUOTE", "CONCEDE_MODERATE"} if move is SourcingMove.SHOW_QUOTE_AND_CONCEDE else set()
    return {move.name, family, *parts}
