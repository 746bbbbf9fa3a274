"""The learner whose networks are compiled: it computes what Stable-Baselines3 and PyTorch do, the same every time."""

import math

import gymnasium as gym
import numpy as np
import pytest
import torch
from numba import set_num_threads

from agents.learning.config import TrainConfig, load_config
from agents.learning.fast_networks import BLOCK, Experience, Terms
from agents.learning.fast_ppo import FastPPO
from agents.learning.model import build_model, spec_of
from agents.learning.network_policy import torch_threads
from agents.learning.train import train
from agents.registry import load_policy
from negoenv import NegoenvError
from negoenv.interop.sb3 import SB3VecEnv, make_sb3_vec_env
from negoenv.numerics.matrix_product import add_product

ROWS = 24
TERMS = Terms(entropy=0.05, value=0.7, clip=0.02, value_clip=math.inf)


def config(**changes):
    hyperparameters = {"n_steps": 8, "batch_size": 80, "n_epochs": 2} | changes.pop("hyperparameters", {})
    settings = {"algorithm": "fast_ppo", "total_steps": 1, "num_envs": ROWS, "network": (10, 7), "seed": 3} | changes
    return TrainConfig.model_validate({**settings, "hyperparameters": hyperparameters})


def model_of(scenario="Procurement", rows=ROWS, **changes):
    made = config(scenario=scenario, **changes)
    return build_model(made, make_sb3_vec_env(rows, scenario))


def collected(model, steps=1):
    """Learn for a while, and return what the last rollout brought as one batch, and its rows in some order."""
    model.learn(steps, log_interval=None)
    batch = model._collected()
    return batch, np.random.default_rng(0).permutation(len(batch.actions))


def torch_gradients(model, batch, rows, terms, normalised=True):
    """Return the gradient of the loss as sb3-contrib's MaskablePPO has it, by PyTorch's autograd, and its parts."""
    chosen = Experience(*(torch.from_numpy(np.ascontiguousarray(part[rows])) for part in batch))
    seen = model.rollout_buffer.observations.reshape(-1, *model.rollout_buffer.observations.shape[2:])[rows]
    values, log_probs, entropies = model.policy.evaluate_actions(
        torch.from_numpy(seen), chosen.actions, action_masks=chosen.masks
    )
    values, advantages = values.flatten(), chosen.advantages
    if normalised:
        advantages = (advantages - advantages.mean()) / (advantages.std() + 1e-8)
    ratios = torch.exp(log_probs - chosen.log_probs)
    clipped = torch.clamp(ratios, 1 - terms.clip, 1 + terms.clip)
    policy_loss = -torch.min(advantages * ratios, advantages * clipped).mean()
    moved = torch.clamp(values - chosen.values, -terms.value_clip, terms.value_clip)
    value_loss = torch.nn.functional.mse_loss(chosen.returns, chosen.values + moved)
    entropy_loss = -entropies.mean()
    parameters = [*model.policy.parameters()]
    loss = policy_loss + terms.entropy * entropy_loss + terms.value * value_loss
    found = torch.autograd.grad(loss, parameters)
    return np.concatenate([part.numpy().reshape(-1) for part in found]), {
        "policy_gradient_loss": policy_loss.item(),
        "value_loss": value_loss.item(),
        "entropy_loss": entropy_loss.item(),
        "clip_fraction": (abs(ratios - 1) > terms.clip).float().mean().item(),
        "approx_kl": (ratios - 1 - (log_probs - chosen.log_probs)).mean().item(),
    }


@pytest.mark.parametrize(
    ("scenario", "changes"),
    [
        ("Procurement", {}),
        ("Procurement", {"activation": "relu", "network": (16, 12, 9)}),
        ("Procurement", {"network": ()}),
        ("Procurement", {"stack": 3}),
        ("Procurement", {"trace": 0.9}),
        ("Ladder", {"activation": "relu"}),
    ],
    ids=["tanh", "three layers", "no layer", "stacked", "traced", "states"],
)
@pytest.mark.parametrize("terms", [TERMS, TERMS._replace(value_clip=0.02)], ids=["", "value clipped"])
def test_gradients_are_those_of_autograd(scenario, changes, terms):
    """After two rollouts, so that ratios are not 1 any more and some are clipped; also for rows that fill no block."""
    model = model_of(scenario, **changes)
    batch, order = collected(model, 2 * 8 * ROWS)
    for rows in (order, order[:BLOCK], order[:70], order[:1]):
        statistics = model.gradients(batch, rows, terms)
        expected, losses = torch_gradients(model, batch, rows, terms, normalised=len(rows) > 1)
        np.testing.assert_allclose(model._gradient, expected, rtol=1e-3, atol=2e-5 * abs(expected).max())
        assert statistics == pytest.approx(losses, rel=1e-3, abs=1e-5)
    assert 0.0 < model.gradients(batch, order, terms)["clip_fraction"] < 1.0


def test_advantages_need_not_be_standardised():
    model = model_of(hyperparameters={"normalize_advantage": False})
    batch, order = collected(model)
    model.gradients(batch, order, TERMS)
    expected, _ = torch_gradients(model, batch, order, TERMS, normalised=False)
    np.testing.assert_allclose(model._gradient, expected, rtol=1e-3, atol=2e-5 * abs(expected).max())


@pytest.mark.parametrize("shape", [(64, 48, 87), (5, 3, 2), (1, 64, 1), (4, 4, 4), (7, 9, 33)])
def test_products_of_any_shape(shape):
    random = np.random.default_rng(1)
    rows, inner, width = shape
    one, other = random.random((rows, inner), np.float32), random.random((inner, width), np.float32)
    for first in (one, np.asfortranarray(one)):
        total = np.ones((rows, width), np.float32)
        add_product(first, other, total)
        np.testing.assert_allclose(total, 1.0 + one @ other, rtol=1e-5)


def test_what_is_played_is_what_the_network_says():
    """Log probabilities and values are PyTorch's, and moves are drawn with these probabilities, legal ones alone."""
    model = model_of(rows=512, hyperparameters={"n_steps": 4, "batch_size": 4096})
    model._setup_learn(1)
    model.collect_rollouts(model.env, Nothing(model), model.rollout_buffer, 4)
    batch = model._collected()
    assert (np.take_along_axis(batch.masks, batch.actions[:, None], axis=1) == 1).all()
    with torch.no_grad():
        seen = torch.from_numpy(batch.inputs)
        values, log_probs, _ = model.policy.evaluate_actions(seen, torch.from_numpy(batch.actions), batch.masks)
        shares = model.policy.get_distribution(seen, batch.masks).distribution.probs.numpy()
    np.testing.assert_allclose(batch.log_probs, log_probs, atol=1e-5)
    np.testing.assert_allclose(batch.values, values[:, 0], atol=1e-5)
    played = np.bincount(batch.actions, minlength=shares.shape[1])
    spread = np.sqrt((shares * (1 - shares)).sum(axis=0)) + 1e-9
    assert (abs(played - shares.sum(axis=0)) < 4.5 * spread).all()


def Nothing(model):  # noqa: N802 - it stands for a class
    from stable_baselines3.common.callbacks import CallbackList

    callback = CallbackList([])
    callback.init_callback(model)
    return callback


def test_an_update_is_that_of_maskable_ppo():
    """One minibatch an update, so that nothing depends on an order: the weights after it are those of sb3-contrib."""
    from sb3_contrib import MaskablePPO

    whole = {"batch_size": 8 * ROWS, "n_epochs": 3, "learning_rate": 1e-3, "ent_coef": 0.02}
    ours = model_of(hyperparameters=whole)
    theirs = MaskablePPO(
        "MlpPolicy",
        make_sb3_vec_env(ROWS),
        seed=3,
        device="cpu",
        n_steps=8,
        policy_kwargs={"net_arch": [10, 7]},
        **whole,
    )
    for one, other in zip(ours.policy.parameters(), theirs.policy.parameters(), strict=True):
        np.testing.assert_array_equal(one.detach(), other.detach())
    ours.learn(1, log_interval=None)
    theirs._setup_learn(1)
    buffer = ours.rollout_buffer
    for name in ("observations", "actions", "values", "log_probs", "advantages", "returns", "action_masks"):
        setattr(theirs.rollout_buffer, name, getattr(buffer, name).copy())
    theirs.rollout_buffer.full = True
    theirs._update_current_progress_remaining(ours.num_timesteps, 1)
    ours._update_current_progress_remaining(ours.num_timesteps, 1)
    theirs.train()
    for one, other in zip(ours.policy.parameters(), theirs.policy.parameters(), strict=True):
        np.testing.assert_allclose(one.detach(), other.detach(), atol=2e-5)
    for name in ("loss", "value_loss", "entropy_loss", "approx_kl", "clip_fraction", "explained_variance"):
        numbers = [model.logger.name_to_value[f"train/{name}"] for model in (ours, theirs)]
        assert numbers[0] == pytest.approx(numbers[1], rel=1e-3, abs=1e-5), name


def test_the_same_seed_gives_the_same_bits_on_any_number_of_threads():
    weights = []
    for threads in (1, 2, 1):
        set_num_threads(1)
        with torch_threads(threads):
            made = config(num_threads=threads, torch_threads=threads)
            model = build_model(made, make_sb3_vec_env(ROWS, num_threads=threads))
            np.random.seed(threads)  # noqa: NPY002 - whatever others have drawn
            torch.manual_seed(threads)
            model.learn(600, log_interval=None)
        weights.append(torch.cat([part.detach().reshape(-1) for part in model.policy.parameters()]).numpy())
    assert weights[0].tobytes() == weights[1].tobytes() == weights[2].tobytes()
    assert (model_of(seed=4).policy.action_net.weight.detach().numpy() != weights[0][-1]).any()


def test_the_entropy_bonus_falls_as_it_is_told():
    model = model_of(hyperparameters={"ent_coef": 0.04, "ent_coef_final": 0.01})
    model.learn(4 * 8 * ROWS, log_interval=None)
    assert model.logger.name_to_value["train/ent_coef"] == pytest.approx(0.01)
    for left, expected in ((1.0, 0.04), (0.5, 0.025)):
        model._current_progress_remaining = left
        model.train()
        assert model.logger.name_to_value["train/ent_coef"] == pytest.approx(expected)
    constant = model_of(hyperparameters={"ent_coef": 0.04})
    constant.learn(1, log_interval=None)
    assert constant.logger.name_to_value["train/ent_coef"] == pytest.approx(0.04)


def test_an_update_stops_where_it_has_gone_too_far():
    model = model_of(hyperparameters={"n_epochs": 50, "target_kl": 1e-3, "learning_rate": 1e-3})
    model.learn(1, log_interval=None)
    assert 1 < model._n_updates < 50


def test_an_episode_that_is_truncated_is_worth_what_the_critic_says():
    env = SB3VecEnv(gym.make_vec("negoenv/Procurement-v0", num_envs=4, autoreset_mode="SameStep", max_episode_steps=1))
    model = FastPPO("MlpPolicy", env, n_steps=2, batch_size=8, gamma=0.5, seed=0)
    model._setup_learn(1)
    played = []
    step = env.step_wait
    env.step_wait = lambda: played.append(step()) or played[-1]
    model.collect_rollouts(env, Nothing(model), model.rollout_buffer, 2)
    for number, (_, rewards, dones, infos) in enumerate(played):
        assert dones.all()
        last = np.array([info["terminal_observation"] for info in infos], np.float32)
        truncated = np.array([info["TimeLimit.truncated"] for info in infos])
        assert truncated.any()
        with torch.no_grad():
            expected = model.policy.predict_values(torch.from_numpy(last)).numpy()[:, 0]
        np.testing.assert_allclose(
            model.rollout_buffer.rewards[number], rewards + 0.5 * np.where(truncated, expected, 0.0), atol=1e-5
        )


def test_it_learns(tmp_path):
    """In a second it finds at least that leaving (-.11) is better than what random moves come to (-.24)."""
    made = config(
        total_steps=40_000, num_envs=256, network=(32, 32), activation="relu", eval_episodes=64, eval_every=0,
        test_episodes=256, checkpoint_every=0,
        hyperparameters={"n_steps": 16, "batch_size": 1024, "n_epochs": 4, "gamma": 1.0, "ent_coef": 0.01},
    )  # fmt: skip
    run = train(made, tmp_path / "run")
    assert run.report.episodes.returns.mean() > -0.12
    policy = load_policy(run.directory)
    assert policy.spec.algorithm == "fast_ppo"
    assert policy.spec.masked


def test_its_hyperparameters_are_checked():
    with pytest.raises(NegoenvError, match="FastPPO does not take target_update_interval, which belong to another"):
        load_config("procurement_fast_ppo", ["hyperparameters.target_update_interval=3"])
    with pytest.raises(NegoenvError, match="'ent_coef_final' is -1"):
        load_config("procurement_fast_ppo", ["hyperparameters.ent_coef_final=-1"])
    with pytest.raises(NegoenvError, match="PPO does not take ent_coef_final"):
        load_config("procurement_ppo", ["hyperparameters.ent_coef_final=0"])
    assert spec_of(load_config("procurement_fast_ppo"), make_sb3_vec_env(1).env.batch).masked


def test_the_benchmark_pairs_seeds_and_counts_only_whole_pairs(capsys, tmp_path):
    from benchmarks.learners import PAIR, results, tell, train_pair, with_interval

    small = ("total_steps=1", "num_envs=8", "hyperparameters.n_steps=4", "hyperparameters.batch_size=32")
    out = tmp_path / "learners.jsonl"
    train_pair(PAIR, small, 0, 4, -9.0, out)
    found = results(out, small)
    assert [one["config"] for one in found] == list(PAIR)
    assert all(one["steps"] == 32 and one["seconds"] > 0 for one in found)
    train_pair(PAIR, small, 0, 4, -9.0, out)
    assert results(out, small) == found, "what is there is not trained again"
    assert results(out, ()) == []
    fast, slow = ({"seed": 0, "steps": 100, "seconds": s, "return": r} for s, r in ((2.0, 0.5), (10.0, 0.4)))
    fast |= {"config": PAIR[0], "seconds_until_beaten": 1.0}
    slow |= {"config": PAIR[1], "seconds_until_beaten": None}
    tell(PAIR, [fast, slow, fast | {"seed": 1}])
    said = capsys.readouterr().out
    assert "| 0 | 50 | 10 | 0.500 | 0.400 | 1 | not in 10 |" in said
    assert "times as many steps a second: 5.000" in said
    assert "where never): 10.0\n" in said
    assert with_interval([1.0, 2.0, 3.0]) == "2.000 ± 2.484"
