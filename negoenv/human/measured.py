"""All that was measured of people, in one: what a check compares with a simulation."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from negoenv.human.bargains import Bargains
from negoenv.human.dialogues import Dialogues, dialogue_errors, dialogue_moments_of
from negoenv.human.goodwill import SIZED
from negoenv.human.moments import MOMENTS, moments_of, standard_errors
from negoenv.human.participants import Participants, participant_errors, participant_moments_of
from negoenv.human.rejections import Rejections, rejection_errors, rejection_moments_of
from negoenv.human.turns import TURN_MOMENTS, Turns, turn_errors, turn_moments_of

FITTED = frozenset(
    [moment.name for moment in MOMENTS.values() if moment.fitted]
    + [moment.name for moment in TURN_MOMENTS.values() if moment.fitted]
)
"""Names of the moments that a calibration aims at."""


def _sized(effects: dict[str, float]) -> dict[str, float]:
    return {name: effects[name] for name in SIZED}


# Of each part, the functions that return its moments and their standard errors.
_MEASURES: dict[str, tuple[Callable[[Any], dict[str, float]], Callable[[Any], dict[str, float]]]] = {
    "bargains": (moments_of, standard_errors),
    "turns": (turn_moments_of, turn_errors),
    "dialogues": (dialogue_moments_of, dialogue_errors),
    "rejections": (rejection_moments_of, rejection_errors),
    "participants": (lambda part: _sized(participant_moments_of(part)), lambda part: _sized(participant_errors(part))),
}


@dataclass(frozen=True, eq=False)
class HumanEvidence:
    """What was measured; parts that are ``None`` are not compared."""

    bargains: Bargains | None  # negotiations, by the prices named
    turns: Turns | None = None
    dialogues: Dialogues | None = None
    rejections: Rejections | None = None
    participants: Participants | None = None

    def moments(self) -> dict[str, float]:
        """Return every moment of the parts that there are, by name."""
        return self._measured(0)

    def errors(self) -> dict[str, float]:
        """Return the standard error of every such moment, by name."""
        return self._measured(1)

    def _measured(self, which: int) -> dict[str, float]:
        found: dict[str, float] = {}
        for name, functions in _MEASURES.items():
            part = getattr(self, name)
            if part is not None:
                found |= functions[which](part)
        return found

    def differing(self, other: "HumanEvidence") -> "HumanEvidence":
        """Return the parts of this that are other data than those of the other."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        same = {name for name, part in parts.items() if same_data(part, getattr(other, name))}
        return HumanEvidence(**{name: None if name in same else part for name, part in parts.items()})


def same_data(one: Any, other: Any) -> bool:
    """Return whether two data sets of one kind, or two ``None``, hold the same numbers in the same order."""
    if one is None or other is None:
        return one is other
    pairs = ((getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return one is other or all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)
