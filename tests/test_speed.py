"""The benchmark runs and says what it should; how fast anything is, no test asks."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from agents.reporting.speed import Contest
from agents.reporting.speed_null import NullBatch
from negoenv.negotiation import NegotiationBatch
from negoenv.scenario import resolve

ROOT = Path(__file__).parent.parent


def test_the_quick_form_runs(tmp_path):
    path = tmp_path / "speed.json"
    done = subprocess.run(
        [sys.executable, "scripts/speed.py", "--quick", "--json", str(path)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "gym.make, ours / CartPole-v1" in done.stdout
    results = json.loads(path.read_text())
    assert set(results) == {
        "machine", "quick", "by_rows", "peers", "single", "memory", "startup", "training"
    }  # fmt: skip
    assert [result["rows"] for result in results["by_rows"]] == [1, 64]
    for result in results["by_rows"]:
        assert set(result["steps_per_second"]) == {"ours, 1 threads", "ours, 2 threads", "cartpole", "null"}
        assert all(rate > 0 for rate in result["steps_per_second"].values())
    assert {"sync"} <= set(results["peers"]["ours_times_as_fast"])
    assert set(results["training"]["shares"]) == {"env", "policy", "buffer", "update", "rest"}
    assert sum(results["training"]["shares"].values()) == pytest.approx(1.0, abs=0.2)


def test_contestants_take_turns():
    order = []
    steppers = {name: lambda name=name: order.append(name) or 1 for name in ("one", "other")}
    contest = Contest(steppers).run(repetitions=2, seconds=0.0)
    assert order == ["one", "other"] * 3
    assert set(contest.medians()) == {"one", "other"}
    assert contest.ratio("one", "one") == 1.0


def test_the_null_game_writes_what_a_negotiation_writes():
    batches = [made(70, resolve("Procurement")) for made in (NegotiationBatch, NullBatch)]
    for batch in batches:
        batch.seed(0)
        batch.begin(np.ones(70, np.bool_))
        batch.observations[:] = np.nan
        batch.step(np.full(70, 18), np.ones(70, np.bool_))
    assert [np.isfinite(batch.observations).all() for batch in batches] == [True, True]
    assert 0 < batches[1].terminated.sum() < 70
