"""What a policy would do now, and how sure it is of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import printable
from negoenv.game.tactics import Move

from ..planning.planner import Planner
from ..policy import Policy
from ..registry import load_policy, require_fit
from .negotiation import Negotiation

_ACTION_VALUES = ("dqn",)  # algorithms whose networks give action values; those of all others give logits


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
    move: Move
    kind: str = ""
    values: Mapping[Move, float] = field(default_factory=dict)
    probabilities: Mapping[Move, float] = field(default_factory=dict)


class Adviser:
    """A policy that follows one negotiation from its start. Ask it once before each move: it may remember.

    Attributes:
        name: what the policy is called, fit to be shown.
    """

    def __init__(self, policy: Policy, negotiation: Negotiation, any_scenario: bool = False) -> None:
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
    def named(cls, name: str, negotiation: Negotiation, any_scenario: bool = False) -> "Adviser":
        """Return the adviser that a user means; see `agents.registry.load_policy`."""
        return cls(load_policy(name), negotiation, any_scenario)

    def advise(self) -> Advice:
        """Return what the policy would do now."""
        batch = self._negotiation.batch
        observation, mask = batch.observations.copy(), batch.action_masks.copy()
        starts = np.array([not self._negotiation.moves])
        policy: Any = self._policy
        if isinstance(policy, Planner) and self._negotiation.moves:
            policy.played(np.array(self._negotiation.moves[-1:], np.int64))
        if not hasattr(policy, "scores"):  # as learnt policies have; a scripted policy or a planner only names a move
            return Advice(self.name, Move(int(policy.act(observation, mask, starts)[0])))
        scores, spec, legal = policy.scores(observation, starts), policy.spec, self._negotiation.legal
        move = Move(int(policy.best(scores, mask)[0]))
        numbers = scores.numpy()[0].astype(np.float64)
        values = {choice: float(numbers[choice]) for choice in legal}
        if spec.algorithm in _ACTION_VALUES:
            return Advice(self.name, move, "action value", values)
        return Advice(self.name, move, "logit", values, _probabilities(numbers, legal, spec.masked))


def _probabilities(logits: NDArray[np.float64], legal: tuple[Move, ...], masked: bool) -> dict[Move, float]:
    """Return the probability of each legal move.

    A policy that never heard of masks may draw a move that is not legal: that is a way to say HOLD, and counts so.
    """
    counted = logits.copy()
    if masked:
        counted[[move for move in Move if move not in legal]] = -np.inf
    weights = np.exp(counted - counted.max())
    weights /= weights.sum()
    shares = {move: float(weights[move]) for move in legal}
    if Move.HOLD in shares:
        shares[Move.HOLD] += float(weights[[move for move in Move if move not in legal]].sum())
    return shares
