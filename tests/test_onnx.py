"""The ONNX graph of a policy plays what the policy plays, in another runtime."""

import numpy as np
import pytest

pytest.importorskip("onnxscript", reason="the extra onnx is not installed")
onnxruntime = pytest.importorskip("onnxruntime", reason="the extra onnx is not installed")

from agents.learning.config import TrainConfig  # noqa: E402
from agents.learning.model import build_model, current_policy, spec_of  # noqa: E402
from agents.learning.onnx_file import onnx_bytes  # noqa: E402
from negoenv import NegoenvError  # noqa: E402
from negoenv.interop.sb3 import make_sb3_vec_env  # noqa: E402

ROWS = 64
POLICIES = {
    "ppo": {},
    "relu": {"activation": "relu", "network": (32,)},
    "maskable_ppo": {"algorithm": "maskable_ppo"},
    "fast_ppo": {"algorithm": "fast_ppo"},
    "recurrent_ppo": {"algorithm": "recurrent_ppo", "lstm": 16},
    "dqn": {"algorithm": "dqn", "hyperparameters": {"buffer_size": 1000}},
    "stacked": {"stack": 3},
    "traced": {"trace": 0.9},
    "traced, with an LSTM": {"algorithm": "recurrent_ppo", "lstm": 16, "trace": 0.5},
    "Ladder": {"scenario": "Ladder"},
    "masked Ladder": {"scenario": "Ladder", "algorithm": "maskable_ppo"},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("what", POLICIES)
def test_the_graph_plays_what_the_policy_plays(what):
    config = TrainConfig(total_steps=1, num_envs=ROWS, seed=3, **POLICIES[what])
    env = make_sb3_vec_env(ROWS, config.scenario)
    model = build_model(config, env)
    policy = current_policy(model, spec_of(config, env.env.batch), what)
    content = onnx_bytes(policy)
    assert b"agents/learning" not in content, "paths of this machine"
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    state = {name: np.zeros((ROWS, config.lstm), np.float32) for name in ("hidden", "cell") if policy.spec.lstm}
    assert [given.name for given in session.get_inputs()] == ["observation", "action_mask", *state]
    seen = model.get_env()
    seen.seed(0)
    observations, starts = seen.reset(), np.ones(ROWS, np.bool_)
    policy.reset(ROWS)
    for _ in range(30):
        masks = env.action_masks()
        expected = policy.act(env.env.batch.observations, masks, starts)
        for part in state.values():
            part[starts] = 0
        action, *rest = session.run(None, {"observation": observations, "action_mask": masks, **state})
        state = dict(zip(state, rest, strict=True))
        np.testing.assert_array_equal(action, expected)
        assert (masks[np.arange(ROWS), action] == 1).all()
        moves = np.random.default_rng(int(masks.sum())).integers(env.action_space.n, size=ROWS)
        observations, _, starts, _ = seen.step(moves)


def test_a_missing_extra_is_told(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NegoenvError, match=r"ONNX needs onnx and onnxscript, not installed: run .*onnx"):
        onnx_bytes(None)
