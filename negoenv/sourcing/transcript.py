"""Sourcing as text: a paragraph a round, in the words of the other transcripts."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.game.state import Outcome
from negoenv.game.supplier_tactics import SupplierTactic
from negoenv.sourcing.engine.batch import SourcingBatch
from negoenv.sourcing.moves import AWARDS, SourcingAction, SourcingMove
from negoenv.sourcing.observation import supplier_views
from negoenv.viewer import phrases, wrapped
from negoenv.viewer.transcript import WIDTH, Money

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


@dataclass(frozen=True)
class Turn:
    """What one step led to, or the start of the episode."""

    order: np.void  # the order afterwards, a record of `negoenv.sourcing.state.ORDER`
    suppliers: tuple[Seen, ...]  # how all of them stand afterwards
    rewards: tuple[float, ...]  # what each term of the reward gave
    over: bool  # whether the episode has ended
    wanted: SourcingAction | None  # the action that was asked for, legal or not; ``None`` at the start


class SourcingTranscript:
    """Watches one row of a batch as it is played, and tells it.

    Attributes:
        turns: the start, and what each step led to.
    """

    def __init__(self, batch: SourcingBatch, row: int = 0) -> None:
        """Begin with what the buyer knows at the start; call it after ``batch.reset``."""
        self._batch, self._row = batch, row
        self.turns = [self._turn(None)]

    def _turn(self, wanted: SourcingAction | None) -> Turn:
        batch, row = self._batch, self._row
        columns = supplier_views(batch.observations[row])
        state = batch.state[row]
        suppliers = tuple(_seen(state, columns, k) for k in range(batch.count))
        rewards = tuple(map(float, batch.reward_terms[row])) if wanted is not None else ()
        return Turn(batch.orders[row].copy(), suppliers, rewards, bool(batch.terminated[row]), wanted)

    def step(self, action: int) -> None:
        """Watch one step; call it after ``batch.step`` with the action that was asked for."""
        self.turns.append(self._turn(SourcingAction(action)))

    def transcript_steps(self, money: Money) -> Iterator[tuple[str, bool]]:
        """Yield a line for the start, for each round, and for each award and the end; and whether it tells a round."""
        uses: Counter[tuple[int, int]] = Counter()
        yield self._start(money), False
        for before, now in pairwise(self.turns):
            yield self._round(before, now, uses, money), True
            awarded = now.order["bought"] > before.order["bought"]
            if awarded or now.over:
                yield self._result(now, awarded, money), False
            if awarded and not now.over:
                yield _next(now, money), False

    @property
    def lines(self) -> list[str]:
        """The lines so far."""
        return [line for line, _ in self.transcript_steps(Money())]

    def text(self) -> str:
        """Return the story so far, at most 100 characters wide."""
        return "\n".join(wrapped(line, WIDTH, indent="    ") for line in self.lines)

    def _start(self, money: Money) -> str:
        order, suppliers = self.turns[0].order, self.turns[0].suppliers
        waiting = len(suppliers) - sum(seen.awake for seen in suppliers)
        start = [
            f"{len(suppliers) - waiting} suppliers ask {money(suppliers[0].price)}"
            + (f"; {waiting} more may be invited." if waiting else "."),
            f"Above {money(order['limit'])} you are better off elsewhere.",
            f"You have {order['deadline']:.0f} rounds.",
        ]
        if order["requirements"] > 1:
            start.append(f"There are {order['requirements']:.0f} requirements, and {money(order['funds'])}.")
        return " ".join(start)

    def _round(self, before: Turn, now: Turn, uses: Counter[tuple[int, int]], money: Money) -> str:
        """Return what was said in a round, and what went on meanwhile."""
        assert now.wanted is not None
        sentences = [f"Round {now.order['step']:.0f}."]
        k, number = int(now.order["last_supplier"]), int(now.order["last_move"])
        if k < 0 and now.wanted.name not in ("HOLD", "WALK_AWAY"):
            sentences.append(phrases.NOT_LEGAL.format(move=now.wanted.name))
        elif now.wanted.name == "WALK_AWAY":
            sentences.append("You end the talks with all of them.")
        elif k < 0:
            sentences.append("You let a round pass.")
        else:
            told = self._told(k, SourcingMove(number), before.suppliers[k], now.suppliers[k], uses[k, number], money)
            uses[k, number] += 1
            sentences += told
        if now.order["bought"] == before.order["bought"]:  # else all begins anew
            both = enumerate(zip(before.suppliers, now.suppliers, strict=True))
            sentences += [s for j, (was, seen) in both if j != k for s in _changes_of_others(j, was, seen, money)]
        return " ".join(sentences)

    def _told(self, k: int, move: SourcingMove, before: Seen, now: Seen, uses: int, money: Money) -> list[str]:
        """Return what was said to one supplier, the ``uses``-th time but one, and its answer."""
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

    def _result(self, now: Turn, awarded: bool, money: Money) -> str:
        """Return how an order, or all, ended."""
        order = now.order
        if awarded:
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
        if not now.over:
            return result
        totals = [sum(column) for column in zip(*(turn.rewards for turn in self.turns[1:]), strict=True)]
        named = zip(self._batch.reward_names, totals, strict=True)
        terms = ", ".join(f"{name.replace('_', ' ')} {total:+.2f}" for name, total in named if total)
        return f"{result} Return {sum(totals):+.2f}: {terms}."


def _seen(state: np.void, columns: Mapping[str, NDArray[Any]], k: int) -> Seen:
    """Return how supplier ``k`` stands, given the states and what is seen of all of them."""
    return Seen(
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


def _next(now: Turn, money: Money) -> str:
    """Return what is known of the next requirement."""
    order = now.order
    need = max(0.0, order["need_date"] - order["round"])
    return (
        f"Requirement {order['bought'] + 1:.0f} of {order['requirements']:.0f}, needed within {need:.0f} rounds; "
        f"{order['deadline'] - order['round']:.0f} rounds and {money(order['funds'])} are left."
    )


def _changes_of_others(k: int, before: Seen, now: Seen, money: Money) -> list[str]:
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


def replay_sourcing(batch: SourcingBatch, seed: int, actions: list[int]) -> SourcingTranscript:
    """Play the actions of one episode again, in a batch of one row, and tell it."""
    one = np.ones(1, np.bool_)
    batch.seed(seed)
    batch.reset(one)
    story = SourcingTranscript(batch)
    for action in actions:
        batch.step(np.array([action], np.int64), one)
        story.step(action)
    return story
