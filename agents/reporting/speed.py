"""How fast the environments are, beside others and beside what is possible: all of it in one run, in turn."""

import importlib.metadata
import importlib.util
import os
import platform
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, SyncVectorEnv, VectorEnv

from agents.reporting.speed_null import NullBatch
from agents.reporting.speed_peers import PEERS
from negoenv.faces import BatchVectorEnv
from negoenv.scenario import resolve

OURS, CARTPOLE = "negoenv/Procurement-v0", "CartPole-v1"
SIZES = (1, 64, 1024, 16_384, 1_048_576)
THREADS = (1, 2)
LARGE = 1_048_576  # the size whose memory is reported
_PACKAGES = ("negoenv", "gymnasium", "numpy", "numba", "torch", "stable-baselines3", "open_spiel", "negmas")
_PRESET_ACTIONS = 16  # arrays of actions, drawn before the clock starts
_SYNC_ROWS = 1024

Stepper = Callable[[], int]
"""Plays for a moment and returns how many steps that were."""


@dataclass
class Contest:
    """Contestants that are timed in turn, so that a busy moment of the machine hits all of them.

    Attributes:
        steppers: what is timed, by name.
        rates: steps per second of each repetition, by name.
    """

    steppers: Mapping[str, Stepper]
    rates: dict[str, list[float]] = field(default_factory=dict)

    def run(self, repetitions: int, seconds: float) -> "Contest":
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


def vector_stepper(envs: VectorEnv[Any, Any, Any], calls: int = 1) -> Stepper:
    """Return a stepper of a vector environment under uniformly random actions, with its own autoreset.

    A row that begins an episode counts as a step, as in ``gymnasium.utils.performance.benchmark_vector_step``.
    """
    rng = np.random.default_rng(0)
    count = int(envs.single_action_space.n)  # type: ignore[attr-defined]
    actions = [rng.integers(count, size=envs.num_envs) for _ in range(_PRESET_ACTIONS)]
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


def _made(env_id: str, rows: int, **arguments: Any) -> Stepper:
    envs = gym.make_vec(env_id, num_envs=rows, vectorization_mode="vector_entry_point", **arguments)
    return vector_stepper(envs, calls=max(1, 2048 // rows))


def _null(rows: int) -> Stepper:
    envs = BatchVectorEnv(NullBatch(rows, resolve("Procurement")), AutoresetMode.NEXT_STEP)
    return vector_stepper(envs, calls=max(1, 2048 // rows))


def by_rows(sizes: tuple[int, ...], repetitions: int, seconds: float) -> list[dict[str, Any]]:
    """Compare vector environments: one result for each number of rows."""
    results = []
    for rows in sizes:
        steppers = {f"ours, {n} threads": _made(OURS, rows, num_threads=n) for n in THREADS}
        contest = Contest({**steppers, "cartpole": _made(CARTPOLE, rows), "null": _null(rows)}).run(
            repetitions, seconds
        )
        medians, last = contest.medians(), f"ours, {THREADS[-1]} threads"
        fastest = max(steppers, key=medians.__getitem__)
        results.append(
            {
                "rows": rows,
                "steps_per_second": medians,
                "best": {name: max(rates) for name, rates in contest.rates.items()},
                "to_cartpole": {name: contest.ratio(name, "cartpole") for name in steppers},
                "to_null": contest.ratio("ours, 1 threads", "null"),
                "threads_gain": contest.ratio(last, "ours, 1 threads"),
                "nanoseconds_a_step": 1e9 / medians[fastest],
            }
        )
    return results


def against_peers(repetitions: int, seconds: float, sync_rows: int = _SYNC_ROWS) -> dict[str, Any]:
    """Compare 1,024 rows with our own environment under SyncVectorEnv and with other libraries; say what is absent."""
    sync = SyncVectorEnv([lambda: gym.make(OURS, disable_env_checker=True)] * sync_rows)
    steppers = {"ours": _made(OURS, 1024, num_threads=THREADS[-1]), "sync": vector_stepper(sync)}
    absent = {}
    for name, (module, make) in PEERS.items():
        if importlib.util.find_spec(module) is None:
            absent[name] = f"{module} is not installed"
        else:
            steppers[name] = make()
    contest = Contest(steppers).run(repetitions, seconds)
    return {
        "steps_per_second": contest.medians(),
        "ours_times_as_fast": {name: contest.ratio("ours", name) for name in steppers if name != "ours"},
        "absent": absent,
    }


def singles(repetitions: int, seconds: float) -> dict[str, Any]:
    """Compare ``gym.make`` of ours with that of CartPole-v1."""
    contest = Contest({"ours": single_stepper(OURS), "cartpole": single_stepper(CARTPOLE)}).run(repetitions, seconds)
    return {"steps_per_second": contest.medians(), "to_cartpole": contest.ratio("ours", "cartpole")}


def memory(rows: int) -> dict[str, Any]:
    """Return how many bytes a row takes: what it remembers, what a step hands over afresh, and what else is held."""
    from negoenv.negotiation import NegotiationBatch

    batch = NegotiationBatch(rows, resolve("Procurement"))
    outputs = (batch.observations, batch.action_masks, batch.rewards, batch.reward_terms, batch.terminated)
    return {
        "rows": rows,
        "remembered": batch.memory.nbytes / rows,
        "outputs_of_a_step": sum(array.nbytes for array in outputs) / rows,
    }


def machine() -> dict[str, Any]:
    """Return what the numbers depend on."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "cores": os.cpu_count(),
        "architecture": platform.machine(),
        "python": platform.python_version(),
        "load": os.getloadavg(),
        "versions": versions,
    }
