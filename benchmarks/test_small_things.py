"""How long the small things take that a step is made of: ``make bench``. No test of them asks for a time."""

import gymnasium as gym
import numpy as np
import pytest
from numba import njit

from negoenv.engine import kernels
from negoenv.game.legal_moves import write_mask
from negoenv.game.observation import observe
from negoenv.game.tactics import Move
from negoenv.interop.sb3 import make_sb3_vec_env
from negoenv.make import make_batch
from negoenv.numerics.randomness import TILE, draw_tile

ROWS = 1024
EVERY = np.ones(ROWS, np.bool_)


@njit
def _draw(tiles):
    draw_tile(tiles[0], TILE, 0, 4, 0)


@njit
def _masks(rows, games, masks):
    for i in range(len(rows)):
        write_mask(rows[i].state, games[0], 0.0, masks, i)


@njit
def _observations(rows, games, observations):
    for i in range(len(rows)):
        observe(rows[i].state, rows[i].state_numbers, games[0].sight, observations, i)


@pytest.fixture
def batch():
    """Negotiations, a few rounds old."""
    batch = make_batch(ROWS, "Procurement")
    batch.seed(0)
    batch.reset(EVERY)
    for move in (Move.OPEN_MODERATE, Move.PROBE, Move.HOLD):
        batch.step(np.full(ROWS, move), ~batch.terminated)
    return batch


def test_random_numbers_of_256_rows(benchmark):
    benchmark(_draw, kernels.new_tiles(1))


def test_masks_of_1024_rows(benchmark, batch):
    benchmark(_masks, batch.records, batch.game, batch.action_masks)


def test_observations_of_1024_rows(benchmark, batch):
    benchmark(_observations, batch.records, batch.game, batch.observations)


def test_beginning_1024_episodes(benchmark, batch):
    benchmark(batch.begin, EVERY)


@pytest.mark.parametrize("move", [Move.CITE_COMPETITORS, Move.ULTIMATUM, Move.FURY, Move.CONCEDE_SMALL, Move.HOLD])
def test_one_move_in_1024_rows(benchmark, batch, move):
    actions = np.full(ROWS, move)
    benchmark(lambda: batch.step_or_reset(actions, batch.terminated.copy()))


def test_reports_of_1024_rows(benchmark, batch):
    benchmark(batch.outcomes)


@pytest.mark.parametrize("env_id", ["negoenv/Procurement-v0", "CartPole-v1"])
def test_a_reset(benchmark, env_id):
    benchmark(gym.make(env_id).reset)


@pytest.mark.parametrize("env_id", ["negoenv/Procurement-v0", "CartPole-v1"])
def test_making_an_environment(benchmark, env_id):
    benchmark(gym.make, env_id)


def test_the_sb3_adapter_with_256_rows(benchmark):
    envs = make_sb3_vec_env(256)
    envs.reset()
    moves = np.random.default_rng(0).integers(len(Move), size=256)
    benchmark(envs.step, moves)
