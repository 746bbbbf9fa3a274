"""The moves of the buyer: one row a move, with named effects. Adding a tactic is adding a row.

Magnitudes are assumptions of the model unless a source is named; what they must add up to is tested by experiment.
"""

from dataclasses import astuple, dataclass, fields
from enum import IntEnum

import numpy as np

from negoenv.numerics.layout import Records


class Family(IntEnum):
    """What kind of means a move is; wear, receptiveness and ablations go by family."""

    OPENING = 0  # the first offer, which anchors
    STRONG = 1  # strong pressure: lowers what the supplier expects
    THIRD_PARTY = 2  # rivals, or a process that takes the order away
    ULTIMATUM = 3  # this offer or none
    EMOTION = 4  # anger, silence, threats without words, walking out
    CONCESSION = 5  # a moderate concession, conditional
    HOLD = 6  # retreat: lets tension fall
    PROBE = 7  # information: asks for costs, looks for a mistake or weakness
    CLOSE = 8  # take the ask, or leave


class Move(IntEnum):
    """The actions, in the order of ``Discrete(22)``."""

    OPEN_LOW = 0  # an ambitious first offer
    OPEN_MODERATE = 1  # a first offer a little below the benchmark
    OPEN_FAIR = 2  # a first offer at the benchmark
    REVEAL_BUDGET = 3  # "this is all we have"
    CITE_COMPETITORS = 4  # "others are waiting to supply this"
    DENY_SCARCITY = 5  # "what you sell is not scarce"
    INVITE_RIVALS = 6  # rivals are really invited: costs money, may bring a quote
    CLAIM_NEW_PROCESS = 7  # "demand is gone, unless you move"
    ULTIMATUM = 8  # the standing offer, or no deal
    LEADER_ULTIMATUM = 9  # the same from the top leader, once
    RAISE_VOICE = 10  # moderate anger
    FURY = 11  # rage
    SILENCE = 12  # says nothing
    SILENT_THREAT = 13  # closes the folder, looks at the door
    WALK_OUT = 14  # leaves the room, not the negotiation
    CONCEDE_SMALL = 15  # gives a tenth of the gap
    CONCEDE_MODERATE = 16  # gives a quarter of the gap
    CONCEDE_LARGE = 17  # meets in the middle
    HOLD = 18  # stays where it is, friendly
    PROBE = 19  # asks for costs, looks for a mistake or weakness
    ACCEPT = 20  # takes the standing ask
    WALK_AWAY = 21  # leaves for the outside option


@dataclass(frozen=True)
class Effects:
    """What one move does to the supplier, before the supplier's type, wear and credibility bend it.

    Attributes:
        family: the family it wears out.
        opening: first offer as a fraction of the benchmark price; 0 for all other moves.
        concession: fraction of the gap between offer and ask that the buyer gives.
        goals: pressure on goals (fear of losing the order), pressure units.
        time: pressure by time (deadline, deadlock), pressure units.
        information: pressure by information (the buyer knows its costs, its weakness), pressure units.
        physical: pressure by long, tense sessions, pressure units.
        claim: how far it works by being believed, 0 (not at all) to 1 (only so).
        bluff: probability weight of being found out when it is not true, 0 to 1.
        alternatives: fraction of the remaining doubt in the buyer's alternatives that a believed move removes.
        anger: intensity of shown anger, 0 to 1.
        offence: tension it causes in a proud supplier when it is not justified, tension units.
        early: how much more it works early than late, 0 (no difference) to 1 (nothing at the deadline).
        relief: fraction of the tension it removes.
        leader: whether the top leader stands behind it, 0 or 1.
        cost: what it costs the buyer, fraction of the surplus.
    """

    family: Family
    opening: float = 0.0
    concession: float = 0.0
    goals: float = 0.0
    time: float = 0.0
    information: float = 0.0
    physical: float = 0.0
    claim: float = 0.0
    bluff: float = 0.0
    alternatives: float = 0.0
    anger: float = 0.0
    offence: float = 0.0
    early: float = 0.0
    relief: float = 0.0
    leader: float = 0.0
    cost: float = 0.0


F = Family
TACTICS: dict[Move, Effects] = {
    Move.OPEN_LOW: Effects(F.OPENING, opening=0.70),
    Move.OPEN_MODERATE: Effects(F.OPENING, opening=0.85),
    Move.OPEN_FAIR: Effects(F.OPENING, opening=1.0),
    Move.REVEAL_BUDGET: Effects(F.STRONG, goals=0.35, information=0.05, claim=0.6, bluff=0.10, offence=0.05),
    Move.CITE_COMPETITORS: Effects(F.STRONG, goals=0.45, claim=1.0, bluff=0.30, alternatives=0.3, offence=0.08),
    Move.DENY_SCARCITY: Effects(F.STRONG, goals=0.20, information=0.25, claim=0.7, bluff=0.20, offence=0.12),
    Move.INVITE_RIVALS: Effects(F.THIRD_PARTY, goals=0.25, time=0.08, alternatives=0.5, offence=0.03, cost=0.03),
    Move.CLAIM_NEW_PROCESS: Effects(F.THIRD_PARTY, goals=0.40, time=0.15, claim=1.0, bluff=0.35, offence=0.15),
    Move.ULTIMATUM: Effects(F.ULTIMATUM, time=0.10, goals=0.05, claim=1.0, offence=0.20),
    Move.LEADER_ULTIMATUM: Effects(F.ULTIMATUM, time=0.10, goals=0.05, claim=1.0, offence=0.20, leader=1.0, cost=0.03),
    Move.RAISE_VOICE: Effects(F.EMOTION, physical=0.20, goals=0.30, anger=0.5, offence=0.25),
    Move.FURY: Effects(F.EMOTION, physical=0.40, goals=0.50, anger=1.0, offence=0.60),
    Move.SILENCE: Effects(F.EMOTION, time=0.12, physical=0.06, offence=0.02),
    Move.SILENT_THREAT: Effects(F.EMOTION, goals=0.40, claim=1.0, early=1.0, offence=0.12),
    Move.WALK_OUT: Effects(F.EMOTION, goals=0.30, time=0.30, claim=1.0, offence=0.15),
    Move.CONCEDE_SMALL: Effects(F.CONCESSION, concession=0.10, relief=0.05),
    Move.CONCEDE_MODERATE: Effects(F.CONCESSION, concession=0.25, relief=0.12),
    Move.CONCEDE_LARGE: Effects(F.CONCESSION, concession=0.50, relief=0.30),
    Move.HOLD: Effects(F.HOLD, relief=0.45),
    Move.PROBE: Effects(F.PROBE, offence=0.05),
    Move.ACCEPT: Effects(F.CLOSE),
    Move.WALK_AWAY: Effects(F.CLOSE),
}

MOVES = len(Move)
EFFECT_DTYPE = np.dtype([(field.name, np.int64 if field.name == "family" else np.float64) for field in fields(Effects)])
FAMILY_OF = {move: effects.family for move, effects in TACTICS.items()}


def effect_table() -> Records:
    """Return the table as records, shape ``(22,)``, indexed by move, for the compiled dynamics."""
    return np.array([astuple(TACTICS[move]) for move in Move], EFFECT_DTYPE)
