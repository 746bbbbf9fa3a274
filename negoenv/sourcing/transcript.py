"""Sourcing as text: a paragraph a round, in the words of the other transcripts."""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from negoenv.game.state import Outcome
from negoenv.game.supplier_tactics import SupplierTactic
from negoenv.sourcing.engine.batch import SourcingBatch
from negoenv.sourcing.moves import AWARDS, SourcingAction, SourcingMove
from negoenv.sourcing.observation import supplier_views
from negoenv.viewer import phrases, wrapped
from negoenv.viewer.transcript import WIDTH, Money

_TALKING = (Outcome.OPEN, Outcome.DEAL)
_SAME = 1e-4  # prices nearer than this are told as one, fraction of the first ask


@dataclass(frozen=True)
class Seen:
    """How one supplier stands with the buyer."""

    price: float  # what it asks or has agreed to
    offer: float  # what the buyer offers it
    quote: float  # the lowest price of another that it was told
    bluffs: float  # bluffs of the buyer that it found out
    awake: bool  # whether it takes part
    gone: bool  # whether it has left in anger
    agreed: bool  # whether its price is agreed
    stands: bool  # whether its price stands
    said: SupplierTactic  # what it said of itself in the last round
    cost_estimate: float  # the buyer's estimate of its reservation price
    weakness_known: bool  # whether the buyer knows a mistake of its


class SourcingStory:
    """Tells one row of a batch as it is played.

    Attributes:
        lines: a line for the start, for each round, and for the end.
    """

    def __init__(self, batch: SourcingBatch, row: int = 0, money: Money | None = None) -> None:
        """Begin with what the buyer knows at the start; call it after ``batch.reset``."""
        self._batch, self._row, self._money = batch, row, money or Money()
        self._uses: Counter[tuple[int, int]] = Counter()
        self._seen = self._look()
        self._bought = 0
        self._total = dict.fromkeys(batch.reward_names, 0.0)
        order = batch.orders[row]
        waiting = len(self._seen) - sum(seen.awake for seen in self._seen)
        start = [
            f"{len(self._seen) - waiting} suppliers ask {self._money(self._seen[0].price)}"
            + (f"; {waiting} more may be invited." if waiting else "."),
            f"Above {self._money(order['limit'])} you are better off elsewhere.",
            f"You have {order['deadline']:.0f} rounds.",
        ]
        if order["requirements"] > 1:
            start.append(f"There are {order['requirements']:.0f} requirements, and {self._money(order['funds'])}.")
        self.lines = [" ".join(start)]

    def _look(self) -> list[Seen]:
        """Return how the suppliers stand now."""
        batch, row = self._batch, self._row
        columns = supplier_views(batch.observations[row])
        state = batch.state[row]
        return [
            Seen(
                price=float(state["price"][k] if state["outcome"][k] == Outcome.DEAL else state["ask"][k]),
                offer=float(state["offer"][k]),
                quote=float(state["quote"][k]),
                bluffs=float(state["bluffs"][k]),
                awake=bool(columns["awake"][k]),
                gone=bool(columns["gone"][k]),
                agreed=bool(columns["agreed"][k]),
                stands=bool(columns["stands"][k]),
                said=SupplierTactic(int(state["supplier_tactic"][k])),
                cost_estimate=float(state["cost_estimate"][k]),
                weakness_known=bool(state["weakness_known"][k]),
            )
            for k in range(batch.count)
        ]

    def step(self, action: int) -> None:
        """Tell one step; call it after ``batch.step`` with the action that was asked for."""
        batch, row = self._batch, self._row
        order, before, now = batch.orders[row], self._seen, self._look()
        for name, term in zip(batch.reward_names, batch.reward_terms[row], strict=True):
            self._total[name] += float(term)
        wanted = SourcingAction(action)
        sentences = [f"Round {order['step']:.0f}."]
        k, number = int(order["last_supplier"]), int(order["last_move"])
        if k < 0 and wanted.name not in ("HOLD", "WALK_AWAY"):
            sentences.append(phrases.NOT_LEGAL.format(move=wanted.name))
        elif wanted.name == "WALK_AWAY":
            sentences.append("You end the talks with all of them.")
        elif k < 0:
            sentences.append("You let a round pass.")
        else:
            sentences += self._told(k, SourcingMove(number), before[k], now[k])
        awarded = order["bought"] > self._bought
        if not awarded:  # then all begins anew
            sentences += [s for j in range(len(now)) if j != k for s in _meanwhile(j, before[j], now[j], self._money)]
        self.lines.append(" ".join(sentences))
        if awarded or batch.terminated[row]:
            self.lines.append(self._result())
        if awarded and not batch.terminated[row]:
            self.lines.append(self._next())
        self._bought = int(order["bought"])
        self._seen = now

    def _told(self, k: int, move: SourcingMove, before: Seen, now: Seen) -> list[str]:
        """Return what was said to one supplier, and its answer."""
        money = self._money
        uses = self._uses[k, move]
        self._uses[k, move] += 1
        made_up = before.price * (1.0 - float(self._batch.game["market"]["false_cut"][0]))
        quote = made_up if move is SourcingMove.CLAIM_QUOTE else now.quote
        values = {"offer": money(now.offer), "ask": money(before.price), "quote": money(quote)}
        values["cost_estimate"] = money(now.cost_estimate)
        told = [f"S{k + 1}: {phrases.pick(move.tactic.phrases, uses).format(**values)}"]
        if move in AWARDS:
            return told
        if move is SourcingMove.INVITE:
            return [*told, "It comes." if now.awake else "It does not come."]
        if now.bluffs > before.bluffs:
            told.append(phrases.FOUND_OUT)
        if now.weakness_known and not before.weakness_known:
            told.append(phrases.WEAKNESS)
        if move is SourcingMove.PROBE:
            told.append(phrases.COSTS.format(**values))
        if now.gone:
            return [*told, phrases.ENDINGS[Outcome.BREAKDOWN]]
        if now.agreed and not before.agreed:
            return [*told, f"It agrees to {money(now.price)}."]
        moved = phrases.MOVED if now.price < before.price - _SAME else phrases.UNMOVED
        moved = phrases.RAISED if now.price > before.price + _SAME else moved
        told.append(f"It {phrases.pick(moved, uses).format(ask=money(now.price))}.")
        if now.said:
            told.append(now.said.effects.phrase.format(ask=money(now.price)))
        return told if now.awake else [*told, "It cannot match that, and drops out."]

    def _next(self) -> str:
        """Return what is known of the next requirement."""
        order = self._batch.orders[self._row]
        need, funds = order["need_date"] - order["round"], self._money(order["funds"])
        return (
            f"Requirement {order['bought'] + 1:.0f} of {order['requirements']:.0f}, needed within {max(0.0, need):.0f} "
            f"rounds; {order['deadline'] - order['round']:.0f} rounds and {funds} are left."
        )

    def _result(self) -> str:
        """Return how an order, or all, ended."""
        batch, row, money = self._batch, self._row, self._money
        order = batch.orders[row]
        if order["bought"] > self._bought:
            first = f"S{order['supplier'] + 1:.0f}"
            split = order["second"] >= 0
            who = f"{order['share']:.0%} to {first}, the rest to S{order['second'] + 1:.0f}" if split else f"to {first}"
            result = f"Awarded at {money(order['price'])}: {who}."
        else:
            result = {
                Outcome.BREAKDOWN: "Nobody is left.",
                Outcome.WALKED_AWAY: "You bought elsewhere.",
                Outcome.DEADLINE: "Time ran out.",
            }[Outcome(int(order["outcome"]))]
        if not batch.terminated[row]:
            return result
        terms = ", ".join(f"{name.replace('_', ' ')} {total:+.2f}" for name, total in self._total.items() if total)
        return f"{result} Return {sum(self._total.values()):+.2f}: {terms}."

    def text(self) -> str:
        """Return the story so far, at most 100 characters wide."""
        return "\n".join(wrapped(line, WIDTH, indent="    ") for line in self.lines)


def _meanwhile(k: int, before: Seen, now: Seen, money: Money) -> list[str]:
    """Return what happened with a supplier that was not talked to."""
    name = f"S{k + 1}"
    if now.gone and not before.gone:
        return [f"{name} leaves."]
    if before.awake and not now.awake:
        return [f"{name} drops out."]
    told = []
    if now.bluffs > before.bluffs:
        told.append(f"{name} hears that you told what is not so.")
    if before.stands and not now.stands and now.awake:
        told.append(f"The price of {name} has expired.")
    if now.price > before.price + _SAME:
        told.append(f"{name} asks {money(now.price)} now.")
    return told


def retold(batch: SourcingBatch, seed: int, actions: list[int]) -> SourcingStory:
    """Play the actions of one episode again, in a batch of one row, and tell it."""
    one = np.ones(1, np.bool_)
    batch.seed(seed)
    batch.reset(one)
    story = SourcingStory(batch)
    for action in actions:
        batch.step(np.array([action], np.int64), one)
        story.step(action)
    return story
