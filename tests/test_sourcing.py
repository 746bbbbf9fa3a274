"""Several suppliers at once: one of them alone is a price negotiation; asks age; awards close; requirements arrive."""

import numpy as np
from numpy.testing import assert_array_equal

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game import observation
from negoenv.game.state import Outcome
from negoenv.scenarios.presets import resolve
from negoenv.sourcing import SourcingAction, SourcingBatch, SourcingMove, action_of, resolve_sourcing
from negoenv.sourcing.moves import LAYOUT
from negoenv.sourcing.observation import WIDTH, supplier_views
from tests.sourcing_lab import BIDDERS, act, meet

M = SourcingMove
SHARED = [move for move in M if move.tactic is move.stands_for.tactic]
"""The moves that a price negotiation has, too."""

WAIT, LEAVE = int(SourcingAction["HOLD"]), int(SourcingAction["WALK_AWAY"])


# One supplier alone


def test_a_supplier_alone_replays_the_price_negotiation_bit_for_bit():
    rows = 400
    sourcing = SourcingBatch(rows, resolve_sourcing("Sourcing"))
    alone = NegotiationBatch(rows, resolve({"deadline": 24}))
    running = np.ones(rows, np.bool_)
    for batch in (sourcing, alone):
        batch.seed(5)
        batch.reset(running)
    assert_array_equal(sourcing.supplier[:, 0], alone.supplier)
    rng, steps, ends = np.random.default_rng(0), 0, set()
    mine, theirs = np.array([action_of(0, m) for m in SHARED]), np.array([m.stands_for for m in SHARED], np.int64)
    numbers = sourcing.records["state_numbers"]
    while running.any():
        legal = alone.action_masks[:, theirs]
        assert_array_equal(sourcing.action_masks[running][:, mine], legal[running])
        chosen = (rng.random(legal.shape) * legal).argmax(axis=1)
        sourcing.step(mine[chosen], running)
        alone.step(theirs[chosen], running)
        assert_array_equal(numbers[running, 0], alone.state_matrix[running])
        undecided = running & (alone.state["outcome"] != Outcome.DEAL)
        block = sourcing.observations.reshape(rows, LAYOUT, WIDTH)[:, 0, : len(observation.COLUMNS)]
        assert_array_equal(block[undecided], alone.observations[undecided])
        steps += int(running.sum())
        ends |= set(alone.state["outcome"][alone.terminated].astype(int))
        running &= ~alone.terminated
    assert steps > 3000
    assert ends == {Outcome.DEAL, Outcome.BREAKDOWN, Outcome.DEADLINE}


def test_suppliers_of_a_row_are_independent_draws():
    supplier = meet(4000).supplier["reservation_price"]
    together = np.corrcoef(supplier.T)
    assert np.abs(together[~np.eye(3, dtype=bool)]).max() < 0.06
    assert_array_equal(supplier[:, 0], meet(4000, traits=None, scenario={"suppliers": 1}).supplier[
        "reservation_price"][:, 0])  # fmt: skip


# Asks age and expire; suppliers drop out and come back


def test_a_price_stands_for_its_life_without_a_word_and_then_expires():
    batch = meet(traits=BIDDERS, market={"ask_life": 3, "drop_rate": 0.0})
    for age in range(1, 6):
        act(batch, [(0, M.HOLD)])
        seen = supplier_views(batch.observations)
        assert (batch.contacts["age"][:, 1] == age).all()
        assert (seen["stands"][:, 1] == (age <= 3)).all()
        assert_array_equal(seen["stands"][:, 0], 1.0 - seen["gone"][:, 0])
    act(batch, [(1, M.HOLD)])
    assert (supplier_views(batch.observations)["stands"][:, 1] == 1).all(), "a word renews it"
    assert (batch.action_masks[:, action_of(2, M.AWARD)] == 0).all()


def test_who_is_left_alone_drops_out_and_comes_back_when_invited():
    batch = meet(market={"ask_life": 1, "drop_rate": 1.0, "return_chance": 1.0})
    act(batch, [(0, M.HOLD)])
    assert (batch.contacts["awake"] == 1.0).all()
    act(batch, [(0, M.HOLD)])
    assert_array_equal(batch.contacts["awake"][0], [1.0, 0.0, 0.0])
    masks = batch.action_masks.reshape(batch.num_rows, -1)[:, action_of(1, M.HOLD) : action_of(2, M.HOLD)]
    assert_array_equal(np.flatnonzero(masks[0]), [M.INVITE])
    act(batch, [(1, M.INVITE)])
    assert (batch.contacts["awake"][:, 1] == 1.0).all()
    assert (batch.reward_terms[:, batch.reward_names.index("tactics")] == -0.01).all()
    never = act(meet(market={"ask_life": 1, "drop_rate": 1.0, "return_chance": 0.0}), [(0, M.HOLD)] * 2)
    assert (act(never, [(1, M.INVITE)] * 3).contacts["awake"][:, 1] == 0.0).all()


def test_suppliers_that_were_not_invited_sleep():
    batch = SourcingBatch(64, resolve_sourcing("Sourcing"))
    batch.seed(0)
    batch.reset(np.ones(64, np.bool_))
    assert_array_equal(batch.contacts["awake"][0], [1.0, 1.0, 0.0])
    assert (batch.action_masks[:, action_of(2, M.INVITE)] == 1).all()
    assert (batch.action_masks[:, action_of(1, M.INVITE)] == 0).all()


def test_pressure_on_those_who_wait_falls_as_between_two_rounds():
    batch = act(meet(traits=BIDDERS), [(0, M.OPEN_MODERATE), (0, M.REVEAL_BUDGET)])
    before = batch.state[:, 0].copy()
    act(batch, [(1, M.HOLD)])
    after, keep = batch.state[:, 0], batch.game["base"]["constants"]
    assert (before["goals"] > 0.0).any()
    assert_array_equal(after["goals"], before["goals"] * keep["keep_goals"])
    assert_array_equal(after["tension"], before["tension"] * keep["keep_tension"])
    assert_array_equal(after["round"], 3.0)
    assert_array_equal(batch.state["round"][:, 1], 1.0), "its clock began with its first word"
    assert_array_equal(batch.state["deadline"][:, 1], 198.0)


def test_what_a_supplier_said_comes_due_while_the_buyer_talks_to_another():
    talkative = BIDDERS | {"tactics_rate": 1.0, "honesty": 1.0}
    batch = act(meet(2000, traits=talkative), [(0, M.OPEN_MODERATE), (0, M.HOLD), (0, M.HOLD)])
    pending = batch.state["pending"][:, 0] > 0.0
    assert pending.mean() > 0.2
    act(batch, [(1, M.HOLD)] * 4)
    assert (batch.state["pending"][:, 0] == 0.0).all()


def test_it_goes_on_until_nobody_is_left():
    batch = meet(traits=BIDDERS | {"exit_rate": 1.0}, market={"drop_rate": 0.0})
    for k in range(3):
        assert not batch.terminated.any()
        act(batch, [(k, M.HOLD)])
    assert batch.terminated.all()
    assert set(batch.outcomes()["outcome"]) == {"breakdown"}
    assert (batch.outcomes()["lost"] == 3).all()


# Agreements and awards


def agreed(rows=256, **arguments):
    """Return episodes in which the first two suppliers have agreed to the buyer's offers."""
    ready = BIDDERS | {"decisiveness": 1.0, "reservation_price": 0.5, "aspiration": 0.1}
    batch = meet(rows, traits=ready, market={"drop_rate": 0.0, "ask_life": 50}, **arguments)
    act(batch, [(k, M.OPEN_FAIR) for k in (0, 1)])
    for _ in range(12):
        act(batch, [(k, M.CONCEDE_LARGE) for k in (0, 1)])
    return batch


def test_an_agreed_price_stands_until_it_is_awarded():
    batch = agreed()
    both = (batch.state["outcome"][:, :2] == Outcome.DEAL).all(axis=1)
    assert both.mean() > 0.5
    assert not batch.terminated[both].any()
    assert (supplier_views(batch.observations)["agreed"][both, :2] == 1).all()
    assert_array_equal(supplier_views(batch.observations)["ask"][both, 0], batch.state["price"][both, 0].astype("f4"))
    least = batch.state["price"][:, :2].min(axis=1)
    act(batch, [(0, M.AWARD)])
    assert batch.terminated[both].all()
    assert (batch.outcomes()["price"][both] >= least[both]).all()
    assert_array_equal(batch.outcomes()["price"][both], batch.state["price"][both, 0])


def test_a_split_is_priced_by_its_shares_and_each_is_the_others_reserve():
    batch = agreed()
    both = (batch.state["outcome"][:, :2] == Outcome.DEAL).all(axis=1)
    prices = batch.state["price"][:, :2].copy()
    whole, split = agreed(), agreed()
    act(whole, [(0, M.AWARD)])
    act(split, [(0, M.AWARD_MOST)])
    assert np.allclose(split.orders["price"][both], (0.7 * prices[:, 0] + 0.3 * prices[:, 1])[both])
    assert (split.outcomes()["sources"][both] == 2).all()
    fails = [batch.outcomes()["under_delivery_probability"][both] for batch in (whole, split)]
    assert (fails[1] < 0.6 * fails[0]).all()
    none = {"market": {"drop_rate": 0.0, "ask_life": 50, "reserve": 0.0}}
    bare = agreed(scenario=split.scenario.model_copy(update=none))
    act(bare, [(0, M.AWARD_MOST)])
    same = (bare.orders["second"] == split.orders["second"]) & both
    assert (bare.outcomes()["under_delivery_probability"][same] > fails[1][same[both]]).all()


def test_dual_sourcing_pays_where_failure_is_dear_and_not_where_it_is_cheap():
    def gain(weight):
        returns = []
        for move in (M.AWARD, M.AWARD_MOST):
            batch = agreed(weights={"under_delivery": weight})
            batch.state["resentment"][:] = 1.0  # so that either may well fail
            prices = batch.state["price"]
            both = (batch.state["outcome"][:, :2] == Outcome.DEAL).all(axis=1) & (prices[:, 0] <= prices[:, 1])
            act(batch, [(0, move)])
            returns.append(batch.rewards[both])
        return (returns[1] - returns[0]).mean()

    assert gain(3.0) > 0.01
    assert gain(0.0) < -0.01


def test_opening_an_agreed_price_again_is_resented():
    batch = agreed()
    cheaper = (batch.state["outcome"][:, 0] == Outcome.DEAL) & (batch.action_masks[:, action_of(0, M.SHOW_QUOTE)] == 1)
    assert cheaper.any()
    before = batch.state["resentment"][:, 0].copy()
    act(batch, [(0, M.SHOW_QUOTE)])
    assert (batch.state["resentment"][cheaper, 0] >= before[cheaper] + 0.15 - 1e-9).all()


def test_what_is_awarded_was_affordable():
    batch = meet()
    assert (batch.action_masks[:, [action_of(k, M.AWARD) for k in range(3)]] == 0).all(), "list prices are too high"
    act(batch, [(0, M.AWARD)])
    assert (batch.orders["illegal_moves"] == 1).all()
    assert not batch.terminated.any()


# Requirements that arrive


def timed(rows=256, **changes):
    scenario = resolve_sourcing({"base": "TimedSourcing", "invited": 5, **changes})
    batch = SourcingBatch(rows, scenario)
    batch.seed(0)
    ready = BIDDERS | {"decisiveness": 1.0, "reservation_price": 0.5, "aspiration": 0.1, "exit_rate": 0.0}
    batch.reset(np.ones(rows, np.bool_), {"supplier": ready})
    return batch


def test_requirements_follow_each_other_and_one_budget_pays_for_all():
    batch = timed()
    funds, ceiling = batch.orders["funds"].copy(), batch.orders["ceiling"].copy()
    assert np.allclose(funds, 0.85 * 4 * ceiling)
    seen = set()
    for _ in range(60):
        legal = batch.action_masks
        award, opening = action_of(0, M.AWARD), action_of(0, M.OPEN_FAIR)
        wanted = (award, opening, action_of(0, M.CONCEDE_LARGE), action_of(0, M.HOLD))
        chosen = np.select([legal[:, action] == 1 for action in wanted], wanted, WAIT)
        batch.step(chosen, ~batch.terminated)
        assert np.allclose(batch.orders["funds"], np.maximum(0.0, funds - batch.orders["paid"]))
        assert (batch.state["budget"] <= np.maximum(batch.orders["funds"], ceiling)[:, None] + 1e-9).all()
        seen |= set(batch.orders["bought"].astype(int))
    assert seen == {0, 1, 2, 3, 4}
    done = batch.orders["bought"] == 4
    assert set(batch.outcomes()["outcome"][done]) == {"deal"}
    assert (batch.outcomes()["deals"] == batch.orders["bought"]).all()


def test_a_requirement_that_comes_too_late_is_not_bought():
    late = {"spacing_low": 1.0, "spacing_high": 1.0}
    batch = timed(market=late)
    for _ in range(30):
        award = batch.action_masks[:, action_of(0, M.AWARD)] == 1
        opens = batch.action_masks[:, action_of(0, M.OPEN_FAIR)] == 1
        gives = batch.action_masks[:, action_of(0, M.CONCEDE_LARGE)] == 1
        chosen = np.select([award, opens, gives], [action_of(0, M.AWARD), 3, action_of(0, M.CONCEDE_LARGE)], WAIT)
        batch.step(chosen, ~batch.terminated)
    bought = batch.orders["bought"] == 1
    assert bought.mean() > 0.5
    assert batch.terminated[bought].all()
    deadline = batch.reward_terms[:, batch.reward_names.index("deadline")]
    assert np.allclose(deadline[bought], -0.2 * 3)
