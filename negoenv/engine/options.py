"""What ``reset(options=...)`` may fix of a negotiation, read and checked before anything changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Mask
from negoenv.errors import NegoenvError, unknown_name
from negoenv.game.state import STATE
from negoenv.game.supplier import SUPPLIER
from negoenv.numerics.layout import Layout
from negoenv.scenarios.population import Population
from negoenv.scenarios.scenario import Scenario

_OPTIONS = ("supplier", "context")
_WHOLE = {"moves", "rounds", "count", "0 or 1", "move", "Outcome"}  # units of what is counted, not measured
_GROWING = ("stalemate", "probes", "rivals", "bluffs")  # what is counted in the observation, by one a round at most
Numbers = dict[str, NDArray[np.float64]]


@dataclass(frozen=True)
class Options:
    """How episodes are to begin.

    Attributes:
        shares: cumulative shares of the archetypes from which suppliers are drawn.
        supplier: fields of the hidden type that are fixed, each with a number for every row.
        context: fields of the state at the start that are fixed, each with a number for every row.
    """

    shares: NDArray[np.float64]
    supplier: Numbers
    context: Numbers

    @classmethod
    def read(cls, options: Mapping[str, Any], scenario: Scenario, population: Population, mask: Mask) -> "Options":
        """Return the options of a reset; numbers matter in the rows of ``mask`` that begin only.

        ``{"supplier": {field: value}}`` fixes fields of the hidden type, or the name of an archetype fixes the kind;
        ``{"context": {field: value}}`` fixes fields of the state at the start. Values are numbers or arrays of shape
        ``(rows,)``.

        Raises:
            NegoenvError: for an unknown option, field or archetype, or a value with which the episode could not begin
                or its observations would leave their space.
        """
        for name in options:
            if name not in _OPTIONS:
                raise unknown_name("option of reset", name, _OPTIONS)
        shares, supplier = population.cumulative_shares, options.get("supplier", {})
        if isinstance(supplier, str):
            names = population.archetype_names
            if supplier not in names:
                raise unknown_name("archetype", supplier, names)
            shares = (np.arange(len(shares)) >= names.index(supplier)).astype(np.float64)
            supplier = {}
        supplier = _numbers("supplier", SUPPLIER, supplier, mask)
        kinds = len(population.archetypes)
        _require(supplier, "archetype", kinds - 1, f"this population has the archetypes 0 to {kinds - 1}", mask)
        context = _numbers("context", STATE, options.get("context", {}), mask)
        _require(context, "outcome", 0, "an episode begins with 0, open", mask)
        to_come = np.maximum(context.get("deadline", scenario.deadline) - context.get("round", np.zeros(1)), 1.0)
        for name in _GROWING:
            high = STATE.by_name[name].high
            reason = f"in the rounds to come it could pass {high:g}, the most that an observation shows"
            _require(context, name, high - to_come, reason, mask)
        return cls(shares, supplier, context)


def _numbers(option: str, layout: Layout, values: Any, mask: Mask) -> Numbers:
    """Return the numbers that an option fixes, by field, each of shape ``(rows,)``."""
    if not isinstance(values, Mapping):
        raise NegoenvError(f"options: {option!r} is {values!r}; a mapping of fields to numbers is expected.")
    return {name: _column(option, layout, name, value, mask) for name, value in values.items()}


def _column(option: str, layout: Layout, name: str, value: Any, mask: Mask) -> NDArray[np.float64]:
    try:
        column: NDArray[np.float64] = np.broadcast_to(np.asarray(value, np.float64), len(mask))
    except (TypeError, ValueError):
        raise NegoenvError(
            f"options: {option} field {name!r} is {value!r}; a number is expected, or {len(mask)} of them."
        ) from None
    chosen = column[mask]
    if chosen.size:
        for extreme in (chosen.min(), chosen.max()):  # NaN is both
            layout.check(name, float(extreme), "options")
        fractions = chosen[chosen % 1.0 != 0.0]
        if layout.by_name[name].unit in _WHOLE and fractions.size:
            raise NegoenvError(
                f"options: {layout.name} field {name!r} is {fractions[0]:g}; a whole number is expected."
            )
    return column


def _require(columns: Numbers, name: str, most: Any, reason: str, mask: Mask) -> None:
    """Refuse a field that is larger than ``most``, one number or one for each row, in one of the rows of ``mask``."""
    column = columns.get(name)
    if column is not None and (mask & (column > most)).any():
        raise NegoenvError(f"options: field {name!r} is {column[mask & (column > most)][0]:g}; {reason}.")
