"""Whoever steps beside it, in threads or in processes, an environment gives the bits that it gives alone."""

import copy
import multiprocessing
import os
import pickle
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.tactics import Move
from negoenv.numerics import threads
from negoenv.scenarios.presets import resolve
from tests.conftest import ROOT
from tests.laboratory import same

ID = "negoenv/Procurement-v0"
ROWS, STEPS = 1024, 40
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")


def actions(seed):
    return np.random.default_rng(seed).integers(0, Move.WALK_AWAY, (STEPS, ROWS))


def played(envs, seed):
    """Play a fixed sequence of moves; return every observation and reward."""
    return [envs.reset(seed=seed)[0], *(envs.step(moves)[:2] for moves in actions(seed))]


def alone(seed):
    return played(gym.make_vec(ID, num_envs=ROWS, num_threads=1), seed)


@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
def test_environments_in_threads_of_python(mode):
    def made(*counts):
        return [gym.make_vec(ID, num_envs=ROWS, num_threads=count, autoreset_mode=mode) for count in counts]

    expected = list(map(played, made(1, 1, 1, 1), range(4)))
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            assert same(list(pool.map(played, made(1, 2, 2, 3), range(4))), expected)


def test_environments_that_take_turns():
    one, other = (gym.make_vec(ID, num_envs=ROWS, num_threads=count) for count in (2, 3))
    results = [[one.reset(seed=0)[0]], [other.reset(seed=1)[0]]]
    for moves in zip(actions(0), actions(1), strict=True):
        for result, envs, chosen in zip(results, (one, other), moves, strict=True):
            result.append(envs.step(chosen)[:2])
    assert same(results, [alone(0), alone(1)])


COPIES = {
    "deepcopy": copy.deepcopy,
    "copy": copy.copy,
    "pickle": lambda batch: pickle.loads(pickle.dumps(batch)),
    "resized": lambda batch: batch.resized(ROWS),
    "varied": lambda batch: batch.varied(ROWS, {}),
    "first_rows": lambda batch: batch.first_rows(ROWS),
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_shares_no_scratch_memory(name):
    batch = NegotiationBatch(ROWS, resolve("Procurement"), num_threads=2)
    other = COPIES[name](batch)
    assert len(batch.tiles) == len(other.tiles) == 2
    assert not np.shares_memory(batch.tiles, other.tiles)


@pytest.mark.parametrize("rows", [1, 600, 4096])
def test_a_batch_of_another_size_is_stepped_in_as_many_parts_as_fit(rows):
    fresh = NegotiationBatch(rows, resolve("Procurement"), num_threads=3)
    for size in (1, ROWS, 4096):
        resized = NegotiationBatch(size, resolve("Procurement"), num_threads=3).resized(rows)
        assert len(resized.tiles) == len(fresh.tiles)


def test_a_copy_does_not_carry_scratch_memory():
    batch = NegotiationBatch(1, resolve("Procurement"))
    assert len(pickle.dumps(batch)) < batch.tiles.nbytes


def test_copies_stepped_in_threads():
    original = gym.make_vec(ID, num_envs=ROWS, num_threads=2)
    original.reset(seed=5)
    original.step(actions(5)[0])
    copies = [copy.deepcopy(original) for _ in range(3)]
    expected = [original.step(moves)[:2] for moves in actions(6)]
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda envs: [envs.step(moves)[:2] for moves in actions(6)], copies))
    assert same(results, [expected] * 3)


WITHOUT_OPENMP = """
import threading
from tests.test_threads import *
expected = [alone(seed) for seed in range(2)]
results = [None, None]
def work(seed):
    results[seed] = played(gym.make_vec(ID, num_envs=ROWS, num_threads=2), seed)
workers = [threading.Thread(target=work, args=(seed,)) for seed in range(2)]
for worker in workers: worker.start()
for worker in workers: worker.join()
assert same(results, expected)
import numba
print(numba.threading_layer())
"""


def run(program, **environment):
    """Run a program in a process of its own; return what it printed."""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.slow
def test_threads_where_the_pool_may_not_be_used_twice():
    """What pip installs on a system without OpenMP aborts the process when two loops are launched at once."""
    assert run(WITHOUT_OPENMP, NUMBA_THREADING_LAYER="workqueue") == "workqueue"


# Processes


def child(envs, seed, pipe):
    pipe.send(played(envs, seed))


def in_a_process(method):
    """Step a vector environment here, then a copy of it in another process; compare."""
    envs = gym.make_vec(ID, num_envs=ROWS, num_threads=2)
    played(envs, 0)  # the pool of threads stands
    context = multiprocessing.get_context(method)
    here, there = context.Pipe()
    process = context.Process(target=child, args=(envs, 1, there))
    process.start()
    assert here.poll(120), "the other process gave no answer"
    result = here.recv()
    process.join()
    assert process.exitcode == 0
    assert same(result, alone(1))
    assert same(played(envs, 2), alone(2))  # and the parent goes on


FORK = "from tests.test_threads import in_a_process; in_a_process('fork')"


@pytest.mark.slow
@forks
@pytest.mark.parametrize("layer", ["default", "workqueue"])
def test_a_forked_process(layer):
    run(FORK, NUMBA_THREADING_LAYER=layer)


@pytest.mark.slow
def test_a_spawned_process():
    in_a_process("spawn")


FORK_WHILE_STEPPING = """
import threading
from negoenv.numerics import threads
from tests.test_threads import *
played(gym.make_vec(ID, num_envs=ROWS, num_threads=2), 0)
with threads._launching:  # as another thread would hold it
    child = os.fork()
    if child == 0:
        os._exit(0 if same(played(gym.make_vec(ID, num_envs=ROWS, num_threads=2), 1), alone(1)) else 1)
    assert os.waitpid(child, 0)[1] == 0
"""


@pytest.mark.slow
@forks
def test_a_fork_while_another_thread_steps():
    run(FORK_WHILE_STEPPING)


@pytest.mark.slow
@pytest.mark.parametrize("method", [pytest.param("fork", marks=forks), "spawn"])
@pytest.mark.parametrize("env_id", [ID, "negoenv/Ladder-v0"])
def test_gymnasiums_asynchronous_vector_environment(env_id, method):
    makers = [lambda: gym.make(f"negoenv:{env_id}", disable_env_checker=True)] * 2  # which imports negoenv there
    ours = SyncVectorEnv(makers)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # Python 3.12 warns of any fork beside threads
        envs = AsyncVectorEnv(makers, context=method)
    try:
        assert same(envs.reset(seed=3)[0], ours.reset(seed=3)[0])
        for moves in np.random.default_rng(0).integers(0, 5, (30, 2)):
            assert same(envs.step(moves)[:4], ours.step(moves)[:4])
    finally:
        envs.close()


def test_parts_are_run_one_after_the_other_in_a_forked_process(monkeypatch):
    """A launch there would abort the process where the pool is GNU's OpenMP."""
    calls = []
    monkeypatch.setattr(threads, "_forked", True)
    threads.run_in_parts(lambda *given: calls.append(given), lambda *given: pytest.fail("launched"), 2, "rows")
    assert calls == [(0, 1, "rows")]
