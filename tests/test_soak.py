"""Random moves in every game, size and autoreset mode; `tests.check_soak` plays as many as one likes."""

import gymnasium as gym
import numpy as np
import pytest

from tests import check_soak


@pytest.mark.slow
def test_random_moves_give_nothing_that_is_not_sound():
    made = sum(steps for _, steps in check_soak.soak(400_000))
    assert made >= 400_000


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda observations, rewards, masks: observations.__setitem__((1, 2), np.nan), "not finite"),
        (lambda observations, rewards, masks: observations.__setitem__((1, 2), 99.0), "out of bounds"),
        (lambda observations, rewards, masks: rewards.__setitem__(0, np.inf), "a reward"),
        (lambda observations, rewards, masks: masks.__setitem__(0, 0), "leaves no move"),
        (lambda observations, rewards, masks: masks.__setitem__((0, 0), 2), "a mask"),
    ],
)
def test_the_soak_can_fail(spoil, told):
    env = gym.make_vec("negoenv/Procurement-v0", num_envs=3)
    observations, infos = env.reset(seed=0)
    what = observations.copy(), np.zeros(3), infos["action_mask"].copy()
    check_soak.check_step(env, *what)
    spoil(*what)
    with pytest.raises(AssertionError, match=told):
        check_soak.check_step(env, *what)


@pytest.mark.parametrize(
    ("report", "told"),
    [
        ({"price": np.array([np.nan, 1.0])}, "price is not finite"),
        ({"rounds": np.array([-1, 1])}, "rounds is negative"),
        ({"deal_probability": np.array([1.5, 0.0])}, "is no probability"),
    ],
)
def test_the_soak_looks_at_reports(report, told):
    with pytest.raises(AssertionError, match=told):
        check_soak.check_report(report)
    check_soak.check_report(report | {f"_{name}": np.array([False, True]) for name in report if name != "rounds"} | {
        "rounds": np.array([1, 1])})  # fmt: skip
