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

_CLAIMS = (Move.REVEAL_BUDGET, Move.CITE_COMPETITORS)  # the milder first
_STEPS = (Move.CONCEDE_LARGE, Move.CONCEDE_MODERATE, Move.CONCEDE_SMALL)
_MIN_SURPLUS = 0.05  # surplus that shares are at least taken of, fraction of the first ask
_MIN_GAP = 1e-9  # keeps divisions finite
_MOVED = 1e-4  # a smaller counter is none, gap fraction
_FRESH = 0.5  # wear below which an ultimatum still comes unexpected
_NEVER = -10.0  # the hope for means that may not be used, below any cue


@dataclass(frozen=True)
class Habits:
    """How it judges. The numbers are its author's, chosen on the training split.

    Attributes:
        hope_strong: reaction that it expects of strong pressure before it has tried, cue units.
        hope_third_party: the same of third parties.
        hope_emotion: the same of emotion, once a weakness is known.
        trust: uses that this guess counts for beside those that were heard of.
        worthwhile: expected reaction from which it presses, cue units.
        tense: strain from which it retreats, cue units.
        patience: rounds in which it neither gives nor presses before it gives.
        probes: times it asks for costs.
        early: part of the time in which it does, fraction of the deadline.
        cost: what it takes for the supplier's cost until it has asked, fraction of the benchmark.
        fair: supplier's share of the surplus at which it takes the ask.
        indifferent: mean reaction up to which means have not helped, cue units.
        stuck: rounds without movement that call for an ultimatum.
        closing: rounds before the end in which it gives what it can to close.
    """

    hope_strong: float = 0.5
    hope_third_party: float = 0.25
    hope_emotion: float = 1.0
    trust: float = 0.6
    worthwhile: float = 0.4
    tense: float = 0.5
    patience: int = 3
    probes: int = 2
    early: float = 0.4
    cost: float = 0.8
    fair: float = 0.15
    indifferent: float = 0.6
    stuck: int = 2
    closing: int = 2


class Gradual(ScriptedPolicy):
    """Builds pressure step by step, listens after each step, and retreats before anything breaks.

    What it does, in this order:

    1. Take a fair ask; in the last round any ask that a deal is worth, or leave, and leave a supplier whose costs are
       above that. Give what it can when the end is near.
    2. Retreat when the supplier is strained.
    3. Answer the supplier's moves, and its own long silence, with a concession: the first large enough to be noticed,
       the others smaller, for shrinking concessions say that the limit is near (Tey et al. 2021).
    4. Press by the means of which most is to be hoped: a guess, together with what was heard of them, less their wear.
       So means that left the supplier cold are dropped, and worn ones rest. Emotion is for a known weakness alone,
       with a calm round between.
    5. Ask for costs while it is early, which may show a weakness.
    6. After a stalemate in which nothing helped give an ultimatum, the leader's first; invite rivals before it, so that
       it is no empty word.

    Attributes:
        habits: how it judges.
    """

    name = "gradual"
    remembers = Layout(
        "memory",
        Field("gave", "count", 0, 200, "Concessions it has made."),
        Field("owed", "count", 0, 200, "Moves of the supplier that it has not answered with one."),
        Field("quiet", "rounds", 0, 200, "Rounds since the last of them in which it did not press."),
        *(Field(f"heard_{means}", WEIGHT, -600, 600, f"Sum of the reactions to {means}.") for means in PRESSURE_MOVES),
        *(Field(f"used_{means}", "count", 0, 200, f"Times it used {means}.") for means in PRESSURE_MOVES),
    )

    def __init__(self, habits: Habits | None = None) -> None:
        self.habits = habits or Habits()

    def propose(self, table: Table) -> Actions:
        """Take the first piece of advice that applies."""
        habits, memory = self.habits, self.memory
        self._listen(table)
        cost = np.where(table["cost_estimate"] > 0.0, table["cost_estimate"], habits.cost * table["benchmark"])
        fair = table["ask"] - cost <= habits.fair * np.maximum(table["limit"] - cost, _MIN_SURPLUS)
        last = table["rounds_left"] <= 1.0
        hopeless = (table["probes"] >= habits.probes) & (cost > table["worth"])
        largest, next_step, gives = self._concessions(table)
        impatient = memory["quiet"] >= habits.patience
        hopes = np.stack([self._hope(means, table) for means in PRESSURE_MOVES])
        pressure = np.choose(hopes.argmax(axis=0), [_claim(table), Move.INVITE_RIVALS, Move.RAISE_VOICE])
        curious = (table["can_probe"] == 1.0) & (table["probes"] < habits.probes) & (table["progress"] < habits.early)
        stuck = self._stuck(table)
        unshown = (table["can_third_party"] == 1.0) & (table["rivals"] == 0.0)
        return first_true(
            [
                (acceptable(table) & (last | fair), Move.ACCEPT),
                (last | hopeless, Move.WALK_AWAY),
                (gives & (table["rounds_left"] <= habits.closing), largest),
                ((table["strain"] >= habits.tense) & ~(gives & impatient), Move.HOLD),
                (gives & ((memory["owed"] > 0.0) | impatient), next_step),
                (hopes.max(axis=0) >= habits.worthwhile, pressure),
                (curious, Move.PROBE),
                (stuck & unshown, Move.INVITE_RIVALS),
                (stuck, np.where(table["leader_used"] == 0.0, Move.LEADER_ULTIMATUM, Move.ULTIMATUM)),
            ],
            Move.HOLD,
        )

    def _listen(self, table: Table) -> None:
        """Remember who has moved, and how pressure was taken."""
        memory = self.memory
        pressed = table["last_ultimatum"]
        for means in PRESSURE_MOVES:
            used = table[f"last_{means}"]
            pressed = pressed + used
            memory[f"heard_{means}"] += used * table["reaction"]
            memory[f"used_{means}"] += used
        gave = table["last_concession"]
        memory["gave"] += gave
        memory["owed"] = (1.0 - gave) * memory["owed"] + (table["counter"] > _MOVED)
        memory["quiet"] = (1.0 - gave) * (memory["quiet"] + 1.0 - pressed)

    def _hope(self, means: str, table: Table) -> Column:
        """Return the reaction to expect of a family now, shape ``(rows,)``."""
        trust = self.habits.trust
        heard = self.memory[f"heard_{means}"] + trust * getattr(self.habits, f"hope_{means}")
        allowed = table[f"can_{means}"] == 1.0
        if means == "emotion":
            allowed &= (table["weakness_known"] == 1.0) & (table["last_emotion"] == 0.0)
        fresh = 1.0 - table[f"wear_{means}"]
        return np.where(allowed, fresh * heard / (trust + self.memory[f"used_{means}"]), _NEVER)

    def _concessions(self, table: Table) -> tuple[Actions, Actions, Flags]:
        """Return the largest concession that a deal is worth, the next one, and whether there is any."""
        room = (table["worth"] - table["offer"]) / np.maximum(table["gap"], _MIN_GAP)
        fits = {step: room >= step.tactic.effects.concession for step in _STEPS}
        largest = first_true([(fits[step], step) for step in _STEPS], Move.HOLD)
        first = (self.memory["gave"] == 0.0) & fits[Move.CONCEDE_MODERATE]
        next_step = np.where(first, Move.CONCEDE_MODERATE, Move.CONCEDE_SMALL)
        return largest, next_step, fits[Move.CONCEDE_SMALL] & (table["can_concession"] == 1.0)

    def _stuck(self, table: Table) -> Flags:
        """Return where nothing moves, nothing has helped, and an ultimatum still comes unexpected."""
        quiet: Flags = (table["can_ultimatum"] == 1.0) & (table["wear_ultimatum"] < _FRESH)
        quiet &= table["stalemate"] >= self.habits.stuck
        for means in PRESSURE_MOVES:
            quiet &= self.memory[f"heard_{means}"] <= self.habits.indifferent * self.memory[f"used_{means}"]
        return quiet


def _claim(table: Table) -> Actions:
    """Return the mildest strong means that says something.

    A price that is claimed to be all there is does so only while more is asked, and not more offered.
    """
    prices = {claim: claim.tactic.effects.content * table["benchmark"] for claim in _CLAIMS}
    telling = [((table["offer"] <= price) & (price < table["ask"]), claim) for claim, price in prices.items()]
    return first_true(telling, Move.DENY_SCARCITY)
