"""Contestants that are timed in turn, what steps an environment for them, and other libraries' environments.

Each of those is imported only when it is there (extra ``peers``).
"""

import random
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import VectorEnv
from numpy.typing import NDArray

_PRESET_ACTIONS = 16  # arrays of actions, drawn before the clock starts

Stepper = Callable[[], int]
"""Plays for a moment and returns how many steps that were."""


@dataclass
class PairedTiming:
    """Contestants that are timed in turn, so that a busy moment of the machine hits all of them."""

    steppers: Mapping[str, Stepper]  # what is timed, by name
    rates: dict[str, list[float]] = field(default_factory=dict)  # steps per second of each repetition, by name

    def run(self, repetitions: int, seconds: float) -> "PairedTiming":
        """Time each for about ``seconds``, ``repetitions`` times."""
        for stepper in self.steppers.values():
            stepper()  # compiles, fills caches
        for _ in range(repetitions):
            for name, stepper in self.steppers.items():
                self.rates.setdefault(name, []).append(_rate(stepper, seconds))
        return self

    def medians(self) -> dict[str, float]:
        """Return the median of the steps per second, by name."""
        return {name: statistics.median(rates) for name, rates in self.rates.items()}

    def ratio(self, name: str, other: str) -> float:
        """Return the median of the paired ratios of two contestants."""
        pairs = zip(self.rates[name], self.rates[other], strict=True)
        return statistics.median(one / two for one, two in pairs)


def _rate(stepper: Stepper, seconds: float) -> float:
    steps, start = 0, time.perf_counter()
    while (elapsed := time.perf_counter() - start) < seconds or steps == 0:
        steps += stepper()
    return steps / elapsed


def vector_stepper(envs: VectorEnv[Any, Any, Any], calls: int = 1, moves: NDArray[np.int64] | None = None) -> Stepper:
    """Return a stepper of a vector environment under uniformly random actions, with its own autoreset.

    A row that begins an episode counts as a step, as in ``gymnasium.utils.performance.benchmark_vector_step``.

    Args:
        envs: the environment.
        calls: how often it is stepped at a time.
        moves: what actions are drawn from; all of them unless given.
    """
    rng = np.random.default_rng(0)
    choices = np.arange(int(envs.single_action_space.n)) if moves is None else moves  # type: ignore[attr-defined]
    actions = [rng.choice(choices, size=envs.num_envs) for _ in range(_PRESET_ACTIONS)]
    envs.reset(seed=0)

    def play() -> int:
        for number in range(calls):
            envs.step(actions[number % _PRESET_ACTIONS])
        return calls * envs.num_envs

    return play


def single_stepper(env_id: str, steps: int = 1000) -> Stepper:
    """Return a stepper of one environment under uniformly random actions; a reset is not counted as a step."""
    env = gym.make(env_id)
    rng = np.random.default_rng(0)
    actions = rng.integers(env.action_space.n, size=steps).tolist()  # type: ignore[attr-defined]
    env.reset(seed=0)

    def play() -> int:
        for action in actions:
            _, _, terminated, truncated, _ = env.step(action)
            if terminated or truncated:
                env.reset()
        return steps

    return play


def made(env_id: str, num_rows: int, moves: NDArray[np.int64] | None = None, **arguments: Any) -> Stepper:
    """Return a stepper of an environment that is vectorised by itself."""
    envs = gym.make_vec(env_id, num_envs=num_rows, vectorization_mode="vector_entry_point", **arguments)
    return vector_stepper(envs, max(1, 2048 // num_rows), moves)


_MOVES = 300


def open_spiel_bargaining() -> Stepper:
    """Return a stepper of OpenSpiel's ``bargaining`` (C++, called from Python) under random legal moves."""
    import pyspiel

    game = pyspiel.load_game("bargaining")
    rng = random.Random(0)
    draws = [rng.random() for _ in range(2 * _MOVES)]  # before the clock starts, as for ours

    def play() -> int:
        steps, state = 0, game.new_initial_state()
        for draw in draws:
            if state.is_terminal():
                state = game.new_initial_state()
            legal = state.legal_actions()  # of a chance node: its outcomes, all as likely
            steps += not state.is_chance_node()
            state.apply_action(legal[int(draw * len(legal))])
        return steps

    return play


def negmas_mechanism() -> Stepper:
    """Return a stepper of NegMAS's ``SAOMechanism``: Boulware against Conceder over one price; a round is a step."""
    from negmas import LinearUtilityFunction, SAOMechanism, make_issue
    from negmas.sao import BoulwareTBNegotiator, ConcederTBNegotiator

    issues = [make_issue(100, "price")]

    def play() -> int:
        mechanism = SAOMechanism(issues=issues, n_steps=20)
        buyer = LinearUtilityFunction({"price": -1.0}, bias=100.0, issues=issues)
        seller = LinearUtilityFunction({"price": 1.0}, issues=issues)
        mechanism.add(BoulwareTBNegotiator(name="buyer"), ufun=buyer)
        mechanism.add(ConcederTBNegotiator(name="seller"), ufun=seller)
        mechanism.run()
        return int(mechanism.current_step)

    return play


PEERS: dict[str, tuple[str, Callable[[], Stepper]]] = {
    "open_spiel": ("pyspiel", open_spiel_bargaining),
    "negmas": ("negmas", negmas_mechanism),
}
"""Name, the module that must be there, and what makes the stepper."""
