"""A supplier of one's own of a contract: packages, what lies on the table, and nothing of the buyer's weights."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from negoenv import Move, NegoenvError, Outcome
from negoenv.game.term_moves import TermMove
from negoenv.interop.own_supplier import Answer, OwnSupplierEnv, Package
from negoenv.scenarios.contract_issues import SUPPLY_CONTRACT
from tests.test_own_supplier import Scripted

OPEN, HOLD = int(Move.OPEN_MODERATE), int(Move.HOLD)
STANDARD = (2, 2, 2, 2)


def begun(answer, seed=0, **arguments):
    env = OwnSupplierEnv(Scripted(answer), arguments.pop("scenario", "Contract"), **arguments)
    env.reset(seed=seed)
    return env


def shares(env, terms):
    """Return what terms are worth to the buyer, and cost the supplier."""
    worth, _, cost = env.batch.priced(np.array([0]), np.array([terms]))
    return float(worth[0]), float(cost[0])


def better_and_worse(env):
    """Return the terms by which both together gain most, and lose most without a principle given up."""
    gains = {}
    for terms in np.ndindex(5, 5, 5, 3):
        terms = (*terms[:3], terms[3] + 2)
        worth, cost = shares(env, terms)
        gains[terms] = worth - cost
    return max(gains, key=gains.get), min(gains, key=gains.get)


def test_it_is_told_the_terms_and_what_they_cost_it():
    env = begun(1.0)
    env.step(OPEN)
    env.step(int(TermMove.DEMAND_DELIVERY))
    first, opened, demanded = env.own.heard
    assert (first.terms, first.offered, first.offer) == (STANDARD, STANDARD, 0.0)
    assert opened.offered == STANDARD
    assert demanded.move == "DEMAND_DELIVERY"
    assert demanded.terms == demanded.offered == (2, 3, 2, 2)
    assert_allclose(demanded.offer, opened.offer)
    assert_allclose(demanded.cost((2, 3, 2, 2)), shares(env, (2, 3, 2, 2))[1])
    assert_allclose(demanded.ask, opened.ask + demanded.cost(demanded.terms), err_msg="the same profit")
    assert demanded.cost(STANDARD) == 0.0


def test_an_ask_is_for_the_terms_on_the_table_and_one_at_the_offer_takes_it():
    env = begun(lambda talks: talks.ask - 0.01)
    env.step(OPEN)
    env.step(int(TermMove.DEMAND_DELIVERY))
    assert_allclose(env.batch.seen("ask")[0], env.own.heard[-1].ask - 0.01)
    env.own.given = lambda talks: talks.offer - 0.001
    *_, terminated, _, info = env.step(HOLD)
    assert terminated
    assert_allclose(info["price"], env.own.heard[-1].offer)
    assert info["delivery"] == 13.0


def test_a_package_by_which_both_gain_goes_on_the_table_and_the_buyer_may_accept_it():
    env = begun(1.0)
    env.step(OPEN)
    terms, _ = better_and_worse(env)
    worth, cost = shares(env, terms)
    before = float(env.batch.seen("offer")[0])
    env.own.given = Package(0.98 + cost, terms)
    env.step(HOLD)
    batch = env.batch
    assert tuple(batch.terms["level"][0]) == terms
    assert_allclose(batch.seen("ask")[0], 0.98 + cost)
    assert_allclose(batch.seen("offer")[0], before + worth, err_msg="the buyer gains by its offer what it did")
    env.own.given = Answer.ACCEPT
    *_, info = env.step(HOLD)
    told = env.own.heard[-1]
    assert (told.terms, told.offered) == (terms, STANDARD)
    assert_allclose((told.offer, info["price"]), before, err_msg="it takes what the buyer has named, and no more")
    assert info["service"] == 94.0


def test_what_the_buyer_names_after_that_is_for_the_new_terms():
    env = begun(1.0)
    env.step(OPEN)
    terms, _ = better_and_worse(env)
    env.own.given = Package(1.0 + shares(env, terms)[1], terms)
    env.step(HOLD)
    env.step(int(Move.CONCEDE_MODERATE))
    told = env.own.heard[-1]
    assert told.offered == terms
    assert_allclose(told.offer, env.batch.seen("offer")[0])
    *_, terminated, _, info = env.step(int(Move.ACCEPT))
    assert terminated
    assert_allclose(info["price"], 1.0 + shares(env, terms)[1])


def test_a_package_by_which_both_lose_is_an_ask_with_the_same_profit():
    env = begun(1.0)
    env.step(OPEN)
    _, worst = better_and_worse(env)
    env.own.given = Package(0.95 + shares(env, worst)[1], worst)
    env.step(HOLD)
    assert tuple(env.batch.terms["level"][0]) == STANDARD
    assert_allclose(env.batch.seen("ask")[0], 0.95)


def test_what_it_is_told_does_not_depend_on_limit_budget_and_weights_of_the_buyer():
    issues = SUPPLY_CONTRACT.model_dump(mode="json", exclude_none=True)
    issues["payment"]["weight"], issues["delivery"]["weight"] = 0.02, 0.26
    told, limits = [], []
    for scenario in ({}, {"limit": {"low": 0.97, "high": 0.97}}, {"issues": issues}):
        env = begun(lambda talks: talks.ask - 0.01, scenario={"base": "Contract", **scenario})
        for move in (OPEN, TermMove.DEMAND_PAYMENT, TermMove.TRADE_PAYMENT_FOR_SERVICE, HOLD, Move.CONCEDE_SMALL):
            env.step(int(move))
        told.append(env.own.heard)
        limits.append((float(env.batch.state["limit"][0]), env.batch.issues["worth"].tolist()))
    assert told[0] == told[1] == told[2]
    assert limits[0][0] != limits[1][0]
    assert limits[0][1] != limits[2][1]


def test_sales_below_cost_and_errors_are_counted():
    env = begun(1.0, scenario={"base": "Contract", "benchmark": {"low": 0.3, "high": 0.3}})
    env.step(OPEN)
    env.own.given = Answer.ACCEPT
    *_, info = env.step(int(TermMove.DEMAND_PAYMENT))
    told = env.own.heard[-1]
    assert_allclose(info["price"], told.offer)
    assert info["price"] < told.reservation_price + told.cost(told.offered)
    assert (info["below_cost"], info["outcome"]) == (1, Outcome.DEAL)
    *_, info = begun(ZeroDivisionError("no"), crash_leaves=True).step(OPEN)
    assert (info["crashed"], info["outcome"]) == (1, Outcome.BREAKDOWN)


@pytest.mark.parametrize("terms", [(2, 2, 2), (2, 2, 2, 5), (2, 2, 2, -1), None, (2, 2, 2, "x")])
def test_terms_that_there_are_not_are_told(terms):
    with pytest.raises(NegoenvError, match=r"The supplier Scripted answered the terms .*; a level of each of 4 issues"):
        begun(Package(0.9, terms)).step(OPEN)
