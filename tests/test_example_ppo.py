"""The single-file PPO of examples/: it trains, with and without memory, the same way twice, and is right about ends."""

import importlib.util
import sys

import gymnasium as gym
import numpy as np
import pytest
import torch

from tests.conftest import ROOT

spec = importlib.util.spec_from_file_location("example_ppo", ROOT / "examples" / "ppo.py")
ppo = sys.modules["example_ppo"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(ppo)

SMALL = ["--num-envs", "16", "--num-steps", "12", "--total-steps", "400", "--hidden", "16", "--test-episodes", "32"]


@pytest.mark.parametrize("more", [[], ["--lstm", "--max-episode-steps", "5"]])
def test_it_trains_the_same_way_twice(more):
    args = ppo.parsed([*SMALL, *more])
    first, second = (ppo.train(args, lambda _: None) for _ in range(2))
    for one, other in zip(first.parameters(), second.parameters(), strict=True):
        assert torch.equal(one, other)
        assert torch.isfinite(one).all()
    assert -2.0 < ppo.test(args, first) == ppo.test(args, second) < 2.0


@pytest.mark.parametrize("lstm", [False, True])
def test_what_it_collects_is_legal_and_nothing_flows_over_an_end(lstm):
    args = ppo.parsed([*SMALL, *(["--lstm"] if lstm else []), "--num-steps", "60"])
    torch.manual_seed(0)
    envs = gym.make_vec(args.env_id, num_envs=args.num_envs, autoreset_mode="SameStep")
    agent = ppo.Agent(envs.single_observation_space.shape[0], 87, 16, lstm)
    now, returns = ppo.begin(agent, envs, 0), []
    kept = ppo.collect(args, envs, agent, now, returns)
    assert len(returns) == int(kept["ends"].sum()) > 16
    assert kept["masks"].gather(2, kept["moves"][..., None]).all()
    torch.testing.assert_close(kept["starts"][1:], kept["ends"][:-1])
    total = float(kept["rewards"].sum())
    assert np.isclose(sum(returns) + now["return"].sum(), total, atol=1e-3)
    gains = ppo.advantages(args, agent, now, kept)
    ends = kept["ends"].bool()
    torch.testing.assert_close(gains[ends], (kept["rewards"] - kept["values"])[ends])
    if lstm:  # after an end the memory begins anew, whatever was before
        features, _ = agent.recall(kept["seen"], kept["starts"], agent.start(args.num_envs))
        step, row = (int(place[0]) for place in torch.where(kept["starts"][1:].bool()))
        alone, _ = agent.recall(kept["seen"][step + 1 : step + 2], torch.ones(1, 16), agent.start(16))
        torch.testing.assert_close(features[step + 1, row], alone[0, row])


def test_what_is_cut_off_is_worth_what_its_last_observation_is():
    args = ppo.parsed([*SMALL, "--max-episode-steps", "1"])
    torch.manual_seed(0)
    envs = gym.make_vec(args.env_id, num_envs=16, autoreset_mode="SameStep", max_episode_steps=1)
    agent = ppo.Agent(envs.single_observation_space.shape[0], 87, 16, False)
    torch.nn.init.constant_(agent.critic[-1].bias, 50.0)
    kept = ppo.collect(args, envs, agent, ppo.begin(agent, envs, 0), [])
    assert kept["ends"].all()
    assert (kept["rewards"] > 10.0).float().mean() > 0.5
