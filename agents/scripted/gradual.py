"""Gradual pressure as a policy."""

from dataclasses import dataclass

import numpy as np

from negoenv.game.supplier import WEIGHT
from negoenv.game.tactics import Move
from negoenv.numerics.layout import Field, Layout

from ..policy import Actions
from .base import Column, Flags, ScriptedPolicy, Table, acceptable, first_true

PRESSURE_MOVES = ("strong", "third_party", "emotion")
"""The families that it builds pressure with, as the observation names them; the ultimatum is for when they fail."""

_STEPS = {
    "strong": (Move.REVEAL_BUDGET, Move.CITE_COMPETITORS),
    "third_party": (Move.INVITE_RIVALS, Move.CLAIM_NEW_PROCESS),
    "emotion": (Move.SILENT_THREAT, Move.RAISE_VOICE),
}
"""The moves of each family, taken in turn."""
_MIN_SURPLUS = 0.05  # surplus that shares are at least taken of, fraction of the first ask
_FRESH = 0.5  # wear below which an ultimatum still comes unexpected


@dataclass(frozen=True)
class Habits:
    """How it judges. The numbers are its author's, chosen on the training split.

    Attributes:
        hope_strong: reaction that it expects of strong pressure before it has tried, cue units.
        hope_third_party: the same of third parties.
        hope_emotion: the same of emotion, once a weakness is known.
        caution: how far one bad reaction dims the hope for means not tried yet, cue units a cue unit.
        yielding: share of the room above cost that an ask loses for a reaction of 1.
        worthwhile: expected fall of the ask for which it presses, fraction of the first ask.
        calm: strain up to which it presses, cue units.
        tense: strain from which it retreats from whatever it was doing, cue units.
        indifferent: reactions nearer to 0 than this, to all that was tried, call for an ultimatum, cue units.
        probes: times it asks for costs.
        cost: what it takes for the supplier's cost until it has asked, fraction of the benchmark.
        fair: supplier's share of the surplus at which it takes the ask.
        closing: rounds before the end in which it gives more to close.
    """

    hope_strong: float = 0.33
    hope_third_party: float = 0.7
    hope_emotion: float = 0.9
    caution: float = 1.15
    yielding: float = 0.25
    worthwhile: float = 0.012
    calm: float = 0.12
    tense: float = 0.22
    indifferent: float = 0.35
    probes: int = 2
    cost: float = 0.8
    fair: float = 0.15
    closing: int = 2


class Gradual(ScriptedPolicy):
    """Builds pressure step by step, listens after each step, and retreats before anything breaks.

    What it does, in this order:

    1. Take a fair ask; in the last round any ask within the limit, or leave. Give more when the end is near.
    2. Retreat when the supplier is tense. Follow up an ultimatum that was refused: invite rivals, so that it was
       no empty word.
    3. Press, but only a calm supplier, and by the means of which most is to be hoped: what was heard of them, or a
       guess before they were tried, less their wear. So means that gave offence are dropped, and worn ones alternate
       with fresh ones. Emotion is for a known weakness alone.
    4. Ask for costs, which may show a weakness.
    5. Give an ultimatum, the leader's first, to a supplier whom nothing has moved and nothing has offended.
    6. Where no pressure helps, concede, less each time (shrinking concessions: Tey et al. 2021).

    Attributes:
        habits: how it judges.
    """

    name = "gradual"
    remembers = Layout(
        "memory",
        Field("gave", "count", 0, 200, "Concessions it has made."),
        *(Field(f"heard_{means}", WEIGHT, -4, 4, f"How {means} was taken when last used.") for means in PRESSURE_MOVES),
        *(Field(f"used_{means}", "count", 0, 200, f"Times it used {means}.") for means in PRESSURE_MOVES),
    )

    def __init__(self, habits: Habits | None = None) -> None:
        self.habits = habits or Habits()

    def propose(self, table: Table) -> Actions:
        """Take the first piece of advice that applies."""
        habits, memory = self.habits, self.memory
        self._listen(table)
        cost = np.where(table["cost_estimate"] > 0.0, table["cost_estimate"], habits.cost * table["benchmark"])
        room = np.maximum(0.0, table["ask"] - cost)
        fair = room <= habits.fair * np.maximum(table["limit"] - cost, _MIN_SURPLUS)
        last = table["rounds_left"] <= 1.0
        hopes = np.stack([self._hope(means, table) for means in PRESSURE_MOVES])
        pressure = np.choose(hopes.argmax(axis=0), [self._next(means) for means in PRESSURE_MOVES])
        worthwhile = habits.yielding * hopes.max(axis=0) * room >= habits.worthwhile
        ultimatum = np.where(table["leader_used"] == 0.0, Move.LEADER_ULTIMATUM, Move.ULTIMATUM)
        firm = (table["can_ultimatum"] == 1.0) & (table["wear_ultimatum"] < _FRESH) & (table["offer"] >= cost)
        curious = (table["can_probe"] == 1.0) & (table["probes"] < habits.probes)
        return first_true(
            [
                (acceptable(table) & (last | fair), Move.ACCEPT),
                (last, Move.WALK_AWAY),
                (table["rounds_left"] <= habits.closing, Move.CONCEDE_LARGE),
                (table["strain"] >= habits.tense, Move.HOLD),
                ((table["called"] == 1.0) & (table["can_third_party"] == 1.0), Move.INVITE_RIVALS),
                (worthwhile & (table["strain"] > habits.calm), Move.HOLD),
                (worthwhile, pressure),
                (curious, Move.PROBE),
                (self._indifferent(table) & firm, ultimatum),
                (memory["gave"] == 0.0, Move.CONCEDE_MODERATE),
            ],
            Move.CONCEDE_SMALL,
        )

    def _listen(self, table: Table) -> None:
        """Remember how the last move was taken, and what it was."""
        memory = self.memory
        memory["gave"] += table["last_concession"]
        for means in PRESSURE_MOVES:
            used = table[f"last_{means}"] == 1.0
            memory[f"heard_{means}"] = np.where(used, table["reaction"], memory[f"heard_{means}"])
            memory[f"used_{means}"] += used

    def _hope(self, means: str, table: Table) -> Column:
        """Return the reaction to expect of a family now, shape ``(rows,)``."""
        memory = self.memory
        worst = np.minimum.reduce([np.zeros(len(memory)), *(memory[f"heard_{other}"] for other in PRESSURE_MOVES)])
        guess = getattr(self.habits, f"hope_{means}") + self.habits.caution * worst
        hope = np.where(memory[f"used_{means}"] > 0.0, memory[f"heard_{means}"], guess) * (1.0 - table[f"wear_{means}"])
        allowed = table[f"can_{means}"] == 1.0
        if means == "emotion":
            allowed &= table["weakness_known"] == 1.0
        return np.where(allowed, hope, -1.0)

    def _next(self, means: str) -> Actions:
        """Return the family's next move."""
        moves = np.array(_STEPS[means], np.int64)
        return moves[self.memory[f"used_{means}"].astype(np.int64) % len(moves)]

    def _indifferent(self, table: Table) -> Flags:
        """Return where strong pressure and third parties, as far as legal, neither moved nor offended."""
        quiet: Flags = table["weakness_known"] == 0.0
        for means in ("strong", "third_party"):
            tried = (self.memory[f"used_{means}"] > 0.0) | (table[f"can_{means}"] == 0.0)
            quiet &= tried & (np.abs(self.memory[f"heard_{means}"]) <= self.habits.indifferent)
        return quiet
