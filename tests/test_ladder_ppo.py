"""PPO against a known optimum: the whole chain from the environment to a stored policy, held against exact values."""

from pathlib import Path

import numpy as np
import pytest

from agents.learning.config import load_config
from agents.learning.train import train
from agents.registry import load_policy
from negoenv.ladder import known_type_optimum, ladder_table, policy_value, random_value

CONFIG = Path(__file__).parents[1] / "configs" / "ladder_ppo.yaml"


@pytest.mark.slow
def test_ppo_reaches_the_optimum_of_the_ladder(tmp_path):
    result = train(load_config(CONFIG), tmp_path / "run")
    policy = load_policy(str(result.directory))
    states = np.arange(ladder_table().states.count)
    moves = policy.act(states, ladder_table().legal.astype(np.int8))
    learned = policy_value(moves)
    optimum = known_type_optimum().value
    assert learned >= 0.99 * optimum
    assert random_value() < 0.1 * optimum
