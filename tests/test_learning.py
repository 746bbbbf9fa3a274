"""Learned policies: Stable-Baselines3's view of a batch, run descriptions, training, and policies on disk."""

import json
import pickle

import gymnasium as gym
import numpy as np
import pytest
from sb3_contrib.common.maskable.utils import get_action_masks, is_masking_supported
from stable_baselines3.common.evaluation import evaluate_policy
from stable_baselines3.common.monitor import Monitor
from stable_baselines3.common.vec_env import DummyVecEnv
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from agents.learning.algorithms import ALGORITHMS
from agents.learning.config import TrainConfig, load_config
from agents.learning.model import build_model, current_policy, spec_of
from agents.learning.spec import Game
from agents.learning.storage import read_policy, save_policy
from agents.learning.train import train
from agents.registry import load_policy
from agents.reporting.report import report_on
from agents.reporting.tags import FAMILY_TAGS, OUTCOME_TAGS, TAGS
from agents.reporting.tensorboard import HPARAMS
from negoenv import NegoenvError
from negoenv.benchmark.evaluation import OUTCOMES
from negoenv.game.tactics import Move
from negoenv.interop.sb3 import SB3VecEnv, make_sb3_vec_env
from negoenv.make import make_batch

ROWS = 5
TINY = TrainConfig(
    total_steps=256, num_envs=8, network=(16, 16), eval_episodes=8, eval_every=128, test_episodes=16, log_every=64,
    checkpoint_every=128, hyperparameters={"n_steps": 16, "batch_size": 64, "n_epochs": 2},
)  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train(TINY, runs=tmp_path_factory.mktemp("runs"))


def env_of_rows(scenario="Procurement"):
    return make_sb3_vec_env(ROWS, scenario)


@pytest.mark.parametrize("most", [None, 4])
@pytest.mark.parametrize("env_id", ["negoenv/Procurement-v0", "negoenv/Ladder-v0"])
def test_rows_replay_single_environments_in_dummy_vec_env(env_id, most):
    ours = SB3VecEnv(gym.make_vec(env_id, num_envs=ROWS, autoreset_mode="SameStep", max_episode_steps=most))
    theirs = DummyVecEnv([lambda: Monitor(gym.make(env_id, max_episode_steps=most))] * ROWS)
    ours.seed(7)
    theirs.seed(7)
    np.testing.assert_array_equal(ours.reset(), theirs.reset())
    actions = np.random.default_rng(0)
    finished = truncated = 0
    for _ in range(60):
        moves = actions.integers(ours.action_space.n, size=ROWS)
        observations, rewards, dones, infos = ours.step(moves)
        expected_observations, expected_rewards, expected_dones, expected_infos = theirs.step(moves)
        np.testing.assert_array_equal(observations, expected_observations)
        np.testing.assert_array_equal(rewards, expected_rewards)
        np.testing.assert_array_equal(dones, expected_dones)
        assert rewards.dtype == expected_rewards.dtype
        np.testing.assert_array_equal(ours.action_masks(), get_action_masks(theirs))
        np.testing.assert_equal(ours.reset_infos[0], theirs.reset_infos[0])
        for row in range(ROWS):
            if not dones[row]:
                assert infos[row] == {}
                continue
            finished += 1
            info, expected = infos[row], expected_infos[row]
            truncated += info["TimeLimit.truncated"]
            del info["episode"]["t"], expected["episode"]["t"], expected["action_mask"]
            info.pop("action_mask", None)  # told where an episode may be truncated
            np.testing.assert_equal(info, expected)
    assert finished - truncated > ROWS
    assert (truncated > ROWS) == (most is not None)


def test_what_is_returned_is_not_touched_by_the_next_step():
    env = env_of_rows()
    first = env.reset()
    observations, rewards, dones, _ = env.step(np.zeros(ROWS, np.int64))
    returned = (first, observations, rewards, dones, env.action_masks())
    kept = [array.copy() for array in returned]
    env.step(np.full(ROWS, Move.WALK_AWAY))
    for array, copy in zip(returned, kept, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_seeds_and_options_are_used_once_and_may_differ_by_row():
    env = env_of_rows()
    env.seed(3)
    plain = env.reset()
    env.seed(3)
    env.set_options([{} if row else {"context": {"goodwill": 0.25}} for row in range(ROWS)])
    changed = env.reset()
    np.testing.assert_array_equal(changed[1:], plain[1:])
    assert (changed[0] != plain[0]).sum() == 1
    assert (env.reset() != plain).any(axis=1).all()


def test_masks_as_maskable_ppo_asks_for_them():
    env = env_of_rows()
    env.reset()
    assert is_masking_supported(env)
    np.testing.assert_array_equal(get_action_masks(env), env.env.batch.action_masks)
    assert len(env.env_method("action_masks", indices=[1, 2])) == 2
    assert not env.has_attr("nothing_of_the_sort")
    with pytest.raises(NegoenvError, match="Unknown method of a row 'render'"):
        env.env_method("render")
    with pytest.raises(NegoenvError, match="shared by all rows"):
        env.set_attr("reveal", True, indices=0)


def test_only_same_step_is_accepted():
    with pytest.raises(NegoenvError, match="SameStep"):
        SB3VecEnv(gym.make_vec("negoenv/Procurement-v0", num_envs=2))
    with pytest.raises(NegoenvError, match="not str"):
        SB3VecEnv("negoenv/Procurement-v0")


@pytest.mark.slow
@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize(
    ("scenario", "memory"),
    [("Procurement", {}), ("Procurement", {"stack": 3}), ("Procurement", {"trace": 0.9}), ("Ladder", {})],
    ids=["Procurement", "stacked", "traced", "Ladder"],
)
def test_a_stored_policy_acts_as_the_model_does(algorithm, scenario, memory, tmp_path):
    changes = {"algorithm": algorithm, "scenario": scenario, "hyperparameters": {}, "seed": 4, **memory}
    config = TINY.model_copy(update=changes)
    env = env_of_rows(scenario)
    model = build_model(config, env)
    save_policy(current_policy(model, spec_of(config, env.env.batch), "tiny"), tmp_path)
    policy = read_policy(tmp_path)
    seen = model.get_env()
    seen.seed(0)
    shown = seen.reset()
    observations = env.env.batch.observations
    state, episode_starts = None, np.ones(ROWS, np.bool_)
    begun = 0
    for _ in range(40):
        masks = get_action_masks(env)
        options = {"action_masks": masks} if policy.spec.masked else {"state": state, "episode_start": episode_starts}
        expected, state = model.predict(shown, deterministic=True, **options)
        chosen = policy.act(observations, masks, episode_starts)
        legal = masks[np.arange(ROWS), expected] == 1
        np.testing.assert_array_equal(chosen[legal], expected[legal])
        assert (masks[np.arange(ROWS), chosen] == 1).all()
        if not policy.spec.lstm and not memory:
            assert policy.act(observations[0], masks[0]) == chosen[0]
        shown, _, episode_starts, _ = seen.step(expected)
        observations = env.env.batch.observations
        begun += episode_starts.sum()
    assert begun > 0  # so that memories had to start anew
    if memory:
        return
    mean, _ = evaluate_policy(model, env_of_rows(scenario), n_eval_episodes=4)  # warns unless Monitor's part is played
    assert np.isfinite(mean)


@pytest.mark.parametrize(
    ("name", "damage", "sentence"),
    [
        ("policy.json", None, "holds no policy.json"),
        ("policy.safetensors", None, "holds no policy.safetensors"),
        ("policy.safetensors", pickle.dumps({"0.weight": 1}), "not a readable safetensors file"),
        ("policy.safetensors", b"\x00" * 40, "not a readable safetensors file"),
        ("policy.json", b"{", "line 1: not valid JSON"),
        ("policy.json", b"[1]", "an object with keys is expected"),
        ("policy.json", b'{"format": 1}', "has format 1; this version reads format 2: train the policy anew"),
    ],
)
def test_a_damaged_policy_is_refused(run, name, damage, sentence, tmp_path):
    save_policy(read_policy(run.directory), tmp_path)
    (tmp_path / name).unlink()
    if damage is not None:
        (tmp_path / name).write_bytes(damage)
    with pytest.raises(NegoenvError, match=sentence):
        load_policy(tmp_path)


def test_weights_that_do_not_fit_are_refused(run, tmp_path):
    policy = read_policy(run.directory)
    save_policy(policy, tmp_path)
    spec = json.loads((tmp_path / "policy.json").read_text())
    (tmp_path / "policy.json").write_text(json.dumps(spec | {"network": [10**9]}))
    with pytest.raises(NegoenvError, match="holds the tensors"):
        load_policy(tmp_path)
    policy.layers[0][0][0, 0] = np.nan
    save_policy(policy, tmp_path)
    with pytest.raises(NegoenvError, match="finite float32"):
        load_policy(tmp_path)


def test_a_policy_is_not_played_where_it_was_not_trained(run):
    policy = read_policy(run.directory)
    with pytest.raises(NegoenvError, match="observes other columns"):
        report_on(policy, "Ladder", episodes=4)
    with pytest.raises(NegoenvError, match="--any-scenario"):
        report_on(policy, "Marketplace", episodes=4)
    report = report_on(policy, "Marketplace", episodes=4, any_scenario=True)
    assert report.another_game == ("scenario Procurement, here Marketplace",)
    with pytest.raises(NegoenvError, match="needs at least 2"):
        report_on(policy, "Procurement", episodes=1)


@pytest.mark.parametrize(
    ("scenario", "said"),
    [
        ("Procurement", ()),
        ({"name": "Elsewhere"}, ()),
        ({"test": "ebay"}, ()),
        ({"deadline": 12}, ("deadline 20, here 12",)),
        ({"deadline": 12, "weights": {"goodwill": 0.6}}, ("deadline 20, here 12", "weights.goodwill 0.3, here 0.6")),
        ({"population": "ebay"}, ("population procurement_train, procurement_test, procurement_unseen, here ebay",)),
        (
            {"deadline": 9, "deals": 2, "budget_slack": 0.1, "hidden": ["strain"], "without": ["FURY"]},
            ("deadline 20, here 9", "deals 1, here 2", "budget_slack 0.05, here 0.1", "hidden nothing, here strain",
             "and 1 more"),
        ),
    ],
)  # fmt: skip
def test_a_changed_game_is_played_and_named(run, scenario, said):
    """Only what a training sees counts: other names and other held-out suppliers are the same game."""
    assert report_on(read_policy(run.directory), scenario, episodes=4).another_game == said


def test_rules_of_another_version_are_another_game(run):
    policy = read_policy(run.directory)
    here = Game.of(make_batch(1, "Procurement"))
    for changes in ({"fingerprint": "0" * 16}, {"fingerprint": "0" * 16, "settings": {"no_such_key": 1}}):
        before = policy.spec.game.model_copy(update=changes)
        assert before.differences(here) == ("rules of another version of negoenv",)


def test_a_run_directory_holds_everything(run):
    names = {path.name for path in run.directory.iterdir() if not path.name.startswith("events.")}
    assert names == {
        "config.yaml", "versions.json", "best", "checkpoints", "policy.safetensors", "policy.json", "evaluation.json",
        "train", "validation",
    }  # fmt: skip
    assert load_config(run.directory / "config.yaml") == TINY
    assert run.directory.name == "procurement_ppo_seed=0-001"
    assert run.steps == TINY.total_steps
    again = report_on(load_policy(run.directory), "Procurement", episodes=TINY.test_episodes)
    np.testing.assert_array_equal(again.episodes.returns, run.report.episodes.returns)
    stored = json.loads((run.directory / "evaluation.json").read_text())
    assert stored["metrics"]["return"]["mean"] == pytest.approx(again.episodes.returns.mean())


def test_training_is_deterministic_and_overwrites_nothing(run):
    again = train(TINY, runs=run.directory.parent)
    assert again.directory.name == "procurement_ppo_seed=0-002"
    weights = [(result.directory / "policy.safetensors").read_bytes() for result in (run, again)]
    assert weights[0] == weights[1]
    with pytest.raises(NegoenvError, match="exists already"):
        train(TINY, directory=run.directory)


def scalars_of(directory):
    """Return the curves in one run's event files, by tag."""
    events = EventAccumulator(str(directory), size_guidance={"scalars": 0})
    events.Reload()
    return events, {tag: events.Scalars(tag) for tag in events.Tags()["scalars"]}


def test_curves_have_one_set_of_tags(run):
    events, evaluated = scalars_of(run.directory)
    _, trained = scalars_of(run.directory / "train")
    _, validated = scalars_of(run.directory / "validation")
    expected = {tag.path for key, tag in (OUTCOME_TAGS | FAMILY_TAGS).items() if key != "score"}
    expected -= {FAMILY_TAGS["use_terms"].path}  # of games with several issues
    no_deals_yet = {OUTCOME_TAGS[key].path for key in ("price", "surplus_share", "goodwill")}
    of_the_test = {OUTCOME_TAGS["return_on_unseen_kinds"].path}
    assert of_the_test <= set(evaluated)
    for curves in (evaluated, trained, validated):
        assert expected - set(curves) <= no_deals_yet | of_the_test
        assert set(curves) <= {tag.path for tag in TAGS.values()}
        endings = zip(*(curves[TAGS[f"{name}_rate"].path] for name in OUTCOMES), strict=True)
        assert all(sum(point.value for point in points) == pytest.approx(1.0, abs=1e-6) for points in endings)
    assert {TAGS[key].path for key in ("loss", "value_loss", "entropy_loss", "learning_rate", "fps")} <= set(trained)
    assert [point.step for point in validated[TAGS["return"].path]] == [0, 128, 256]
    points = evaluated[TAGS["return"].path]
    assert [point.step for point in points] == [256]
    assert points[-1].value == pytest.approx(run.report.episodes.returns.mean(), rel=1e-5)
    plugins = events.PluginTagToContent("hparams")
    assert "_hparams_/session_start_info" in plugins
    assert all(name in str(plugins["_hparams_/session_start_info"]) for name in HPARAMS)
