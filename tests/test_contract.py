"""What Gymnasium and its neighbours expect of an environment, for every id."""

import copy
import json
import pickle

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env, data_equivalence

from tests.contract import IDS, NEGOTIATIONS, ONE, each_id, walk
from tests.laboratory import same

# The checkers, and what they rely on


@pytest.mark.slow
@each_id
def test_gymnasium_checks_it(env_id):
    check_env(gym.make(env_id).unwrapped)


@each_id
def test_stable_baselines3_checks_it(env_id):
    checker = pytest.importorskip("stable_baselines3.common.env_checker")
    checker.check_env(gym.make(env_id).unwrapped)


def test_the_id_names_its_module():
    assert gym.make(f"negoenv:{ONE}").spec.id == ONE
    assert all(env_id.startswith("negoenv/") and env_id.endswith("-v0") for env_id in IDS)


@each_id
def test_the_spec_survives_json(env_id):
    kwargs = {"reveal": True}
    if env_id in NEGOTIATIONS:
        kwargs |= {"split": "test", "scenario": {"deadline": 7, "weights": {"goodwill": 0.1}, "without": ["EMOTION"]}}
    env = gym.make(env_id, **kwargs)
    spec = EnvSpec.from_json(env.spec.to_json())
    assert spec == env.spec
    assert same(walk(gym.make(spec), 40, seed=3), walk(env, 40, seed=3))


@each_id
@pytest.mark.parametrize("mode", ["NextStep", "SameStep", "Disabled"])
def test_the_spec_of_a_vector_environment_survives_json(env_id, mode):
    envs = gym.make_vec(env_id, num_envs=3, autoreset_mode=mode)
    json.loads(envs.spec.to_json())
    again = gym.make_vec(EnvSpec.from_json(envs.spec.to_json()), num_envs=3)
    assert again.autoreset_mode == envs.autoreset_mode
    assert data_equivalence(again.reset(seed=2), envs.reset(seed=2))


@pytest.mark.slow
@each_id
@pytest.mark.parametrize(
    "duplicate", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))], ids=["copy", "pickle"]
)
def test_a_copy_continues_identically(env_id, duplicate):
    env = gym.make(env_id)
    walk(env, 3, seed=11)
    twin = duplicate(env)
    assert same(walk(twin, 60), walk(env, 60))


@each_id
@pytest.mark.parametrize(
    "duplicate", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))], ids=["copy", "pickle"]
)
def test_a_copy_of_a_vector_environment_continues_identically(env_id, duplicate):
    envs = gym.make_vec(env_id, num_envs=5)
    envs.action_space.seed(0)
    actions = [envs.action_space.sample() for _ in range(30)]
    envs.reset(seed=4)
    envs.step(actions[0])
    twin = duplicate(envs)
    for chosen in actions:
        assert same(twin.step(chosen), envs.step(chosen))


@each_id
def test_what_is_returned_is_the_callers_to_change(env_id):
    envs, untouched = gym.make_vec(env_id, num_envs=4), gym.make_vec(env_id, num_envs=4)
    envs.reset(seed=0), untouched.reset(seed=0)
    for _ in range(25):
        chosen = np.ones(4, np.int64)
        returned, expected = envs.step(chosen), untouched.step(chosen)
        assert same(returned, expected)
        for array in (*returned[:4], returned[4]["action_mask"], *returned[4]["reward_terms"].values()):
            array[...] = 0
