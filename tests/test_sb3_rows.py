"""Rows of Stable-Baselines3, whoever plays in them: one method, shared attributes, a state that can be gone on from."""

import numpy as np
import pytest
from stable_baselines3.common.monitor import Monitor

from agents.registry import load_policy
from negoenv import NegoenvError
from negoenv.interop.sb3 import make_sb3_vec_env
from negoenv.interop.sb3_supplier import SupplierVecEnv
from negoenv.scenarios.presets import resolve

ROWS = {
    "a buyer": lambda: make_sb3_vec_env(4, "Procurement"),
    "a supplier": lambda: SupplierVecEnv(4, resolve("Procurement"), load_policy("gradual")),
}


@pytest.mark.parametrize("who", ROWS)
def test_rows_have_one_method_and_share_their_attributes(who):
    envs = ROWS[who]()
    envs.seed(0)
    envs.reset()
    masks = envs.env_method("action_masks", indices=[1, 3])
    np.testing.assert_array_equal(masks, envs.action_masks()[[1, 3]])
    with pytest.raises(NegoenvError, match=r"Unknown method of a row 'action_mask'\. Did you mean 'action_masks'"):
        envs.env_method("action_mask")
    with pytest.raises(NegoenvError, match="'mood' is shared by all rows"):
        envs.set_attr("mood", 1, indices=[0])
    assert not envs.has_attr("mood")
    envs.set_attr("mood", 1)
    assert envs.get_attr("mood", indices=[2]) == [1]
    assert envs.env_is_wrapped(Monitor) == [True] * 4


@pytest.mark.parametrize("who", ROWS)
def test_what_monitor_would_report_is_reported_of_finished_rows(who):
    envs = ROWS[who]()
    envs.seed(0)
    envs.reset()
    returns, lengths, episodes = np.zeros(4), np.zeros(4, int), 0
    draw = np.random.default_rng(0)
    while episodes < 12:
        masks = envs.action_masks()
        _, rewards, dones, infos = envs.step((draw.random(masks.shape) * masks).argmax(axis=1))
        returns += rewards
        lengths += 1
        for row in np.flatnonzero(dones):
            assert infos[row]["episode"]["r"] == pytest.approx(returns[row], abs=1e-5)
            assert infos[row]["episode"]["l"] == lengths[row]
            episodes += 1
        assert all(not info for info, done in zip(infos, dones, strict=True) if not done)
        returns[dones], lengths[dones] = 0.0, 0


@pytest.mark.parametrize("scenario", ["Procurement", "Ladder"])
def test_environments_go_on_from_their_state(scenario):
    ours, theirs = (make_sb3_vec_env(6, scenario) for _ in range(2))
    actions = np.random.default_rng(0).integers(ours.action_space.n, size=(40, 6))
    ours.seed(5)
    ours.reset()
    for chosen in actions[:20]:
        ours.step(chosen)
    theirs.reset()
    theirs.set_state({name: array.copy() for name, array in ours.get_state().items()})
    for chosen in actions[20:]:
        for one, other in zip(ours.step(chosen)[:3], theirs.step(chosen)[:3], strict=True):
            np.testing.assert_array_equal(one, other)
        np.testing.assert_array_equal(ours.action_masks(), theirs.action_masks())
    with pytest.raises(NegoenvError, match="not one of as many rows"):
        make_sb3_vec_env(5, scenario).set_state(ours.get_state())
