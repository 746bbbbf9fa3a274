"""A supplier of one's own at the other side: a few lines of Python decide its answers, the game does all the rest.

    class Splits:
        def begin(self, talks, seed):
            pass

        def answer(self, talks):
            price = max(talks.reservation_price, (talks.offer + talks.ask) / 2)
            return Answer.ACCEPT if talks.offer >= price else price

    env = OwnSupplierEnv(Splits(), "Procurement")

This is the slow path: Python is asked once a round. What the buyer's moves do, what it sees of how they are taken,
rewards and infos are those of `negoenv.NegotiationEnv`; only leaving, accepting and the ask are the supplier's own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.kernels import observe_row
from negoenv.env import NegotiationEnv
from negoenv.errors import NegoenvError, shown
from negoenv.game.effects import Family
from negoenv.game.episode_info import clear_episode_info, write_episode_info
from negoenv.game.reward import score
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from negoenv.game.transition import settle
from negoenv.numerics.compiled import compiled_entry
from negoenv.numerics.layout import Records
from negoenv.scenarios.presets import changed, resolve
from negoenv.scenarios.scenario import Scenario

HIGHEST_ASK = 2.0  # fraction of the first ask; the most that an observation shows

_DEAL, _BREAKDOWN, _DEADLINE = float(Outcome.DEAL), float(Outcome.BREAKDOWN), float(Outcome.DEADLINE)
_NO_GAP = 1e-9  # fraction of the first ask
_ULTIMATUM = int(Family.ULTIMATUM)
_WITHOUT = ("EXCHANGE", "HARD_EXCHANGE")  # what the supplier would answer for both sides at once
_OWN_TACTICS = "tactics_rate"  # of the supplier that the game drew: its words are not this supplier's


class Answer(Enum):
    """What a supplier can do besides naming its ask."""

    ACCEPT = "accept"
    LEAVE = "leave"


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
    """

    round: int
    deadline: int
    reservation_price: float
    ask: float
    offer: float
    move: str


class OwnSupplier(Protocol):
    """Who sits at the other side."""

    def begin(self, talks: Talks, seed: int) -> None:
        """Start talks; ``seed``, 64 bits, is a pure function of the environment's seed and episode."""

    def answer(self, talks: Talks) -> float | Answer:
        """Answer the buyer's move: the ask, a fraction of the first ask from 0 to 2, or accept, or leave.

        An ask at or below the standing offer takes the offer.
        """


@compiled_entry
def _conclude(
    records: Records, games: Records, accepts: bool, leaves: bool, ask: float, old: float, given: float,
    observations: NDArray[Any], masks: NDArray[Any], rewards: NDArray[Any], terms: NDArray[Any],
    terminated: NDArray[Any], reports: Records,
) -> None:  # fmt: skip
    """Replace the answer of the last step by another one, and score, observe and report the step anew."""
    row = records[0]
    game = games[0]
    s, p, c = row.state, row.supplier, game.constants
    s.outcome = 0.0
    s.ask = ask
    if game.effects[int(s.last_move)].family == _ULTIMATUM and not accepts:
        s.called = 1.0
    if accepts:
        settle(s, s.offer)
    elif leaves:
        s.outcome = _BREAKDOWN
    else:
        gap = old - s.offer
        s.counter = min(1.0, max(0.0, old - ask) / gap) if gap > _NO_GAP else 0.0
        s.stalemate = s.stalemate + 1.0 if s.counter < c.stalemate_gap and given == 0.0 else 0.0
        if s.round >= s.deadline:
            s.outcome = _DEADLINE
    rewards[0] = score(s, p, c, game.effects[int(s.last_move)], game.weights, terms, 0)
    terminated[0] = s.outcome != 0.0
    if terminated[0]:
        write_episode_info(s, p, c, reports[0])
    else:
        clear_episode_info(reports[0])
    observe_row(row, game, observations, masks, 0)


class OwnSupplierEnv(NegotiationEnv):
    """`negoenv.NegotiationEnv` with a supplier of one's own.

    Its cost, and how it takes arguments, are drawn as ever. Conditional concessions are no moves here, and there is one
    deal, about the price alone.

    At the end ``info`` holds besides ``below_cost`` (1 if it sold below its reservation price), ``crashed`` (1 if
    it raised an error) and ``timed_out`` (1 if it took too long), each 0 or 1.

    Attributes:
        own: the supplier.
    """

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
        without = tuple(dict.fromkeys((*found.without, *_WITHOUT)))
        super().__init__(changed(found, {"without": without}), split, **others)
        self.own = own
        self._crash_leaves = crash_leaves

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
        before = batch.state.copy()
        super()._play()
        move = Move(int(batch.state["last_move"][0]))
        if move in (Move.ACCEPT, Move.WALK_AWAY):
            self._ends["below_cost"] = self._sold_below_cost()
            return
        for field in ("price", "deals", "ask", "counter", "stalemate"):
            batch.state[field] = before[field]
        ask = float(before["ask"][0])
        answered = self._answered(self._talks(move.name))
        offer = float(batch.state["offer"][0])
        if not isinstance(answered, Answer):
            ask = answered
        accepts = offer > 0.0 and (answered is Answer.ACCEPT or ask <= offer)
        given = offer - float(before["offer"][0])
        _conclude(
            batch.records, batch.game, accepts, answered is Answer.LEAVE, ask, float(before["ask"][0]), given,
            batch.observations, batch.action_masks, batch.rewards, batch.reward_terms, batch.terminated, batch.reports,
        )  # fmt: skip
        self._ends["below_cost"] = self._sold_below_cost()
        self._ends["timed_out"] = int(getattr(self.own, "timed_out", False))

    def _sold_below_cost(self) -> int:
        state, least = self.batch.state[0], float(self.batch.supplier["reservation_price"][0])
        return int(state["outcome"] == _DEAL and state["price"] < least - 1e-9)

    def _answered(self, talks: Talks) -> float | Answer:
        """Return what the supplier answers."""
        try:
            answered = self.own.answer(talks)
        except Exception:
            if not self._crash_leaves:
                raise
            self._ends["crashed"] = 1
            return Answer.LEAVE
        if isinstance(answered, Answer):
            if answered is Answer.ACCEPT and talks.offer == 0.0:
                raise NegoenvError(f"The supplier {type(self.own).__name__} accepted, but no offer stands yet.")
            return answered
        try:
            ask = float(answered)
        except (TypeError, ValueError):
            ask = np.nan
        if not 0.0 <= ask <= HIGHEST_ASK:
            raise NegoenvError(
                f"The supplier {type(self.own).__name__} answered {shown(answered)}; an ask from 0 to {HIGHEST_ASK:g}, "
                "Answer.ACCEPT or Answer.LEAVE is expected."
            )
        return ask

    def _talks(self, move: str) -> Talks:
        state = self.batch.state[0]
        return Talks(
            round=int(state["round"]),
            deadline=int(state["deadline"]),
            reservation_price=float(self.batch.supplier["reservation_price"][0]),
            ask=float(state["ask"]),
            offer=float(state["offer"]),
            move=move,
        )
