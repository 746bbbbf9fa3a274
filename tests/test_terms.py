"""The rules of the terms besides the price."""

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negoenv.benchmark.evaluation import evaluate
from negoenv.game import observation
from negoenv.game.tactics import ARGUMENTS, MOVES, OFFERS, Move
from negoenv.game.term_moves import ALL_MOVES, ASK_PRIORITIES, ISSUES, LEVELS, TERM_MOVES, TermMove
from negoenv.game.terms_observation import ALL_NAMES
from negoenv.make import make_batch
from negoenv.scenarios.contract_issues import SUPPLY_CONTRACT

ROWS = 256
CALM = {
    "exit_rate": 0.0,
    "tolerance": 5.0,
    "decisiveness": 0.0,
    "readiness": -10.0,
    "tactics_rate": 0.0,
    "fairness": 0.16,
}
"""A supplier that stays, takes no offer, and moves its ask by nothing but quotes."""
CERTAIN = {"refusal": 0.0, "refusal_cost": 0.0, "refusal_strain": 0.0}


def game(rows=ROWS, supplier=None, scenario=None, **constants):
    data = SUPPLY_CONTRACT.model_dump(mode="json") | {"constants": constants}
    batch = make_batch(rows, {"base": "Contract", "issues": data, **(scenario or {})})
    batch.seed(3)
    batch.reset(np.ones(rows, np.bool_), {"supplier": {**CALM, **(supplier or {})}, "context": {"deadline": 100}})
    return batch


def play(batch, *moves):
    for move in moves:
        batch.step(np.full(batch.num_rows, int(move)), np.ones(batch.num_rows, np.bool_))
    return batch


def column(batch, name):
    return batch.observations[:, ALL_NAMES.index(name)]


def test_moves_are_numbered_after_those_on_the_price():
    assert [move.value for move in ALL_MOVES] == list(range(MOVES + len(TermMove)))
    assert len({move.name for move in ALL_MOVES}) == len(ALL_MOVES)
    assert (np.abs(LEVELS[:-1]).sum(axis=1) >= 1).all()
    assert not LEVELS[ASK_PRIORITIES - MOVES].any()


def test_a_contract_begins_at_the_standard_terms_and_at_the_prices_of_procurement():
    """The draws of supplier and buyer are those of Procurement, which has the same population and ranges."""
    contract, procurement = make_batch(64, "Contract"), make_batch(64, "Procurement")
    for batch in (contract, procurement):
        batch.seed(9)
        batch.reset(np.ones(64, np.bool_))
    assert (contract.supplier == procurement.supplier).all()
    assert (contract.state == procurement.state).all()
    assert (contract.observations[:, : len(observation.NAMES)] == procurement.observations).all()
    assert (contract.action_masks[:, :MOVES] == procurement.action_masks).all()


def test_without_moves_on_terms_a_contract_is_procurement_bit_for_bit():
    """The dynamics are written once: moves on the price lead to the same states."""
    contract, procurement = make_batch(64, "Contract"), make_batch(64, "Procurement")
    rng = np.random.default_rng(0)
    over = np.zeros(64, np.bool_)
    for batch in (contract, procurement):
        batch.seed(9)
        batch.reset(np.ones(64, np.bool_))
    for _ in range(60):
        moves = (rng.random((64, MOVES)) * procurement.action_masks).argmax(axis=1)
        for batch in (contract, procurement):
            batch.step_or_reset(moves, over)
        assert contract.state.tobytes() == procurement.state.tobytes()
        assert (contract.observations[:, : len(observation.NAMES)] == procurement.observations).all()
        assert (contract.terminated == procurement.terminated).all()
        over = procurement.terminated.copy()


@pytest.mark.parametrize("issue", ISSUES)
def test_a_demand_is_quoted_at_what_it_costs_the_supplier_and_a_mark_up(issue):
    batch = play(game(**CERTAIN), Move.OPEN_MODERATE)
    offer, ask = batch.seen("offer").copy(), batch.seen("ask").copy()
    play(batch, TermMove[f"DEMAND_{issue.upper()}"])
    cost = batch.terms["cost"]
    assert (cost > 0.0).all()
    assert np.allclose(batch.seen("offer"), offer), "the price that the buyer offers stays"
    quoted = column(batch, f"{issue}_quote") / 10.0
    assert (quoted >= cost - 1e-6).all()
    assert (quoted <= cost * (1.0 + 0.24) + 1e-6).all()
    below_cap = batch.state["ask"] < 1.0 - 1e-9
    assert np.allclose(batch.seen("ask")[below_cap], (ask + quoted)[below_cap], atol=1e-6)
    assert (batch.state["ask"] <= 1.0 + 1e-9).all(), "for the standard terms it never asks more than at first"


@pytest.mark.parametrize("issue", ISSUES)
def test_a_gift_is_a_concession_of_what_it_saves_the_supplier(issue):
    batch = play(game(**CERTAIN), Move.OPEN_MODERATE)
    offer = batch.state["offer"].copy()
    shown = batch.seen("offer").copy()
    play(batch, TermMove[f"GIVE_{issue.upper()}"])
    saved = -batch.terms["cost"]
    capped = batch.state["offer"] >= batch.state["ask"] - 1e-9
    assert (saved > 0.0).all()
    assert np.allclose(batch.state["offer"][~capped], (offer + saved)[~capped])
    assert np.allclose(batch.seen("offer")[~capped], shown[~capped])
    assert (batch.state["concession"] > 0.0).all(), "and the supplier takes it for one"


def test_giving_and_taking_back_earns_nothing():
    """Or a buyer could give and take back for ever, and be paid for each gift."""
    eager = {"readiness": 5.0, "matching": 1.0, "concession_rate": 1.0, "concession_spread": 0.0, "generosity": 0.0}
    batch = play(game(supplier=eager, **CERTAIN), Move.OPEN_MODERATE)
    ask, offer = batch.state["ask"].copy(), batch.state["offer"].copy()
    play(batch, TermMove.GIVE_DELIVERY, TermMove.DEMAND_DELIVERY)
    here = ~batch.terminated
    assert np.allclose(batch.state["offer"][here], offer[here])
    assert (batch.terms["cost"][here] == 0.0).all() or np.allclose(batch.terms["cost"][here], 0.0)
    assert (batch.state["ask"][here] >= ask[here] - 0.02).mean() > 0.95


def test_a_refused_demand_changes_nothing_on_the_table():
    batch = play(game(refusal=1.0), Move.OPEN_MODERATE)
    before = batch.seen("offer").copy(), batch.seen("ask").copy(), batch.terms["level"].copy()
    play(batch, TermMove.DEMAND_PAYMENT)
    refused = batch.terms["refused"] == 1.0
    assert refused.mean() > 0.8
    assert (column(batch, "refused") == refused).all()
    for old, new in zip(before, (batch.seen("offer"), batch.seen("ask"), batch.terms["level"]), strict=True):
        assert np.allclose(old[refused], new[refused])


def test_dear_terms_are_refused_more_often():
    batch = play(game(rows=4096), Move.OPEN_MODERATE)
    play(batch, TermMove.DEMAND_PAYMENT)
    dear = batch.terms["payment_weight"] > np.median(batch.terms["payment_weight"])
    refused = batch.terms["refused"]
    assert refused[dear].mean() > refused[~dear].mean() + 0.1


@pytest.mark.parametrize(("honesty", "first"), [(1.0, 1.0), (0.0, 0.25)])
def test_priorities_are_told_truly_or_turned_round(honesty, first):
    batch = play(game(supplier={"honesty": honesty}), ASK_PRIORITIES)
    dearest = batch.terms["weight"].argmax(axis=1)
    said = np.stack([column(batch, f"{issue}_priority") for issue in ISSUES], axis=1)
    assert (said[np.arange(ROWS), dearest] == first).all()
    assert (np.sort(said, axis=1) == [0.25, 0.5, 0.75, 1.0]).all()


def test_weights_go_with_the_kind_and_are_hidden():
    batch = make_batch(4096, "Contract")
    batch.seed(0)
    batch.reset(np.ones(4096, np.bool_))
    kinds = np.array(batch.population.archetype_names)[batch.supplier["archetype"].astype(int)]
    payment = batch.terms["payment_weight"]
    assert payment[kinds == "family_firm"].mean() > 1.4 * payment[kinds == "overstocked"].mean()
    assert payment[kinds == "family_firm"].std() > 0.0
    assert not column(batch, "payment_weight").any()
    shown = make_batch(64, {"base": "Contract", "hidden": []})
    shown.seed(0)
    shown.reset(np.ones(64, np.bool_))
    assert np.allclose(column(shown, "payment_weight"), payment[:64])


def test_what_is_seen_depends_on_hidden_weights_only_through_what_the_supplier_says():
    """Two suppliers that differ in their weights alone look the same until one of them quotes."""
    one, other = game(**CERTAIN), game(**CERTAIN)
    other.terms["weight"] *= 1.5
    for batch in (one, other):
        play(batch, Move.OPEN_MODERATE, Move.CONCEDE_SMALL)
    assert (one.observations == other.observations).all()
    assert (one.action_masks == other.action_masks).all()


def test_a_principle_given_up_makes_a_bad_deal_at_any_price():
    batch = play(game(**CERTAIN, markup=0.0, markup_spread=0.0), Move.OPEN_MODERATE, TermMove.GIVE_SERVICE)
    here = ~batch.terminated & (batch.action_masks[:, Move.ACCEPT] == 1)
    assert here.any()
    batch.step(np.full(ROWS, int(Move.ACCEPT)), here)
    found = batch.outcomes(np.flatnonzero(here))
    assert (found["principle_kept"] == 0.0).all()
    assert (found["surplus_share"] < 0.0).all()
    terms = dict(zip(batch.reward_names, batch.reward_terms[here].T, strict=True))
    assert (terms["surplus"] >= -1.0).all()
    assert (terms["surplus"] < 0.0).all()
    assert (terms["goodwill"] == 0.0).all()
    assert (found["buyer_utility"] < 0.5).all()


@given(seed=st.integers(0, 2**31), moves=st.lists(st.integers(0, len(ALL_MOVES) - 1), min_size=18, max_size=18))
def test_any_moves_keep_to_the_spaces(seed, moves):
    batch = make_batch(8, "Contract", "unseen")
    batch.seed(seed)
    rows = np.ones(8, np.bool_)
    batch.reset(rows)
    rng = np.random.default_rng(seed)
    for move in moves:
        legal = (rng.random(batch.action_masks.shape) * batch.action_masks).argmax(axis=1)
        batch.step(np.where(rng.random(8) < 0.4, move, legal), rows)
        space = batch.observation_space
        assert ((batch.observations >= space.low) & (batch.observations <= space.high)).all()
        assert np.isfinite(batch.rewards).all()
        assert np.allclose(batch.reward_terms.sum(axis=1), batch.rewards)
        assert (batch.terms["level"] >= 0).all()
        assert (batch.terms["level"] <= 4).all()
        talks = batch.state["outcome"] == 0
        assert (batch.state["offer"][talks] <= batch.state["ask"][talks] + 1e-9).all()
        batch.reset(batch.terminated.copy())


def test_a_legal_move_on_terms_is_played_and_others_count_as_hold():
    batch = make_batch(512, "Contract")
    batch.seed(1)
    rows = np.ones(512, np.bool_)
    batch.reset(rows)
    rng = np.random.default_rng(0)
    for _ in range(12):
        moves = rng.integers(0, len(ALL_MOVES), 512)
        legal = batch.action_masks[np.arange(512), moves] == 1
        counted = batch.state["illegal_moves"].copy()
        batch.step(moves, rows)
        assert ((batch.state["illegal_moves"] - counted == 1) == ~legal).all()
        batch.reset(batch.terminated.copy())


def test_the_columns_on_the_price_come_first():
    names = observation.NAMES
    assert ALL_NAMES[: len(names)] == names


def test_trading_issues_beats_bargaining_issue_by_issue():
    """The first half of the first condition of the issue, by far: .10 of the span from random to the best is asked."""
    from agents.scripted import make

    names = ("issue_by_issue", "logroller", "accommodating")
    returns = {name: evaluate(make(name), make_batch(1024, "Contract", "test"), seed=11) for name in names}
    assert returns["logroller"].returns.mean() - returns["issue_by_issue"].returns.mean() > 0.2
    created = {name: np.nanmean(e.values()["value_created"]) for name, e in returns.items()}
    assert created["logroller"] > created["issue_by_issue"] + 0.15
    assert np.nanmean(returns["logroller"].values()["principle_kept"]) > 0.99
    assert np.nanmean(returns["accommodating"].values()["principle_kept"]) < 0.9, "the soft line gives it up"


def test_the_factored_and_the_price_space_reach_every_move_on_terms():
    sizes = {
        "factored": (len(ARGUMENTS) + 1, len(OFFERS) + TERM_MOVES - 1),  # what is asked about terms is an argument
        "price": len(ARGUMENTS) + 1 + TERM_MOVES,  # and WALK_AWAY
    }
    for name, size in sizes.items():
        env = gym.make("negoenv/Contract-v0", action_space=name).unwrapped
        env.reset(seed=0)
        if name == "factored":
            assert tuple(env.action_space.nvec) == size
            reached = {int(move) for move in env._space._combined.ravel()}
            assert {*range(len(ALL_MOVES))} == reached
            assert len(env.action_masks()) == sum(size)
        else:
            assert env.action_space["argument"].n == size == len(env.action_masks())
            env.step({"argument": np.int64(0), "price": np.array([0.6], np.float32)})
            env.step({"argument": np.int64(len(ARGUMENTS) + 1), "price": np.array([0.0], np.float32)})
            assert env.batch.state["last_move"][0] == MOVES


def test_a_named_price_holds_for_the_terms_on_the_table():
    batch = play(game(**CERTAIN), Move.OPEN_LOW, TermMove.DEMAND_PAYMENT)
    legal = batch.action_masks[:, Move.OFFER_95] == 1
    assert legal.any()
    batch.step(np.full(ROWS, int(Move.OFFER_95)), legal)
    assert np.allclose(batch.seen("offer")[legal], 0.95 * batch.state["benchmark"][legal])


def test_what_is_seen_makes_a_state_whole_again():
    """A planner writes what it sees into the states that it imagines; into the true one it fits."""
    batch = play(game(), Move.OPEN_MODERATE, TermMove.DEMAND_SERVICE, TermMove.GIVE_PAYMENT, TermMove.DEMAND_VOLUME)
    here = np.flatnonzero(~batch.terminated)
    state, terms = batch.state.copy(), batch.terms.copy()
    for name in ("offer", "ask", "budget", "limit"):
        batch.state[name] = batch.seen(name)
    batch.take_seen(here, batch.observations[here])
    for name in ("offer", "ask", "budget", "limit"):
        assert np.allclose(batch.state[name][here], state[name][here], atol=1e-5), name
    for name in ("level", "worth", "cost"):
        assert np.allclose(batch.terms[name][here], terms[name][here], atol=1e-5), name
