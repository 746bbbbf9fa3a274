"""Rounds of self-play: who is trained against whom, what is not done again, and what is gone on with."""

import json
import shutil

import pytest

from agents.learning.best_responses import SETTINGS, best_responses
from agents.learning.config import load_config
from agents.learning.selfplay import WORST_CASE
from agents.registry import load_policy
from negoenv import NegoenvError

SMALL = ("num_envs=64", "hyperparameters.batch_size=512", "test_episodes=64", "total_steps=2_048")
SUPPLIERS = load_config(WORST_CASE, SMALL)
BUYERS = load_config("procurement_fast_ppo", (*SMALL, "eval_every=0", "eval_episodes=16"))


def played(place, rounds=2, **others):
    return list(best_responses(load_policy("gradual"), SUPPLIERS, BUYERS, rounds, place, **others))


def when(place):
    return {path: path.stat().st_mtime_ns for path in place.rglob("policy.safetensors")}


@pytest.fixture(scope="module")
def rounds(tmp_path_factory):
    place = tmp_path_factory.mktemp("runs") / "rounds"
    return place, played(place)


@pytest.mark.slow
def test_each_side_is_trained_against_the_other_in_turn(rounds):
    place, found = rounds
    assert [one.buyer for one in found] == ["gradual", "buyer_1", "buyer_2"]
    assert [one.supplier.name for one in found] == ["supplier_1", "supplier_2", "supplier_3"]
    for number in (1, 2):
        settings = load_policy(place / f"buyer_{number}").spec.training.settings
        assert settings["opponents"] == [str(place / f"supplier_{k}") for k in range(1, number + 1)]
        against = json.loads((place / f"supplier_{number + 1}" / "evaluation.json").read_text())
        assert against["buyer"] == f"buyer_{number}"


@pytest.mark.slow
def test_what_has_ended_is_not_done_again_and_what_was_broken_off_is(rounds, tmp_path):
    place, found = rounds
    before = when(place)
    assert played(place) == found
    assert when(place) == before
    (place / "supplier_3" / "evaluation.json").unlink()  # as if it had been broken off before its end
    assert played(place)[-1] == found[-1], "the same training again"
    shutil.rmtree(place / "supplier_3")
    (place / "buyer_2" / "evaluation.json").unlink()
    assert played(place) == found
    unchanged = [path for path in before if path.parent.name in ("supplier_1", "buyer_1", "supplier_2")]
    assert {path: before[path] for path in unchanged} == {path: when(place)[path] for path in unchanged}


def test_a_directory_of_something_else_is_refused(tmp_path):
    (tmp_path / "notes.txt").touch()
    with pytest.raises(NegoenvError, match=f"exists already and holds no {SETTINGS}"):
        played(tmp_path)
    other = tmp_path / "rounds"
    other.mkdir()
    (other / SETTINGS).write_text('{"first": "gradual"}')
    with pytest.raises(NegoenvError, match="holds rounds of other settings"):
        played(other)


def test_rounds_need_the_configuration_of_a_buyer(command, tmp_path):
    status, _, error = command("selfplay", "gradual", "--rounds", 2, "--runs", tmp_path)
    assert status == 2
    assert "name their configuration with --buyer" in error
