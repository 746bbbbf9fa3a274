"""What remembering and being told are worth: trained and played alike, but for what is seen."""

import json
import shlex

import numpy as np
import pytest

from agents.learning.config import load_config
from agents.studies.listening import MEMORY, ROUND, SEEN, TOLD, TypeShown, listen, settings_of
from agents.studies.references import with_learned, write_record
from negoenv import NegoenvError
from negoenv.benchmark.scores import RECORDS, LearnedReference, read_record, record_path
from negoenv.game.supplier import SUPPLIER
from negoenv.game.tactics import Move
from negoenv.interop.sb3 import make_sb3_vec_env

ROWS = 64
TINY = ("total_steps=1024", f"num_envs={ROWS}", "hyperparameters.batch_size=256")
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


def test_what_is_remembered_may_be_a_trace_and_nobody_else_changes():
    stacked, traced = listen(short(), seeds=1, episodes=128), listen(short("stack=2"), seeds=1, episodes=128, trace=0.9)
    assert (stacked.remembered, traced.remembered) == ("4 rounds", "one round and a trace, decay 0.9")
    changed = [seen for seen in SEEN if stacked.returns[seen] != traced.returns[seen]]
    assert changed == [MEMORY]


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


@pytest.mark.parametrize(("memory", "told"), [((), "4 rounds"), (("--trace", 0.9), "trace, decay 0.9")])
def test_the_command_prints_a_table_and_writes_it(command, tmp_path, memory, told):
    path = tmp_path / "listening.json"
    options = (*memory, "--seeds", 1, "--episodes", 16, "--processes", 1, "--json", path)
    status, out, error = command("listening", "procurement_fast_ppo", *TINY, *options)
    assert status == 0, error
    assert "one round and the type" in out
    assert told in out
    assert set(json.loads(path.read_text())["returns"]) == set(SEEN)


LEARNED = LearnedReference(one_round=0.1, memory=0.2, told=0.9, episodes=2, settings={}, command="none")


def test_what_was_learned_is_recorded_beside_the_reference_of_the_same_game(command, tmp_path):
    record_path("Procurement", tmp_path).write_text(record_path("Procurement", RECORDS).read_text())
    before = read_record("Procurement", tmp_path)
    options = ("--trace", 0.5, "--seeds", 1, "--episodes", 16, "--processes", 1, "--record", "--out", tmp_path)
    status, _, error = command("listening", "procurement_fast_ppo", *TINY, *options)
    assert status == 0, error
    after = read_record("Procurement", tmp_path)
    assert after.learned.episodes == 16
    assert "listening procurement_fast_ppo total_steps=1024" in after.learned.command
    assert "--trace 0.5 --seeds 1" in after.learned.command
    assert max(before.best, after.learned.one_round, after.learned.memory, after.learned.told) == after.best
    assert after.model_copy(update={"learned": before.learned, "best": before.best, "policy": before.policy}) == before


def test_the_best_that_was_learned_is_the_1_of_the_score_if_it_is_better():
    before = read_record("Procurement")
    assert with_learned(before, LEARNED).best == LEARNED.told
    assert with_learned(before, LEARNED).policy == "learned, told the type"
    worse = LEARNED.model_copy(update={"told": before.best - 0.1})
    assert with_learned(before, worse) == before.model_copy(update={"learned": worse})


@pytest.mark.parametrize("path", [path for path in sorted(RECORDS.glob("*.json")) if read_record(path.stem).learned])
def test_what_was_learned_is_recorded_of_settings_that_the_command_still_means(path):
    learned = read_record(path.stem).learned
    _, study, config, *rest = shlex.split(learned.command)
    assert study == "listening"
    assert settings_of(load_config(config, [word for word in rest if "=" in word])) == learned.settings


def test_a_reference_measured_anew_keeps_what_was_learned_in_the_same_game(tmp_path):
    path, before = record_path("Procurement", tmp_path), read_record("Procurement")
    planned = before.model_copy(update={"learned": None, "best": 0.5, "policy": "informed"})
    write_record(with_learned(planned, LEARNED), path)
    write_record(planned, path)
    assert read_record("Procurement", tmp_path) == with_learned(planned, LEARNED)
    other = planned.model_copy(update={"fingerprint": "of another game"})
    write_record(other, path)
    assert read_record("Procurement", tmp_path) == other


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        (("--split", "unseen"), "split is unseen; records are of the test split"),
        ((), "has no record of Procurement as it is played now; make one first: negoenv references"),
        (("scenario=Deadline",), "has no record of Deadline as it is played now"),
    ],
)
def test_nothing_is_trained_where_nothing_could_be_recorded(command, tmp_path, changes, told):
    other = read_record("Procurement").model_copy(update={"fingerprint": "of another game"})
    write_record(other, record_path("Procurement", tmp_path))
    status, _, error = command("listening", "procurement_fast_ppo", *changes, "--record", "--out", tmp_path)
    assert status != 0
    assert told in error
