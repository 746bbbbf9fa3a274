"""What a move can do, and what it needs: families, conditions, effects."""

from dataclasses import dataclass, fields
from enum import IntEnum, IntFlag
from itertools import cycle


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
    TERMS = 9  # other terms than the price, where a contract has several issues


PRESSING = (Family.STRONG, Family.THIRD_PARTY, Family.ULTIMATUM, Family.EMOTION)
"""The families that put pressure on the supplier: they wear out with use, and it is receptive to each by its type."""


TOPICS = (*PRESSING, Family.CONCESSION)
"""What a supplier speaks of when it answers: the means that weigh with it, more often than the others."""


class Condition(IntFlag):
    """What a move may need; each is a bit, so that one number says which of them hold."""

    NONE = 1  # always given
    FIRST_ROUND = 2  # nothing was said yet
    OFFER = 4  # an offer stands
    LEADER = 8  # an offer stands, and the top leader has not spoken
    GAP = 16  # the offer lies below the ask
    AFFORDABLE_ASK = 32  # the ask lies within the budget
    OFFER_AND_GAP = 64  # an offer stands, below the ask


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
        content: the price that is claimed to be all there is, as a fraction of the benchmark price; 0 for no claim.
        scarcity: how far it denies that the supplier has other buyers, 0 to 1.
        silence: how far it keeps the supplier waiting for an answer, 0 to 1.
        asked: fraction of the gap that the supplier is to give for the concession; 0 where it is unconditional.
        price: the offer that is named, as a fraction of the benchmark price; 0 where none is.
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
    content: float = 0.0
    scarcity: float = 0.0
    silence: float = 0.0
    asked: float = 0.0
    price: float = 0.0
    cost: float = 0.0


@dataclass(frozen=True)
class Tactic:
    """One row of the table of moves.

    Attributes:
        effects: what it does.
        meaning: what it means to a person who has to choose, in a line of at most 44 letters. In it and in the phrases
            ``{offer}`` is the standing offer after the move, and ``{ask}`` the standing ask.
        phrases: how a transcript tells it, one after the other when it comes again.
        needs: when it is legal.
    """

    effects: Effects
    meaning: str
    phrases: tuple[str, ...]
    needs: Condition = Condition.NONE

    def with_offer(self, offer: "Tactic") -> "Tactic":
        """Return the tactic of saying this and making an ``offer`` at once: the effects of both, in one round."""
        both = (getattr(self.effects, f.name) + getattr(offer.effects, f.name) for f in fields(Effects)[1:])
        return Tactic(
            Effects(self.effects.family, *both),
            needs=offer.needs,
            meaning="Both at once: {offer}.",
            phrases=tuple(f"{first} {second}" for first, second in zip(offer.phrases, cycle(self.phrases))),
        )
