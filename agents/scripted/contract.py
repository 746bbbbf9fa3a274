"""Policies for contracts with several issues; where there is only the price they bargain about it as `Gradual` does."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from negoenv.game.tactics import Move
from negoenv.game.term_moves import ASK_PRIORITIES, ISSUES, TermMove
from negoenv.game.terms_observation import STEP_SCALE
from negoenv.numerics.layout import Field, Layout

from ..policy import Actions
from .base import Column, Flags, Table, acceptable, acceptable_at_last, first_true
from .gradual import Gradual

Matrix = NDArray[np.float64]
_N = len(ISSUES)
_DEMAND, _GIVE, _BUY, _SELL = (
    np.array([TermMove[f"{what}_{issue.upper()}"] for issue in ISSUES]) for what in ("DEMAND", "GIVE", "BUY", "SELL")
)
_TRADE = np.array(
    [
        [Move.HOLD if j == k else TermMove[f"TRADE_{j.upper()}_FOR_{k.upper()}"] for k in ISSUES]
        for j in ISSUES
    ],
    np.int64,
)  # fmt: skip
_PRINCIPLE = 0.5  # a step that costs the buyer more than this is one of principle, fraction of the first ask


def by_issue(table: Table, name: str) -> Matrix:
    """Return a column of each issue side by side, shape ``(rows, issues)``."""
    return np.stack([table[f"{issue}_{name}"] for issue in ISSUES], axis=1)


class IssueByIssue(Gradual):
    """Settles one issue after the other, and the price last.

    It asks for more of an issue until it is refused or has all, goes on to the next, and never links two: the
    sequential agenda of Weingart, Bennett & Brett 1993 (*The impact of consideration of issues*, Journal of Applied
    Psychology; recalled, unverified), whose groups reached poorer agreements than those that discussed issues together.
    """

    name = "issue_by_issue"
    _LATE = 0.5  # part of the time after which only the price is talked about
    remembers = Layout("memory", *Gradual.remembers.fields, Field("issue", "number", 0, _N, "The issue it is at."))

    def propose(self, table: Table) -> Actions:
        """Ask for more of the issue that it is at; bargain about the price when all are settled."""
        price = super().propose(table)
        memory = self.memory
        memory["issue"] += (table["refused"] == 1.0) & (memory["issue"] < _N)
        up = np.concatenate([by_issue(table, "up"), np.ones((len(price), 1))], axis=1)
        for _ in ISSUES:  # what is at its best is settled
            memory["issue"] += up[np.arange(len(price)), memory["issue"].astype(np.int64)] <= 0.0
        at = memory["issue"].astype(np.int64)
        talks = (
            (at < _N)
            & (table["offer"] > 0.0)
            & (table["gap"] > 0.0)
            & (table["can_terms"] == 1.0)
            & (price != Move.ACCEPT)
        )
        talks &= table["progress"] < self._LATE
        return np.where(talks, _DEMAND[np.minimum(at, _N - 1)], price)


class Logroller(Gradual):
    """Asks what matters to the supplier, then trades what is dear to it and cheap to the buyer for the opposite.

    Logrolling as in Pruitt 1981 (*Negotiation behavior*) and Froman & Cohen 1970 (*Compromise and logroll*), with
    priorities asked for first (Thompson 1991, *Information exchange in negotiation*; all recalled, unverified). What a
    step costs the supplier it takes from its quote, before that from the order of its priorities, and it never gives up
    what is worth more than any price. Then it bargains about the price.

    Attributes:
        guesses: what a step is taken to cost the supplier, by the rank of its issue from the dearest, fraction of the
            first ask; the numbers are its author's, chosen on the training split.
    """

    name = "logroller"
    guesses: ClassVar[tuple[float, ...]] = (0.08, 0.045, 0.03, 0.018)
    _UNKNOWN = 0.045  # before it has asked
    _WORTH = 0.008  # a trade that gains less is not worth a round, fraction of the first ask
    _LATE = 0.5  # part of the time after which only the price is talked about
    _ASKS = 1  # times that it asks for priorities
    remembers = Layout(
        "memory", *Gradual.remembers.fields,
        Field("asked", "count", 0, 200, "Times it asked for priorities."),
        Field("spent", "fraction of the first ask", -8, 8, "What its terms cost the supplier, as it takes it."),
        Field("asks_for", "fraction of the first ask", -8, 8, "What those that it asked for last would add to that."),
    )  # fmt: skip

    def propose(self, table: Table) -> Actions:
        """Trade as long as something is to be gained by it, then bargain about the price."""
        memory = self.memory
        memory["spent"] += memory["asks_for"] * (table["refused"] == 0.0)
        known = np.where(table["cost_estimate"] > 0.0, table["cost_estimate"] + memory["spent"], 0.0)
        price = super().propose({**table, "cost_estimate": known, "benchmark": table["benchmark"] + memory["spent"]})
        talks = (
            (table["offer"] > 0.0)
            & (table["gap"] > 0.0)
            & (table["can_terms"] == 1.0)
            & (table["progress"] < self._LATE)
        )
        talks &= (price != Move.ACCEPT) | (table["progress"] < 0.5)
        asks = talks & (memory["asked"] < self._ASKS)
        memory["asked"] += asks
        gain, cost, move = self._best_trade(table)
        trades = talks & ~asks & (gain > self._WORTH)
        memory["asks_for"] = np.where(trades, cost, 0.0)
        return first_true([(asks, ASK_PRIORITIES), (trades, move)], price)  # type: ignore[list-item]

    def _best_trade(self, table: Table) -> tuple[Column, Column, Actions]:
        """Return what the best move on terms gains both sides and costs the supplier, as far as is known; and it."""
        cost = self._costs(table)
        up, down = by_issue(table, "up") / STEP_SCALE, by_issue(table, "down") / STEP_SCALE
        gets = np.where(up > 0.0, up - cost, -1.0)
        gives = np.where((down > 0.0) & (down < _PRINCIPLE), cost - down, -1.0)
        rows = np.arange(len(cost))
        best_get, best_give = gets.argmax(axis=1), gives.argmax(axis=1)
        got, given = gets[rows, best_get], gives[rows, best_give]
        both = (got > self._WORTH) & (given > self._WORTH) & (best_get != best_give)
        single = np.where(got >= given, _BUY[best_get], _SELL[best_give])
        move = np.where(both, _TRADE[best_give, best_get], single)
        spent, saved = cost[rows, best_get], cost[rows, best_give]
        costs = np.where(both, spent - saved, np.where(got >= given, spent, -saved))
        return np.where(both, got + given, np.maximum(got, given)), costs, move

    def _costs(self, table: Table) -> Matrix:
        """Return what a step of each issue is taken to cost the supplier, shape ``(rows, issues)``."""
        quoted, priority = by_issue(table, "quote") / STEP_SCALE, by_issue(table, "priority")
        rank = np.rint((1.0 - priority) * _N).astype(np.int64)
        guessed = np.where(priority > 0.0, np.array([*self.guesses, self._UNKNOWN])[rank], self._UNKNOWN)
        return np.where(quoted > 0.0, quoted, guessed)


class Accommodating(Gradual):
    """Gives on everything: each round a step of what the supplier says matters most to it, then half of the gap.

    The obliging style of Rahim 1983 (*A measure of styles of handling interpersonal conflict*; recalled, unverified),
    the soft line of `SoftLiner` on several issues: it has no principles.
    """

    name = "accommodating"
    first_move = Move.OPEN_FAIR
    _CLOSE = 0.05  # a gap too small to argue about, fraction of the first ask; assumption

    def propose(self, table: Table) -> Actions:
        """Give what is asked for, or half of the gap in every other round."""
        level, priority = by_issue(table, "level"), by_issue(table, "priority")
        dearest = np.where(level > 0.0, priority + 0.1, -1.0).argmax(axis=1)
        near = table["gap"] <= self._CLOSE
        several = table["can_terms"] == 1.0
        asks = several & (table["round"] <= 1.0) & (priority.max(axis=1) == 0.0)
        gives: Flags = several & (table["round"] % 2.0 == 0.0) & (level.max(axis=1) > 0.0)
        return first_true(
            [
                (near | (table["rounds_left"] <= 1.0), Move.ACCEPT),
                (asks, ASK_PRIORITIES),  # type: ignore[list-item]
                (gives, _GIVE[dearest]),
                (acceptable(table) & acceptable_at_last(table), Move.ACCEPT),
            ],
            Move.CONCEDE_LARGE,
        )
