"""Weights of the objectives: a training maximises their weighted sum, and what comes of it is measured alike."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from agents.registry import load_policy
from agents.reporting.report import report_on
from agents.studies.trade_off import (
    GRID,
    Point,
    front_of,
    parse_weights,
    trade_off_config,
    trade_off_page,
    train_and_play,
    vectors,
    weighted,
)
from negoenv import NegoenvError
from negoenv.benchmark.evaluation import Interval
from negoenv.interop.mo_gymnasium import OBJECTIVES

SMALL = ("total_steps=2_048", "num_envs=64", "hyperparameters.n_steps=16", "hyperparameters.batch_size=512")


def test_weights_are_read_from_a_line():
    assert parse_weights("goodwill=2,time=0.5") == {"goodwill": 2.0, "time": 0.5}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("godwill=2", "no objective 'godwill'. Did you mean 'goodwill'"),
        ("time", "The weight of time is ''; a number from 0 to 10"),
        ("time=-1", "a number from 0 to 10 is expected"),
        ("time=nan", "a number from 0 to 10 is expected"),
    ],
)
def test_what_are_no_weights_is_told(text, told):
    with pytest.raises(NegoenvError, match=told):
        parse_weights(text)


@pytest.mark.parametrize("weights", [*GRID, {"surplus": 0.5, "goodwill": 3.0, "time": 2.0, "breakdown": 0.1}])
@pytest.mark.parametrize("scenario", ["Procurement", {"base": "Stalemate", "weights": {"goodwill": 0.7}}])
def test_a_return_is_the_weighted_sum_of_the_reward_vector(weights, scenario):
    policy = load_policy("boulware")
    plain = report_on(policy, scenario, episodes=48).episodes
    other = report_on(policy, weighted(scenario, weights), episodes=48).episodes
    factors = np.array([weights.get(name, 1.0) for name in OBJECTIVES])
    assert_allclose(vectors(plain).sum(axis=1), plain.returns, atol=1e-9)
    unscaled = (1.0 - weights.get("time", 1.0)) * plain.terms["delay"]  # what delay costs is drawn, and seen
    assert_allclose(other.returns, vectors(plain) @ factors + unscaled, atol=1e-9)


def test_the_front_holds_what_no_other_is_better_than():
    def point(name, price, goodwill):
        exactly = [Interval(value, value, value) for value in (price, goodwill, 1.0)]
        return Point(name, (), *exactly, trained=True)

    points = [point("dear", 0.8, 0.9), point("cheap", 0.7, 0.8), point("bad", 0.75, 0.7), point("none", np.nan, np.nan)]
    assert [one.name for one in front_of(points)] == ["cheap", "dear"]


@pytest.mark.slow
def test_a_sweep_measures_every_policy_in_the_game_as_it_is():
    config = trade_off_config("procurement_fast_ppo", SMALL)
    ticks = []
    points = train_and_play(config, [{"goodwill": 0.0}, {"time": 2.0, "breakdown": 0.0}], 64, lambda: ticks.append(1))
    assert [point.name for point in points] == ["goodwill x 0", "time x 2, breakdown x 0", "gradual", "conceder"]
    assert len(ticks) == 2
    expected = report_on(load_policy("gradual"), "Procurement", episodes=64).episodes.metrics()
    assert points[2].price == expected["price"]
    assert sum(one.mean for one in points[2].objectives) == pytest.approx(expected["return"].mean)
    assert "| gradual |" in trade_off_page(points, config)


@pytest.mark.slow
def test_the_command_draws_the_picture(command, tmp_path):
    path = tmp_path / "trade.png"
    status, out, error = command(
        "trade-off", *SMALL, "--weights", "goodwill=2", "--episodes", 64, "--picture", path, "--no-progress"
    )
    assert status == 0, error
    assert "| goodwill x 2 |" in out
    assert path.read_bytes().startswith(b"\x89PNG")


def test_wrong_use_is_told_before_anything_is_trained(command):
    for options in (("--weights", "price=2"), ("scenario=Sourcing",)):
        status, out, error = command("trade-off", *options, "--no-progress")
        assert (status, out) == (2, "")
        assert "Traceback" not in error
