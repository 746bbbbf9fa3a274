"""Vector rewards: the scalar one, split by objective, bit by bit; and what MO-Gymnasium itself makes of them."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from gymnasium.utils.env_match import check_environments_match
from numpy.testing import assert_allclose, assert_array_equal

from negoenv import NegoenvError
from negoenv.interop.mo_gymnasium import OBJECTIVES, objectives_of
from tests.contract import NEGOTIATIONS, SOURCING, leaving, staying

SCALAR = (*NEGOTIATIONS, *SOURCING)
ONE_OF_EACH = ("negoenv/Procurement-v0", "negoenv/Contract-v0", "negoenv/Partnership-v0", SOURCING[0])
MISSING = "needs the extra mo: make neighbours"


def vector_id(env_id):
    return env_id.replace("negoenv/", "negoenv/mo-")


def make(env_id, **kwargs):
    return gym.make(vector_id(env_id), disable_env_checker=True, **kwargs)


@pytest.mark.parametrize("env_id", ONE_OF_EACH)
def test_the_objectives_sum_to_the_scalar_reward_of_the_same_game(env_id):
    vector, scalar = make(env_id), gym.make(env_id)
    seen, one = vector.reset(seed=3), scalar.reset(seed=3)
    assert_array_equal(seen[0], one[0])
    rng, space, totals = np.random.default_rng(0), vector.unwrapped.reward_space, np.zeros(len(OBJECTIVES))
    for _ in range(200):
        action = int(rng.choice(np.flatnonzero(vector.unwrapped.action_masks())))
        observation, rewards, ended, _, info = vector.step(action)
        other, reward, *_, same_info = scalar.step(action)
        assert space.contains(rewards)
        assert_allclose(rewards.sum(), reward, atol=1e-6)
        assert info["reward_terms"] == same_info["reward_terms"]
        assert_array_equal(observation, other)
        totals += rewards
        if ended:
            vector.reset(), scalar.reset()
    assert (totals != 0.0).sum() >= 3, "several objectives are at stake"


@pytest.mark.parametrize("mode", ["NextStep", "SameStep"])
@pytest.mark.parametrize("env_id", [ONE_OF_EACH[0], SOURCING[0]])
def test_rows_get_what_the_single_environment_gets(env_id, mode):
    envs = gym.make_vec(vector_id(env_id), num_envs=2, autoreset_mode=mode)
    env = make(env_id)
    envs.reset(seed=5), env.reset(seed=5)
    for action in (staying(env_id), leaving(env_id)):
        _, rewards, *_ = envs.step(np.full(2, action))
        assert rewards.shape == (2, len(OBJECTIVES))
        assert rewards.dtype == np.float32
        assert_array_equal(rewards[0], env.step(action)[1], strict=True)
    if mode == "NextStep":
        assert not envs.step(np.full(2, leaving(env_id)))[1].any(), "a reset is worth nothing"


@pytest.mark.parametrize("env_id", SCALAR)
def test_every_scenario_has_an_id_with_reward_vectors(env_id):
    assert make(env_id).unwrapped.reward_space.shape == (len(OBJECTIVES),)


def test_a_term_without_an_objective_is_refused():
    with pytest.raises(NegoenvError, match=r"The reward terms luck belong to none of: surplus, goodwill, time, break"):
        objectives_of(["surplus", "luck"])


@pytest.mark.parametrize("env_id", ONE_OF_EACH)
@pytest.mark.filterwarnings("ignore")  # of the library, and what Gymnasium advises about bounds
def test_mo_gymnasium_takes_it(env_id):
    """What its own tests ask of its environments; `LinearReward` keeps its weights in every info, which `check_env` of
    Gymnasium 1.4 refuses for theirs as for ours, so that check sees a plain sum."""
    mo = pytest.importorskip("mo_gymnasium", reason=MISSING)
    env = mo.make(vector_id(env_id))
    env.reset(seed=0)
    assert env.unwrapped.reward_space.contains(env.step(staying(env_id))[1])
    check_env(gym.wrappers.TransformReward(mo.make(vector_id(env_id)), lambda r: float(r.sum())))
    weighted = [
        mo.wrappers.LinearReward(mo.make(vector_id(env_id)), weight=np.array([1.0, 2.0, 0.0, 0.0])) for _ in range(2)
    ]
    check_environments_match(*weighted, num_steps=50, seed=1)


@pytest.mark.filterwarnings("ignore")
def test_its_wrappers_and_vector_environments_take_it():
    mo = pytest.importorskip("mo_gymnasium", reason=MISSING)
    env_id = ONE_OF_EACH[0]
    env = mo.wrappers.MORecordEpisodeStatistics(mo.wrappers.MONormalizeReward(mo.make(vector_id(env_id)), idx=0))
    env.reset(seed=0)
    env.step(staying(env_id))
    *_, info = env.step(leaving(env_id))
    assert info["episode"]["r"].shape == (len(OBJECTIVES),)
    theirs = mo.wrappers.vector.MOSyncVectorEnv([lambda: mo.make(vector_id(env_id)) for _ in range(3)])
    ours = gym.make_vec(vector_id(env_id), num_envs=3)
    theirs.reset(seed=7), ours.reset(seed=7)
    for action in (staying(env_id), leaving(env_id), staying(env_id), staying(env_id)):
        told, own = theirs.step(np.full(3, action)), ours.step(np.full(3, action))
        for a, b in zip(told[:4], own[:4], strict=True):
            assert_array_equal(a, b)
    counted = mo.wrappers.vector.MORecordEpisodeStatistics(gym.make_vec(vector_id(env_id), num_envs=2))
    counted.reset(seed=0)
    *_, infos = counted.step(np.full(2, leaving(env_id)))
    assert infos["episode"]["r"].shape == (2, len(OBJECTIVES))
