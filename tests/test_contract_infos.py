"""Observations, masks and infos of every id: within their spaces, with their keys, and nothing that is hidden."""

import copy

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode
from numpy.testing import assert_array_equal

from negoenv.game.state import Outcome
from negoenv.game.supplier import SUPPLIER
from tests.contract import WITH_A_DEAL, at_the_end, each_id, each_negotiation, truth_of, walk
from tests.laboratory import same

# Spaces, masks, infos


@each_id
def test_observations_lie_in_the_space(env_id):
    env = gym.make(env_id)
    for returned in walk(env, 200, seed=1):
        assert env.observation_space.contains(returned[0])
        assert env.observation_space.dtype == np.asarray(returned[0]).dtype


@each_id
def test_masks_have_a_bit_for_each_action(env_id):
    env = gym.make(env_id)
    env.action_space.seed(0)
    _, info = env.reset(seed=0)
    for _ in range(100):
        mask = info["action_mask"]
        assert mask.dtype == np.int8
        assert mask.shape == (env.action_space.n,)
        assert set(mask.tolist()) <= {0, 1}
        assert_array_equal(mask, env.get_wrapper_attr("action_masks")())
        _, _, terminated, _, info = env.step(env.action_space.sample(mask))
        if terminated:
            assert info["illegal_moves"] == 0
            _, info = env.reset()


@each_id
def test_infos_have_their_keys(env_id):
    env = gym.make(env_id)
    assert not env.unwrapped.reveal
    for returned in walk(env, 150, seed=2):
        if len(returned) == 2:
            assert set(returned[1]) == {"action_mask"}
            continue
        _, reward, terminated, truncated, info = returned
        assert not truncated
        assert {"action_mask", "reward_terms"} <= set(info)
        known = at_the_end(env_id)
        if terminated:  # what only a deal has is NaN or left out without one
            assert known - WITH_A_DEAL <= set(info) - {"action_mask", "reward_terms"} <= known
            for key in known & WITH_A_DEAL:
                assert np.isfinite(info.get(key, np.nan)) == (info["outcome"] == Outcome.DEAL)
        else:
            assert set(info) == {"action_mask", "reward_terms"}
        assert set(info["reward_terms"]) == set(env.unwrapped.batch.reward_names)
        assert type(reward) is float
        assert reward == pytest.approx(sum(info["reward_terms"].values()), abs=1e-12)
        assert all(type(value) in (str, int, float) for key, value in info.items() if key in at_the_end(env_id))


@each_id
def test_vector_infos_have_their_keys(env_id):
    envs = gym.make_vec(env_id, num_envs=6)
    _, infos = envs.reset(seed=0)
    assert set(infos) == {"action_mask", "_action_mask"}
    envs.action_space.seed(0)
    ended = 0
    for _ in range(120):
        _, _, terminated, truncated, infos = envs.step(envs.action_space.sample())
        assert not truncated.any()
        assert infos["action_mask"].shape == (6, envs.single_action_space.n)
        expected = {"action_mask", "reward_terms"} & set(infos)
        assert ("reward_terms" in expected) == infos.get("_reward_terms", np.zeros(1)).any()
        if terminated.any():
            deal = terminated & (infos["outcome"] == Outcome.DEAL)
            known = at_the_end(env_id) & set(infos)
            assert known >= at_the_end(env_id) - (set() if deal.any() else WITH_A_DEAL)
            expected |= known
            for key in known:
                assert (infos[f"_{key}"] <= terminated).all()
                assert (infos[f"_{key}"] >= (deal if key in WITH_A_DEAL else terminated)).all()
                if key in WITH_A_DEAL:
                    assert np.array_equal(np.isfinite(infos[key][infos[f"_{key}"]]), deal[infos[f"_{key}"]])
            ended += 1
        assert set(infos) == expected | {f"_{key}" for key in expected}
    assert ended > 10


@pytest.mark.slow
@each_id
@pytest.mark.parametrize("mode", AutoresetMode)
def test_what_was_returned_is_the_callers(env_id, mode):
    """It stays as it was, whatever is done next; and nothing depends on what the caller does with it."""
    envs, untouched = (gym.make_vec(env_id, num_envs=40, autoreset_mode=mode) for _ in range(2))
    held = [envs.reset(seed=0)]
    untouched.reset(seed=0)
    rng = np.random.default_rng(0)
    for _ in range(12):
        before = copy.deepcopy(held)
        actions = rng.integers(envs.single_action_space.n, size=40)
        held.append(envs.step(actions))
        if "final_obs" in held[-1][-1]:  # NumPy does not compare arrays of arrays
            held[-1][-1]["final_obs"] = held[-1][-1]["final_obs"].tolist()
        over = untouched.step(actions)[2]
        if mode == AutoresetMode.DISABLED and over.any():
            before = copy.deepcopy(held)
            held.append(envs.reset(options={"reset_mask": over.copy()}))
            untouched.reset(options={"reset_mask": over.copy()})
        assert same(held[: len(before)], before)
        held[-1][-1]["action_mask"][:] = 0
        assert_array_equal(envs.action_masks(), untouched.action_masks())


@each_id
def test_the_truth_is_revealed_on_request(env_id):
    env = gym.make(env_id, reveal=True)
    *_, info = next(returned for returned in walk(env, 200, seed=0) if len(returned) == 5 and returned[2])
    truth = truth_of(env_id)
    assert set(info["hidden"]) == truth
    envs = gym.make_vec(env_id, num_envs=2, reveal=True)
    envs.reset(seed=0)
    for _ in range(40):
        *_, terminated, _, infos = envs.step(np.ones(2, np.int64))
        assert ("hidden" in infos) == terminated.any()
        if terminated.any():
            assert {key for key in infos["hidden"] if key[0] != "_"} == truth
            assert_array_equal(infos["_hidden"], terminated)


def _numbers(value):
    """Yield every number in what an environment returned."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _numbers(inner)
    elif isinstance(value, (tuple, list)):
        for inner in value:
            yield from _numbers(inner)
    elif not isinstance(value, str):
        yield from np.ravel(value).astype(np.float64).tolist()


def _keys(value):
    for key, inner in value.items():
        yield key
        if isinstance(inner, dict):
            yield from _keys(inner)


@each_negotiation
def test_the_truth_stays_hidden_otherwise(env_id):
    rng = np.random.default_rng(0)
    hidden = {}
    for field in SUPPLIER.fields:
        if field.name != "archetype":
            high = min(field.high, 0.99) if field.name == "reservation_price" else field.high
            hidden[field.name] = float(rng.uniform(field.low, high))
    hidden["exit_rate"] = 0.0123456
    env = gym.make(env_id)
    trail = walk(env, 1, seed=0, options={"supplier": hidden})
    rng = np.random.default_rng(3)
    while not trail[-1][2]:
        trail.append(env.step(int(rng.integers(3, 20))))
    seen = np.array(list(_numbers(trail)))
    for name, value in hidden.items():
        assert not np.isclose(seen, value, rtol=1e-6, atol=0.0).any(), f"{name} can be read from what is returned"
    for returned in trail:
        assert not set(_keys(returned[-1])) & set(SUPPLIER.names)
