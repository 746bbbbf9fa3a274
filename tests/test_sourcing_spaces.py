"""Several suppliers at once as Gymnasium and Stable-Baselines3 see them: observations, actions, and what is refused."""

import gymnasium as gym
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from negoenv import NegoenvError
from negoenv.interop.sb3 import make_sb3_vec_env
from negoenv.make import game_name, make_batch
from negoenv.sourcing import SourcingAction, SourcingBatch, SourcingMove, action_of, resolve_sourcing
from negoenv.sourcing.constants import MARKET
from negoenv.sourcing.engine.actions import SourcingFactored
from negoenv.sourcing.moves import LAYOUT, MOVES_A_SUPPLIER, SOURCING_ARGUMENTS, SOURCING_OFFERS
from negoenv.sourcing.observation import WIDTH, supplier_views
from tests.sourcing_lab import BIDDERS, OPEN_MARKET, act, bid_out, meet

M = SourcingMove
WAIT, LEAVE = int(SourcingAction["HOLD"]), int(SourcingAction["WALK_AWAY"])


# Observations and action spaces


def test_blocks_of_suppliers_that_there_are_not_are_empty():
    batch = meet(64, scenario={"suppliers": 2})
    blocks = batch.observations.reshape(64, LAYOUT, WIDTH)
    assert (blocks[:, 2:] == 0.0).all()
    assert (supplier_views(batch.observations)["present"] == [1, 1, 0, 0, 0]).all()
    assert (batch.action_masks[:, 2 * MOVES_A_SUPPLIER : WAIT] == 0).all()
    assert (batch.action_masks[:, [WAIT, LEAVE]] == 1).all()


def test_an_illegal_action_lets_a_round_pass():
    one, other = meet(64), meet(64)
    act(one, [(4, M.HOLD)])
    act(other, [WAIT])
    assert (one.orders["illegal_moves"] == 1).all()
    assert (other.orders["illegal_moves"] == 0).all()
    assert_array_equal(one.observations, other.observations)


def test_the_factored_space_names_the_same_moves():
    batch = meet(8)
    actions = SourcingFactored(batch)
    into = np.zeros(8, np.int64)
    for a, argument in enumerate(SOURCING_ARGUMENTS):
        actions.take([[1, a, 0]] * 8, into)
        assert (into == action_of(1, argument)).all()
    for o, offer in enumerate(SOURCING_OFFERS):
        actions.take([[2, 0, o]] * 8, into)
        assert (into == action_of(2, offer)).all()
    show, concede = SOURCING_ARGUMENTS.index(M.SHOW_QUOTE), SOURCING_OFFERS.index(M.CONCEDE_MODERATE)
    actions.take([[0, show, concede]] * 8, into)
    assert (into == M.SHOW_QUOTE_AND_CONCEDE).all()
    actions.take([[3, 0, len(SOURCING_OFFERS)]] * 8, into)
    assert (into == LEAVE).all()


def test_factored_masks_allow_what_is_legal_with_something():
    batch = act(meet(64, traits=BIDDERS), [(0, M.OPEN_FAIR), (1, M.HOLD)])
    actions = SourcingFactored(batch)
    masks = actions.masks(batch.action_masks)
    assert masks.shape == (64, int(actions.space.nvec.sum()))
    suppliers = masks[:, :LAYOUT]
    assert (suppliers == [1, 1, 1, 0, 0]).all()
    offers = masks[:, LAYOUT + len(SOURCING_ARGUMENTS) :]
    opens = SOURCING_OFFERS.index(M.OPEN_LOW)
    assert_array_equal(offers[:, opens], batch.action_masks[:, action_of(2, M.OPEN_LOW)])


@pytest.mark.parametrize("space", ["discrete", "factored"])
def test_stable_baselines_takes_it(space):
    envs = make_sb3_vec_env(8, "Sourcing", action_space=space)
    envs.seed(0)
    envs.reset()
    assert envs.action_masks().shape == (8, 97 if space == "discrete" else 25)
    for _ in range(30):
        _, rewards, _, _ = envs.step(np.stack([envs.action_space.sample() for _ in range(8)]))
        assert np.isfinite(rewards).all()


def test_the_observation_as_a_dictionary_holds_the_same_numbers():
    flat, form = gym.make("negoenv/Sourcing-v0"), gym.make("negoenv/Sourcing-v0", observation="dict")
    one, two = flat.reset(seed=1)[0], form.reset(seed=1)[0]
    assert form.observation_space.contains(two)
    assert_array_equal(one.reshape(LAYOUT, WIDTH), two["suppliers"])
    envs = gym.make_vec("negoenv/Sourcing-v0", num_envs=3, observation="dict", autoreset_mode="SameStep")
    started, _ = envs.reset(seed=1)
    assert envs.observation_space.contains(started)
    assert_array_equal(started["suppliers"][0], two["suppliers"])
    *_, infos = envs.step(np.full(3, LEAVE))
    assert set(infos["final_obs"][0]) == {"suppliers", "present"}


# Bad input


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"suppliers": 6}, "key 'suppliers': 6 suppliers; the layout has room for 1 to 5"),
        ({"suppliers": 0}, "key 'suppliers': 0 suppliers"),
        ({"splits": {"AWARD_MOST": [0.8, 0.4], "AWARD_HALF": [0.5, 0.5]}}, "AWARD_MOST gives 1.2 of the order; two"),
        ({"splits": {"AWARD_MOST": [0.6, 0.3], "AWARD_HALF": [0.5, 0.5]}}, "AWARD_MOST gives 0.9 of the order and"),
        ({"splits": {"AWARD_MOST": [1.0, 0.0], "AWARD_HALF": [0.5, 0.5]}}, "AWARD_MOST gives 0 of the order to one"),
        ({"splits": {"AWARD_MOST": [0.7, 0.3]}}, "the shares of AWARD_HALF are missing"),
        ({"splits": {"AWARD_MUST": [0.7, 0.3]}}, "Unknown award that splits 'AWARD_MUST'. Did you mean 'AWARD_MOST'"),
        ({"market": {"ask_live": 3}}, "Unknown field of market 'ask_live'. Did you mean 'ask_life'"),
        ({"market": {"reserve": 2.0}}, "market field 'reserve' is 2; it must lie between 0 and 1"),
        ({"market": {"spacing_low": 0.5}}, "spacing_low must not exceed spacing_high"),
        ({"weights": {"outside_option": 1.0}}, "Unknown field of weights 'outside_option'"),
        ({"requirements": 13}, "requirements is 13; it must be a whole number of at most 12"),
        ({"deals": 2}, "the key 'deals' belongs to games with one supplier; name 'requirements' instead"),
        ({"without": ["AWARD"]}, "HOLD and AWARD cannot be left out"),
        ({"without": ["WALK_OUT"]}, "Unknown move or family 'WALK_OUT'"),
        ({"supliers": 2}, "supliers"),
    ],
    ids=str,
)
def test_what_is_wrong_with_a_scenario_is_said_in_a_sentence(changes, sentence):
    with pytest.raises(NegoenvError) as error:
        resolve_sourcing(changes)
    assert sentence in str(error.value)
    assert str(error.value).startswith("scenario: ")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"suppliers": [{}]}, "'suppliers' must list what each of the 3 suppliers is to be"),
        ({"suppliers": [{}, {}, "prowd"]}, "Unknown archetype 'prowd'"),
        ({"context": {"ask": 0.9}}, "Unknown field of the context 'ask'"),
        ({"rivals": 2}, "Unknown option of reset 'rivals'"),
    ],
    ids=str,
)
def test_bad_options_are_refused_and_change_nothing(options, sentence):
    env = gym.make("negoenv/Sourcing-v0")
    with pytest.raises(NegoenvError) as error:
        env.reset(seed=0, options=options)
    assert sentence in str(error.value)


def test_options_name_each_supplier():
    batch = meet(32, traits=["staller", None, {"reservation_price": 0.4}])
    kinds = batch.revealed()
    assert set(kinds["archetype_1"]) == {"staller"}
    assert len(set(kinds["archetype_2"])) > 1
    assert (batch.supplier["reservation_price"][:, 2] == np.float32(0.4)).all()


def test_games_are_named_by_what_was_changed():
    assert game_name({"base": "Sourcing", "suppliers": 2}) == "Sourcing+suppliers=2"
    assert isinstance(make_batch(2, "TimedSourcing"), SourcingBatch)
    assert game_name({"base": "Sourcing", "market": {"reserve": 0.5}}) == "Sourcing+market.reserve=0.5"
    with pytest.raises(NegoenvError, match="Did you mean 'Sourcing'"):
        make_batch(2, "Sorcing")


def returns_in(market):
    """Return what random play earns in a market with such constants."""
    batch = SourcingBatch(512, resolve_sourcing({"base": "TimedSourcing", "market": market}))
    batch.seed(0)
    running = np.ones(512, np.bool_)
    batch.reset(running)
    rng, total = np.random.default_rng(0), np.zeros(512)
    for _ in range(60):
        preferences = rng.random(batch.action_masks.shape) * batch.action_masks
        preferences[:, [WAIT, LEAVE]] *= 0.5
        batch.step(preferences.argmax(axis=1), running)
        total += np.where(running, batch.rewards, 0.0)
        running &= ~batch.terminated
    return total


@pytest.fixture(scope="module")
def unchanged():
    return returns_in({})


@pytest.mark.parametrize("name", MARKET.names)
def test_every_constant_of_the_market_changes_something(name, unchanged):
    """Otherwise it would be a number that means nothing."""
    field = MARKET.by_name[name]
    other = {"spacing_low": {"spacing_low": 0.05}, "spacing_high": {"spacing_high": 0.5}, "ask_life": {"ask_life": 2}}
    value = other.get(name, {name: field.low if field.default > (field.low + field.high) / 2 else field.high})
    assert not np.array_equal(unchanged, returns_in(value))


def test_bidders_are_patient():  # what the experiments of test_sourcing_theory.py rely on
    batch = act(meet(64, traits=BIDDERS, market=OPEN_MARKET), [(k, M.OPEN_LOW) for k in range(3)])
    bid_out(batch, 0)
    act(batch, [(0, M.HOLD)] * 5)
    assert (batch.state["ask"] == 1.0).all()
    assert not batch.terminated.any()
