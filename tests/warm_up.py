"""Compile what the tests need before they begin: side by side, so that not each of their processes compiles all of it.

    python -m tests.warm_up

Where the cache holds it already, that takes a few seconds.
"""

import os
import sys
import time

import gymnasium as gym
import numpy as np

import negoenv  # noqa: F401 - registers the ids
from agents.parallel import in_parallel
from negoenv.interop.own_supplier import OwnSupplierEnv, Talks

GAMES = ("Contract", "Sourcing", "Procurement", "Ladder")
"""One of each kind of compiled loops, those first that take longest."""

CALLS = [(game, threads) for threads in (2, 1) for game in GAMES if (game, threads) != ("Ladder", 2)]
"""A game, and on how many threads it is stepped: loops in threads are compiled apart."""

PLAYED = ("Contract", "Procurement")
"""One of each kind of loops in which somebody answers for the supplier."""

_ROWS = 1024  # enough for several threads to be used


def compile_game(game: str, threads: int) -> None:
    """Play a few steps of a game, alone and in rows."""
    env_id = f"negoenv/{game}-v0"
    if threads == 1:
        single = gym.make(env_id)
        single.reset(seed=0)
        single.step(single.action_space.sample())
        single.close()
    rows = _ROWS if threads > 1 else 1
    envs = gym.make_vec(env_id, num_envs=rows, **({"num_threads": threads} if threads > 1 else {}))
    envs.reset(seed=0)
    for _ in range(3):
        envs.step(np.zeros(rows, np.int64))
    envs.action_masks()
    envs.batch.outcomes()
    envs.close()


class _Holds:
    """A supplier that keeps its ask."""

    def begin(self, talks: Talks, seed: int) -> None: ...

    def answer(self, talks: Talks) -> float:
        return talks.ask


def compile_played(game: str) -> None:
    """Play a step of a game whose supplier is played."""
    env = OwnSupplierEnv(_Holds(), game)
    env.reset(seed=0)
    env.step(np.int64(0))


def main() -> None:
    """Compile, on as many cores as there are."""
    began = time.perf_counter()
    for calls in ((compile_game, CALLS), (compile_played, [(game,) for game in PLAYED])):
        for _ in in_parallel(*calls, os.cpu_count() or 1):
            pass
    print(f"Compiled code is there, after {time.perf_counter() - began:.0f} s.", file=sys.stderr)


if __name__ == "__main__":
    main()
