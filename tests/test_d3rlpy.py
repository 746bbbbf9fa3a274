"""d3rlpy learns from a recorded data set, and what it has learned plays legal moves only."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from agents import d3rlpy_policy as adapter
from agents.d3rlpy_policy import D3rlpyPolicy, replay_buffer
from agents.recording import play_and_record, write_dataset
from agents.registry import load_policy
from negoenv import Move, NegoenvError
from negoenv.benchmark.evaluation import evaluate
from negoenv.make import make_batch

MISSING = "needs d3rlpy: make neighbours-d3rlpy"


def test_a_missing_library_is_told_with_the_command(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr(adapter.importlib, "import_module", missing)
    with pytest.raises(NegoenvError, match=r"d3rlpy cannot be imported \(.*\); set it up apart: make"):
        replay_buffer([], 3)


class Valued:
    """Values each move by its number."""

    def predict_value(self, seen, moves):
        return moves.astype(float)


def test_the_legal_move_of_most_value_is_played():
    masks = np.array([[1, 1, 0], [0, 1, 1], [1, 0, 0]], np.int8)
    policy = D3rlpyPolicy(Valued())
    assert_array_equal(policy.act(np.zeros((3, 2), np.float32), masks), [1, 2, 0])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of the library
def test_conservative_q_learning_on_a_data_set_beats_what_it_has_seen(tmp_path, monkeypatch):
    d3rlpy = pytest.importorskip("d3rlpy", reason=MISSING)
    import minari

    recorded = [
        play_and_record(load_policy(name), make_batch(600, "Procurement"), seed)
        for name, seed in (("random", 0), ("conceder", 600))
    ]
    write_dataset("mixed-v0", recorded, "Procurement", "train", ["random", "conceder"], tmp_path)
    monkeypatch.setenv("MINARI_DATASETS_PATH", str(tmp_path))
    episodes = list(minari.load_dataset("mixed-v0").iterate_episodes())
    buffer = replay_buffer(episodes, len(Move))
    assert buffer.transition_count == sum(len(one.actions) for one in episodes)
    settings = d3rlpy.algos.DiscreteCQLConfig(learning_rate=1e-3, batch_size=256, gamma=1.0, target_update_interval=200)
    d3rlpy.seed(0)
    cql = settings.create(device="cpu:0")
    silent = d3rlpy.logging.NoopAdapterFactory()
    cql.fit(buffer, n_steps=400, n_steps_per_epoch=400, logger_adapter=silent, show_progress=False)
    played = evaluate(D3rlpyPolicy(cql), make_batch(256, "Procurement", "test"), 0)
    assert (played.outcomes["illegal_moves"] == 0).all()
    assert played.returns.mean() > np.mean([one.rewards.sum() for one in episodes]) + 0.1
