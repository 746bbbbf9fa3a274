"""What remembering and being told are worth: trained and played alike, but for what is seen."""

import json

import numpy as np
import pytest

from agents.learning.config import load_config
from agents.studies.listening import MEMORY, ROUND, SEEN, TOLD, TypeShown, listen
from negoenv import NegoenvError
from negoenv.game.supplier import SUPPLIER
from negoenv.game.tactics import Move
from negoenv.interop.sb3 import make_sb3_vec_env

ROWS = 64
SHORT = ("total_steps=2048", f"num_envs={ROWS}", "hyperparameters.batch_size=256")


def short(*changes):
    return load_config("procurement_fast_ppo", [*SHORT, *changes])


def test_the_type_stands_behind_what_is_seen_and_changes_with_the_supplier():
    env = make_sb3_vec_env(ROWS)
    shown = TypeShown(env)
    shown.seed(3)
    seen, columns = shown.reset(), env.observation_space.shape[0]
    assert shown.observation_space.contains(seen[0])
    assert seen.shape == (ROWS, columns + len(SUPPLIER) - 1)
    np.testing.assert_array_equal(seen[:, :columns], env.env.batch.observations)
    place = columns + [name for name in SUPPLIER.names if name != "archetype"].index("reservation_price")
    np.testing.assert_array_equal(seen[:, place], env.env.batch.supplier["reservation_price"])
    after, _, dones, _ = shown.step(np.full(ROWS, Move.WALK_AWAY))
    assert dones.all()
    assert (after[:, place] != seen[:, place]).all(), "other suppliers"


def test_who_plays_the_same_suppliers_differs_by_what_it_sees_alone():
    found = listen(short(), rounds=3, seeds=2, episodes=128)
    assert list(found.returns) == list(SEEN)
    assert found.memory.mean == pytest.approx(found.returns[MEMORY].mean - found.returns[ROUND].mean)
    assert found.told.mean == pytest.approx(found.returns[TOLD].mean - found.returns[ROUND].mean)
    assert found == listen(short(), rounds=3, seeds=2, episodes=128), "the same seeds"


def test_the_results_do_not_depend_on_the_number_of_processes():
    assert listen(short(), seeds=1, episodes=32, processes=2) == listen(short(), seeds=1, episodes=32)


@pytest.mark.slow
def test_who_is_told_whether_there_is_a_zone_wins_more():
    found = listen(short("scenario=EmptyZone", "total_steps=300_000", "num_envs=512"), seeds=1, episodes=2048)
    assert found.told.low > 0.0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (("scenario=Sourcing",), "measured with one supplier; Sourcing has"),
        (("scenario=Ladder",), "measured with one supplier; Ladder has"),
        (("algorithm=ppo", "hyperparameters={}"), "algorithm is ppo; .* maskable_ppo or fast_ppo"),
    ],
)
def test_where_it_cannot_be_measured_a_sentence_says_so(changes, told):
    with pytest.raises(NegoenvError, match=told):
        listen(short(*changes), episodes=8)


def test_the_command_prints_a_table_and_writes_it(command, tmp_path):
    path = tmp_path / "listening.json"
    small = ("total_steps=1024", f"num_envs={ROWS}", "hyperparameters.batch_size=256")
    options = ("--seeds", 1, "--episodes", 16, "--processes", 1, "--json", path)
    status, out, error = command("listening", "procurement_fast_ppo", *small, *options)
    assert status == 0, error
    assert "one round and the type" in out
    assert set(json.loads(path.read_text())["returns"]) == set(SEEN)
