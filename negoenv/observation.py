"""What the buyer sees: public history and noisy cues, never the hidden type."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.compiled import compiled
from negoenv.dynamics.persuasion import Record
from negoenv.state import STATE
from negoenv.tactics import Family

Array = NDArray[Any]


@dataclass(frozen=True)
class Column:
    """One column of the observation.

    Attributes:
        name: its name.
        unit: its unit.
        low: smallest value.
        high: largest value.
        meaning: one sentence.
        scale: what the state field of the same name is multiplied by.
    """

    name: str
    unit: str
    low: float
    high: float
    meaning: str
    scale: float = 1.0


def _state_column(name: str, scale: float = 1.0) -> Column:
    """Return the column that shows the state field ``name``, scaled."""
    field = STATE.by_name[name]
    unit = field.unit if scale == 1.0 else f"{field.unit} x {scale:g}"
    return Column(name, unit, field.low * scale, field.high * scale, field.meaning, scale)


_TIME = (
    Column("progress", "fraction of the deadline", 0, 1, "How much of the time is gone."),
    Column("rounds_left", "rounds x 0.05", 0, 10, "Rounds left."),
)
_SEEN = (
    *map(_state_column, ("offer", "ask", "limit", "budget", "benchmark", "counter", "concession", "reaction", "mood")),
    *map(_state_column, ("wear_strong", "wear_third_party", "wear_ultimatum", "wear_emotion")),
    _state_column("stalemate", 0.2),
    *map(_state_column, ("goodwill", "weakness_known", "cost_estimate", "quote", "called", "leader_used")),
    *(_state_column(name, 0.2) for name in ("probes", "rivals", "bluffs", "deals_left")),
    _state_column("under_delivered"),
)
_FAMILIES = (
    Family.STRONG,
    Family.THIRD_PARTY,
    Family.ULTIMATUM,
    Family.EMOTION,
    Family.CONCESSION,
    Family.HOLD,
    Family.PROBE,
)
_LAST = tuple(
    Column(f"last_{family.name.lower()}", "0 or 1", 0, 1, f"The last move was of the family {family.name}.")
    for family in _FAMILIES
)

COLUMNS: tuple[Column, ...] = (*_TIME, *_SEEN, *_LAST)
NAMES = tuple(column.name for column in COLUMNS)
INDEX = {name: index for index, name in enumerate(NAMES)}

_FIRST_SEEN = len(_TIME)
_FIRST_FAMILY = _FIRST_SEEN + len(_SEEN)
_STATE_INDEX = np.array([STATE.names.index(column.name) for column in _SEEN])
_SCALE = np.array([column.scale for column in _SEEN])
_FAMILY_CODES = np.array(_FAMILIES, np.float64)


def observation_space() -> spaces.Box:
    """Return the space of one observation: ``Box`` of float32, shape ``(columns,)``, with the range of each column."""
    return spaces.Box(
        np.array([column.low for column in COLUMNS], np.float32),
        np.array([column.high for column in COLUMNS], np.float32),
        dtype=np.float32,
    )


def named(observation: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """Return views of the columns by name, for one observation or a batch (the last axis holds the columns)."""
    return {name: observation[..., index] for index, name in enumerate(NAMES)}


@compiled
def observe(s: Record, numbers: Array, family: float, visible: Array, out: Array, i: int) -> None:
    """Write one observation.

    Args:
        s: the state, by name.
        numbers: the same state, by index.
        family: family of the last move, -1 before there is one.
        visible: 1 for each column that the scenario shows, else 0; float32 of shape ``(columns,)``.
        out: where it is written; float32 of shape ``(rows, columns)``.
        i: into which row.
    """
    out[i, 0] = min(1.0, s.round / s.deadline)
    out[i, 1] = 0.05 * max(0.0, s.deadline - s.round)
    for k in range(len(_STATE_INDEX)):
        out[i, _FIRST_SEEN + k] = numbers[_STATE_INDEX[k]] * _SCALE[k]
    for k in range(len(_FAMILY_CODES)):
        out[i, _FIRST_FAMILY + k] = 1.0 if _FAMILY_CODES[k] == family else 0.0
    for column in range(len(visible)):
        out[i, column] *= visible[column]
