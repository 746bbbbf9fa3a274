"""Fixed sequences of moves, and the search for the best: found on training suppliers, scored by others.

The cross-entropy method (Rubinstein 1999; de Boer, Kroese, Mannor & Rubinstein 2005, *A tutorial on the cross-entropy
method*): sequences are drawn from one distribution of moves for each round, the best of them reshape it, and again.
What it finds is then polished, one round after the other, by whichever move is better there.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.game.effects import Family
from negoenv.game.tactics import FAMILY_OF, Move
from negoenv.game.term_moves import ALL_MOVES
from negoenv.scenarios.presets import resolve
from negoenv.scenarios.scenario import Scenario

from ...policy import Actions, EpisodeStarts, Masks, Observations, Policy
from .candidates import CandidateEvaluator
from .settings import Settings

Plans = NDArray[np.int64]


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

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name the next move of each row."""
        if len(self._rounds) != len(episode_starts):
            self.reset(len(episode_starts))
        self._rounds[episode_starts] = 0
        moves: Actions = self.plan[np.minimum(self._rounds, len(self.plan) - 1)]
        self._rounds += 1
        return moves


class PlanEvaluator(CandidateEvaluator):
    """Plays many sequences against the same suppliers of the training split.

    Attributes:
        scenario: the game.
        rounds: moves that an episode can take at most; the length of a plan.
    """

    def __init__(self, scenario: Mapping[str, Any] | str) -> None:
        super().__init__(scenario)
        self.scenario = resolve(scenario)
        self.rounds = self.scenario.deadline * int(getattr(self.scenario, "deals", 1))

    def mean_returns(self, plans: Plans, suppliers: int, seed: int) -> NDArray[np.float64]:
        """Return the mean return of each plan, float64 of shape ``(plans,)``.

        Args:
            plans: moves, int64 of shape ``(plans, rounds)``.
            suppliers: how many each plan meets; the same for all, and the same random numbers.
            seed: of the first supplier.
        """
        size = self.at_once(suppliers)

        def play(part: Plans) -> NDArray[np.float64]:
            return self.played(lambda step, _: np.repeat(part[:, step], suppliers), len(part), suppliers, seed)

        return np.concatenate([play(plans[first : first + size]) for first in range(0, len(plans), size)])


def allowed(scenario: Scenario) -> Plans:
    """Return the moves that a scenario ever allows, in their order."""
    return np.flatnonzero(scenario.allowed_moves()).astype(np.int64)


def repeated_plans(scenario: Scenario, rounds: int) -> Plans:
    """Return every opening, and none, followed by every move again and again; shape ``(plans, rounds)``."""
    moves = [move for move in allowed(scenario) if ALL_MOVES[move].tactic.effects.family != Family.OPENING]
    openings = [move for move in allowed(scenario) if ALL_MOVES[move].tactic.effects.family == Family.OPENING]
    plans = [[first, *[move] * (rounds - 1)] for move in moves for first in (*openings, move)]
    return np.array(plans, np.int64)


def plan_in_words(plan: Sequence[int]) -> str:
    """Return a plan as text, up to where the buyer leaves; a move that is repeated is named once."""
    left = [place for place, move in enumerate(plan) if move == Move.WALK_AWAY]  # always legal, and the end
    plan = plan[: left[0] + 1] if left else plan
    words: list[str] = []
    first = 0
    for last in range(1, len(plan) + 1):
        if last == len(plan) or plan[last] != plan[first]:
            times = last - first
            words.append(ALL_MOVES[int(plan[first])].name + (f" x {times}" if times > 1 else ""))
            first = last
    return ", ".join(words)


SEARCH_SEED = 10_000_000
"""Seed of the first training supplier that a plan meets; far from the seeds of trainings and evaluations."""

_FRESH = 100_000  # seeds between the suppliers of two iterations, so that no plan is fitted to a few
_ELITE = 0.05  # share of the candidates that reshape the distribution
_STEP = 0.6  # how far they do
_DECISIVE = 8  # times as many suppliers where single plans are compared
_SWEEPS = 4  # of polishing, at most

Tick = Callable[[], object]


def best_repeated(evaluator: PlanEvaluator, settings: Settings) -> list[int]:
    """Return the best of all openings followed by one repeated move."""
    plans = repeated_plans(evaluator.scenario, evaluator.rounds)
    returns = evaluator.mean_returns(plans, _DECISIVE * settings.suppliers, SEARCH_SEED)
    return [int(move) for move in plans[returns.argmax()]]


def best_sequence(evaluator: PlanEvaluator, settings: Settings, tick: Tick = lambda: None) -> list[int]:
    """Return the best sequence that is found.

    Args:
        evaluator: plays the candidates.
        settings: how many candidates, iterations, restarts and suppliers.
        tick: called after each iteration.
    """
    finalists = [
        _polished(_cross_entropy(evaluator, settings, restart, tick), evaluator, settings)
        for restart in range(settings.restarts)
    ]
    finalists.append(np.array(best_repeated(evaluator, settings)))  # a sequence, too
    returns = evaluator.mean_returns(np.array(finalists), _DECISIVE * settings.suppliers, SEARCH_SEED - _FRESH)
    return [int(move) for move in finalists[int(returns.argmax())]]


def _cross_entropy(evaluator: PlanEvaluator, settings: Settings, restart: int, tick: Tick) -> NDArray[np.int64]:
    """Return the sequence that the distribution has settled on."""
    generator = np.random.default_rng(restart)
    chances = _uniform(evaluator)
    for iteration in range(settings.iterations):
        draws = generator.random((settings.candidates, evaluator.rounds, 1))
        candidates: Plans = (draws > chances.cumsum(axis=1)[None, :, :-1]).sum(axis=2)
        candidates[0] = chances.argmax(axis=1)
        returns = evaluator.mean_returns(candidates, settings.suppliers, SEARCH_SEED + _FRESH * (1 + iteration))
        elite = candidates[np.argsort(-returns)[: max(2, round(_ELITE * settings.candidates))]]
        shares = (elite[:, :, None] == np.arange(len(evaluator.scenario.moves))).mean(axis=0)
        chances = (1.0 - _STEP) * chances + _STEP * shares
        tick()
    settled: NDArray[np.int64] = chances.argmax(axis=1)
    return settled


def _uniform(evaluator: PlanEvaluator) -> NDArray[np.float64]:
    """Return equal chances for the moves that a round allows, float64 of shape ``(rounds, moves)``."""
    chances = np.zeros((evaluator.rounds, len(evaluator.scenario.moves)))
    chances[:, allowed(evaluator.scenario)] = 1.0
    chances[1:, [move for move in Move if FAMILY_OF[move] == Family.OPENING]] = 0.0
    uniform: NDArray[np.float64] = chances / chances.sum(axis=1, keepdims=True)
    return uniform


def _polished(plan: NDArray[np.int64], evaluator: PlanEvaluator, settings: Settings) -> NDArray[np.int64]:
    """Return the plan after changing single moves as long as that helps."""
    possible = _uniform(evaluator) > 0.0
    for sweep in range(_SWEEPS):
        before = plan.copy()
        for place in range(evaluator.rounds):
            moves = np.flatnonzero(possible[place])
            variants = np.tile(plan, (len(moves) + 1, 1))
            variants[1:, place] = moves
            returns = evaluator.mean_returns(
                variants, _DECISIVE * settings.suppliers, SEARCH_SEED - _FRESH * (2 + sweep)
            )
            plan = variants[returns.argmax()]  # the first of equals: the plan itself
        if (plan == before).all():
            break
    return plan
