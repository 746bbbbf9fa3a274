"""Fixed sequences of moves, played without looking at anything: as a policy, and thousands of them at once."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.tactics import FAMILY_OF, Family, Move
from negoenv.numerics.randomness import row_keys
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario

from ...policy import Actions, Masks, Observations, Policy, Starts

Plans = NDArray[np.int64]
_ROWS = 2**16  # negotiations side by side; more fit no cache and gain nothing


class FixedMoves(Policy):
    """Plays one sequence of moves against everybody, then holds; what is not legal counts as HOLD.

    Attributes:
        name: "fixed".
        plan: the moves, in order.
    """

    name = "fixed"

    def __init__(self, plan: Sequence[int]) -> None:
        self.plan = np.array([*plan, Move.HOLD], np.int64)
        self.reset(0)

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Begin anew in every row; nothing here is random, so ``seed`` does not matter."""
        self._rounds = np.zeros(num_rows, np.int64)

    def choose(self, observations: Observations, action_masks: Masks, starts: Starts) -> Actions:
        """Name the next move of each row."""
        if len(self._rounds) != len(starts):
            self.reset(len(starts))
        self._rounds[starts] = 0
        moves: Actions = self.plan[np.minimum(self._rounds, len(self.plan) - 1)]
        self._rounds += 1
        return moves


class Tryout:
    """Plays many sequences against the same suppliers of the training split, and remembers nothing.

    Attributes:
        scenario: the game.
        rounds: moves that an episode can take at most; the length of a plan.
    """

    def __init__(self, scenario: Scenario | Mapping[str, Any]) -> None:
        self.scenario = resolve(scenario)
        self.rounds = self.scenario.deadline * int(getattr(self.scenario, "deals", 1))
        self._batches: dict[int, NegotiationBatch] = {}

    def mean_returns(self, plans: Plans, suppliers: int, seed: int) -> NDArray[np.float64]:
        """Return the mean return of each plan, float64 of shape ``(plans,)``.

        Args:
            plans: moves, int64 of shape ``(plans, rounds)``.
            suppliers: how many each plan meets; the same for all, and the same random numbers.
            seed: of the first supplier.
        """
        at_once = max(1, _ROWS // suppliers)
        means = [
            self._returns(plans[first : first + at_once], suppliers, seed) for first in range(0, len(plans), at_once)
        ]
        return np.concatenate(means)

    def _returns(self, plans: Plans, suppliers: int, seed: int) -> NDArray[np.float64]:
        rows = len(plans) * suppliers
        if rows not in self._batches:
            self._batches = {rows: NegotiationBatch(rows, self.scenario, "train")}
        batch = self._batches[rows]
        batch.keys[:] = np.tile(row_keys(seed, suppliers), len(plans))
        batch.episodes[:] = -1
        running = np.ones(rows, np.bool_)
        batch.reset(running)
        returns = np.zeros(rows)
        for moves in plans.T:
            if not running.any():
                break
            batch.step(np.repeat(moves, suppliers), running)
            returns[running] += batch.rewards[running]
            running &= ~batch.terminated
        means: NDArray[np.float64] = returns.reshape(len(plans), suppliers).mean(axis=1)
        return means


def allowed(scenario: Scenario) -> Plans:
    """Return the moves that a scenario ever allows, in their order."""
    return np.flatnonzero(scenario.allowed_moves()).astype(np.int64)


def repeated_plans(scenario: Scenario, rounds: int) -> Plans:
    """Return every opening, and none, followed by every move again and again; shape ``(plans, rounds)``."""
    moves = [move for move in allowed(scenario) if FAMILY_OF[Move(move)] != Family.OPENING]
    openings = [move for move in allowed(scenario) if FAMILY_OF[Move(move)] == Family.OPENING]
    plans = [[first, *[move] * (rounds - 1)] for move in moves for first in (*openings, move)]
    return np.array(plans, np.int64)


def in_words(plan: Sequence[int]) -> str:
    """Return a plan as text, up to where the buyer leaves; a move that is repeated is named once."""
    left = [place for place, move in enumerate(plan) if move == Move.WALK_AWAY]  # always legal, and the end
    plan = plan[: left[0] + 1] if left else plan
    words: list[str] = []
    first = 0
    for last in range(1, len(plan) + 1):
        if last == len(plan) or plan[last] != plan[first]:
            times = last - first
            words.append(Move(int(plan[first])).name + (f" x {times}" if times > 1 else ""))
            first = last
    return ", ".join(words)
