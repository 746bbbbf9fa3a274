"""The moves of the buyer: one row a move says all there is to it. Adding a tactic is adding a row, at the end.

Magnitudes are assumptions of the model unless a source is named; what they must add up to is tested by experiment.
"""

from dataclasses import astuple, dataclass, fields
from enum import IntEnum, IntFlag
from typing import Any, Self

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


PRESSING = (Family.STRONG, Family.THIRD_PARTY, Family.ULTIMATUM, Family.EMOTION)
"""The families that put pressure on the supplier: they wear out with use, and it is receptive to each by its type."""


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


F, C = Family, Condition


class Move(IntEnum):
    """The actions, numbered from 0 as they stand here: a new one comes last, for numbers are part of the contract."""

    tactic: Tactic

    def __new__(cls, tactic: Any) -> Self:
        """Number the next row, a `Tactic`; it is called Any because type checkers take ``Move(3)`` for such a call."""
        number = len(cls.__members__)
        move = int.__new__(cls, number)
        move._value_ = number
        move.tactic = tactic
        return move

    OPEN_LOW = Tactic(
        Effects(F.OPENING, opening=0.70),
        needs=C.FIRST_ROUND,
        meaning="A bold first offer: {offer}.",
        phrases=("You open low, at {offer}.",),
    )
    OPEN_MODERATE = Tactic(
        Effects(F.OPENING, opening=0.85),
        needs=C.FIRST_ROUND,
        meaning="A first offer below the market: {offer}.",
        phrases=("You open a little below the market, at {offer}.",),
    )
    OPEN_FAIR = Tactic(
        Effects(F.OPENING, opening=1.0),
        needs=C.FIRST_ROUND,
        meaning="A first offer at the market: {offer}.",
        phrases=("You open with what the market pays, {offer}.",),
    )
    REVEAL_BUDGET = Tactic(
        Effects(F.STRONG, goals=0.35, information=0.05, claim=0.6, bluff=0.10, offence=0.05, content=1.10),
        meaning="Say that this is all there is.",
        phrases=(
            "You lay your budget on the table: this is all there is.",
            "You point to the budget: there is no more.",
        ),
    )
    CITE_COMPETITORS = Tactic(
        Effects(F.STRONG, goals=0.45, claim=1.0, bluff=0.30, alternatives=0.3, offence=0.08, content=0.95),
        meaning="Hint at other suppliers; may be checked.",
        phrases=(
            "You hint that others are waiting to supply this.",
            "You mention who else has called about the order.",
        ),
    )
    DENY_SCARCITY = Tactic(
        Effects(F.STRONG, goals=0.20, information=0.25, claim=0.7, bluff=0.20, offence=0.12, scarcity=1.0),
        meaning="Deny that it is scarce; may be checked.",
        phrases=("You remark that what it sells is not scarce.", "You doubt that its goods are as rare as it says."),
    )
    INVITE_RIVALS = Tactic(
        Effects(F.THIRD_PARTY, goals=0.25, time=0.08, alternatives=0.5, offence=0.03, cost=0.03),
        meaning="Invite bids: costs, may bring a quote.",
        phrases=("You invite rivals to bid.", "You ask for bids once more."),
    )
    CLAIM_NEW_PROCESS = Tactic(
        Effects(F.THIRD_PARTY, goals=0.40, time=0.15, claim=1.0, bluff=0.35, offence=0.15),
        meaning="Say you can do without; may be checked.",
        phrases=(
            "You let it be known that a new process may do without these goods.",
            "You say that your engineers are about to do without them.",
        ),
    )
    ULTIMATUM = Tactic(
        Effects(F.ULTIMATUM, time=0.10, goals=0.05, claim=1.0, offence=0.20),
        needs=C.OFFER,
        meaning="{offer}, or no deal. For a stalemate.",
        phrases=(
            "You say that {offer} is your last word: this, or no deal.",
            "You push the contract across the table: {offer}, or nothing.",
        ),
    )
    LEADER_ULTIMATUM = Tactic(
        Effects(F.ULTIMATUM, time=0.10, goals=0.05, claim=1.0, offence=0.20, leader=1.0, cost=0.03),
        needs=C.LEADER,
        meaning="Your chief's last word, once: {offer}.",
        phrases=("Your chief executive takes the chair and says it once: {offer}, or no deal.",),
    )
    RAISE_VOICE = Tactic(
        Effects(F.EMOTION, physical=0.20, goals=0.30, anger=0.5, offence=0.25),
        meaning="Show anger; it offends if not deserved.",
        phrases=("You raise your voice.", "You answer sharply, and louder than you need to."),
    )
    FURY = Tactic(
        Effects(F.EMOTION, physical=0.40, goals=0.50, anger=1.0, offence=0.60),
        meaning="Rage; it offends deeply if not deserved.",
        phrases=("You slam the table, furious.", "You shout at the supplier."),
    )
    SILENCE = Tactic(
        Effects(F.EMOTION, time=0.08, physical=0.06, offence=0.02, silence=1.0),
        meaning="Say nothing; a mild pressure.",
        phrases=("You say nothing at all.", "You look at the ask, and stay silent.", "You keep silent."),
    )
    SILENT_THREAT = Tactic(
        Effects(F.EMOTION, goals=0.40, claim=1.0, early=1.0, offence=0.12),
        meaning="Close the folder. Works best early.",
        phrases=("You close your folder and look at the door.", "You pack your papers without a word."),
    )
    WALK_OUT = Tactic(
        Effects(F.EMOTION, goals=0.30, time=0.30, claim=1.0, offence=0.15),
        meaning="Leave the room; it may call you back.",
        phrases=("You stand up and walk out of the room.", "You take your coat and go."),
    )
    CONCEDE_SMALL = Tactic(
        Effects(F.CONCESSION, concession=0.10, relief=0.05),
        needs=C.GAP,
        meaning="Give a tenth of the gap: {offer}.",
        phrases=("You come up a little, to {offer}.", "You give a small step: {offer}.", "You add something: {offer}."),
    )
    CONCEDE_MODERATE = Tactic(
        Effects(F.CONCESSION, concession=0.25, relief=0.12),
        needs=C.GAP,
        meaning="Give a quarter of the gap: {offer}.",
        phrases=(
            "You move towards the supplier, to {offer}.",
            "You give a fair step, to {offer}, and ask for one in return.",
        ),
    )
    CONCEDE_LARGE = Tactic(
        Effects(F.CONCESSION, concession=0.50, relief=0.30),
        needs=C.GAP,
        meaning="Give half of the gap: {offer}.",
        phrases=("You offer to meet in the middle, at {offer}.", "You go half of the way, to {offer}."),
    )
    HOLD = Tactic(
        Effects(F.HOLD, relief=0.45, silence=1.0),
        meaning="Keep your offer, be friendly; strain falls.",
        phrases=(
            "You stay where you are, and stay friendly.",
            "You suggest a break, and stay friendly.",
            "You talk of other things for a while.",
        ),
    )
    PROBE = Tactic(
        Effects(F.PROBE, offence=0.05, silence=0.5),
        meaning="Ask for its costs; look for a weakness.",
        phrases=(
            "You ask what goes into the price.",
            "You go through its costs, line by line.",
            "You ask one more question about its books.",
        ),
    )
    ACCEPT = Tactic(
        Effects(F.CLOSE),
        needs=C.AFFORDABLE_ASK,
        meaning="Take the standing ask: {ask}.",
        phrases=("You take the standing ask of {ask}.",),
    )
    WALK_AWAY = Tactic(
        Effects(F.CLOSE),
        meaning="Leave for good: no deal.",
        phrases=("You end the talks without a deal.",),
    )
    EXCHANGE = Tactic(
        Effects(F.CONCESSION, concession=0.25, asked=0.25, relief=0.05),
        needs=C.OFFER_AND_GAP,
        meaning="Offer a quarter of the gap for a quarter.",
        phrases=(
            "You say: if you come down as far as I come up, I give a quarter of what is between us.",
            "You propose to move step for step.",
        ),
    )
    HARD_EXCHANGE = Tactic(
        Effects(F.CONCESSION, concession=0.20, asked=0.30, offence=0.03),
        needs=C.OFFER_AND_GAP,
        meaning="Ask for half as much again as you offer.",
        phrases=(
            "You say that you could come up a little, if the supplier comes down by rather more.",
            "You offer a step for a larger one.",
        ),
    )


MOVES = len(Move)
"""The number of moves."""

FAMILY_OF = {move: move.tactic.effects.family for move in Move}
BY_FAMILY = tuple(sorted(Move, key=lambda move: (FAMILY_OF[move], move)))
"""The moves as they are shown: family by family."""

EFFECT_DTYPE = np.dtype([(field.name, np.int64 if field.name == "family" else np.float64) for field in fields(Effects)])


def effect_table() -> Records:
    """Return the effects as records, shape ``(moves,)``, indexed by move, for the compiled dynamics."""
    return np.array([astuple(move.tactic.effects) for move in Move], EFFECT_DTYPE)
