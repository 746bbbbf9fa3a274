"""All that was measured of people, in one: what a check compares with a simulation."""

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
        found: dict[str, float] = {}
        if self.bargains is not None:
            found |= moments_of(self.bargains)
        if self.turns is not None:
            found |= turn_moments_of(self.turns)
        if self.dialogues is not None:
            found |= dialogue_moments_of(self.dialogues)
        if self.rejections is not None:
            found |= rejection_moments_of(self.rejections)
        if self.participants is not None:
            found |= _sized(participant_moments_of(self.participants))
        return found

    def errors(self) -> dict[str, float]:
        """Return the standard error of every such moment, by name."""
        found: dict[str, float] = {}
        if self.bargains is not None:
            found |= standard_errors(self.bargains)
        if self.turns is not None:
            found |= turn_errors(self.turns)
        if self.dialogues is not None:
            found |= dialogue_errors(self.dialogues)
        if self.rejections is not None:
            found |= rejection_errors(self.rejections)
        if self.participants is not None:
            found |= _sized(participant_errors(self.participants))
        return found

    def differing(self, other: "HumanEvidence") -> "HumanEvidence":
        """Return the parts of this that are other data than those of the other."""
        parts = {field.name: getattr(self, field.name) for field in fields(self)}
        same = {name for name, part in parts.items() if same_data(part, getattr(other, name))}
        return HumanEvidence(**{name: None if name in same else part for name, part in parts.items()})


def _sized(effects: dict[str, float]) -> dict[str, float]:
    return {name: effects[name] for name in SIZED}


def same_data(one: Any, other: Any) -> bool:
    """Return whether two data sets of one kind, or two ``None``, hold the same numbers in the same order."""
    if one is None or other is None:
        return one is other
    pairs = ((getattr(one, field.name), getattr(other, field.name)) for field in fields(one))
    return one is other or all(np.array_equal(a, b, equal_nan=True) for a, b in pairs)
