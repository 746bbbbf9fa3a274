"""Vector environments: their spaces, and every way in which rows begin anew."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode
from gymnasium.wrappers.vector import DictInfoToList, RecordEpisodeStatistics
from numpy.testing import assert_array_equal

from negoenv import NegoenvError
from tests.contract import WITH_A_DEAL, at_the_end, each_id, each_mode, leaving, staying
from tests.laboratory import same


@each_id
@each_mode
def test_every_autoreset_mode_has_two_spellings(env_id, mode):
    for spelling in (mode, mode.value, mode.name):
        envs = gym.make_vec(env_id, num_envs=2, autoreset_mode=spelling)
        assert envs.metadata["autoreset_mode"] is mode
        assert envs.unwrapped.autoreset_mode is mode
    assert gym.make_vec(env_id, num_envs=2).metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP


@each_id
def test_vector_spaces_are_batches_of_the_single_ones(env_id):
    env, envs = gym.make(env_id), gym.make_vec(env_id, num_envs=3)
    assert envs.num_envs == 3
    assert envs.single_observation_space == env.observation_space
    assert envs.single_action_space == env.action_space
    started, _ = envs.reset(seed=0)
    assert envs.observation_space.contains(started)
    stepped, rewards, terminated, truncated, _ = envs.step(envs.action_space.sample())
    assert envs.observation_space.contains(stepped)
    assert (rewards.dtype, terminated.dtype, truncated.dtype) == (np.float64, np.bool_, np.bool_)
    assert rewards.shape == terminated.shape == truncated.shape == (3,)


@each_id
def test_disabled_resets_the_rows_of_the_mask(env_id):
    envs = gym.make_vec(env_id, num_envs=4, autoreset_mode="Disabled")
    envs.reset(seed=0)
    leave, stay = leaving(env_id), staying(env_id)
    before, _, terminated, _, _ = envs.step(np.array([leave, stay, leave, stay]))
    assert terminated[[0, 2]].all()
    with pytest.raises(NegoenvError, match=r"rows \[0, 2.*reset_mask"):
        envs.step(np.full(4, stay))
    other = gym.make(env_id)
    other.reset(seed=0)
    after, _ = envs.reset(options={"reset_mask": terminated})
    assert_array_equal(after[0], other.reset()[0])
    assert_array_equal(after[~terminated], before[~terminated])
    envs.step(np.full(4, stay))


@each_id
def test_a_reset_leaves_what_the_last_step_gave(env_id):
    """Observations and rewards belong to the caller, who may keep them in a buffer."""
    envs = gym.make_vec(env_id, num_envs=4)
    envs.reset(seed=0)
    given = envs.step(np.full(4, leaving(env_id)))[:2]
    kept = [array.copy() for array in given]
    envs.reset(seed=9)
    for array, before in zip(given, kept, strict=True):
        assert_array_equal(array, before)


@each_id
def test_a_seed_reaches_only_the_rows_of_the_mask(env_id):
    envs = [gym.make_vec(env_id, num_envs=3, autoreset_mode="Disabled") for _ in range(3)]
    mask = np.array([True, False, False])
    started = []
    for number, each in enumerate(envs):
        each.reset(seed=0)
        if number:
            each.reset(seed=[50, 51, 52] if number == 1 else 50, options={"reset_mask": mask})
        started.append(each.reset(options={"reset_mask": ~mask})[0])
    assert_array_equal(started[1][1:], started[0][1:])
    assert_array_equal(started[2][1:], started[0][1:])


@each_id
def test_same_step_hands_over_the_last_observation(env_id):
    envs, next_step = (gym.make_vec(env_id, num_envs=5, autoreset_mode=mode) for mode in ("SameStep", "NextStep"))
    envs.reset(seed=1), next_step.reset(seed=1)
    chosen = np.ones(5, np.int64)
    terminated = np.zeros(5, np.bool_)
    while not terminated.any():
        last, _, terminated, _, final = next_step.step(chosen)
        _, _, ended, _, infos = envs.step(chosen)
    assert_array_equal(ended, terminated)
    assert_array_equal(infos["_final_obs"], terminated)
    assert_array_equal(infos["_final_info"], terminated)
    for row in range(5):
        if terminated[row]:
            assert_array_equal(infos["final_obs"][row], last[row])
        else:
            assert infos["final_obs"][row] is None
    assert at_the_end(env_id) - WITH_A_DEAL <= set(infos["final_info"]) == set(final)
    for key in at_the_end(env_id) & set(final):
        assert same(infos["final_info"][key], final[key])


@each_id
def test_gymnasiums_vector_wrappers_understand_the_infos(env_id):
    envs = DictInfoToList(RecordEpisodeStatistics(gym.make_vec(env_id, num_envs=3)))
    _, infos = envs.reset(seed=0)
    assert [set(info) for info in infos] == [{"action_mask"}] * 3
    ended = 0
    for _ in range(60):
        _, _, terminated, _, infos = envs.step(np.ones(3, np.int64))
        for over, info in zip(terminated, infos, strict=True):
            always = at_the_end(env_id) - WITH_A_DEAL
            assert always <= set(info) if over else not at_the_end(env_id) & set(info)
            ended += over
            if over:
                assert info["episode"]["l"] == info["rounds"]
    assert ended > 2
