"""Edges of the games: a budget of the reservation price, no zone of agreement, one round, the most rounds."""

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.vector import AutoresetMode

from agents.registry import default_policies, load_policy
from agents.reporting.report import report_on
from negoenv import NegoenvError
from negoenv.game.tactics import Move
from negoenv.make import make_batch
from negoenv.scenarios.presets import resolve
from negoenv.sourcing.presets import resolve_sourcing
from tests.check_soak import play

GAMES = ("Procurement", "Contract", "Partnership", "Sourcing", "TimedSourcing")
MOST_ROUNDS = 200
EDGES = {
    "a budget of the reservation price": {"budget_slack": 0.0},
    "no zone of agreement": {"limit": {"low": 0.0, "high": 0.05}, "budget_slack": 0.0},
    "one round": {"deadline": 1},
    "the most rounds": {"deadline": MOST_ROUNDS, "patience": {"low": 1.0, "high": 1.0}},
    "one round of a buyer without patience": {"deadline": 2, "patience": {"low": 0.01, "high": 0.01}},
}


def changed(game, edge):
    return {"base": game, **EDGES[edge]}


@pytest.mark.slow
@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize("edge", EDGES)
def test_random_moves_and_policies_get_through(game, edge):
    """What comes back is finite and in bounds, and so are results: of policies that divide by what may be 0, too."""
    assert play(f"negoenv/{game}-v0", {"scenario": EDGES[edge]}, 64, AutoresetMode.NEXT_STEP, 64 * 100, 0) == 6400
    scenario = changed(game, edge)
    for name in default_policies(make_batch(1, scenario)):
        report = report_on(load_policy(name), scenario, episodes=16)
        assert np.isfinite(report.episodes.returns).all(), name
        for metric, interval in report.episodes.metrics().items():
            assert interval is None or np.isfinite(interval.mean) or np.isnan(interval.mean), (name, metric)


def ended(scenario, rows=256, options=None, never=()):
    """Play random legal moves, without some, to the end of an episode in each row.

    Returns:
        the batch, the outcomes, and how many moves were made in each row.
    """
    batch, draw = make_batch(rows, scenario, "test"), np.random.default_rng(0)
    open_, moves = np.ones(rows, np.bool_), np.zeros(rows, int)
    allowed = np.ones(batch.moves)
    allowed[list(never)] = 0.0
    batch.seed(0)
    batch.reset(open_, options)
    while open_.any():
        moves += open_
        actions = (draw.random(batch.action_masks.shape) * batch.action_masks * allowed).argmax(axis=1)
        batch.step(actions, open_)
        open_ = open_ & ~batch.terminated
    return batch, batch.outcomes(), moves


ONE_SUPPLIER = pytest.mark.parametrize("game", ["Procurement", "Partnership", "Contract"])


@pytest.mark.parametrize("game", ["Procurement", "Partnership"])
def test_nobody_pays_more_than_a_budget_of_the_reservation_price(game):
    batch, outcomes, _ = ended(changed(game, "a budget of the reservation price"), rows=1024)
    deals = outcomes["outcome"] == "deal"
    assert deals.any()
    assert (outcomes["price"][deals] <= batch.state["limit"][deals] + 1e-12).all()


def test_a_zone_of_one_point_has_one_price():
    """Reservation prices of both sides and the budget are the same: a deal is at that price, and wins nothing."""
    point = {"base": "Procurement", "limit": {"low": 0.7, "high": 0.7}, "budget_slack": 0.0}
    batch, outcomes, _ = ended(point, rows=4096, options={"supplier": {"reservation_price": 0.7}})
    deals = outcomes["outcome"] == "deal"
    assert deals.any()
    assert outcomes["price"][deals] == pytest.approx(0.7, abs=1e-12)
    assert batch.reward_terms[deals, batch.reward_names.index("surplus")] == pytest.approx(0.0, abs=1e-9)


@ONE_SUPPLIER
def test_without_a_zone_there_is_no_deal(game):
    _, outcomes, _ = ended(changed(game, "no zone of agreement"))
    assert not (outcomes["outcome"] == "deal").any()


@pytest.mark.parametrize("game", GAMES)
def test_one_round_is_one_move_for_each_deal(game):
    batch, outcomes, moves = ended(changed(game, "one round"))
    assert "deadline" in outcomes["outcome"]
    more = outcomes["deals"] if "deals" in outcomes else np.zeros(len(moves))
    assert (moves <= 1 + more).all() if game != "TimedSourcing" else (moves <= batch.scenario.requirements).all()


def test_the_most_rounds_are_played_to_the_end():
    """Nothing can be agreed on, and the supplier puts up with a lot and never leaves out of a calm."""
    stays = {"supplier": {"tolerance": 5.0, "exit_rate": 0.0, "reservation_price": 1.1}}
    batch, outcomes, moves = ended(
        changed("Procurement", "the most rounds"), 1024, stays, never=(Move.ACCEPT, Move.WALK_AWAY)
    )
    late = outcomes["outcome"] == "deadline"
    assert late.any()
    assert (batch.state["round"][late] == MOST_ROUNDS).all()
    assert (moves[late] == MOST_ROUNDS).all()


@pytest.mark.parametrize(
    "deadline", [MOST_ROUNDS + 1, 10_000, 2**70, 0, -1, 1.5, float("nan"), float("inf"), "many", None]
)
@pytest.mark.parametrize("game", ["Procurement", "Contract", "Sourcing"])
def test_other_deadlines_are_refused_in_a_sentence(game, deadline):
    read = resolve_sourcing if game == "Sourcing" else resolve
    with pytest.raises(NegoenvError, match="key 'deadline' is ") as error:
        read({"base": game, "deadline": deadline})
    assert "\n" not in str(error.value)
    with pytest.raises(NegoenvError, match="deadline"):
        gym.make(f"negoenv/{game}-v0", scenario={"deadline": deadline})
    with pytest.raises(NegoenvError, match="deadline"):
        gym.make(f"negoenv/{game}-v0").reset(seed=0, options={"context": {"deadline": deadline}})
