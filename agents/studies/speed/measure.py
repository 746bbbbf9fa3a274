"""How fast the environments are, beside others and beside what is possible: all of it in one run, in turn."""

import importlib.metadata
import importlib.util
import os
import platform
import statistics
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.utils.performance import benchmark_step
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from numba import prange
from numpy.typing import NDArray

from negoenv.base_env import BatchVectorEnv
from negoenv.engine.batch import Mask
from negoenv.engine.kernels import Array, draw_step
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.engine.reset import collect_resets, draw_setup
from negoenv.game.episode_info import clear_episode_info
from negoenv.game.tactics import Move
from negoenv.numerics.compiled import compiled_entry, compiled_parallel_entry
from negoenv.numerics.layout import Records
from negoenv.numerics.randomness import TILE
from negoenv.numerics.threads import run_in_parts
from negoenv.scenarios.presets import resolve

from .timing import PEERS, PairedTiming, Stepper, made, single_stepper, vector_stepper

_FINISHED = 0.126  # share of rows that finish in a step of negotiations under random moves


@compiled_entry
def _null_rows(
    chunk: int, chunks: int, begins: Array, records: Records, tiles: Records, spreads: Array, observations: Array,
    masks: Array, rewards: Array, terms: Array, terminated: Array, reports: Records,
) -> None:  # fmt: skip
    """Draw what `negoenv.engine.kernels.step_rows` draws and write as much as it writes."""
    draws = tiles[chunk]
    numbers = draws.numbers
    size = (len(begins) + chunks - 1) // chunks
    last = min(len(begins), (chunk + 1) * size)
    for start in range(chunk * size, last, TILE):
        count = min(TILE, last - start)
        begun = collect_resets(start, count, begins, records, draws)
        draw_setup(draws, begun, spreads)
        draw_step(records, start, count, draws)
        for k in range(count):
            i = start + k
            records[i].state.round += 1.0
            observations[i] = 0.0
            masks[i] = 1
            for column in range(terms.shape[1]):
                terms[i, column] = 0.0
            clear_episode_info(reports[i])
            rewards[i] = numbers[1, k]
            terminated[i] = not begins[i] and numbers[0, k] < _FINISHED


@compiled_parallel_entry
def _null_rows_in_parallel(
    chunks: int, begins: Array, records: Records, tiles: Records, spreads: Array, observations: Array, masks: Array,
    rewards: Array, terms: Array, terminated: Array, reports: Records,
) -> None:  # fmt: skip
    for chunk in prange(chunks):
        _null_rows(
            chunk, chunks, begins, records, tiles, spreads, observations, masks, rewards, terms, terminated, reports
        )


class NullBatch(NegotiationBatch):
    """Negotiations in which nothing happens."""

    def _play(self, actions: NDArray[np.int64], plays: Mask, begins: Mask) -> None:
        arguments = (
            begins, self.records, self.tiles, self.population.spreads, self.observations,
            self.action_masks, self.rewards, self.reward_terms, self.terminated, self.reports,
        )  # fmt: skip
        run_in_parts(_null_rows, _null_rows_in_parallel, len(self.tiles), *arguments)


OURS, CARTPOLE = "negoenv/Procurement-v0", "CartPole-v1"
SIZES = (1, 64, 1024, 16_384, 1_048_576)
THREADS = (1, 2)
LARGE = 1_048_576  # the size whose memory is reported
_PACKAGES = ("negoenv", "gymnasium", "numpy", "numba", "torch", "stable-baselines3", "open_spiel", "negmas")
_SYNC_ROWS = 1024


def _null(num_rows: int, num_threads: int) -> Stepper:
    batch = NullBatch(num_rows, resolve("Procurement"), num_threads=num_threads)
    return vector_stepper(BatchVectorEnv(batch, AutoresetMode.NEXT_STEP), calls=max(1, 2048 // num_rows))


def by_rows(num_rows: int, repetitions: int, seconds: float) -> dict[str, Any]:
    """Compare vector environments with so many rows."""
    ours = {f"ours, {n}": made(OURS, num_rows, num_threads=n) for n in THREADS}
    nulls = {f"null, {n}": _null(num_rows, n) for n in THREADS}
    contest = PairedTiming({**ours, **nulls, "cartpole": made(CARTPOLE, num_rows)}).run(repetitions, seconds)
    medians = contest.medians()
    return {
        "rows": num_rows,
        "steps_per_second": medians,
        "best": {name: max(rates) for name, rates in contest.rates.items()},
        "to_cartpole": {n: contest.ratio(f"ours, {n}", "cartpole") for n in THREADS},
        "to_null": {n: contest.ratio(f"ours, {n}", f"null, {n}") for n in THREADS},
        "nanoseconds_a_step": {n: 1e9 / medians[f"ours, {n}"] for n in THREADS},
    }


def against_peers(repetitions: int, seconds: float, sync_rows: int = _SYNC_ROWS) -> dict[str, Any]:
    """Compare 1,024 rows with our own environment under SyncVectorEnv and with other libraries; say what is absent."""
    sync = SyncVectorEnv([lambda: gym.make(OURS, disable_env_checker=True)] * sync_rows)
    steppers = {"ours": made(OURS, 1024, num_threads=THREADS[-1]), "sync": vector_stepper(sync)}
    absent = {}
    for name, (module, make) in PEERS.items():
        if importlib.util.find_spec(module) is None:
            absent[name] = f"{module} is not installed"
        else:
            steppers[name] = make()
    contest = PairedTiming(steppers).run(repetitions, seconds)
    return {
        "steps_per_second": contest.medians(),
        "ours_times_as_fast": {name: contest.ratio("ours", name) for name in steppers if name != "ours"},
        "absent": absent,
    }


def singles(repetitions: int, seconds: float) -> dict[str, Any]:
    """Compare ``gym.make`` of ours with that of CartPole-v1: by our stepper, and by Gymnasium's own benchmark.

    That one draws an action while the clock runs, and counts what resets take.
    """
    contest = PairedTiming({"ours": single_stepper(OURS), "cartpole": single_stepper(CARTPOLE)}).run(
        repetitions, seconds
    )
    benchmark: Callable[..., float] = benchmark_step  # takes fractions of a second, whatever it is annotated with
    pairs = [[benchmark(gym.make(name), seconds, seed=0) for name in (OURS, CARTPOLE)] for _ in range(repetitions)]
    return {
        "steps_per_second": contest.medians(),
        "to_cartpole": contest.ratio("ours", "cartpole"),
        "to_cartpole_by_gymnasium": statistics.median(ours / other for ours, other in pairs),
    }


def memory(num_rows: int) -> dict[str, Any]:
    """Return how many bytes a row takes: what it remembers, what a step hands over afresh, and what else is held."""
    from negoenv.engine.negotiation_batch import NegotiationBatch

    batch = NegotiationBatch(num_rows, resolve("Procurement"))
    outputs = [getattr(batch, name) for name in (*batch.handed_over, "terminated")]
    return {
        "rows": num_rows,
        "remembered": batch.records.nbytes / num_rows,
        "outputs_of_a_step": sum(array.nbytes for array in outputs) / num_rows,
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
        "processor": _processor(),
        "python": platform.python_version(),
        "load": os.getloadavg(),
        "versions": versions,
    }


def _processor() -> str:
    """Return the name of the processor, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


_GAMES: dict[str, dict[str, dict[str, Any]]] = {
    "moves": {
        str(int(resolve({"without": without}).allowed_moves().sum())): {"without": without}
        for without in (
            (),
            ("EMOTION",),
            ("EMOTION", "STRONG", "ULTIMATUM"),
            ("EMOTION", "STRONG", "ULTIMATUM", "THIRD_PARTY", "OPENING"),
            ("EMOTION", "STRONG", "ULTIMATUM", "THIRD_PARTY", "OPENING", "CONCESSION"),
        )
    },
    "deals": {str(deals): {"deals": deals} for deals in (1, 2, 4, 8, 12)},
    "rounds": {str(deadline): {"deadline": deadline} for deadline in (5, 10, 20, 50, 100, 200)},
}
"""What grows, its values, and the changes to the scenario that bring them about."""


def by_game(repetitions: int, seconds: float, num_rows: int = 1024) -> dict[str, dict[str, float]]:
    """Return nanoseconds a step, on one thread, for each value of what grows.

    Moves are drawn uniformly among those that the game has, but for WALK_AWAY, which would end it at once.
    """
    return {
        what: {
            value: 1e9 / rate
            for value, rate in PairedTiming({value: _stepper(changes, num_rows) for value, changes in games.items()})
            .run(repetitions, seconds)
            .medians()
            .items()
        }
        for what, games in _GAMES.items()
    }


def _stepper(changes: dict[str, Any], num_rows: int) -> Any:
    allowed = np.flatnonzero(resolve(changes).allowed_moves())
    return made(OURS, num_rows, allowed[allowed != Move.WALK_AWAY], scenario=changes)
