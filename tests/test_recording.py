"""Recorded episodes are those that the environment plays; Minari reads them back, and a network learns from them."""

import gymnasium as gym
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from agents.recording import play_and_record, write_dataset
from agents.registry import load_policy
from negoenv import NegoenvError
from negoenv.make import make_batch
from tests.contract import ONE

MISSING = "needs the extra minari: make neighbours"


def recorded(policy="gradual", episodes=40, seed=9, split="train"):
    return play_and_record(load_policy(policy), make_batch(episodes, "Procurement", split), seed)


def replays(env, seed, observations, masks, actions, rewards):
    """Assert that the environment gives what was recorded."""
    seen, info = env.reset(seed=seed)
    assert_array_equal(seen, observations[0])
    for step, action in enumerate(actions):
        assert_array_equal(info["action_mask"], masks[step])
        seen, reward, terminated, _, info = env.step(int(action))
        assert_array_equal(seen, observations[step + 1])
        assert reward == rewards[step]
        assert terminated == (step == len(actions) - 1)


@pytest.mark.parametrize("policy", ["gradual", "random"])
def test_the_single_environment_replays_every_recorded_episode(policy):
    episodes, env = recorded(policy), gym.make(ONE)
    assert episodes.first[0] == 0
    assert len(episodes.observations) == len(episodes.masks) == episodes.steps + 40
    for i in range(40):
        start, end = episodes.first[i], episodes.first[i + 1]
        seen = slice(start + i, end + i + 1)
        replays(
            env, 9 + i, episodes.observations[seen], episodes.masks[seen],
            episodes.actions[start:end], episodes.rewards[start:end],
        )  # fmt: skip


@pytest.mark.filterwarnings("ignore")  # of the library
def test_minari_reads_what_was_written(tmp_path, monkeypatch):
    minari = pytest.importorskip("minari", reason=MISSING)
    parts = [recorded("random", 5, 0, "test"), recorded("gradual", 5, 5, "test")]
    place = write_dataset("negoenv/mixed-v0", parts, "Procurement", "test", ["random", "gradual"], tmp_path)
    assert place.is_dir()
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    dataset = minari.load_dataset("negoenv/mixed-v0")
    assert dataset.total_episodes == 10
    assert dataset.total_steps == sum(part.steps for part in parts)
    env = dataset.recover_environment()
    for seed, episode in enumerate(dataset.iterate_episodes()):
        masks = episode.infos["action_mask"]
        replays(env, seed, episode.observations, masks, episode.actions, episode.rewards)
        assert episode.terminations[-1]
        assert not episode.truncations.any()
    with pytest.raises(NegoenvError, match="Minari refuses the data set 'negoenv/mixed-v0': A Minari dataset with ID"):
        write_dataset("negoenv/mixed-v0", parts, "Procurement", "test", ["random", "gradual"], tmp_path)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_behaviour_cloning_on_a_data_set_imitates_its_policy(tmp_path, monkeypatch):
    minari = pytest.importorskip("minari", reason=MISSING)
    import torch

    torch.manual_seed(0)
    write_dataset("expert-v0", [recorded("conceder", 400, 0)], "Procurement", "train", ["conceder"], tmp_path)
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    episodes = list(minari.load_dataset("expert-v0").iterate_episodes())
    seen = torch.as_tensor(np.concatenate([e.observations[:-1] for e in episodes]))
    taken = torch.as_tensor(np.concatenate([e.actions for e in episodes]))
    masks = torch.as_tensor(np.concatenate([e.infos["action_mask"][:-1] for e in episodes])) == 0
    network = torch.nn.Sequential(
        torch.nn.Linear(seen.shape[1], 64), torch.nn.Tanh(), torch.nn.Linear(64, masks.shape[1])
    )
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-2)
    held = len(taken) * 4 // 5
    for _ in range(300):
        optimiser.zero_grad()
        torch.nn.functional.cross_entropy(network(seen[:held]).masked_fill(masks[:held], -1e9), taken[:held]).backward()
        optimiser.step()
    named = network(seen[held:]).masked_fill(masks[held:], -1e9).argmax(dim=1)
    right = (named == taken[held:]).double().mean().item()
    commonest = (taken[held:] == taken[:held].mode().values).double().mean().item()
    print(f"right {right:.2f}, always the commonest {commonest:.2f}")
    assert right > commonest + 0.2
    assert_allclose(masks[held:].gather(1, named[:, None]).sum(), 0)
