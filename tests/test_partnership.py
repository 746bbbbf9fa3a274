"""Several deals with one supplier in one episode: what is carried over, what begins anew, and how it ends."""

import gymnasium as gym
import numpy as np
import pytest

from negoenv import NegoenvError
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from tests.laboratory import ROWS, begin, play, worth

PARTNERS = {"base": "Partnership", "deals": 3}
TYPICAL = {"reservation_price": 0.5, "exit_rate": 0.0, "tolerance": 5.0, "pride": 1.0}
SURE = {**PARTNERS, "constants": {"renewal_base": 1.0}}
OPEN_ASK = {"ask": 0.75, "limit": 0.9, "budget": 0.95}


def after_a_deal(scenario=SURE, rows=ROWS, **context):
    """Return talks in which the first deal was made at once, by taking the ask."""
    return play(begin(rows, scenario=scenario, supplier=TYPICAL, context=OPEN_ASK | context), [Move.ACCEPT])


def test_the_same_supplier_sits_down_again_with_prices_anew():
    before = begin(scenario=SURE, supplier=TYPICAL, context=OPEN_ASK)
    types = before.supplier_matrix.copy()
    talks = play(before, [Move.ACCEPT])
    assert not talks.terminated.any()
    assert np.array_equal(talks.supplier_matrix, types)
    for name, value in {"round": 0.0, "offer": 0.0, "ask": 1.0, "price": 0.75, "tension": 0.0, "step": 1.0}.items():
        assert (talks.state[name] == value).all(), name
    assert (talks.state["deals"] == 1.0).all()
    assert (talks.state["deals_left"] == 1.0).all()


@pytest.mark.parametrize(
    ("field", "value"), [("resentment", 0.4), ("credibility", 0.3), ("bluffs", 2.0), ("leader_used", 1.0)]
)
def test_what_the_supplier_remembers_goes_on(field, value):
    assert (after_a_deal(**{field: value}).state[field] == value).all()


@pytest.mark.parametrize(
    "field",
    [
        "unanswered", "waited", "demonstrated", "rivals", "stalemate", "tension", "goals", "time", "information",
        "physical", "accustomed", "quote", "called", "concession", "concession_step", "counter",
    ],
)  # fmt: skip
def test_what_belongs_to_one_deal_begins_anew(field):
    assert (after_a_deal(**{field: 1.0}).state[field] == 0.0).all()


def test_an_offer_does_not_stand_in_the_next_deal():
    assert (after_a_deal(offer=0.6).state["offer"] == 0.0).all()


@pytest.mark.parametrize("field", ["expected_limit", "fallback"])
def test_what_the_supplier_believed_begins_anew(field):
    """It was low in the first deal, and is what any supplier of this type believes at its first ask."""
    anew = begin(scenario=SURE, supplier=TYPICAL).state[field]
    np.testing.assert_array_equal(after_a_deal(**{field: 0.5}).state[field], anew)


def test_worn_means_stay_worn():
    assert (after_a_deal(wear_strong=0.5).state["wear_strong"] > 0.0).all()


def test_goodwill_goes_on_and_lowers_what_is_expected_of_the_next_deal():
    sweet, sour = after_a_deal(), after_a_deal(resentment=1.5)
    assert (sweet.state["goodwill"] > sour.state["goodwill"]).all()
    for talks in (sweet, sour):
        play(talks, [Move.PROBE])
    assert (sweet.state["expected_limit"] < sour.state["expected_limit"]).all()
    assert (worth(sweet) < worth(sour)).all()
    assert sweet.state["ask"].mean() < sour.state["ask"].mean()


def test_a_soured_supplier_declines_more_often_to_deal_again():
    sweet, sour = (after_a_deal(PARTNERS, resentment=resentment).terminated.mean() for resentment in (0.0, 2.0))
    assert sour > sweet + 0.1
    assert sweet < 0.3


def test_a_supplier_that_declines_ends_the_episode_with_the_deal_it_made():
    talks = after_a_deal({**PARTNERS, "constants": {"renewal_base": 0.0, "renewal_goodwill": 0.0}})
    assert talks.terminated.all()
    outcomes = talks.outcomes()
    assert (outcomes["outcome"] == "deal").all()
    assert (outcomes["deals"] == 1).all()


def test_under_delivery_shows_after_the_deal_and_is_a_mistake_that_the_buyer_knows_of():
    fair, squeezed = after_a_deal(), after_a_deal(ask=0.51)
    assert squeezed.state["under_delivered"].mean() > 2.0 * fair.state["under_delivered"].mean()
    assert np.array_equal(squeezed.state["weakness_known"], squeezed.state["under_delivered"])


def test_goodwill_is_paid_for_at_the_last_deal_only():
    talks = begin(scenario=SURE, supplier=TYPICAL, context=OPEN_ASK)
    column = talks.reward_names.index("goodwill")
    paid = []
    for _ in range(3):
        talks.state["ask"] = 0.75
        play(talks, [Move.ACCEPT])
        paid.append(talks.reward_terms[:, column].copy())
    assert (paid[0] == 0.0).all()
    assert (paid[1] == 0.0).all()
    assert (paid[2] > 0.0).all()
    assert (talks.state["outcome"] == Outcome.DEAL).all()
    assert (talks.outcomes()["deals"] == 3).all()


@pytest.mark.parametrize(
    ("moves", "outcome", "exit_waiting"),
    [
        ([Move.WALK_AWAY], Outcome.WALKED_AWAY, 0.02),
        ([Move.HOLD] * 10, Outcome.DEADLINE, 0.0),
        ([Move.HOLD] * 4, Outcome.BREAKDOWN, 1.0),  # patience for three silent rounds, anew with each deal
    ],
)
def test_the_episode_ends_with_the_first_deal_that_fails(moves, outcome, exit_waiting):
    quiet = {"supplier_tactics": [], "patience": {"low": 1.0, "high": 1.0}}
    sure = {**PARTNERS, **quiet, "constants": {"renewal_base": 1.0, "exit_waiting": exit_waiting}}
    talks = play(after_a_deal(sure, waited=3.0), moves)
    assert talks.terminated.all()
    assert (talks.state["outcome"] == outcome).all()
    assert (talks.outcomes()["deals"] == 1).all()
    assert (talks.outcomes()["rounds"] == 1 + len(moves)).all()


def test_the_second_deal_draws_other_numbers_than_the_first():
    """Rounds begin at 0 again, random numbers do not."""
    talks = begin(scenario=SURE, supplier=TYPICAL, context=OPEN_ASK)
    play(talks, [Move.PROBE])
    first = talks.state["cost_estimate"].copy()
    play(talks, [Move.ACCEPT, Move.PROBE])
    second = 2.0 * talks.state["cost_estimate"] - first  # the estimate is the mean of two readings
    assert (np.abs(second - first) > 1e-9).all()


def test_the_openings_are_legal_again():
    assert (after_a_deal().action_masks[:, [Move.OPEN_LOW, Move.OPEN_MODERATE, Move.OPEN_FAIR]] == 1).all()


def test_one_deal_is_a_partnership_that_ends_with_it():
    env = gym.make("negoenv/Procurement-v0")
    env.reset(seed=1)
    *_, info = env.step(Move.WALK_AWAY)
    assert info["deals"] == 0


@pytest.mark.parametrize("deals", [0, 13, 1.5])
def test_a_wrong_number_of_deals_gets_a_sentence(deals):
    with pytest.raises(NegoenvError, match="deals"):
        gym.make("negoenv/Partnership-v0", scenario={"deals": deals})
