"""The moves on other terms than the price: what a buyer of a contract with several issues can say besides `Move`.

They are numbered after the moves on the price, and a scenario with issues has both. Each is a row: how many levels of
which issue the buyer asks for or gives, and what it offers to pay for that. Ways to trade issues are those of the
literature on integrative bargaining (Pruitt 1981, *Negotiation behavior*; Raiffa 1982, *The art and science of
negotiation*; Thompson 1991 on asking for priorities; all recalled, unverified); magnitudes are assumptions.
"""

from collections.abc import Iterator, Mapping
from enum import IntEnum
from itertools import permutations
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from negoenv.game.effects import Condition, Effects, Family, Tactic
from negoenv.game.tactics import ARGUMENTS, EFFECT_DTYPE, MOVES, OFFERS, AnyMove, Move
from negoenv.numerics.layout import Records


class Issue(IntEnum):
    """What is agreed on besides the price; a higher level is better for the buyer."""

    PAYMENT = 0  # how long the buyer takes to pay
    DELIVERY = 1  # how fast the supplier delivers
    VOLUME = 2  # how little the buyer commits itself to take
    SERVICE = 3  # how reliably the supplier delivers


ISSUES = tuple(issue.name.lower() for issue in Issue)
"""Their names, in the order in which levels and weights are kept."""

PAID = 0.75
"""What the buyer offers for a step, as a share of what that is worth to it. Assumption."""

CHARGED = 1.25
"""What it wants off the price for a step that it gives, as a multiple of what that is worth to it. Assumption."""

_ASKED = Effects(Family.TERMS, offence=0.03)
_TALKED = Effects(Family.TERMS, silence=0.5)
_WORDS = {Issue.PAYMENT: "payment", Issue.DELIVERY: "delivery", Issue.VOLUME: "volume", Issue.SERVICE: "service"}
_GETS = {
    Issue.PAYMENT: "more time to pay",
    Issue.DELIVERY: "a faster delivery",
    Issue.VOLUME: "a smaller commitment",
    Issue.SERVICE: "a better service",
}
_GIVES = {
    Issue.PAYMENT: "to pay earlier",
    Issue.DELIVERY: "to wait longer",
    Issue.VOLUME: "to commit to more",
    Issue.SERVICE: "to do with less service",
}


def _rows() -> Iterator[tuple[str, Tactic, dict[Issue, int], float]]:
    """Yield name, tactic, levels asked for (below 0: given) by issue, and what is paid for them, of every move."""
    for issue in Issue:
        yield (
            f"DEMAND_{issue.name}",
            Tactic(
                _ASKED, f"Ask for {_GETS[issue]}, same price.",
                (f"You ask for {_GETS[issue]} at the same price.", f"You insist on {_GETS[issue]}."),
                Condition.OFFER_AND_GAP,
            ),
            {issue: 1}, 0.0,
        )  # fmt: skip
    for issue in Issue:
        yield (
            f"GIVE_{issue.name}",
            Tactic(
                _ASKED, f"Offer {_GIVES[issue]}, same price.",
                (f"You offer {_GIVES[issue]} at the same price.", f"You agree {_GIVES[issue]}."),
                Condition.OFFER_AND_GAP,
            ),
            {issue: -1}, 0.0,
        )  # fmt: skip
    for issue in Issue:
        yield (
            f"BUY_{issue.name}",
            Tactic(
                _ASKED, f"Pay for {_GETS[issue]}: {{offer}}.",
                (f"You offer {{offer}} for {_GETS[issue]}.",),
                Condition.OFFER_AND_GAP,
            ),
            {issue: 1}, PAID,
        )  # fmt: skip
    for issue in Issue:
        yield (
            f"SELL_{issue.name}",
            Tactic(
                _ASKED, f"Offer {_GIVES[issue]}: {{offer}}.",
                (f"You offer {_GIVES[issue]} if the price falls: {{offer}}.",),
                Condition.OFFER_AND_GAP,
            ),
            {issue: -1}, CHARGED,
        )  # fmt: skip
    for given, wanted in permutations(Issue, 2):
        yield (
            f"TRADE_{given.name}_FOR_{wanted.name}",
            Tactic(
                _ASKED, f"Give on {_WORDS[given]} for {_WORDS[wanted]}.",
                (f"You offer {_GIVES[given]} for {_GETS[wanted]}.",),
                Condition.OFFER_AND_GAP,
            ),
            {given: -1, wanted: 1}, 0.0,
        )  # fmt: skip
    yield (
        "ASK_PRIORITIES",
        Tactic(_TALKED, "Ask what matters to it; it may lie.", ("You ask which of the terms matter to it.",)),
        {}, 0.0,
    )  # fmt: skip


def _named() -> Mapping[str, Any]:
    return {name: tactic for name, tactic, _, _ in _rows()}


class TermMove(AnyMove):
    """The moves on other terms than the price; their numbers follow those of `Move`."""

    def __new__(cls, tactic: Any) -> Self:
        """Number the next row, a `Tactic`."""
        number = MOVES + len(cls.__members__)
        move = int.__new__(cls, number)
        move._value_ = number
        move.tactic = tactic
        return move

    vars().update(_named())


ALL_MOVES: tuple[AnyMove, ...] = (*Move, *TermMove)
"""Every move by its number."""

TERM_MOVES = len(TermMove)
"""How many moves there are on other terms."""

ASK_PRIORITIES = TermMove["ASK_PRIORITIES"]
"""The one that changes no terms."""

LEVELS: NDArray[np.int64] = np.array([[levels.get(issue, 0) for issue in Issue] for _, _, levels, _ in _rows()])
"""Levels that each move asks for, below 0 for those that it gives; int64 of shape ``(TERM_MOVES, issues)``."""

PAYS: NDArray[np.float64] = np.array([pays for _, _, _, pays in _rows()])
"""What it offers for what it gets, as a share of the worth to the buyer; the price falls for what it gives. Float64 of
shape ``(TERM_MOVES,)``."""


def moves_by_name() -> Mapping[str, AnyMove]:
    """Return every move by its name."""
    return {move.name: move for move in ALL_MOVES}


def combined_with_terms(argument: AnyMove, offer: AnyMove) -> AnyMove:
    """Return the move of an argument and an offer, as `negoenv.game.tactics.combined` does, terms among them.

    Nobody says an argument together with terms, so the terms alone are offered.
    """
    if isinstance(offer, TermMove) or offer is Move.HOLD:
        return argument if offer is Move.HOLD else offer
    return Move.__members__.get(f"{argument.name}+{offer.name}", offer)


ALL_ARGUMENTS: tuple[AnyMove, ...] = (*ARGUMENTS, ASK_PRIORITIES)
"""What can be said where there are several issues."""

ALL_OFFERS: tuple[AnyMove, ...] = (*OFFERS, *(move for move in TermMove if move is not ASK_PRIORITIES))
"""What can be offered where there are several issues."""


def term_effect_table() -> Records:
    """Return the effects as records, shape ``(TERM_MOVES,)``, for the compiled dynamics."""
    names = EFFECT_DTYPE.names or ()
    return np.array([tuple(getattr(m.tactic.effects, name) for name in names) for m in TermMove], EFFECT_DTYPE)
