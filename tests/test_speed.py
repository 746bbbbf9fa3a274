"""The benchmark runs and says what it should; how fast anything is, no test asks."""

import json

import numpy as np
import pytest

from agents.studies.speed.measure import NullBatch
from agents.studies.speed.targets import targets
from agents.studies.speed.timing import PairedTiming
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.scenarios.presets import resolve

pytestmark = pytest.mark.slow


def test_the_quick_form_runs(command, tmp_path):
    path, page = tmp_path / "speed.json", tmp_path / "speed.md"
    page.write_text("# Speed\n\n<!-- begin measured -->\nold\n<!-- end measured -->\nnotes\n", encoding="utf-8")
    status, out, err = command("speed", "--quick", "--json", path, "--figures", tmp_path / "figures", "--page", page)
    assert (status, err) == (0, "")
    assert "gym.make: as fast as CartPole-v1's" in out
    results = json.loads(path.read_text())
    assert set(results) == {
        "machine", "quick", "by_rows", "peers", "single", "game", "memory", "startup", "training", "beaten"
    }  # fmt: skip
    assert [result["rows"] for result in results["by_rows"]] == [1, 64]
    for result in results["by_rows"]:
        assert set(result["steps_per_second"]) == {"ours, 1", "ours, 2", "null, 1", "null, 2", "cartpole"}
        assert all(rate > 0 for rate in result["steps_per_second"].values())
    assert {"sync"} <= set(results["peers"]["ours_times_as_fast"])
    assert set(results["game"]) == {"moves", "deals", "rounds"}
    assert all(cost > 0 for costs in results["game"].values() for cost in costs.values())
    for trained in results["training"]:
        assert set(trained["shares"]) == {"env", "policy", "buffer", "update", "rest"}
        assert sum(trained["shares"].values()) == pytest.approx(1.0, abs=0.2)
    assert results["beaten"]["steps"] > 0
    written = page.read_text(encoding="utf-8")
    assert written.startswith("# Speed\n\n<!-- begin measured -->\nOne run on")
    assert written.endswith("<!-- end measured -->\nnotes\n")
    assert "old" not in written
    assert {figure.name for figure in (tmp_path / "figures").iterdir()} == {
        "speed_rows.png", "speed_game.png", "speed_training.png", "speed_startup.png"
    }  # fmt: skip


def test_a_page_without_marks_is_refused_before_anything_is_measured(command, tmp_path, monkeypatch):
    page = tmp_path / "speed.md"
    page.write_text("# Speed\n", encoding="utf-8")
    monkeypatch.setattr("agents.commands.speed.measure", pytest.fail)
    status, out, err = command("speed", "--page", page)
    assert (status, out) == (2, "")
    assert err.count("\n") == 1
    assert "<!-- begin measured -->" in err


def _results(**changes):
    """Return just enough results for the targets."""
    usual = {"rows": 1024, "to_cartpole": {1: 0.5, 2: 1.01}, "to_null": {1: 0.6, 2: 0.49},
             "steps_per_second": {"ours, 2": 11e6}, "nanoseconds_a_step": {1: 100.0, 2: 60.0}}  # fmt: skip
    large = {"rows": 1_048_576, "nanoseconds_a_step": {1: 150.0, 2: 130.0}}
    return {
        "by_rows": [usual, large],
        "peers": {"ours_times_as_fast": {"sync": 99.0, "negmas": 1000.0}},
        "memory": {"remembered": 513.0, "outputs_of_a_step": 200.0},
        "single": {"to_cartpole": 1.0, "to_cartpole_by_gymnasium": 0.9},
        "training": [{"rows": 256, "times_as_fast": 4.0, "shares": {"env": 0.15}}],
        "startup": {"import_over_dependencies": 0.2, "first_step_warm": 1.5},
    } | changes


def test_a_target_is_met_or_missed():
    found = {target.what: target.met for target in targets(_results())}
    missed = {what for what, met in found.items() if met is False}
    assert {what.split(":")[0] for what in missed} == {
        "... half the null kernel, on as many threads",
        "100 times our own environment under SyncVectorEnv",
        "a step at 1,048,576 rows",
        "512 bytes a row",
        "SB3 PPO",
        "first step from a warm cache in 1 s",
    }
    assert len(found) == 13 - 1  # OpenSpiel was not there, nor a cold start


def test_contestants_take_turns():
    order = []
    steppers = {name: lambda name=name: order.append(name) or 1 for name in ("one", "other")}
    contest = PairedTiming(steppers).run(repetitions=2, seconds=0.0)
    assert order == ["one", "other"] * 3
    assert set(contest.medians()) == {"one", "other"}
    assert contest.ratio("one", "one") == 1.0


def test_the_null_game_writes_what_a_negotiation_writes():
    batches = [made(70, resolve("Procurement")) for made in (NegotiationBatch, NullBatch)]
    for batch in batches:
        batch.seed(0)
        batch.reset(np.ones(70, np.bool_))
        batch.observations[:] = np.nan
        batch.step(np.full(70, 18), np.ones(70, np.bool_))
    assert [np.isfinite(batch.observations).all() for batch in batches] == [True, True]
    assert 0 < batches[1].terminated.sum() < 70
