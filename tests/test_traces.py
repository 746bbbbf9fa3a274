"""Memory traces: what the networks see beside the observation, and where there is none."""

import numpy as np
import pytest

from agents.learning.config import TrainConfig, load_config
from agents.learning.model import with_memory
from negoenv import NegoenvError
from negoenv.interop.sb3 import make_sb3_vec_env

ROWS, DECAY = 4, 0.8


def average(seen):
    """The trace after some observations, as a weighted sum."""
    weights = (1 - DECAY) * DECAY ** np.arange(len(seen), dtype=np.float64)[::-1]
    weights[0] /= 1 - DECAY  # of the first one, with which the trace begins
    assert weights.sum() == pytest.approx(1.0)
    return weights @ np.array(seen)


def test_the_trace_is_the_average_of_the_episode_at_its_end_too():
    env = with_memory(make_sb3_vec_env(ROWS), stack=1, trace=DECAY)
    plain = make_sb3_vec_env(ROWS)
    for one in (env, plain):
        one.seed(3)
    seen, alone = env.reset(), plain.reset()
    assert env.observation_space.contains(seen[0])
    columns, episodes = alone.shape[1], np.zeros(ROWS, np.int64)
    so_far = [[row] for row in alone]
    moves = np.random.default_rng(0)
    while episodes.min() < 3:
        assert (seen.dtype, seen.shape) == (np.float32, (ROWS, 2 * columns))
        np.testing.assert_array_equal(seen[:, :columns], alone)
        np.testing.assert_allclose(seen[:, columns:], [average(rows) for rows in so_far], atol=1e-5)
        actions = moves.integers(env.action_space.n, size=ROWS)
        seen, _, dones, infos = env.step(actions)
        alone, _, _, plain_infos = plain.step(actions)
        for row, done in enumerate(dones):
            if done:
                last = plain_infos[row]["terminal_observation"]
                expected = [*last, *average([*so_far[row], last])]
                np.testing.assert_allclose(infos[row]["terminal_observation"], expected, atol=1e-5)
                so_far[row] = []
            so_far[row].append(alone[row])
        episodes += dones


def test_without_memory_the_environments_stay_as_they_are():
    env = make_sb3_vec_env(ROWS)
    assert with_memory(env, stack=1, trace=0.0) is env


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (("stack=2", "trace=0.5"), "a trace or stacked rounds, not both; stack is 2"),
        (("trace=1",), "less than 1"),
        (("trace=-0.1",), "greater than or equal to 0"),
        (("trace=.nan",), "trace"),
    ],
)
def test_a_trace_that_is_none_is_refused(changes, told):
    with pytest.raises(NegoenvError, match=told):
        load_config("procurement_ppo", changes)


@pytest.mark.parametrize(("memory", "told"), [({"trace": 0.5}, "trace is 0.5"), ({"stack": 2}, "stack is 2")])
def test_states_have_nothing_to_remember(memory, told):
    config = TrainConfig(total_steps=1, **memory)
    with pytest.raises(NegoenvError, match=f"{told}; observations of Ladder are states"):
        with_memory(make_sb3_vec_env(ROWS, "Ladder"), config.stack, config.trace)
