"""What a planner is built of: copies of rows, random numbers of its own, sequential halving, rollouts."""

import numpy as np
import pytest

from agents.planning.hypotheses import Purpose, stream_keys, unit_number
from agents.planning.planner import best_arms
from agents.planning.rollouts import Portfolio, Rollouts
from agents.scripted import make
from negoenv import NegoenvError
from negoenv.game.tactics import Move
from tests.test_planning import ROWS, begun

GAMES = ("Procurement", "Marketplace", "Ladder")


def random_moves(batch, generator):
    return (generator.random(batch.action_masks.shape) * batch.action_masks).argmax(axis=1)


def outputs(batch):
    return [
        getattr(batch, name).copy()
        for name in ("observations", "action_masks", "rewards", "reward_terms", "terminated")
    ]


@pytest.mark.parametrize("name", GAMES)
def test_a_copy_goes_on_bit_for_bit_as_its_original(name):
    batch, generator = begun(name, 50), np.random.default_rng(0)
    for _ in range(3):
        batch.step(random_moves(batch, generator), ~batch.terminated)
    rows = generator.integers(50, size=120)
    copies = batch.resized(130)
    into = generator.permutation(130)[:120]
    copies.copy_rows(batch, rows, into)
    played = 0
    while not batch.terminated.all():
        moves = random_moves(batch, generator)
        there = np.zeros(130, np.int64)
        there[into] = moves[rows]
        running = np.zeros(130, bool)
        running[into] = ~batch.terminated[rows]
        copies.step(there, running)
        batch.step(moves, ~batch.terminated)
        for ours, theirs in zip(outputs(batch), outputs(copies), strict=True):
            np.testing.assert_array_equal(ours[rows], theirs[into], strict=True)
        played += 1
    assert played >= 3
    for key, values in batch.outcomes().items():
        np.testing.assert_array_equal(values[rows], copies.outcomes()[key][into])


@pytest.mark.parametrize("name", GAMES)
def test_playing_a_copy_leaves_the_original_as_it_is(name):
    batch = begun(name)
    before = [getattr(batch, array).copy() for array in batch.row_arrays]
    copies = batch.resized(ROWS)
    copies.copy_rows(batch, np.arange(ROWS), np.arange(ROWS))
    copies.step(random_moves(copies, np.random.default_rng(0)), np.ones(ROWS, bool))
    for old, array in zip(before, batch.row_arrays, strict=True):
        np.testing.assert_array_equal(old, getattr(batch, array))


@pytest.mark.parametrize("name", GAMES)
def test_the_first_rows_are_the_same_memory(name):
    batch, whole = begun(name), begun(name)
    first = batch.first_rows(2)
    moves = random_moves(batch, np.random.default_rng(0))
    first.step(moves[:2], np.ones(2, bool))
    whole.step(moves, np.ones(ROWS, bool))
    for ours, theirs in zip(outputs(batch), outputs(whole), strict=True):
        np.testing.assert_array_equal(ours[:2], theirs[:2])
    np.testing.assert_array_equal(batch.observations[2:], begun(name).observations[2:])


@pytest.mark.parametrize("wrong", [lambda b: b.resized(0), lambda b: b.first_rows(0), lambda b: b.first_rows(ROWS + 1)])
def test_wrong_numbers_of_rows_are_refused(wrong):
    with pytest.raises(NegoenvError, match="rows is"):
        wrong(begun())


def test_a_varied_game_has_its_own_constants():
    batch = begun()
    varied = batch.varied(2, {"cue_noise": 0.0})
    assert varied.constants["cue_noise"] == 0.0 < batch.constants["cue_noise"]
    with pytest.raises(NegoenvError, match="cue_nois"):
        batch.varied(2, {"cue_nois": 0.0})


# Random numbers


def test_streams_are_told_apart_by_every_argument():
    seeds, decisions, draws = (grid.ravel() for grid in np.meshgrid(np.arange(4), np.arange(5), np.arange(6)))
    keys = [stream_keys(seeds.astype(np.uint64), decisions, draws, purpose) for purpose in Purpose]
    assert len(np.unique(np.concatenate(keys))) == 4 * 5 * 6 * len(Purpose)
    numbers = unit_number(np.concatenate(keys))
    assert 0.0 <= numbers.min() < 0.02 < 0.98 < numbers.max() < 1.0


# Sequential halving


def arms_with_noise(sizes, seed):
    means = np.random.default_rng(seed).random(sizes)
    noise = np.random.default_rng(seed + 1).normal(size=(sizes[0], 10_000))
    calls = []

    def sample(rows, arms, draws):
        calls.append((rows, arms, draws))
        return means[rows, arms] + noise[rows, draws] + 0.1 * np.sin(1e3 * draws * (arms + 1))

    return means, sample, calls


def test_halving_finds_the_best_arm_within_its_budget():
    means, sample, calls = arms_with_noise((40, 22), 0)
    offered = np.random.default_rng(5).random(means.shape) < 0.7
    offered[:, 3] = True
    best = best_arms(offered, 600, 3, sample)
    shortfall = np.where(offered, means, -1.0).max(axis=1) - means[np.arange(40), best]
    assert offered[np.arange(40), best].all()
    assert shortfall.mean() < 0.02
    used = np.bincount(np.concatenate([rows for rows, _, _ in calls]), minlength=40)
    assert (used <= 600).all()
    assert (used > 500).all()


def test_arms_of_a_row_share_their_draws_and_no_draw_is_taken_twice():
    _, sample, calls = arms_with_noise((3, 8), 1)
    best_arms(np.ones((3, 8), bool), 200, 3, sample)
    for row in range(3):
        seen = {}
        for rows, arms, draws in calls:
            sets = [tuple(draws[(rows == row) & (arms == arm)]) for arm in np.unique(arms[rows == row])]
            assert len(set(sets)) == 1
            for arm in np.unique(arms[rows == row]):
                assert not seen.setdefault(arm, set()) & set(sets[0])
                seen[arm] |= set(sets[0])


def test_a_budget_below_the_number_of_arms_still_tries_each():
    _, sample, calls = arms_with_noise((2, 8), 2)
    best_arms(np.ones((2, 8), bool), 1, 2, sample)
    assert len(calls[0][0]) == 16


# Rollouts


@pytest.mark.parametrize("names", [("gradual",), ("gradual", "micro", "random")])
def test_rollouts_that_leave_ended_rows_behind_earn_what_whole_ones_earn(names):
    real = begun(rows=40)
    bases = Portfolio(tuple(make(name) for name in names))
    bases.reset(40)
    episode_starts = np.ones(40, bool)
    real.step(bases.choose(real.observations, real.action_masks, episode_starts), episode_starts)
    bases.choose(real.observations, real.action_masks, ~episode_starts)
    rows = np.arange(400) % 40
    members = np.arange(400) // 7 % len(names)
    keys = stream_keys(rows.astype(np.uint64), rows * 0, np.arange(400), Purpose.ROLLOUT)
    moves = np.where(np.arange(400) % 3 == 0, int(Move.HOLD), int(Move.SILENCE))

    def filled(batch):
        batch.copy_rows(real, rows, np.arange(400))
        batch.keys[:] = keys
        return batch

    rollouts = Rollouts(real, 500)
    found = rollouts.returns(filled(rollouts.model(400)), moves, bases.players(rows, members, keys))
    whole, players, running = filled(real.resized(400)), bases.players(rows, members, keys), np.ones(400, bool)
    expected = np.zeros(400)
    while running.any():
        whole.step(moves, running)
        expected[running] += whole.rewards[running]
        running &= ~whole.terminated
        moves = players.choose(whole.observations, whole.action_masks, np.zeros(400, bool))
    np.testing.assert_allclose(found, expected, atol=1e-12)
