"""A negotiation that is played: with whom, who chooses the moves, and who advises."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import printable

from ..planning.planner import Planner
from ..policy import Policy
from ..registry import load_policy, require_fit
from .negotiation import PlayedNegotiation

_ACTION_VALUES = ("dqn", "qr_dqn")  # algorithms whose networks give action values; those of all others give logits


@dataclass(frozen=True)
class Advice:
    """What a policy thinks of the next move.

    Attributes:
        policy: its name.
        move: what it would play.
        kind: what ``values`` are: "logit", "action value", or nothing if it has no values to show.
        values: a number for each legal move.
        probabilities: how likely it would draw each legal move if it did not always play the likeliest; empty if it
            has no probabilities.
    """

    policy: str
    move: IntEnum
    kind: str = ""
    values: Mapping[IntEnum, float] = field(default_factory=dict)
    probabilities: Mapping[IntEnum, float] = field(default_factory=dict)


class Adviser:
    """A policy that follows one negotiation from its start. Ask it once before each move: it may remember.

    Attributes:
        name: what the policy is called, fit to be shown.
    """

    def __init__(self, policy: Policy, negotiation: PlayedNegotiation, any_scenario: bool = False) -> None:
        """Prepare a policy for talks that have just begun.

        Raises:
            NegoenvError: if the policy was trained on another game.
        """
        require_fit(policy, negotiation.batch, any_scenario)
        self.name = printable(policy.name)
        self._policy = policy
        self._negotiation = negotiation
        if isinstance(policy, Planner):
            policy.attach(negotiation.batch)
        policy.reset(1, negotiation.setting.seed)

    @classmethod
    def named(
        cls, name: str, negotiation: PlayedNegotiation, any_scenario: bool = False, trust: bool = False
    ) -> "Adviser":
        """Return the adviser that a user means; see `agents.registry.load_policy`."""
        return cls(load_policy(name, trust), negotiation, any_scenario)

    def advise(self) -> Advice:
        """Return what the policy would do now."""
        talks, batch = self._negotiation, self._negotiation.batch
        observation, mask = batch.observations.copy(), batch.action_masks.copy()
        episode_starts = np.array([not self._negotiation.moves])
        policy: Any = self._policy
        if isinstance(policy, Planner) and self._negotiation.moves:
            policy.played(np.array(self._negotiation.moves[-1:], np.int64))
        if not hasattr(policy, "scores"):  # as learned policies have; a scripted policy or a planner only names a move
            return Advice(self.name, talks.move_of(int(policy.act(observation, mask, episode_starts)[0])))
        scores, spec, legal = policy.scores(observation, episode_starts), policy.spec, talks.legal
        move = talks.move_of(int(policy.best(scores, mask)[0]))
        numbers = scores.numpy()[0].astype(np.float64)
        values = {choice: float(numbers[choice]) for choice in legal}
        if spec.algorithm in _ACTION_VALUES:
            return Advice(self.name, move, "action value", values)
        return Advice(self.name, move, "logit", values, _probabilities(numbers, legal, talks.hold, spec.masked))


def _probabilities(
    logits: NDArray[np.float64], legal: tuple[IntEnum, ...], hold: IntEnum, masked: bool
) -> dict[IntEnum, float]:
    """Return the probability of each legal move.

    A policy that never heard of masks may draw a move that is not legal: that is a way to say HOLD, and counts so.
    """
    counted = logits.copy()
    if masked:
        counted[[place for place in range(len(logits)) if place not in legal]] = -np.inf
    weights = np.exp(counted - counted.max())
    weights /= weights.sum()
    shares = {move: float(weights[move]) for move in legal}
    if hold in shares:
        shares[hold] += float(weights[[place for place in range(len(logits)) if place not in legal]].sum())
    return shares


YOU = "you"
"""The name of the person who plays."""


class Session:
    """A negotiation, who plays it, and who advises.

    Attributes:
        negotiation: the talks.
        player: name of who chooses the moves, fit to be shown.
        adviser: who is asked before each move, if anyone.
        advice: what it said before each move, the next one included while the talks go on; empty without an adviser.
    """

    def __init__(
        self,
        negotiation: PlayedNegotiation,
        player: str = YOU,
        adviser: Adviser | None = None,
        watched: bool = False,
        script: Sequence[IntEnum] | None = None,
    ) -> None:
        """Start.

        Args:
            negotiation: talks that have just begun.
            player: name of who chooses the moves.
            adviser: who is asked before each move.
            watched: whether the adviser plays itself.
            script: the moves of a record; otherwise a person chooses, unless the adviser is watched.
        """
        self.negotiation = negotiation
        self.player = printable(player)
        self.adviser = adviser
        self.advice: list[Advice] = []
        self._watched = watched
        self._script = script
        self._ask()

    @property
    def scripted(self) -> bool:
        """Whether the moves are those of a record."""
        return self._script is not None

    @property
    def by_hand(self) -> bool:
        """Whether a person chooses the moves."""
        return self._script is None and not self._watched

    @property
    def current_advice(self) -> Advice | None:
        """What the adviser says of the next move; ``None`` without one, or once the talks are over."""
        return self.advice[-1] if self.advice and not self.negotiation.over else None

    @property
    def next_move(self) -> IntEnum | None:
        """The move that comes next; ``None`` if a person chooses it, or if there is none."""
        played = len(self.negotiation.moves)
        if self.negotiation.over or self.by_hand:
            return None
        if self._script is not None:
            return self._script[played] if played < len(self._script) else None
        return self.advice[-1].move

    def play(self, move: IntEnum) -> None:
        """Play a move, and ask the adviser about the next one."""
        self.negotiation.play(move)
        self._ask()

    def advance(self) -> bool:
        """Play the move that comes next; return whether there was one."""
        move = self.next_move
        if move is not None:
            self.play(move)
        return move is not None

    def _ask(self) -> None:
        if self.adviser is not None and not self.negotiation.over:
            self.advice.append(self.adviser.advise())

    @property
    def agreements(self) -> int:
        """How often the player chose what the adviser said."""
        return sum(advice.move is move for advice, move in zip(self.advice, self.negotiation.moves, strict=False))
