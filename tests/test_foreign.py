"""Policies from elsewhere: models of Stable-Baselines3, classes and callables; nothing runs that was not named."""

import base64
import io
import json
import pickle
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from sb3_contrib import MaskablePPO, RecurrentPPO
from sb3_contrib.common.maskable.utils import get_action_masks
from stable_baselines3 import A2C, DQN, PPO
from stable_baselines3.common.torch_layers import BaseFeaturesExtractor
from stable_baselines3.common.vec_env import VecFrameStack

from agents.callables import as_policy
from agents.learning.sb3_zip import read_sb3_zip
from agents.registry import load_policy
from agents.reporting.report import report_on
from negoenv import NegoenvError
from negoenv.game.tactics import Move
from negoenv.interop.sb3 import make_sb3_vec_env
from tests.hostile import WritesAFile

ROWS = 16
SMALL = {"net_arch": [16, 8]}
MODELS = {
    "ppo": (PPO, "MlpPolicy", {"policy_kwargs": SMALL}),
    "defaults": (PPO, "MlpPolicy", {}),
    "a2c": (A2C, "MlpPolicy", {"policy_kwargs": {**SMALL, "activation_fn": torch.nn.ReLU}}),
    "dqn": (DQN, "MlpPolicy", {"policy_kwargs": SMALL, "buffer_size": 1000}),
    "maskable_ppo": (MaskablePPO, "MlpPolicy", {"policy_kwargs": {**SMALL, "activation_fn": torch.nn.ReLU}}),
    "recurrent_ppo": (RecurrentPPO, "MlpLstmPolicy", {"policy_kwargs": {**SMALL, "lstm_hidden_size": 8}}),
}  # fmt: skip


@pytest.fixture
def marker(tmp_path):
    path = tmp_path / "it_ran"
    yield path
    assert not path.exists()


def saved(tmp_path, algorithm=PPO, policy="MlpPolicy", arguments=None, env=None):
    model = algorithm(policy, env or make_sb3_vec_env(ROWS), seed=2, device="cpu", **(arguments or {}))
    model.save(tmp_path / "model.zip")
    return model


def damaged(path, **contents):
    with zipfile.ZipFile(path) as archive:
        kept = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in (kept | contents).items():
            archive.writestr(name, content)


def pickled(thing):
    content = io.BytesIO()
    torch.save(thing, content)
    return content.getvalue()


# Stable-Baselines3


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("scenario", ["Procurement", "Ladder"])
def test_a_model_plays_as_it_did(name, scenario, tmp_path):
    algorithm, kind, arguments = MODELS[name]
    env = make_sb3_vec_env(ROWS, scenario)
    model = saved(tmp_path, algorithm, kind, arguments, env)
    policy = read_sb3_zip(tmp_path / "model.zip", scenario, "theirs")
    assert policy.spec.algorithm == ("ppo" if name == "defaults" else name)
    env.seed(0)
    observations, state, starts = env.reset(), None, np.ones(ROWS, np.bool_)
    for _ in range(30):
        masks = get_action_masks(env)
        options = {"action_masks": masks} if policy.spec.masked else {"state": state, "episode_start": starts}
        expected, state = model.predict(observations, deterministic=True, **options)
        chosen = policy.act(observations, masks, starts)
        legal = masks[np.arange(ROWS), expected] == 1
        np.testing.assert_array_equal(chosen[legal], expected[legal])
        observations, _, starts, _ = env.step(expected)


def test_stacked_observations_are_recognised(tmp_path):
    saved(tmp_path, env=VecFrameStack(make_sb3_vec_env(ROWS), 3))
    assert read_sb3_zip(tmp_path / "model.zip", "Procurement", "x").spec.stack == 3


def test_the_command_makes_a_policy_of_it(command, tmp_path):
    saved(tmp_path)
    status, _, err = command("evaluate", tmp_path / "model.zip")
    assert status == 2
    assert "is a model of Stable-Baselines3; " in err
    assert "import-sb3" in err
    status, out, err = command("import-sb3", tmp_path / "model.zip", "--out", tmp_path / "theirs")
    assert (status, err, out.splitlines()[0]) == (0, "", f"Policy: {tmp_path / 'theirs'}")
    assert report_on(load_policy(tmp_path / "theirs"), "Procurement", episodes=4).policy == "theirs"
    status, _, err = command("import-sb3", tmp_path / "model.zip", "--out", tmp_path / "theirs")
    assert (status, err) == (2, f"{tmp_path / 'theirs'} exists already; name a new directory.\n")
    status, _, err = command("import-sb3", tmp_path / "none.zip", "--out", tmp_path / "new")
    assert status == 2
    assert not (tmp_path / "new").exists()


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero")
def test_a_device_without_an_end_is_not_read(command, tmp_path):
    status, _, err = command("import-sb3", "/dev/zero", "--out", tmp_path / "new")
    assert (status, err) == (2, "/dev/zero is not a file.\n")


def test_what_is_pickled_beside_the_weights_is_not_read(tmp_path, marker):
    saved(tmp_path)
    evil = base64.b64encode(pickle.dumps(WritesAFile(marker))).decode()
    with zipfile.ZipFile(tmp_path / "model.zip") as archive:
        data = json.loads(archive.read("data"))
    for value in data.values():
        if isinstance(value, dict) and ":serialized:" in value:
            value[":serialized:"] = evil
    damaged(tmp_path / "model.zip", **{
        "data": json.dumps(data), "pytorch_variables.pth": pickled(WritesAFile(marker)),
        "policy.optimizer.pth": pickled(WritesAFile(marker)),
    })  # fmt: skip
    policy = read_sb3_zip(tmp_path / "model.zip", "Procurement", "x")
    assert report_on(policy, "Procurement", episodes=2).policy == "x"


WEIGHTS = {
    "a pickle": lambda marker: pickled(WritesAFile(marker)),
    "a pickle among tensors": lambda marker: pickled({"action_net.weight": WritesAFile(marker)}),
    "an old pickle": lambda marker: pickle.dumps(WritesAFile(marker)),
    "a list": lambda _: pickled([1]),
    "numbers": lambda _: pickled({"action_net.weight": 1}),
    "nothing": lambda _: b"",
    "not finite": lambda _: pickled({"action_net.weight": torch.full((2, 2), torch.nan)}),
    "a module": lambda _: pickled(torch.nn.Linear(2, 2)),
    "other parts": lambda _: pickled({"net_of_mine.weight": torch.zeros(2, 2)}),
    "other shapes": lambda _: pickled({"action_net.weight": torch.zeros(2, 2), "action_net.bias": torch.zeros(2)}),
    "odd shapes": lambda _: pickled({"action_net.weight": torch.zeros(()), "action_net.bias": torch.zeros(())}),
    "half a layer": lambda _: pickled({"action_net.weight": torch.zeros(2, 2)}),
    "no layer": lambda _: pickled({}),
}  # fmt: skip


@pytest.mark.parametrize("what", WEIGHTS)
def test_hostile_weights_are_refused_and_nothing_runs(what, tmp_path, marker):
    saved(tmp_path)
    damaged(tmp_path / "model.zip", **{"policy.pth": WEIGHTS[what](marker)})
    with pytest.raises(NegoenvError, match=r"model\.zip") as error:
        read_sb3_zip(tmp_path / "model.zip", "Procurement", "x")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("data", ["{", "[]", "{}", "[" * 100_000, '{"policy_class": {"__module__": ["x"]}}'])
def test_other_data_are_refused(data, tmp_path):
    saved(tmp_path)
    damaged(tmp_path / "model.zip", data=data)
    with pytest.raises(NegoenvError, match="data is not what Stable-Baselines3 writes"):
        read_sb3_zip(tmp_path / "model.zip", "Procurement", "x")


class Doubled(BaseFeaturesExtractor):
    """Has no weights, so that the weights alone would not tell."""

    def forward(self, observations):
        return 2 * observations


def test_what_cannot_be_read_without_running_it_is_told_with_the_reason(tmp_path):
    env = make_sb3_vec_env(ROWS)
    size = {"features_dim": env.observation_space.shape[0]}
    arguments = {"features_extractor_class": Doubled, "features_extractor_kwargs": size}
    saved(tmp_path, arguments={"policy_kwargs": arguments}, env=env)
    with pytest.raises(NegoenvError, match=r"made with 'features_extractor_class'; .* with --trust"):
        read_sb3_zip(tmp_path / "model.zip", "Procurement", "x")
    saved(tmp_path, arguments={"policy_kwargs": {"activation_fn": torch.nn.ELU}})
    with pytest.raises(NegoenvError, match=r"its activation is .*ELU"):
        read_sb3_zip(tmp_path / "model.zip", "Procurement", "x")
    saved(tmp_path, env=make_sb3_vec_env(ROWS, "Ladder"))
    with pytest.raises(NegoenvError, match="the network does not fit Procurement"):
        read_sb3_zip(tmp_path / "model.zip", "Procurement", "x")


def test_a_model_is_trusted_only_by_name(command, tmp_path):
    """Its features are doubled by code that only the zip's pickles name."""
    env = make_sb3_vec_env(ROWS)
    size = {"features_dim": env.observation_space.shape[0]}
    arguments = {"features_extractor_class": Doubled, "features_extractor_kwargs": size}
    model = saved(tmp_path, arguments={"policy_kwargs": arguments}, env=env)
    policy = load_policy(tmp_path / "model.zip", trust=True)
    observations, masks = env.reset(), env.action_masks()
    expected, _ = model.predict(observations, deterministic=True)
    np.testing.assert_array_equal(policy.act(observations, masks), expected)
    with pytest.raises(NegoenvError, match="is a model of Stable-Baselines3; "):
        load_policy(tmp_path / "model.zip")
    for line in (("evaluate",), ("compare", "random")):
        status, out, err = command(*line, tmp_path / "model.zip", "--trust", "--episodes", 8, "--no-progress")
        assert (status, err) == (0, "")
        assert "model" in out
    for option in ("--watch", "--reference"):
        line = ("play", "--watch", "random", "--seed", 1, option, tmp_path / "model.zip")
        assert "model.zip is a model of Stable-Baselines3; " in command(*line)[2]
        status, out, err = command(*line, "--trust")
        assert (status, err.strip()) == (0, "")  # older versions of rich end their bar with a line
        assert "model" in out
    status, _, err = command("evaluate", tmp_path / "model.zip", "--trust", "--scenario", "Ladder", "--no-progress")
    assert (status, err) == (2, "The model 'model' was not trained on observations and moves of this game.\n")
    damaged(tmp_path / "model.zip", **{"policy.pth": b""})
    status, _, err = command("evaluate", tmp_path / "model.zip", "--trust")
    assert status == 2
    assert "cannot be loaded as PPO: " in err


@pytest.mark.slow
@pytest.mark.parametrize("name", ["recurrent_ppo", "maskable_ppo", "dqn"])
def test_trusted_models_play_what_imported_ones_do(name, tmp_path):
    algorithm, kind, arguments = MODELS[name]
    saved(tmp_path, algorithm, kind, arguments)
    imported = read_sb3_zip(tmp_path / "model.zip", "Procurement", "x")
    trusted = load_policy(tmp_path / "model.zip", trust=True)
    ours, theirs = (report_on(policy, "Procurement", episodes=32).episodes for policy in (imported, trusted))
    # Of 87 moves a network that has learned nothing scores two the same now and then, but for the last bit.
    assert (ours.returns == theirs.returns).mean() > 0.9


# Code of one's own

CODE = """
from negoenv.game.tactics import Move

def holds(observation, mask):
    return Move.HOLD

class Leaves:
    def __call__(self, observation, mask):
        return int(Move.WALK_AWAY)

class NotCallable:
    pass

number = 3
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "policies_of_mine.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.path", sys.path.copy())
    yield "policies_of_mine"
    sys.modules.pop("policies_of_mine", None)


def test_code_of_ones_own_is_a_policy(module):
    report = report_on(load_policy(f"{module}:holds"), "Procurement", episodes=4)
    assert report.policy == "holds"
    assert report.episodes.uses.sum() == report.episodes.uses[:, Move.HOLD].sum() > 0
    report = report_on(load_policy(f"{module}:Leaves"), "Procurement", episodes=4)
    assert (report.episodes.outcomes["rounds"] == 1).all()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("policies_of_mine:none", "has no attribute 'none'"),
        ("policies_of_mine:number", "is no policy, and no callable"),
        ("policies_of_mine:NotCallable", "is no policy, and no callable"),
        ("json:dumps", "dumps is no policy, and no callable"),
        ("no_such_module:x", "there is no module 'no_such_module'; it is looked for in "),
    ],
)
def test_code_that_is_no_policy_is_told(module, name, told):
    with pytest.raises(NegoenvError, match=told):
        load_policy(name)


@pytest.mark.parametrize("returned", [2.0, -1, 10**6, None, "HOLD", [1, 2], np.nan, True])
def test_a_move_is_the_number_of_one(returned):
    with pytest.raises(NegoenvError, match=r"The policy 'odd' returned .*; a move is 0 to"):
        report_on(as_policy(lambda observation, mask: returned, "odd"), "Procurement", episodes=2)


def test_any_callable_is_a_policy():
    def first_legal(observation, mask):
        return np.flatnonzero(mask)[0]

    for scenario in ("Procurement", "Ladder"):
        report = report_on(as_policy(first_legal), scenario, episodes=4)
        assert report.policy == "first_legal"
        assert (report.episodes.outcomes["illegal_moves"] == 0).all()
