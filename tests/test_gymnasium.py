"""Gymnasium to the letter: what its wrappers, its registry and its own vector environment take for granted."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.vector import SyncVectorEnv
from numpy.testing import assert_array_equal

import negoenv
from negoenv.benchmark.scores import record_path
from negoenv.interop.sb3 import make_sb3_vec_env
from negoenv.scenarios import populations
from negoenv.scenarios.presets import PRESETS, changed
from negoenv.sourcing import resolve_sourcing
from tests.contract import IDS, NEGOTIATIONS, ONE, SOURCING, each_id, leaving, name_of, staying, walk
from tests.laboratory import same

ON_ONE_OF_EACH_GAME = pytest.mark.parametrize("env_id", [ONE, "negoenv/Contract-v0", SOURCING[0], "negoenv/Ladder-v0"])


@ON_ONE_OF_EACH_GAME
def test_the_outcome_is_a_code_that_has_a_name(env_id):
    env, envs = gym.make(env_id), gym.make_vec(env_id, num_envs=3)
    env.reset(seed=0), envs.reset(seed=0)
    *_, info = env.step(leaving(env_id))
    *_, infos = envs.step(np.array([leaving(env_id)] * 2 + [staying(env_id)]))
    assert type(info["outcome"]) is int
    assert negoenv.Outcome(info["outcome"]) is negoenv.Outcome.WALKED_AWAY
    assert env.metadata["outcomes"][info["outcome"]] == "walked_away"
    assert_array_equal(infos["outcome"], np.array([3, 3, 0]), strict=True)
    sb3 = make_sb3_vec_env(2, name_of(env_id))
    sb3.reset()
    *_, row_infos = sb3.step(np.full(2, leaving(env_id)))
    assert [row["outcome"] for row in row_infos] == [3, 3]


@ON_ONE_OF_EACH_GAME
@pytest.mark.parametrize("mode", ["NextStep", "Disabled"])
def test_numpy_to_torch_wraps_it(env_id, mode):
    torch = pytest.importorskip("torch")
    pytest.importorskip("array_api_compat", reason="Gymnasium's NumpyToTorch needs array-api-compat")
    envs = gym.wrappers.vector.NumpyToTorch(gym.make_vec(env_id, num_envs=3, autoreset_mode=mode))
    observations, infos = envs.reset(seed=0)
    assert isinstance(observations, torch.Tensor)
    assert isinstance(infos["action_mask"], torch.Tensor)
    _, rewards, terminated, _, infos = envs.step(torch.tensor([leaving(env_id), staying(env_id), staying(env_id)]))
    assert rewards.shape == (3,)
    assert terminated.tolist() == [True, False, False]
    assert infos["outcome"].tolist() == [3, 0, 0]
    env = gym.wrappers.NumpyToTorch(gym.make(env_id))
    env.reset(seed=0)
    *_, info = env.step(torch.tensor(leaving(env_id)))
    assert int(info["outcome"]) == 3


@each_id
def test_the_last_info_has_a_mask_whether_or_not_an_episode_may_be_truncated(env_id):
    for most in (None, 1):
        envs = gym.make_vec(env_id, num_envs=2, autoreset_mode="SameStep", max_episode_steps=most)
        envs.reset(seed=0)
        _, _, terminated, truncated, infos = envs.step(np.array([leaving(env_id), staying(env_id)]))
        assert_array_equal(infos["_final_info"], terminated | truncated)
        assert_array_equal(infos["final_info"]["_action_mask"], terminated | truncated)
        env = gym.make(env_id)
        env.reset(seed=0)
        *_, info = env.step(leaving(env_id))
        assert_array_equal(infos["final_info"]["action_mask"][0], info["action_mask"], strict=True)
        if env_id in NEGOTIATIONS:  # its next episode opens with other moves
            assert not np.array_equal(infos["action_mask"][0], info["action_mask"])


@each_id
def test_every_id_takes_gymnasiums_arguments(env_id):
    env = gym.make(env_id, render_mode=None, max_episode_steps=2)
    envs = gym.make_vec(env_id, num_envs=2, render_mode=None, max_episode_steps=2)
    rows = gym.make_vec(env_id, num_envs=2, vectorization_mode="sync", render_mode=None, max_episode_steps=2)
    env.reset(seed=0), envs.reset(seed=0), rows.reset(seed=0)
    stay = staying(env_id)
    assert not env.step(stay)[3]
    assert env.step(stay)[3]
    for vector in (envs, rows):
        assert not vector.step(np.full(2, stay))[3].any()
        assert vector.step(np.full(2, stay))[3].all()


@each_id
def test_single_and_vector_environments_have_the_same_metadata(env_id):
    env, envs = gym.make(env_id), gym.make_vec(env_id, num_envs=1)
    theirs = SyncVectorEnv([lambda: env])
    assert set(envs.metadata) == set(theirs.metadata) == {*env.metadata, "autoreset_mode"}
    assert {key: value for key, value in envs.metadata.items() if key != "render_modes"} == {
        key: value for key, value in theirs.metadata.items() if key != "render_modes"
    }
    assert envs.metadata["render_modes"] == [], "many at once are not rendered"


@each_id
def test_the_spec_says_from_which_return_on_it_is_solved(env_id):
    threshold = gym.spec(env_id).reward_threshold
    assert gym.make_vec(env_id, num_envs=1).spec.reward_threshold == threshold
    assert (threshold is None) == (not record_path(name_of(env_id)).exists())
    if threshold is not None:
        assert -0.5 < threshold < 2


SPECS = {
    "a preset": {"scenario": PRESETS["Deadline"]},
    "a changed one": {"scenario": changed(PRESETS["Procurement"], {"deadline": 7, "weights": {"goodwill": 0.1}})},
    "one with terms": {"scenario": PRESETS["Contract"]},
    "a population": {"population": populations.shipped("ebay")},
    "a population in a mapping": {"scenario": {"deadline": 5, "test": populations.shipped("ebay")}, "split": "test"},
}


@pytest.mark.parametrize("given", SPECS)
def test_a_spec_that_holds_an_object_survives_json(given):
    env, envs = gym.make(ONE, **SPECS[given]), gym.make_vec(ONE, num_envs=2, **SPECS[given])
    spec = EnvSpec.from_json(env.spec.to_json())
    assert spec == env.spec
    again = gym.make(spec)
    assert again.unwrapped.scenario.name == env.unwrapped.scenario.name
    assert same(walk(again, 30, seed=3), walk(env, 30, seed=3))
    vector = gym.make_vec(EnvSpec.from_json(envs.spec.to_json()), num_envs=2)
    assert same(vector.reset(seed=2), envs.reset(seed=2))


def test_a_spec_of_sourcing_survives_json_and_a_path_is_text(tmp_path):
    scenario = changed(resolve_sourcing(None), {"deadline": 9}, presets={"Sourcing": resolve_sourcing(None)})
    env = gym.make(SOURCING[0], scenario=scenario)
    assert gym.make(EnvSpec.from_json(env.spec.to_json())).unwrapped.scenario.deadline == 9
    (tmp_path / "mine.yaml").write_text("deadline: 6\n")
    env = gym.make(ONE, scenario=tmp_path / "mine.yaml")
    assert gym.make(EnvSpec.from_json(env.spec.to_json())).unwrapped.scenario.deadline == 6


def test_every_game_is_among_these():
    assert set(NEGOTIATIONS) | set(SOURCING) | {"negoenv/Ladder-v0"} == set(IDS)
