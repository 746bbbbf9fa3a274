"""Named columns: one definition gives a column its name, its unit, its bounds and where its value comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError, unknown_name

Records = NDArray[np.void]
"""A structured array: ``rows["tension"]`` is a column; in compiled code ``rows[i].tension`` is a number."""


@dataclass(frozen=True)
class Field:
    """One named number of a record.

    Attributes:
        name: identifier, in the field's own words.
        unit: unit of the number, for example ``"fraction of the first ask"``.
        low: smallest legal value.
        high: largest legal value.
        meaning: one sentence.
        default: the value it has unless somebody sets it.
        source: publication, data set or ``"assumption"``; where the default comes from.
    """

    name: str
    unit: str
    low: float
    high: float
    meaning: str
    default: float = 0.0
    source: str = ""


class Layout:
    """The columns of a record of numbers, in order.

    A batch of records is one structured array, whose memory is also a plain ``(rows, columns)`` matrix.

    Attributes:
        number: type of the numbers, float64 unless it is given.
        arrays: names under which compiled code has fields that stand side by side as an array, too, and those fields.
    """

    def __init__(
        self,
        name: str,
        *fields: Field,
        number: type[np.floating[Any]] = np.float64,
        arrays: Mapping[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.name = name
        self.number = np.dtype(number)
        self.fields = fields
        self.by_name = {field.name: field for field in fields}
        self.arrays = arrays or {}
        self.dtype = self._dtype()

    def _dtype(self) -> np.dtype[Any]:
        fields: dict[str, tuple[Any, int]] = {name: (self.number, place) for place, name in enumerate(self.names)}
        for name, members in self.arrays.items():
            first = self.names.index(members[0])
            if self.names[first : first + len(members)] != members:
                raise ValueError(f"{members} do not stand side by side in {self.name}.")
            fields[name] = (np.dtype((self.number, (len(members),))), first)
        size = self.number.itemsize
        formats = [kind for kind, _ in fields.values()]
        offsets = [size * place for _, place in fields.values()]
        return np.dtype({"names": [*fields], "formats": formats, "offsets": offsets, "itemsize": size * len(self)})

    def __len__(self) -> int:
        return len(self.fields)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(field.name for field in self.fields)

    @cached_property
    def lows(self) -> NDArray[Any]:
        """The smallest legal values of which there are numbers, shape ``(columns,)``."""
        exact = np.array([field.low for field in self.fields])
        stored = exact.astype(self.number)
        return np.where(stored < exact, np.nextafter(stored, self.number.type(np.inf)), stored)

    @cached_property
    def highs(self) -> NDArray[Any]:
        """The largest legal values of which there are numbers, shape ``(columns,)``."""
        exact = np.array([field.high for field in self.fields])
        stored = exact.astype(self.number)
        return np.where(stored > exact, np.nextafter(stored, self.number.type(-np.inf)), stored)

    @cached_property
    def defaults(self) -> NDArray[np.float64]:
        """The values that the columns have unless somebody sets them, shape ``(columns,)``."""
        return np.array([field.default for field in self.fields])

    def records(self, num_rows: int) -> Records:
        """Return ``num_rows`` records that hold the defaults."""
        batch = np.zeros(num_rows, self.dtype)
        self.matrix(batch)[:] = self.defaults
        return batch

    def record(self, **values: float) -> Records:
        """Return one record, shape ``(1,)``: the defaults, overridden by ``values``.

        Raises:
            NegoenvError: if a name is unknown or a value out of its bounds.
        """
        batch = self.records(1)
        for name, value in values.items():
            batch[name] = self.check(name, value)
        return batch

    def check(self, name: str, value: float, where: str = "") -> float:
        """Return ``value`` if column ``name`` may hold it.

        Raises:
            NegoenvError: if the name is unknown or the value out of its bounds; the message begins with ``where``.
        """
        prefix = f"{where}: " if where else ""
        field = self.by_name.get(name)
        if field is None:
            raise NegoenvError(f"{prefix}{unknown_name(f'field of {self.name}', name, self.names)}")
        if not field.low <= value <= field.high:
            raise NegoenvError(
                f"{prefix}{self.name} field {name!r} is {value:g}; "
                f"it must lie between {field.low:g} and {field.high:g}."
            )
        return float(value)

    def matrix(self, batch: Records) -> NDArray[Any]:
        """Return the same memory as a plain matrix, numbers of shape ``(rows, columns)``."""
        return batch.view(self.number).reshape(len(batch), len(self))

    def as_dict(self, batch: Records, row: int = 0) -> Mapping[str, float]:
        """Return one record as a dictionary of Python floats."""
        return {name: float(batch[name][row]) for name in self.names}
