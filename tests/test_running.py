"""An episode is played from its beginning to its end, by whatever arguments it was made."""

import copy
import pickle

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode
from gymnasium.wrappers.vector import RecordEpisodeStatistics

from negoenv import NegoenvError
from negoenv.game.tactics import Move
from negoenv.ladder.rules import LadderMove
from negoenv.registration import environment_ids
from tests.laboratory import same

ID = "negoenv/Procurement-v0"
LEAVE = {ID: Move.WALK_AWAY, "negoenv/Ladder-v0": LadderMove.WALK_AWAY}
each_id = pytest.mark.parametrize("env_id", LEAVE)
each_mode = pytest.mark.parametrize("mode", AutoresetMode)
PATIENT = {ID: {"supplier": {"exit_rate": 0.0, "tolerance": 5.0, "decisiveness": 0.0}}, "negoenv/Ladder-v0": {}}
ONLY = np.array([True, False, False])


def single(env_id):
    return gym.make(env_id, disable_env_checker=True).unwrapped


# No episode runs


@each_id
def test_a_step_before_the_first_episode_is_refused(env_id):
    with pytest.raises(NegoenvError, match=r"^No episode has begun: call reset\(\) before the first step\(\)\.$"):
        single(env_id).step(0)
    with pytest.raises(NegoenvError, match=r"^No episode has begun: call reset\(\) before the first step\(\)\.$"):
        gym.make_vec(env_id, num_envs=3).step([0, 0, 0])


@each_id
@pytest.mark.parametrize(
    "twin", [lambda env: env, copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))], ids=["it", "copy", "pickle"]
)
def test_a_step_after_the_end_is_refused(env_id, twin):
    env = single(env_id)
    env.reset(seed=0)
    assert env.step(LEAVE[env_id])[2]
    env = twin(env)
    for _ in range(3):
        with pytest.raises(NegoenvError, match=r"^The episode is over: call reset\(\) before the next step\(\)\.$"):
            env.step(0)
    other = single(env_id)
    other.reset(seed=0)
    assert same(env.reset(), other.reset())
    assert same(env.step(0), other.step(0))


@each_id
@each_mode
@pytest.mark.parametrize("seed", [None, 4, [4, None, 5]], ids=repr)
def test_rows_that_never_began_are_not_played(env_id, mode, seed):
    envs = gym.make_vec(env_id, num_envs=3, autoreset_mode=mode)
    envs.reset(seed=seed, options={"reset_mask": ONLY})
    with pytest.raises(NegoenvError, match=r"^Episodes in rows \[1, 2\] are over or have not begun; reset"):
        envs.step([0, 0, 0])
    envs.reset(options={"reset_mask": np.array([False, False, True])})
    with pytest.raises(NegoenvError, match=r"^Episodes in rows \[1\] are"):
        envs.step([0, 0, 0])
    envs.reset(options={"reset_mask": np.array([False, True, False])})
    whole = gym.make_vec(env_id, num_envs=3, autoreset_mode=mode)
    assert whole.reset(seed=4)[0].shape == envs.step([0, 0, 0])[0].shape


@each_id
@each_mode
def test_rows_may_begin_one_after_the_other(env_id, mode):
    envs, whole = (gym.make_vec(env_id, num_envs=3, autoreset_mode=mode) for _ in range(2))
    envs.reset(seed=4, options={"reset_mask": ONLY})
    envs.reset(options={"reset_mask": ~ONLY})
    whole.reset(seed=4)
    for _ in range(2):
        assert same(envs.step([0, 0, 0]), whole.step([0, 0, 0]))


@each_id
@pytest.mark.parametrize("most", [None, 1])
def test_finished_rows_are_not_played_where_nothing_resets_them(env_id, most):
    """Gymnasium's SyncVectorEnv fails an assertion there."""
    envs = gym.make_vec(env_id, num_envs=3, autoreset_mode="Disabled", max_episode_steps=most)
    envs.reset(seed=0, options=PATIENT[env_id])
    envs.step([0, LEAVE[env_id], 0])
    over = np.array([most == 1, True, most == 1])
    for _ in range(2):
        with pytest.raises(NegoenvError, match=rf"rows \[{', '.join(map(str, np.flatnonzero(over)))}\] are over"):
            envs.step([0, 0, 0])
    envs.reset(options={"reset_mask": over})
    assert not envs.step([0, 0, 0])[2].any()


@each_id
def test_many_rows_are_named_shortly(env_id):
    envs = gym.make_vec(env_id, num_envs=1000, autoreset_mode="Disabled")
    envs.reset(seed=0)
    envs.step([LEAVE[env_id]] * 1000)
    with pytest.raises(NegoenvError, match=r"rows \[0, 1, 2, 3, 4, 5, \.\.\.\] are over"):
        envs.step([0] * 1000)


@each_id
@each_mode
def test_a_caller_who_overwrites_what_was_returned_ends_no_episode(env_id, mode):
    envs, untouched = (gym.make_vec(env_id, num_envs=3, autoreset_mode=mode, max_episode_steps=9) for _ in range(2))
    for each in (envs, untouched):
        each.reset(seed=0, options=PATIENT[env_id])
    for actions in ([0, LEAVE[env_id], 0], [0, 0, 0]):
        if mode == AutoresetMode.DISABLED and actions == [0, 0, 0]:
            for each in (envs, untouched):
                each.reset(options={"reset_mask": np.array([False, True, False])})
        *_, terminated, truncated, _ = returned = envs.step(actions)
        assert same(returned[:4], untouched.step(actions)[:4])
        terminated[:] = ~terminated
        truncated[:] = True


@each_id
@pytest.mark.parametrize(
    "wrong", [{"options": {"suplier": 1}}, {"options": 3}, {"options": {"supplier": ["x"]}}, {"seed": -1}], ids=repr
)
def test_a_refused_reset_changes_nothing(env_id, wrong):
    env, other = single(env_id), single(env_id)
    envs, others = (gym.make_vec(env_id, num_envs=3, autoreset_mode="Disabled") for _ in range(2))
    for each in (env, other, envs, others):
        each.reset(seed=0)
    for each in (env, envs):
        with pytest.raises(NegoenvError):
            each.reset(**{"seed": 1, **wrong})
    with pytest.raises(NegoenvError):
        envs.reset(**{"seed": 1, **wrong, "options": {"reset_mask": ONLY, **(wrong.get("options") or {"supplier": 0})}}
                   if wrong.get("options") != 3 else wrong)  # fmt: skip
    assert same(env.step(0), other.step(0))
    assert same(env.reset(), other.reset())
    assert same(envs.step([0, 0, 0]), others.step([0, 0, 0]))
    assert same(envs.reset(), others.reset())


# Gymnasium's arguments


@pytest.mark.parametrize("env_id", environment_ids())
@each_mode
def test_max_episode_steps_truncates(env_id, mode):
    """The comparison with Gymnasium's own vector environment is in test_parity.py."""
    envs = gym.make_vec(env_id, num_envs=4, max_episode_steps=3, autoreset_mode=mode)
    envs.reset(seed=0)
    assert envs.max_episode_steps == 3
    patient = np.zeros(4, np.int64)
    lengths, cut = np.zeros(4, np.int64), 0
    for _ in range(30):
        _, _, terminated, truncated, infos = envs.step(patient)
        lengths += 1
        assert np.array_equal(truncated, lengths == 3)
        cut += (truncated & ~terminated).sum()
        over = terminated | truncated
        if mode == AutoresetMode.SAME_STEP:
            assert ("final_obs" in infos) == over.any()
        if mode == AutoresetMode.DISABLED and over.any():
            envs.reset(options={"reset_mask": over})
        lengths[over] = -1 if mode == AutoresetMode.NEXT_STEP else 0
    assert cut > 5


@each_id
def test_a_single_environment_truncates(env_id):
    env = gym.make(env_id, max_episode_steps=3)
    env.reset(seed=0)
    assert [env.step(0)[2:4] for _ in range(3)] == [(False, False), (False, False), (False, True)]
    env.reset()
    assert [env.step(0)[3] for _ in range(2)] == [False, False]


@each_id
def test_without_the_argument_nothing_is_truncated(env_id):
    envs = gym.make_vec(env_id, num_envs=4)
    assert envs.max_episode_steps is None
    envs.reset(seed=0)
    assert not any(envs.step([0] * 4)[3].any() for _ in range(60))


@each_id
def test_a_limit_survives_copies_and_json(env_id):
    envs = gym.make_vec(env_id, num_envs=4, max_episode_steps=3)
    envs.reset(seed=0)
    envs.step([0] * 4)
    for twin in (copy.deepcopy(envs), pickle.loads(pickle.dumps(envs))):
        assert [twin.step([0] * 4)[3].any() for _ in range(2)] == [False, True]
    again = gym.make_vec(gym.envs.registration.EnvSpec.from_json(envs.spec.to_json()), num_envs=4)
    assert again.max_episode_steps == 3


@each_id
def test_episode_statistics_count_truncated_episodes(env_id):
    envs = RecordEpisodeStatistics(gym.make_vec(env_id, num_envs=4, max_episode_steps=3))
    envs.reset(seed=0)
    lengths = []
    for _ in range(20):
        *_, infos = envs.step([0] * 4)
        lengths += infos["episode"]["l"][infos["_episode"]].tolist() if "episode" in infos else []
    assert max(lengths) == 3
    assert len(lengths) >= 16


@pytest.mark.parametrize("mode", ["sync", "async", "vector_entry_point", None])
@each_id
def test_every_vectorization_mode_takes_the_limit(env_id, mode):
    envs = gym.make_vec(f"negoenv:{env_id}", num_envs=2, vectorization_mode=mode, max_episode_steps=2)
    try:
        envs.reset(seed=0)
        assert [envs.step(np.zeros(2, np.int64))[3].any() for _ in range(2)] == [False, True]
    finally:
        envs.close()


@each_id
def test_no_render_mode_may_be_said(env_id):
    assert gym.make(env_id, render_mode=None).render_mode is None
    assert gym.make_vec(env_id, num_envs=2, render_mode=None).render_mode is None


ARGUMENTS = {
    "no steps": ({"max_episode_steps": 0}, "max_episode_steps is 0; .* at least 1"),
    "steps below 0": ({"max_episode_steps": -1}, "max_episode_steps is -1; .* at least 1"),
    "half a step": ({"max_episode_steps": 2.5}, "max_episode_steps is 2.5; .* whole number"),
    "steps in words": ({"max_episode_steps": "3"}, "max_episode_steps is '3'; .* whole number"),
    "steps of truth": ({"max_episode_steps": True}, "max_episode_steps is True; .* whole number"),
    "a list of modes": ({"autoreset_mode": []}, r"autoreset mode \[\]\. Accepted: DISABLED, NEXT_STEP, SAME_STEP"),
    "no mode": ({"autoreset_mode": None}, "autoreset mode None. Accepted: DISABLED, NEXT_STEP, SAME_STEP"),
    "a number of a mode": ({"autoreset_mode": 1}, "autoreset mode 1. Accepted: DISABLED, NEXT_STEP, SAME_STEP"),
    "an array of modes": ({"autoreset_mode": np.zeros(2)}, "autoreset mode array.*Accepted: DISABLED"),
    "a dictionary of modes": ({"autoreset_mode": {}}, "autoreset mode {}.*Accepted: DISABLED"),
    "a mode of another case": ({"autoreset_mode": "next_step"}, "autoreset mode 'next_step'.*Accepted: DISABLED"),
    "a render mode": ({"render_mode": "ansi"}, "render_mode is 'ansi'; a vector environment has none"),
    "no environments": ({"num_envs": 0}, "num_envs is 0; .* at least 1"),
    "environments below 0": ({"num_envs": -2}, "num_envs is -2; .* at least 1"),
    "environments of truth": ({"num_envs": True}, "num_envs is True; .* whole number"),
    "a whole float of environments": ({"num_envs": 1.0}, r"num_envs is 1\.0; .* whole number"),
    "environments in words": ({"num_envs": "2"}, "num_envs is '2'; .* whole number"),
    "environments in an array": ({"num_envs": np.array(2)}, r"num_envs is array\(2\); .* whole number"),
}


@each_id
@pytest.mark.parametrize("case", ARGUMENTS)
def test_an_argument_that_is_none(env_id, case):
    arguments, sentence = ARGUMENTS[case]
    with pytest.raises(NegoenvError, match=rf"{sentence}.*\.$"):
        gym.make_vec(env_id, **{"num_envs": 2, **arguments})


def test_numbers_of_numpy_are_numbers():
    envs = gym.make_vec(ID, num_envs=np.int64(2), num_threads=np.uint8(1), max_episode_steps=np.int32(5))
    assert (envs.num_envs, type(envs.num_envs)) == (2, int)
    assert envs.reset(seed=0)[0].shape[0] == 2


@pytest.mark.filterwarnings("ignore:.*render_mode.*:UserWarning")
def test_the_ladder_has_no_render_mode():
    with pytest.raises(NegoenvError, match="render_mode is 'ansi'; Ladder has none"):
        gym.make("negoenv/Ladder-v0", render_mode="ansi")
