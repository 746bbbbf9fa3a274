"""A supplier of one's own at the other side: a few lines of Python decide its answers, the game does all the rest.

    class Splits:
        def begin(self, talks, seed):
            pass

        def answer(self, talks):
            price = max(talks.reservation_price, (talks.offer + talks.ask) / 2)
            return Answer.ACCEPT if talks.offer >= price else price

    env = OwnSupplierEnv(Splits(), "Procurement")

This is the slow path: Python is asked once a round. What the buyer's moves do, what it sees of how they are taken,
rewards and infos are those of `negoenv.NegotiationEnv`; only leaving, accepting, agreeing to an exchange, the ask and
what is said with it are the supplier's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.two_sided import TwoSidedBatch, blank_answers, usable_tactics
from negoenv.engine.two_sided_kernels import AGREE_COLUMN
from negoenv.env import NegotiationEnv
from negoenv.errors import NegoenvError, shown, unknown_name
from negoenv.game.chosen_answer import ACCEPTS, AGREES, LEAVES
from negoenv.game.state import Outcome
from negoenv.game.supplier_tactics import SupplierTactic
from negoenv.game.tactics import Move
from negoenv.numerics.layout import Records
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario

HIGHEST_ASK = 2.0  # fraction of the first ask; the most that an observation shows

_DEAL = float(Outcome.DEAL)
_OWN_TACTICS = "tactics_rate"  # of the supplier that the game drew: its words are not this supplier's
_LEAST_ASK = 1e-9  # what an ask of 0 counts as: 0 is none
_ONE = np.ones(1, np.bool_)


class Answer(Enum):
    """What a supplier can do besides naming its ask."""

    ACCEPT = "accept"
    AGREE = "agree"  # to ``Talks.exchange``: both move
    LEAVE = "leave"


_KINDS = {Answer.ACCEPT: ACCEPTS, Answer.AGREE: AGREES, Answer.LEAVE: LEAVES}


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
    """What a supplier knows: its own cost and what was said aloud; nothing of the buyer's limit and budget.

    Attributes:
        round: rounds so far, 0 at the start.
        deadline: rounds until the talks end.
        reservation_price: its cost and least margin; prices are fractions of the price 1 that suppliers ask at first.
        ask: its standing ask.
        offer: the buyer's standing offer; 0 before there is one.
        move: the name of the buyer's last move, as of `negoenv.Move`; empty at the start.
        tension: how strained it is, as a share of what it puts up with, from 0.
        tactics: names of its own tactics that fit what it is to answer.
        exchange: what the buyer proposes, if that leaves the supplier no worse off than going on, as the game has it;
            it comes about by ``Answer.AGREE`` alone.
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


class OwnSupplier(Protocol):
    """Who sits at the other side."""

    def begin(self, talks: Talks, seed: int) -> None:
        """Start talks; ``seed``, 64 bits, is a pure function of the environment's seed and episode."""

    def answer(self, talks: Talks) -> float | Answer | Saying:
        """Answer the buyer's move: the ask, a fraction of the first ask from 0 to 2, or an `Answer`, or a tactic.

        An ask at or below the standing offer takes the offer.
        """


class OwnSupplierEnv(NegotiationEnv):
    """`negoenv.NegotiationEnv` with a supplier of one's own.

    Its cost, and how it takes arguments, are drawn as ever. There is one deal, about the price alone.

    At the end ``info`` holds besides ``below_cost`` (1 if it sold below its reservation price), ``crashed`` (1 if
    it raised an error) and ``timed_out`` (1 if it took too long), each 0 or 1.

    Attributes:
        own: the supplier.
    """

    batch: TwoSidedBatch

    def __init__(
        self,
        own: OwnSupplier,
        scenario: Scenario | Mapping[str, Any] | str | Path | None = None,
        split: str = "train",
        *,
        crash_leaves: bool = False,
        **others: Any,
    ) -> None:
        """Seat a supplier.

        Args:
            own: the supplier.
            scenario: as of `negoenv.NegotiationEnv`; it must have one deal and no issues besides the price.
            split: where the cost and the nature of the supplier come from.
            crash_leaves: whether an error in the supplier ends the talks as if it had left, rather than being raised.
            others: further arguments of `negoenv.NegotiationEnv`.

        Raises:
            NegoenvError: if the scenario has several deals or issues.
        """
        found = resolve(scenario, others.pop("base", "Procurement"), others.pop("population", None))
        if found.issues is not None or found.deals > 1:
            raise NegoenvError(
                f"A supplier of one's own negotiates one deal about the price; {found.name} has "
                f"{'several issues' if found.issues is not None else f'{found.deals} deals'}."
            )
        super().__init__(found, split, **others)
        self.own = own
        self._crash_leaves = crash_leaves

    def _negotiation(self, split: str) -> TwoSidedBatch:
        return TwoSidedBatch(1, self.scenario, split)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[Any], dict[str, Any]]:
        """Start an episode; see `SingleEnv.reset`."""
        started = super().reset(seed=seed, options=options)
        self.batch.supplier[_OWN_TACTICS] = 0.0
        self._ends = dict.fromkeys(("below_cost", "crashed", "timed_out"), 0)
        key, episode = int(self.batch.keys[0]), int(self.batch.episodes[0])
        own_seed = int(np.random.SeedSequence([key, episode]).generate_state(1, np.uint64)[0])
        self.own.begin(self._talks(""), own_seed)
        return started

    def step(self, action: np.int64) -> tuple[NDArray[Any], float, bool, bool, dict[str, Any]]:
        """Play one move; see `SingleEnv.step`.

        Raises:
            NegoenvError: if the supplier answers what is no answer.
        """
        observation, reward, terminated, truncated, info = super().step(action)
        if terminated:
            info |= self._ends
        return observation, reward, terminated, truncated, info

    def _play(self) -> None:
        """Let the game play the move, and the supplier answer it."""
        batch = self.batch
        batch.hear(self._move, _ONE)
        if batch.waits[0]:
            move = Move(int(batch.state["last_move"][0]))
            answers = blank_answers(1)
            self._write(self._answered(self._talks(move.name)), answers)
            batch.take(answers, _ONE)
            self._ends["timed_out"] = int(getattr(self.own, "timed_out", False))
        self._ends["below_cost"] = self._sold_below_cost()

    def _write(self, answered: float | Answer | Saying, answers: Records) -> None:
        """Write an answer that has been checked as a record; an ask at or below the standing offer takes it."""
        if isinstance(answered, Saying):
            tactic = SupplierTactic[answered.tactic]
            answers["tactic"], answers["meant"], answers["ask"] = tactic, answered.meant, answered.ask or 0.0
        elif isinstance(answered, Answer):
            answers["kind"] = _KINDS[answered]
        elif self.batch.state["offer"][0] >= max(answered, _LEAST_ASK):
            answers["kind"] = ACCEPTS
        else:
            answers["ask"] = max(answered, _LEAST_ASK)

    def _sold_below_cost(self) -> int:
        state, least = self.batch.state[0], float(self.batch.supplier["reservation_price"][0])
        return int(state["outcome"] == _DEAL and state["price"] < least - 1e-9)

    def _answered(self, talks: Talks) -> float | Answer | Saying:
        """Return what the supplier answers.

        Raises:
            NegoenvError: if it is no answer.
        """
        try:
            answered = self.own.answer(talks)
        except Exception:
            if not self._crash_leaves:
                raise
            self._ends["crashed"] = 1
            return Answer.LEAVE
        name = type(self.own).__name__
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
        return _checked_ask(answered, name)

    def _talks(self, move: str) -> Talks:
        state = self.batch.state[0]
        return Talks(
            round=int(state["round"]),
            deadline=int(state["deadline"]),
            reservation_price=float(self.batch.supplier["reservation_price"][0]),
            ask=float(state["ask"]),
            offer=float(state["offer"]),
            move=move,
            tension=float(state["tension"] / self.batch.supplier["tolerance"][0]),
            tactics=tuple(tactic.name for tactic in usable_tactics(self.batch, 0)),
            exchange=self._exchange(),
        )

    def _exchange(self) -> Exchange | None:
        """Return what the buyer proposes, where the supplier can agree."""
        batch = self.batch
        if not batch.waits[0] or not batch.possible[0, AGREE_COLUMN]:
            return None
        state, effects = batch.state[0], batch.effects[int(batch.state["last_move"][0])]
        ask, offer = float(state["ask"]), float(state["offer"])
        gap = ask - offer
        return Exchange(offer + float(effects["concession"]) * gap, ask - float(effects["asked"]) * gap)


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
