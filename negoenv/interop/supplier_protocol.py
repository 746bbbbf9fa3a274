"""What a supplier of one's own is told, and what it may answer; `negoenv.interop.own_supplier` makes it play."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Protocol

import numpy as np

from negoenv.errors import NegoenvError, shown, unknown_name

HIGHEST_ASK = 2.0  # fraction of the first ask; the most that an observation shows

Levels = tuple[int, ...]
"""The level of each issue of `negoenv.game.term_moves.ISSUES`, from 0, the buyer's worst; empty for a price alone."""


class Answer(Enum):
    """What a supplier can do besides naming its ask."""

    ACCEPT = "accept"
    AGREE = "agree"  # to ``Talks.exchange``: both move
    LEAVE = "leave"


@dataclass(frozen=True)
class Saying:
    """An answer with a tactic of the supplier.

    Attributes:
        tactic: its name, of `negoenv.game.supplier_tactics.SupplierTactic`; it must be among ``Talks.tactics``.
        meant: whether it is true; a bluff may be found out.
        ask: the ask that goes with it, as of `OwnSupplier.answer`; the same again unless given, and with a tactic that
            holds the ask.
    """

    tactic: str
    meant: bool = True
    ask: float | None = None


@dataclass(frozen=True)
class Package:
    """An ask for terms of the supplier's choice, where there are several issues.

    The terms go on the table if both sides together gain by that, beside those on the table. Otherwise it counts as
    the ask for the terms on the table that leaves the supplier the same profit.

    Attributes:
        ask: the price, a fraction of the first ask from 0 to 2.
        terms: the level of each issue.
    """

    ask: float
    terms: Levels


@dataclass(frozen=True)
class Exchange:
    """Where both would stand after a conditional concession that the buyer has proposed.

    Attributes:
        offer: the buyer's offer.
        ask: the supplier's ask, at or above that.
    """

    offer: float
    ask: float


@dataclass(frozen=True)
class Talks:
    """What a supplier knows: its own cost and what was said aloud; nothing of the buyer's limit, budget and weights.

    Attributes:
        round: rounds so far, 0 at the start.
        deadline: rounds until the talks end.
        reservation_price: its cost and least margin, at the standard terms; prices are fractions of the price 1 that
            suppliers ask at first.
        ask: its standing ask, for ``terms``.
        offer: the last offer that the buyer has named, for ``offered``; 0 before there is one.
        move: the name of the buyer's last move, as of `negoenv.Move` or `negoenv.game.term_moves.TermMove`; empty at
            the start.
        tension: how strained it is, as a share of what it puts up with, from 0.
        tactics: names of its own tactics that fit what it is to answer.
        exchange: what the buyer proposes, if that leaves the supplier no worse off than going on, as the game has it;
            it comes about by ``Answer.AGREE`` alone.
        terms: the terms on the table.
        offered: those of the buyer's offer; others only while a `Package` of the supplier lies on the table.
        costs: what each level of each issue costs it beside the standard level; empty for a price alone.
    """

    round: int
    deadline: int
    reservation_price: float
    ask: float
    offer: float
    move: str
    tension: float = 0.0
    tactics: tuple[str, ...] = ()
    exchange: Exchange | None = None
    terms: Levels = ()
    offered: Levels = ()
    costs: tuple[tuple[float, ...], ...] = ()

    def cost(self, terms: Sequence[int]) -> float:
        """Return what terms cost the supplier beside the standard ones, fraction of the first ask."""
        return sum(levels[level] for levels, level in zip(self.costs, terms, strict=True))


class OwnSupplier(Protocol):
    """A supplier of one's own."""

    def begin(self, talks: Talks, seed: int) -> None:
        """Start talks; ``seed``, 64 bits, is a pure function of the environment's seed and episode."""

    def answer(self, talks: Talks) -> float | Answer | Saying | Package:
        """Answer the buyer's move: the ask, a fraction of the first ask from 0 to 2, or an `Answer`, or a tactic.

        An ask, for the terms on the table, that earns the supplier no more than the standing offer takes the offer.
        Where there are several issues it may be a `Package`, too.
        """


def checked_answer(answered: Any, talks: Talks, name: str) -> float | Answer | Saying | Package:
    """Return what the supplier of this name answered.

    Raises:
        NegoenvError: if it is no answer.
    """
    if isinstance(answered, Answer):
        if answered is Answer.ACCEPT and talks.offer == 0.0:
            raise NegoenvError(f"The supplier {name} accepted, but no offer stands yet.")
        if answered is Answer.AGREE and talks.exchange is None:
            raise NegoenvError(f"The supplier {name} agreed, but there is no exchange that it can agree to.")
        return answered
    if isinstance(answered, Saying):
        if answered.tactic not in talks.tactics:
            raise unknown_name(f"tactic that the supplier {name} can use now", answered.tactic, talks.tactics)
        return answered if answered.ask is None else replace(answered, ask=_checked_ask(answered.ask, name))
    if isinstance(answered, Package):
        return Package(_checked_ask(answered.ask, name), _checked_terms(answered.terms, talks, name))
    return _checked_ask(answered, name)


def _checked_ask(answered: Any, name: str) -> float:
    """Return an ask that the supplier of this name answered.

    Raises:
        NegoenvError: if it is none.
    """
    try:
        ask = float(answered)
    except (TypeError, ValueError):
        ask = np.nan
    if not 0.0 <= ask <= HIGHEST_ASK:
        raise NegoenvError(
            f"The supplier {name} answered {shown(answered)}; an ask from 0 to {HIGHEST_ASK:g}, "
            "Answer.ACCEPT, Answer.AGREE or Answer.LEAVE is expected."
        )
    return ask


def _checked_terms(terms: Any, talks: Talks, name: str) -> Levels:
    """Return the terms of a package.

    Raises:
        NegoenvError: if there are no such terms.
    """
    counts = [len(levels) for levels in talks.costs]
    levels = tuple(terms) if isinstance(terms, Sequence) else ()
    within = len(levels) == len(counts) and all(level in range(n) for level, n in zip(levels, counts, strict=True))
    if not counts or not within:
        known = f"a level of each of {len(counts)} issues, below {counts}, is expected" if counts else "a price is all"
        raise NegoenvError(f"The supplier {name} answered the terms {shown(terms)}; {known}.")
    return tuple(map(int, levels))
