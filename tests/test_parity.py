"""Row i of a vector environment replays, bit for bit, what the single environment gives for ``seed + i``."""

from dataclasses import dataclass
from functools import cache

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from numpy.testing import assert_array_equal

from negoenv.registration import environment_ids
from tests.contract import leaving

SEED = 1000
MAX_ROWS = 1024
EPISODES = 3
LADDER = "negoenv/Ladder-v0"
THREADED = [(env_id, threads) for env_id in environment_ids() for threads in ((1,) if env_id == LADDER else (1, 2, 3))]

each_id = pytest.mark.parametrize("env_id", environment_ids())
each_mode = pytest.mark.parametrize("mode", AutoresetMode)


@dataclass(frozen=True)
class Streams:
    """What single environments give, several episodes long; all arrays are of shape ``(rows, longest, ...)``.

    A record is the start of an episode or the result of a step; ``moves`` holds the move that is played next.
    """

    observations: np.ndarray
    masks: np.ndarray
    rewards: np.ndarray
    over: np.ndarray
    moves: np.ndarray
    lengths: np.ndarray  # records of each row


@cache
def alone(env_id: str) -> Streams:
    """Play episodes in the single environment with random moves, some of them not legal."""
    env = gym.make(env_id).unwrapped
    count = int(env.action_space.n)
    rng = np.random.default_rng(7)
    rows = []
    for row in range(MAX_ROWS):
        records = []
        for episode in range(EPISODES):
            observation, info = env.reset(seed=SEED + row if episode == 0 else None)
            reward, over = 0.0, False
            while not over:
                move = rng.integers(count)
                if env_id != LADDER and rng.random() < 0.6:  # most of its moves are not legal at most times
                    move = rng.choice(np.flatnonzero(info["action_mask"]))
                if move == leaving(env_id) and rng.random() < 0.9:
                    move = 0
                records.append((observation, info["action_mask"], reward, over, move))
                observation, reward, over, _, info = env.step(move)
            records.append((observation, info["action_mask"], reward, over, 0))
        rows.append(records)
    lengths = np.array([len(records) for records in rows])
    padded = [records + records[-1:] * (lengths.max() - len(records)) for records in rows]
    columns = ([[record[column] for record in records] for records in padded] for column in range(5))
    return Streams(*map(np.array, columns), lengths)


def compare(envs, env_id: str, mode: AutoresetMode) -> int:
    """Step a vector environment through the streams and compare; return the number of steps."""
    streams, rows = alone(env_id), np.arange(envs.num_envs)
    at = np.zeros(envs.num_envs, np.int64)
    lengths = streams.lengths[rows]

    def agree(what, expected, known):
        assert_array_equal(what[known], expected[rows, np.minimum(at, lengths - 1)][known], strict=True)

    observations, infos = envs.reset(seed=SEED)
    steps = 0
    while True:
        known = at < lengths
        agree(observations, streams.observations, known)
        agree(infos["action_mask"], streams.masks, known)
        if not known.any():
            return steps
        observations, rewards, terminated, truncated, infos = envs.step(
            streams.moves[rows, np.minimum(at, lengths - 1)]
        )
        assert not truncated.any()
        at += 1
        steps += 1
        known = at < lengths
        agree(rewards, streams.rewards, known)
        agree(terminated, streams.over, known)
        if mode == AutoresetMode.NEXT_STEP or not terminated.any():
            continue
        if mode == AutoresetMode.DISABLED:
            agree(observations, streams.observations, known)
            observations, infos = envs.reset(options={"reset_mask": terminated})
        else:
            final = observations.copy()
            final[terminated] = np.array(list(infos["final_obs"][terminated]), final.dtype)
            agree(final, streams.observations, known & terminated)
        at[terminated] += 1


@pytest.mark.slow
@each_mode
@pytest.mark.parametrize(("env_id", "num_threads"), THREADED)
@pytest.mark.parametrize("rows", [1, 7, MAX_ROWS])
def test_rows_replay_the_single_environment(env_id, mode, num_threads, rows):
    threads = {} if env_id == LADDER else {"num_threads": num_threads}
    envs = gym.make_vec(env_id, num_envs=rows, autoreset_mode=mode, **threads)
    steps = compare(envs, env_id, mode)
    records = alone(env_id).lengths[:rows].max()
    assert steps == records if mode == AutoresetMode.NEXT_STEP else records - EPISODES <= steps <= records


@each_id
def test_the_streams_reach_every_corner(env_id):
    """They are long, end in many ways and hold moves that are not legal."""
    streams = alone(env_id)
    real = np.arange(streams.masks.shape[1]) < streams.lengths[:, None]
    assert streams.over[real].sum() == EPISODES * MAX_ROWS
    assert streams.lengths.max() > 20
    assert len(np.unique(streams.rewards[real & streams.over].round(2))) > 3
    played = real & ~streams.over
    allowed = np.take_along_axis(streams.masks, streams.moves[..., None], 2)[..., 0] == 1
    assert 0.05 < 1.0 - allowed[played].mean() < 0.6


@pytest.mark.slow
@each_id
@each_mode
@pytest.mark.parametrize("most", [None, 1, 4])
def test_it_steps_as_gymnasiums_own_vector_environment(env_id, mode, most):
    """Also where an episode is truncated after so many steps."""
    ours = gym.make_vec(env_id, num_envs=5, autoreset_mode=mode, max_episode_steps=most)
    theirs = SyncVectorEnv(
        [lambda: gym.make(env_id, disable_env_checker=True, max_episode_steps=most)] * 5, autoreset_mode=mode
    )
    observations, infos = ours.reset(seed=3)
    assert_array_equal(observations, theirs.reset(seed=3)[0], strict=True)
    rng = np.random.default_rng(0)
    terminated = truncated = 0
    for _ in range(120):
        legal = (rng.random(infos["action_mask"].shape) * infos["action_mask"]).argmax(axis=1)
        actions = np.where(rng.random(5) < 0.5, legal, rng.integers(ours.single_action_space.n, size=5))
        actions[rng.random(5) < 0.04] = leaving(env_id)
        got, expected = ours.step(actions), theirs.step(actions)
        for one, other in zip(got[:4], expected[:4], strict=True):
            assert_array_equal(one, other, strict=True)
        over = got[2] | got[3]
        terminated += int(got[2].sum())
        truncated += int((got[3] & ~got[2]).sum())
        infos = got[4]
        agree_about_infos(got[4], expected[4])
        if mode == AutoresetMode.DISABLED and over.any():
            one, infos = ours.reset(options={"reset_mask": over.copy()})
            other, their_infos = theirs.reset(options={"reset_mask": over.copy()})
            assert_array_equal(one, other, strict=True)
            agree_about_infos(infos, their_infos)
    assert terminated > 10
    assert (truncated > 10) == (most is not None)


def agree_about_infos(ours, theirs):
    """Compare infos: the same keys, the same rows in which they apply, and there the same values of the same kind."""
    assert set(ours) == set(theirs)
    for key, values in theirs.items():
        rows = values if key.startswith("_") else theirs[f"_{key}"]
        if isinstance(values, dict):
            agree_about_infos(ours[key], values)
        elif key == "final_obs":
            for one, other in zip(ours[key], values, strict=True):
                assert_array_equal(one, other, strict=True)
        elif key.startswith("_"):
            assert_array_equal(ours[key], values, strict=True)
        else:
            assert_array_equal(ours[key][rows], values[rows], strict=True)


@each_id
def test_a_row_does_not_know_its_neighbours(env_id):
    """The same seed and moves in every row give the same episode in every row."""
    rows = 600
    threads = {} if env_id == LADDER else {"num_threads": 2}
    envs = gym.make_vec(env_id, num_envs=rows, autoreset_mode="SameStep", **threads)
    observations, _ = envs.reset(seed=[42] * rows)
    for move in alone(env_id).moves[0, :40]:
        assert (observations == observations[0]).all()
        observations, rewards, _, _, _ = envs.step(np.full(rows, move))
        assert (rewards == rewards[0]).all()
