"""The moves of Sourcing: what is said and offered to one supplier, and awards; one row a move says all there is to it.

An action is a move towards one of the suppliers of the layout, or one of the two that concern nobody: HOLD, which lets
a round pass, and WALK_AWAY. What a move does to the supplier are `negoenv.game.effects.Effects`, as in the other games:
most moves are those of `negoenv.game.tactics`, and three are about the other suppliers. Magnitudes are assumptions.
"""

from collections.abc import Iterator
from dataclasses import astuple
from enum import IntEnum, IntFlag
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from negoenv.game.effects import Effects, Family, Tactic
from negoenv.game.tactics import EFFECT_DTYPE, Move
from negoenv.numerics.layout import Records

LAYOUT = 5
"""Suppliers that observations and actions have room for."""

_ANY_PRICE = 4.0  # fraction of the benchmark; above all prices, so that the quote that is named is what counts

_SHOW_QUOTE = Tactic(
    Effects(Family.THIRD_PARTY, goals=0.35, information=0.10, claim=0.1, alternatives=0.5, offence=0.05,
            content=_ANY_PRICE),
    meaning="Show the lowest ask of the others: {quote}.",
    phrases=("You show what another asks: {quote}.", "You put another's offer on the table: {quote}."),
)  # fmt: skip
_CLAIM_QUOTE = Tactic(
    Effects(Family.STRONG, goals=0.45, claim=1.0, bluff=0.30, alternatives=0.3, offence=0.08, content=_ANY_PRICE),
    meaning="Say that another asks less; it is not true.",
    phrases=("You say that another asks {quote}, which is not so.", "You make up an offer of {quote}."),
)
_INVITE = Tactic(
    Effects(Family.PROBE, cost=0.01),
    meaning="Invite it, or invite it back.",
    phrases=("You invite it to quote.", "You invite it back."),
)


def _award(meaning: str, phrase: str) -> Tactic:
    return Tactic(Effects(Family.CLOSE), meaning=meaning, phrases=(phrase,))


class Situation(IntFlag):
    """How a supplier stands; each is a bit, so that one number says which of them hold."""

    OPEN = 1  # it takes part, and no price is agreed
    AWAKE = 2  # it takes part
    ASLEEP = 4  # it does not, and has not left in anger
    FIRM = 8  # its price stands, and lies within the budget
    RESERVE = 16  # so does that of another
    BEATEN = 32  # another, whose price stands, asks no more
    CREDULOUS = 64  # a made-up quote would lie above what the buyer offers it itself
    NEVER = 128  # does not hold


S = Situation


class SourcingMove(IntEnum):
    """What can be done towards one supplier, numbered from 0 as it stands here.

    Attributes:
        stands_for: the move of the price game whose conditions it has, and which the supplier remembers it as.
        tactic: its effects and its words.
        needs: how the supplier must stand.
    """

    stands_for: Move
    tactic: Tactic
    needs: Situation

    def __new__(cls, stands_for: Any, needs: Situation = Situation.OPEN, tactic: Tactic | None = None) -> Self:
        """Number the next row."""
        number = len(cls.__members__)
        move = int.__new__(cls, number)
        move._value_ = number
        move.stands_for = stands_for
        move.needs = needs
        move.tactic = tactic or stands_for.tactic
        return move

    HOLD = (Move.HOLD, S.AWAKE)  # keep in touch
    OPEN_LOW = Move.OPEN_LOW
    OPEN_MODERATE = Move.OPEN_MODERATE
    OPEN_FAIR = Move.OPEN_FAIR
    REVEAL_BUDGET = Move.REVEAL_BUDGET
    SHOW_QUOTE = (Move.CLAIM_NEW_PROCESS, S.AWAKE | S.BEATEN, _SHOW_QUOTE)  # remembered as a third party
    CLAIM_QUOTE = (Move.CITE_COMPETITORS, S.OPEN | S.CREDULOUS, _CLAIM_QUOTE)
    ULTIMATUM = Move.ULTIMATUM
    RAISE_VOICE = Move.RAISE_VOICE
    PROBE = Move.PROBE
    CONCEDE_SMALL = Move.CONCEDE_SMALL
    CONCEDE_MODERATE = Move.CONCEDE_MODERATE
    CONCEDE_LARGE = Move.CONCEDE_LARGE
    EXCHANGE = Move.EXCHANGE
    SHOW_QUOTE_AND_CONCEDE = (
        Move["CLAIM_NEW_PROCESS+CONCEDE_MODERATE"],
        S.OPEN | S.BEATEN,
        _SHOW_QUOTE.with_offer(Move.CONCEDE_MODERATE.tactic),
    )
    INVITE = (Move.HOLD, S.ASLEEP, _INVITE)
    AWARD = (
        Move.ACCEPT,
        S.FIRM,
        _award("Give it the whole order, at {ask}.", "You give it the whole order, at {ask}."),
    )
    AWARD_MOST = (
        Move.ACCEPT,
        S.FIRM | S.RESERVE,
        _award("Give it most, the next cheapest the rest.", "You give it most of the order, at {ask}."),
    )
    AWARD_HALF = (
        Move.ACCEPT,
        S.FIRM | S.RESERVE,
        _award("Halve it with the next cheapest.", "You give it half of the order, at {ask}."),
    )


MOVES_A_SUPPLIER = len(SourcingMove)
"""Moves towards one supplier."""

AWARDS = (SourcingMove.AWARD, SourcingMove.AWARD_MOST, SourcingMove.AWARD_HALF)
"""What closes, from the whole order to the most even split."""

SOURCING_ARGUMENTS = tuple(
    SourcingMove[name]
    for name in ("HOLD", "REVEAL_BUDGET", "SHOW_QUOTE", "CLAIM_QUOTE", "ULTIMATUM", "RAISE_VOICE", "PROBE", "INVITE")
)
"""What can be said to a supplier; HOLD says nothing."""

SOURCING_OFFERS = (
    SourcingMove.HOLD,
    *(m for m in SourcingMove if m not in SOURCING_ARGUMENTS and m is not SourcingMove.SHOW_QUOTE_AND_CONCEDE),
)
"""What can be offered to it; HOLD stays with the standing offer. The factored action space adds leaving."""


def joined(argument: SourcingMove, offer: SourcingMove) -> SourcingMove:
    """Return the move of an argument and an offer; where nobody would say them together, the offer is made alone."""
    if offer is SourcingMove.HOLD:
        return argument
    both = (argument, offer) == (SourcingMove.SHOW_QUOTE, SourcingMove.CONCEDE_MODERATE)
    return SourcingMove.SHOW_QUOTE_AND_CONCEDE if both else offer


def _names() -> Iterator[str]:
    for number in range(1, LAYOUT + 1):
        for move in SourcingMove:
            yield f"S{number}_{move.name}"
    yield from ("HOLD", "WALK_AWAY")


SourcingAction = IntEnum("SourcingAction", list(_names()), start=0)  # type: ignore[misc]
"""The actions: the moves towards the first supplier, S1_HOLD and so on, then towards the others; HOLD; WALK_AWAY."""

ACTIONS = len(SourcingAction)
"""How many actions there are."""


def action_of(supplier: int, move: SourcingMove) -> int:
    """Return the number of a move towards a supplier, counted from 0."""
    return supplier * MOVES_A_SUPPLIER + move


def action_kinds() -> tuple[list[str], NDArray[np.int64]]:
    """Return the kinds of action, whomever they are for, and the kind of each action; int64 of shape ``(actions,)``."""
    kinds = [move.name for move in SourcingMove] + ["HOLD_ALL", "WALK_AWAY"]
    towards = np.tile(np.arange(MOVES_A_SUPPLIER), LAYOUT)
    return kinds, np.concatenate([towards, [MOVES_A_SUPPLIER, MOVES_A_SUPPLIER + 1]]).astype(np.int64)


def sourcing_effects() -> Records:
    """Return what the moves do as records, shape ``(moves of a supplier,)``, for the compiled dynamics."""
    return np.array([astuple(move.tactic.effects) for move in SourcingMove], EFFECT_DTYPE)
