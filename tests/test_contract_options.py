"""Seeds, options, rendering, and what is legal: the part of the contract that is about what a user asks for."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import data_equivalence
from numpy.testing import assert_array_equal

from negoenv import NegoenvError
from negoenv.game import observation
from negoenv.game.tactics import FAMILY_OF, Move
from tests.contract import ONE, PATIENT, a_kind, each_id, each_negotiation, name_of, population_of, walk
from tests.laboratory import begin, play, same

# Seeds


@each_id
def test_a_seed_keys_a_stream_and_none_continues_it(env_id):
    first, second = gym.make(env_id), gym.make(env_id)
    one, other = walk(first, 60, seed=5), walk(second, 60, seed=5)
    assert same(one, other)
    assert data_equivalence(first.reset(), second.reset())
    assert not same(walk(first, 60, seed=6), one)
    assert same(walk(first, 60, seed=5), one)


@each_id
def test_none_draws_another_episode(env_id):
    env = gym.make(env_id)
    episodes = [walk(env, 4, seed=0), walk(env, 4), walk(env, 4)]
    assert not same(episodes[1], episodes[2])


@each_id
def test_zero_is_a_seed_like_any_other(env_id):
    env = gym.make(env_id)
    assert same(walk(env, 60, seed=0), walk(env, 60, seed=0))
    assert not same(walk(env, 60, seed=0), walk(env, 60, seed=1))
    assert same(walk(env, 60, seed=np.int64(0)), walk(env, 60, seed=0))


def test_without_a_seed_every_environment_is_another():
    limits = {float(gym.make(ONE).reset()[0][observation.INDEX["limit"]]) for _ in range(4)}
    assert len(limits) == 4


def test_a_list_seeds_each_row_by_itself():
    envs = gym.make_vec(ONE, num_envs=3)
    started, _ = envs.reset(seed=[4, None, 9])
    assert_array_equal(started[0], gym.make(ONE).reset(seed=4)[0])
    assert_array_equal(started[2], gym.make(ONE).reset(seed=9)[0])
    fresh, _ = gym.make_vec(ONE, num_envs=3).reset(seed=[4, None, 9])
    assert not np.array_equal(started[1], fresh[1]), "a row without a seed was seeded all the same"


# Options


def _truth(env_id, options, rows=200, split="train"):
    """Return the hidden types of the suppliers met with ``options``, and the first observations by name."""
    envs = gym.make_vec(env_id, num_envs=rows, reveal=True, split=split)
    started, infos = envs.reset(seed=0, options=options)
    *_, infos = envs.step(np.full(rows, Move.WALK_AWAY))
    return infos["hidden"], observation.named(started)


@each_negotiation
def test_options_fix_fields_of_the_supplier(env_id):
    hidden, seen = _truth(env_id, {"supplier": {"reservation_price": 1.1, "power": np.linspace(0, 1, 200)}})
    assert (hidden["reservation_price"] == np.float32(1.1)).all()
    assert_array_equal(hidden["power"], np.linspace(0, 1, 200, dtype=np.float32))
    assert np.allclose(seen["ask"], 1.1), "nobody asks less than the reservation price"
    assert set(hidden["archetype"]) == set(population_of(env_id).archetype_names)


@each_negotiation
@pytest.mark.parametrize("split", ["train", "test"])
def test_options_name_an_archetype(env_id, split):
    for name in population_of(env_id, split).archetype_names:
        hidden, _ = _truth(env_id, {"supplier": name}, split=split)
        assert set(hidden["archetype"]) == {name}


@each_negotiation
def test_options_fix_the_context(env_id):
    _, seen = _truth(env_id, {"context": {"limit": 0.77, "ask": 0.95, "round": 5.0, "deadline": 10.0}})
    assert np.allclose(seen["limit"], 0.77)
    assert np.allclose(seen["ask"], 0.95)
    assert np.allclose(seen["progress"], 0.5)


@each_negotiation
def test_what_a_supplier_believes_follows_from_its_type_and_ask_unless_it_is_given(env_id):
    supplier = {"reservation_price": 0.5, "aspiration": 0.8, "power": 0.0}
    arguments = {"num_rows": 50, "scenario": name_of(env_id), "supplier": supplier}
    derived = begin(**arguments, context={"ask": 0.9}).state
    assert np.allclose(derived["expected_limit"], 0.5 + 0.8 * (0.9 - 0.5))
    assert np.allclose(derived["fallback"], 0.5)
    given = begin(**arguments, context={"ask": 0.9, "expected_limit": 0.7}).state
    assert (given["expected_limit"] == 0.7).all()
    assert_array_equal(given["fallback"], derived["fallback"])
    assert (begin(**arguments, context={"fallback": np.linspace(0.5, 0.6, 50)}).state["fallback"][-1:] == 0.6).all()


@each_id
@pytest.mark.parametrize("options", [{"suplier": {}}, {"supplier": "prowd"}, {"supplier": {"powr": 1.0}}])
def test_unknown_options_are_refused(env_id, options):
    with pytest.raises(NegoenvError, match=r"prowd|powr|suplier"):
        gym.make(env_id).reset(seed=0, options=options)


@each_id
def test_options_hold_for_one_episode(env_id):
    name = a_kind(env_id)
    env, other = gym.make(env_id), gym.make(env_id)
    env.reset(seed=0, options={"supplier": name})
    other.reset(seed=0)
    assert data_equivalence(env.reset(), other.reset())


# Rendering


@each_id
def test_every_render_mode_renders(env_id):
    for mode in set(gym.spec(env_id).make().metadata["render_modes"]) - {"human"}:  # test_viewer.py opens the window
        env = gym.make(env_id, render_mode=mode)
        assert env.render_mode == mode
        env.reset(seed=0, options=PATIENT)
        first = env.render()
        env.step(1)
        second = env.render()
        assert not np.array_equal(first, second)
        if mode == "ansi":
            assert isinstance(second, str)
        else:
            assert second.dtype == np.uint8
            assert second.ndim == 3


@each_negotiation
def test_rendering_changes_nothing(env_id):
    assert same(walk(gym.make(env_id), 60, seed=9), walk(gym.make(env_id, render_mode="ansi"), 60, seed=9))


def test_render_without_a_mode_warns():
    env = gym.make(ONE).unwrapped
    env.reset(seed=0)
    with pytest.warns(UserWarning, match="render_mode"):
        assert env.render() is None


# What is legal


@each_negotiation
@pytest.mark.parametrize("past", [(), (1,), (0, 19, 4), (3,), (2, 8), (1, 9), (1, 17, 17, 17, 17), (2, 6, 14, 18, 13)])
def test_what_the_mask_forbids_counts_as_an_illegal_hold(env_id, past):
    rows = len(Move) + 2
    chosen = np.arange(rows) - 1  # the first and the last are no moves
    arguments = {"num_rows": 2 * rows, "scenario": name_of(env_id)}
    for seed in range(6):
        batch = begin(**arguments, **PATIENT)
        batch.seed_each([seed] * 2 * rows)
        batch.reset(np.ones(2 * rows, np.bool_), PATIENT)
        play(batch, past)
        if batch.terminated[0]:
            continue
        mask = np.zeros(rows, np.bool_)
        mask[1:-1] = batch.action_masks[0] == 1
        before = batch.state["illegal_moves"].copy()
        play(batch, [np.concatenate([chosen, np.full(rows, Move.HOLD)])])
        counted = batch.state["illegal_moves"] - before
        assert_array_equal(counted[:rows] == 0, mask)
        assert (counted[rows:] == 0).all()
        alone, held = batch.observations[:rows], batch.observations[rows:]
        assert_array_equal(alone[~mask], held[~mask])
        assert_array_equal(batch.rewards[:rows][~mask], batch.rewards[rows:][~mask])


@each_negotiation
def test_moves_left_out_of_a_scenario_are_never_legal(env_id):
    env = gym.make(env_id, scenario={"without": ["EMOTION", "INVITE_RIVALS"]})
    _, info = env.reset(seed=0)
    left_out = [move for move in Move if move.name == "INVITE_RIVALS" or FAMILY_OF[move].name == "EMOTION"]
    assert info["action_mask"][left_out].sum() == 0
    *_, info = env.step(Move.FURY)
    while "illegal_moves" not in info:
        *_, info = env.step(Move.WALK_AWAY)
    assert info["illegal_moves"] == 1
