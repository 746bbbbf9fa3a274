"""The search for the best fixed moves: found on training suppliers, scored by others.

The cross-entropy method (Rubinstein 1999; de Boer, Kroese, Mannor & Rubinstein 2005, *A tutorial on the cross-entropy
method*): sequences are drawn from one distribution of moves for each round, the best of them reshape it, and again.
What it finds is then polished, one round after the other, by whichever move is better there.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from negoenv.game.tactics import FAMILY_OF, MOVES, Family, Move

from .fixed import Plans, Tryout, allowed, repeated_plans
from .settings import Settings

SEED = 10_000_000
"""Seed of the first training supplier that a plan meets; far from the seeds of trainings and evaluations."""

_FRESH = 100_000  # seeds between the suppliers of two iterations, so that no plan is fitted to a few
_ELITE = 0.05  # share of the candidates that reshape the distribution
_STEP = 0.6  # how far they do
_DECISIVE = 8  # times as many suppliers where single plans are compared
_SWEEPS = 4  # of polishing, at most

Progress = Callable[[], None]


def best_repeated(tryout: Tryout, settings: Settings) -> list[int]:
    """Return the best of all openings followed by one repeated move."""
    plans = repeated_plans(tryout.scenario, tryout.rounds)
    returns = tryout.mean_returns(plans, _DECISIVE * settings.suppliers, SEED)
    return [int(move) for move in plans[returns.argmax()]]


def best_sequence(tryout: Tryout, settings: Settings, tick: Progress = lambda: None) -> list[int]:
    """Return the best sequence that is found.

    Args:
        tryout: plays the candidates.
        settings: how many candidates, iterations, restarts and suppliers.
        tick: called after each iteration.
    """
    finalists = [
        _polished(_cross_entropy(tryout, settings, restart, tick), tryout, settings)
        for restart in range(settings.restarts)
    ]
    finalists.append(np.array(best_repeated(tryout, settings)))  # a sequence, too
    returns = tryout.mean_returns(np.array(finalists), _DECISIVE * settings.suppliers, SEED - _FRESH)
    return [int(move) for move in finalists[int(returns.argmax())]]


def _cross_entropy(tryout: Tryout, settings: Settings, restart: int, tick: Progress) -> NDArray[np.int64]:
    """Return the sequence that the distribution has settled on."""
    generator = np.random.default_rng(restart)
    chances = _uniform(tryout)
    for iteration in range(settings.iterations):
        draws = generator.random((settings.candidates, tryout.rounds, 1))
        candidates: Plans = (draws > chances.cumsum(axis=1)[None, :, :-1]).sum(axis=2)
        candidates[0] = chances.argmax(axis=1)
        returns = tryout.mean_returns(candidates, settings.suppliers, SEED + _FRESH * (1 + iteration))
        elite = candidates[np.argsort(-returns)[: max(2, round(_ELITE * settings.candidates))]]
        shares = (elite[:, :, None] == np.arange(MOVES)).mean(axis=0)
        chances = (1.0 - _STEP) * chances + _STEP * shares
        tick()
    settled: NDArray[np.int64] = chances.argmax(axis=1)
    return settled


def _uniform(tryout: Tryout) -> NDArray[np.float64]:
    """Return equal chances for the moves that a round allows, float64 of shape ``(rounds, moves)``."""
    chances = np.zeros((tryout.rounds, MOVES))
    chances[:, allowed(tryout.scenario)] = 1.0
    chances[1:, [move for move in Move if FAMILY_OF[move] == Family.OPENING]] = 0.0
    uniform: NDArray[np.float64] = chances / chances.sum(axis=1, keepdims=True)
    return uniform


def _polished(plan: NDArray[np.int64], tryout: Tryout, settings: Settings) -> NDArray[np.int64]:
    """Return the plan after changing single moves as long as that helps."""
    possible = _uniform(tryout) > 0.0
    for sweep in range(_SWEEPS):
        before = plan.copy()
        for place in range(tryout.rounds):
            moves = np.flatnonzero(possible[place])
            variants = np.tile(plan, (len(moves) + 1, 1))
            variants[1:, place] = moves
            returns = tryout.mean_returns(variants, _DECISIVE * settings.suppliers, SEED - _FRESH * (2 + sweep))
            plan = variants[returns.argmax()]  # the first of equals: the plan itself
        if (plan == before).all():
            break
    return plan
