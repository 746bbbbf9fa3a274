"""The issues of a contract as data: ranges, weights and shapes of both sides, checked, and turned into numbers."""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, field_validator, model_validator

from negoenv.config import FrozenModel
from negoenv.errors import NegoenvError
from negoenv.game.term_moves import ISSUES
from negoenv.game.terms_state import CONTRACT, MOST_LEVELS, TERMS_CONSTANTS
from negoenv.numerics.layout import Records

DEFAULT = "default"
"""The kind whose weights hold for kinds that are not named."""

_SUM = 1e-6  # by which weights may miss 1


class Shape(StrEnum):
    """How the value of an issue rises from the worst of its range, 0, to the best, 1, for one side."""

    LINEAR = "linear"  # in proportion
    CONCAVE = "concave"  # fast first: less and less is gained by more
    CONVEX = "convex"  # slowly first
    CLIFF = "cliff"  # in proportion from its least level up; below it no deal is worth having


class PriceIssue(FrozenModel):
    """The price: linear for both sides, and so the measure of all other issues.

    Attributes:
        range: lowest and highest price, fractions of the first ask; the unit of its weights, not a bound on offers.
        weight: what its whole range is worth to the buyer; all of its weights sum to 1.
        supplier: the same for the supplier, by kind, ``default`` for kinds that are not named.
    """

    range: tuple[float, float]
    weight: float = Field(gt=0.0, le=1.0)
    supplier: dict[str, float]

    @field_validator("range")
    @classmethod
    def _ordered(cls, values: tuple[float, float]) -> tuple[float, float]:
        if not 0.0 <= values[0] < values[1] <= 4.0:
            raise NegoenvError(f"range is {list(values)}; the lowest and the highest price are expected, from 0 to 4")
        return values


class TermIssue(FrozenModel):
    """An issue besides the price.

    Attributes:
        unit: its unit, for example ``"days"``.
        range: its values from the worst to the best for the buyer; the supplier wants the opposite.
        levels: how many values there are, evenly spaced.
        standard: number of the level on the table when the talks begin.
        weight: what its whole range is worth to the buyer, of 1 for all issues.
        shape: how that is spread over the range.
        least: of a cliff, the number of the lowest level with which a deal is worth having.
        supplier: weight for the supplier, by kind, ``default`` for kinds that are not named.
        supplier_shape: how that is spread over the range; no cliff.
    """

    unit: str
    range: tuple[float, float]
    levels: int = Field(MOST_LEVELS, ge=2, le=MOST_LEVELS)
    standard: int = Field(2, ge=0)
    weight: float = Field(ge=0.0, lt=1.0)
    shape: Shape = Shape.LINEAR
    least: int | None = Field(None, ge=1)
    supplier: dict[str, float]
    supplier_shape: Shape = Shape.LINEAR

    @model_validator(mode="after")
    def _consistent(self) -> "TermIssue":
        if self.range[0] == self.range[1]:
            raise NegoenvError(
                f"range is {list(self.range)}; two different values are expected, the buyer's worst first"
            )
        if self.standard >= self.levels:
            raise NegoenvError(f"standard is {self.standard}; it is one of the levels 0 to {self.levels - 1}")
        if self.supplier_shape is Shape.CLIFF:
            raise NegoenvError(
                "supplier_shape is 'cliff'; only the buyer has one: linear, concave or convex is expected"
            )
        if (self.shape is Shape.CLIFF) != (self.least is not None):
            raise NegoenvError(
                "least, the lowest level that is worth having, belongs to the shape 'cliff' and to no other"
            )
        if self.least is not None and not self.least <= self.standard < self.levels - 1:
            raise NegoenvError(
                f"least is {self.least}; it is at most the standard level ({self.standard}), which lies below the best"
            )
        return self

    def values(self) -> NDArray[np.float64]:
        """Return the values of the levels in the unit of the issue, shape ``(levels,)``."""
        return np.linspace(*self.range, self.levels)

    def buyer_values(self) -> NDArray[np.float64]:
        """Return what the levels are worth to the buyer, 0 to 1; below a cliff all that the other issues can give less.

        So no deal below a cliff has a utility above 0, whatever else it gives.
        """
        place = np.linspace(0.0, 1.0, self.levels)
        if self.least is None:
            return shaped(self.shape, place)
        rest = np.clip((np.arange(self.levels) - self.least) / (self.levels - 1 - self.least), 0.0, 1.0)
        return np.where(np.arange(self.levels) < self.least, -1.0 / max(self.weight, _SUM), rest)

    def supplier_values(self) -> NDArray[np.float64]:
        """Return what the levels are worth to the supplier, 1 for the buyer's worst to 0 for its best."""
        return shaped(self.supplier_shape, np.linspace(1.0, 0.0, self.levels))


def shaped(shape: Shape, place: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the values of places in a range, both 0 to 1."""
    if shape is Shape.CONCAVE:
        return 1.0 - (1.0 - place) ** 2
    return place**2 if shape is Shape.CONVEX else place


class Issues(FrozenModel):
    """What a contract is about.

    Attributes:
        price: the price.
        payment: how long the buyer takes to pay.
        delivery: how fast the supplier delivers.
        volume: how much the buyer commits itself to take.
        service: how reliably the supplier delivers.
        spread: half-width of the spread of the supplier's weights within a kind, as a share of them.
        constants: constants of `negoenv.game.terms_state.TERMS_CONSTANTS` that differ from the default, by name.
    """

    price: PriceIssue
    payment: TermIssue
    delivery: TermIssue
    volume: TermIssue
    service: TermIssue
    spread: float = Field(0.4, ge=0.0, lt=1.0)
    constants: dict[str, float] = Field(default_factory=dict)

    @field_validator("constants")
    @classmethod
    def _known(cls, values: dict[str, float]) -> dict[str, float]:
        return {name: TERMS_CONSTANTS.check(name, value) for name, value in values.items()}

    @model_validator(mode="after")
    def _weights_sum_to_one(self) -> "Issues":
        every: dict[str, TermIssue | PriceIssue] = {"price": self.price, **{name: self.issue(name) for name in ISSUES}}
        require_sum("of the buyer", [issue.weight for issue in every.values()])
        kinds = {kind for issue in every.values() for kind in issue.supplier}
        for name, issue in every.items():
            if DEFAULT not in issue.supplier:
                raise NegoenvError(f"{name}: supplier has no weight for {DEFAULT!r}, the kinds that are not named")
            for kind, weight in issue.supplier.items():
                if not 0.0 <= weight <= 1.0 or (name == "price" and weight == 0.0):
                    raise NegoenvError(f"{name}: the supplier's weight for {kind!r} is {weight:g}; 0 to 1 is expected")
        for kind in sorted(kinds):
            require_sum(f"of the supplier {kind!r}", [weight_of(issue, kind) for issue in every.values()])
        return self

    def issue(self, name: str) -> TermIssue:
        """Return the issue of a name of `negoenv.game.term_moves.ISSUES`."""
        found: TermIssue = getattr(self, name)
        return found

    def record(self, kinds: Sequence[str]) -> Records:
        """Return the issues as numbers for suppliers of these ``kinds``, one record, but for moves and visibility."""
        made = np.zeros(1, CONTRACT)
        extent = self.price.range[1] - self.price.range[0]
        made["price_range"], made["price_weight"] = self.price.range, self.price.weight
        made["spread"] = self.spread
        made["constants"] = TERMS_CONSTANTS.record(**self.constants)[0]
        for k, name in enumerate(ISSUES):
            issue = self.issue(name)
            mine, theirs, count = issue.buyer_values(), issue.supplier_values(), issue.levels
            worth = issue.weight / self.price.weight * extent * (mine - mine[issue.standard])
            made["levels"][0, k], made["standard"][0, k] = count, issue.standard
            made["least"][0, k] = issue.least or 0
            made["worth"][0, k, :count] = worth
            made["budgeted"][0, k, :count] = np.maximum(worth, worth[issue.least or 0])
            made["burden"][0, k, :count] = theirs[issue.standard] - theirs
            made["standing"][0, k] = theirs[issue.standard]
            made["values"][0, k, :count] = issue.values()
            made["base"][0, 0] += issue.weight * mine[issue.standard]
            for number, kind in enumerate(kinds):
                made["kinds"][0, number, k] = weight_of(issue, kind) / weight_of(self.price, kind) * extent
        return made

    def numbers(self) -> Mapping[str, Any]:
        """Return what makes the issues what they are, every number by its name."""
        constants = TERMS_CONSTANTS.as_dict(TERMS_CONSTANTS.record(**self.constants))
        return dict(_flat("", self.model_dump(mode="json") | {"constants": dict(constants)}))


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Yield what is in nested mappings under names such as ``"payment.weight"``."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(f"{prefix}.{name}" if prefix else name, inner)
    elif value is not None:
        yield prefix, tuple(value) if isinstance(value, list) else value


def weight_of(issue: TermIssue | PriceIssue, kind: str) -> float:
    """Return the mean weight of an issue for suppliers of a kind."""
    return issue.supplier.get(kind, issue.supplier[DEFAULT])


def require_sum(whose: str, weights: Sequence[float]) -> None:
    """Refuse weights that do not sum to 1."""
    if abs(sum(weights) - 1.0) > _SUM:
        listed = " + ".join(f"{weight:g}" for weight in weights)
        raise NegoenvError(f"the weights {whose} sum to {sum(weights):g} ({listed}, price first); they must sum to 1")
