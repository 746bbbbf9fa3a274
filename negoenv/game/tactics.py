"""The moves of the buyer: one row a move says all there is to it. Adding a tactic is adding a row.

A move is an argument and an offer: the rows are what can be said and what can be offered; `Move` has each of them
alone, and what people say together. Magnitudes are assumptions of the model unless a source is named; what they must
add up to is tested by experiment.
"""

from collections.abc import Iterator, Mapping
from dataclasses import astuple, fields
from enum import IntEnum
from typing import Any, Self

import numpy as np

from negoenv.game.effects import Condition, Effects, Family, Tactic
from negoenv.numerics.layout import Records

F, C = Family, Condition


NAMED_PRICES = (0.80, 0.85, 0.90, 0.95, 1.00, 1.05, 1.10, 1.15)
"""The offers that can be named, as fractions of the benchmark price; an assumption: finer steps were not tried."""

_SAID_WITH_OFFERS = ("REVEAL_BUDGET", "CITE_COMPETITORS", "DENY_SCARCITY", "CLAIM_NEW_PROCESS", "ULTIMATUM")
_STEPS = ("CONCEDE_SMALL", "CONCEDE_MODERATE", "CONCEDE_LARGE")


def _named_offers() -> Iterator[tuple[str, Tactic]]:
    """Yield the offers that name a price: OFFER_80 is 80% of the benchmark."""
    for price in NAMED_PRICES:
        yield (
            f"OFFER_{100 * price:.0f}",
            Tactic(
                Effects(F.CONCESSION, price=price),
                needs=C.OFFER_AND_GAP,
                meaning=f"Offer {price:.0%} of the market price: {{offer}}.",
                phrases=("You raise your offer to {offer}.", "You name {offer}."),
            ),
        )


def _together(rows: Mapping[str, Any]) -> Iterator[tuple[str, Tactic]]:
    """Yield what people say and offer in one breath, of the rows that there are."""
    for argument in _SAID_WITH_OFFERS:
        for offer in (*_STEPS, *(name for name in rows if name.startswith("OFFER_"))):
            yield f"{argument}+{offer}", rows[argument].with_offer(rows[offer])


class AnyMove(IntEnum):
    """A move of the table: one of `Move`, or of `negoenv.game.term_moves.TermMove`, whose numbers follow.

    Attributes:
        tactic: what it does.
    """

    tactic: Tactic

    @property
    def simple(self) -> bool:
        """Whether it is an argument alone or an offer alone."""
        return "+" not in self.name


class Move(AnyMove):
    """The actions, numbered from 0 as they stand here: a new one comes last, for numbers are part of the contract."""

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

    _ignore_ = "rows"
    rows = vars()
    rows.update(_named_offers())
    rows.update(_together(rows))


MOVES = len(Move)
"""The number of moves."""

SIMPLE = tuple(move for move in Move if move.simple)
"""The moves that are an argument or an offer alone."""

_OFFERING = (Family.OPENING, Family.CONCESSION, Family.CLOSE)
ARGUMENTS = (Move.HOLD, *(m for m in SIMPLE if m.tactic.effects.family not in _OFFERING and m is not Move.HOLD))
"""What can be said; HOLD says nothing."""

OFFERS = (Move.HOLD, *(m for m in SIMPLE if m.tactic.effects.family in _OFFERING))
"""What can be offered; HOLD stays with the standing offer."""


def combined(argument: Move, offer: Move) -> Move:
    """Return the move of an argument of `ARGUMENTS` and an offer of `OFFERS`.

    Where nobody would say the argument with that offer, the offer is made without it.
    """
    if offer is Move.HOLD:
        return argument
    return Move.__members__.get(f"{argument.name}+{offer.name}", offer)


FAMILY_OF = {move: move.tactic.effects.family for move in Move}


def families_of(move: AnyMove) -> frozenset[Family]:
    """Return the families of a move: that of its argument, and that of an offer made with it."""
    return frozenset({move.tactic.effects.family} | (set() if move.simple else {Family.CONCESSION}))


BY_FAMILY = tuple(sorted(Move, key=lambda move: (FAMILY_OF[move], move)))
"""The moves as they are shown: family by family."""

EFFECT_DTYPE = np.dtype([(field.name, np.int64 if field.name == "family" else np.float64) for field in fields(Effects)])


def effect_table() -> Records:
    """Return the effects as records, shape ``(moves,)``, indexed by move, for the compiled dynamics."""
    return np.array([astuple(move.tactic.effects) for move in Move], EFFECT_DTYPE)
