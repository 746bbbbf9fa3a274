"""Populations: mixtures of archetypes from which suppliers are drawn. A population is data, not code."""

from functools import cached_property
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator, Field, field_validator

from negoenv.config import FrozenModel, read_yaml, validated
from negoenv.errors import NegoenvError, require_distinct
from negoenv.game.supplier import SUPPLIER
from negoenv.names import Name


class Trait(FrozenModel):
    """How one field of the supplier is spread: a symmetric triangular distribution, cut at the field's bounds.

    Attributes:
        mean: centre, in the unit of the field.
        spread: half-width, in the unit of the field.
    """

    mean: float
    spread: float = Field(0.0, ge=0.0)


def _trait(value: Any) -> Any:
    """Accept a bare number for a trait without spread."""
    return {"mean": value} if isinstance(value, (int, float)) and not isinstance(value, bool) else value


class Archetype(FrozenModel):
    """A kind of supplier: traits by name; a field that is not named has its default everywhere.

    Attributes:
        name: name of the archetype.
        share: its share of the population, relative to the others.
        meaning: one sentence.
        traits: supplier fields and how they are spread.
    """

    name: Name
    share: float = Field(1.0, gt=0.0, le=1e9)
    meaning: str = ""
    traits: dict[str, Annotated[Trait, BeforeValidator(_trait)]] = Field(default_factory=dict)

    @field_validator("traits")
    @classmethod
    def _known_and_in_range(cls, traits: dict[str, Trait]) -> dict[str, Trait]:
        for name, trait in traits.items():
            if name == "archetype":
                raise NegoenvError("the field 'archetype' is set by the population, leave it out.")
            SUPPLIER.check(name, trait.mean)
        return traits


class Population(FrozenModel):
    """A mixture of archetypes.

    Attributes:
        name: name of the population.
        source: publication, data set or "assumption".
        archetypes: its components, at most 64.
    """

    name: Name
    source: str
    archetypes: tuple[Archetype, ...] = Field(min_length=1, max_length=64)

    @field_validator("archetypes")
    @classmethod
    def _distinct(cls, archetypes: tuple[Archetype, ...]) -> tuple[Archetype, ...]:
        require_distinct("archetype", [archetype.name for archetype in archetypes])
        return archetypes

    def __eq__(self, other: object) -> bool:
        """Compare the fields; pydantic would also compare the cached arrays, which have no one truth."""
        if not isinstance(other, Population):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in type(self).model_fields)

    @cached_property
    def archetype_names(self) -> tuple[str, ...]:
        """The names of the archetypes; ``supplier.archetype`` is an index into them."""
        return tuple(archetype.name for archetype in self.archetypes)

    @cached_property
    def cumulative_shares(self) -> NDArray[np.float64]:
        """Cumulative shares of the archetypes, shape ``(archetypes,)``; the last is 1."""
        shares = np.array([archetype.share for archetype in self.archetypes])
        cumulative: NDArray[np.float64] = np.cumsum(shares) / shares.sum()
        cumulative[-1] = 1.0
        return cumulative

    @cached_property
    def means(self) -> NDArray[np.float64]:
        """Centres of the traits, shape ``(archetypes, supplier fields)``."""
        return self._table("mean", SUPPLIER.defaults)

    @cached_property
    def spreads(self) -> NDArray[np.float64]:
        """Half-widths of the traits, shape ``(archetypes, supplier fields)``."""
        return self._table("spread", np.zeros(len(SUPPLIER)))

    def _table(self, attribute: str, default: NDArray[np.float64]) -> NDArray[np.float64]:
        table = np.tile(default, (len(self.archetypes), 1))
        for row, archetype in enumerate(self.archetypes):
            for name, trait in archetype.traits.items():
                table[row, SUPPLIER.names.index(name)] = getattr(trait, attribute)
        return table

    def numbers(self) -> list[dict[str, Any]]:
        """Return what makes the suppliers what they are: of each archetype its share, and every trait by name."""
        shares = np.diff(self.cumulative_shares, prepend=0.0)
        return [
            {"share": float(share), "traits": dict(zip(SUPPLIER.names, zip(*traits, strict=True), strict=True))}
            for share, *traits in zip(shares, self.means.tolist(), self.spreads.tolist(), strict=True)
        ]

    @classmethod
    def from_yaml(cls, path: Path | str) -> "Population":
        """Read a population from a YAML file.

        Raises:
            NegoenvError: a sentence for each key that is wrong.
        """
        return validated(cls, read_yaml(path), str(path))
