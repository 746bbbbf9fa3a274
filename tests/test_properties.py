"""What holds for any supplier, any seed and any sequence of moves, legal or not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negoenv.game import observation
from negoenv.game.effects import Family
from negoenv.game.state import STATE, Outcome
from negoenv.game.supplier import SUPPLIER
from negoenv.game.supplier_tactics import SupplierTactic
from negoenv.game.tactics import FAMILY_OF, Move, families_of
from negoenv.numerics.randomness import SEED_MODULUS
from negoenv.scenarios.presets import PRESETS
from tests.laboratory import begin, play, worth

TRAITS = {field.name: field for field in SUPPLIER.fields if field.name != "archetype"}
STAYING = [move for move in Move if FAMILY_OF[move] is not Family.CLOSE]
CONCESSIONS = [move for move in Move if Family.CONCESSION in families_of(move)]
ROUNDING = 1e-12  # of prices, fractions of the first ask
MOVES = st.integers(-2, len(Move) + 1) | st.integers(-(2**63), 2**63 - 1)


RAISING = [tactic for tactic in SupplierTactic if tactic.effects.now > 0.0]
RAISING_LATER = [tactic for tactic in SupplierTactic if tactic.effects.due > 0.0 or tactic.effects.back > 0.0]


def check(batch, before):
    """Check one step of a batch, given a copy of its state ``before``."""
    state, supplier = batch.state, batch.supplier
    for numbers in (batch.state_matrix, batch.observations, batch.rewards, batch.reward_terms):
        assert np.isfinite(numbers).all()
    assert ((batch.state_matrix >= STATE.lows - ROUNDING) & (batch.state_matrix <= STATE.highs + ROUNDING)).all()
    space = batch.observation_space
    assert ((batch.observations >= space.low) & (batch.observations <= space.high)).all()
    assert np.allclose(batch.rewards, batch.reward_terms.sum(axis=1), rtol=0.0, atol=1e-12)

    over, deal = batch.terminated, state["outcome"] == Outcome.DEAL
    assert np.array_equal(over, state["outcome"] != Outcome.OPEN)
    assert (state["price"][deal] >= supplier["reservation_price"][deal] - ROUNDING).all()
    assert (state["price"][deal] <= state["budget"][deal] + ROUNDING).all()
    assert (state["price"][~deal & (state["deals"] == 0.0)] == 0.0).all()
    assert (state["ask"] >= supplier["reservation_price"] - ROUNDING).all()
    least = np.maximum(supplier["reservation_price"], state["fallback"])
    assert (state["fallback"] >= supplier["reservation_price"] - ROUNDING).all()
    assert (state["expected_limit"] <= state["ask"] + ROUNDING).all()
    assert (worth(batch) >= least - ROUNDING).all(), "nobody settles for less than cost, or what it gets elsewhere"
    assert (worth(batch) <= np.maximum(state["ask"], least) + ROUNDING).all(), "nobody expects more than it asks for"
    assert (state["offer"] <= np.minimum(state["ask"], state["budget"]) + ROUNDING).all()
    assert over[state["round"] >= state["deadline"]].all()

    renewed = state["deals_left"] < before["deals_left"]
    renewed &= ~over
    for counted in ("step", "deals", "illegal_moves", "probes", "bluffs", "leader_used"):
        assert (state[counted] >= before[counted]).all()
    moved = before["outcome"] == Outcome.OPEN
    assert np.array_equal(state["step"] - before["step"], moved.astype(float))
    assert (state["round"][renewed] == 0.0).all()
    state, before, moved = state[~renewed], before[~renewed], moved[~renewed]  # within one deal
    assert (state["ask"] <= np.maximum(1.0, supplier["reservation_price"][~renewed]) + ROUNDING).all()
    rose = state["ask"] > before["ask"] + ROUNDING
    came = (state["tactic_result"] == 1.0) & np.isin(before["pending"], RAISING_LATER)
    assert (np.isin(state["supplier_tactic"], RAISING) | came)[rose].all(), "the ask rises only where it was said"
    assert (state["offer"] >= before["offer"] - ROUNDING).all(), "the offer is never taken back"
    for counted in ("rivals", "weakness_known", "demonstrated"):
        assert (state[counted] >= before[counted]).all()
    gave = np.isin(state["last_move"], CONCESSIONS) & moved
    assert (state["unanswered"][~gave] >= before["unanswered"][~gave]).all(), "only a concession answers a move"
    assert np.array_equal(state["round"] - before["round"], moved.astype(float))
    assert set(np.unique(batch.action_masks)) <= {0, 1}
    assert (batch.action_masks[:, Move.WALK_AWAY] == 1).all(), "a buyer may always leave"


def check_episode(batch, moves):
    """Play ``moves`` and check each step; the episode must be over when the deadline has passed."""
    for move in moves:
        before = batch.state.copy()
        play(batch, [move])
        check(batch, before)
    rounds = batch.state["deadline"].max() * batch.scenario.deals
    if len(moves) >= rounds:
        assert batch.terminated.all()
    for name, values in batch.outcomes().items():
        if values.dtype == np.float64:
            deal = batch.state["outcome"] == Outcome.DEAL
            assert np.array_equal(np.isfinite(values), deal), name


@pytest.mark.slow
@given(
    seed=st.integers(0, SEED_MODULUS - 1),
    supplier=st.fixed_dictionaries({}, optional={n: st.floats(f.low, f.high) for n, f in TRAITS.items()}),
    moves=st.lists(MOVES, min_size=20, max_size=20),
)
@settings(max_examples=150)
def test_any_moves_against_any_supplier(seed, supplier, moves):
    check_episode(begin(1, seed, supplier=supplier), moves)


@given(
    seed=st.integers(0, 2**32),
    limit=st.tuples(st.floats(0, 2), st.floats(0, 2)).map(sorted),
    benchmark=st.tuples(st.floats(0, 2), st.floats(0, 2)).map(sorted),
    slack=st.floats(0, 1),
    deadline=st.integers(1, 200),
    supplier=st.fixed_dictionaries({}, optional={n: st.floats(f.low, f.high) for n, f in TRAITS.items()}),
    moves=st.lists(st.sampled_from(STAYING), min_size=1, max_size=30),
)
@settings(max_examples=60)
def test_any_scenario(seed, limit, benchmark, slack, deadline, supplier, moves):
    scenario = {
        "limit": {"low": limit[0], "high": limit[1]},
        "benchmark": {"low": benchmark[0], "high": benchmark[1]},
        "budget_slack": slack,
        "deadline": deadline,
    }
    check_episode(begin(1, seed, scenario, supplier), moves)


def _extremes(rng, rows):
    """Return suppliers anywhere in their bounds, a third of the traits at one of them."""
    supplier = {}
    for name, field in TRAITS.items():
        values, place = rng.uniform(field.low, field.high, rows), rng.random(rows)
        supplier[name] = np.where(place < 1 / 6, field.low, np.where(place > 5 / 6, field.high, values))
    supplier["exit_rate"] *= 0.02  # they would all be gone at once
    return supplier


@pytest.mark.parametrize("means", ["any", "pressure", "emotion", "concessions", "the same again"])
def test_thousands_of_extreme_suppliers(means):
    rows = 4000
    rng = np.random.default_rng(sum(map(ord, means)))
    batch = begin(rows, 0, supplier=_extremes(rng, rows))
    choices = {"pressure": range(3, 15), "emotion": range(10, 15), "concessions": CONCESSIONS}.get(
        means, range(-1, len(Move) + 1)
    )
    moves = list(rng.choice(list(choices), (20, rows)))
    if means == "the same again":
        moves = [moves[0]] * 20
    moves[0] = rng.integers(0, 3, rows)
    check_episode(batch, moves)
    assert len(np.unique(batch.state["outcome"])) >= 3


@pytest.mark.slow
@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize("name", PRESETS)
def test_thousands_of_the_suppliers_of_a_preset(name, split):
    rng = np.random.default_rng(1)
    batch = begin(4000, 1, scenario=name, split=split)
    check_episode(batch, list(rng.choice(STAYING, (batch.scenario.deadline, batch.num_rows))))
    assert ((batch.supplier_matrix >= SUPPLIER.lows) & (batch.supplier_matrix <= SUPPLIER.highs)).all()


def test_two_hundred_rounds():
    rng = np.random.default_rng(2)
    calm = {"exit_rate": 0.0, "decisiveness": 0.0, "tolerance": 5.0, "pride": 0.0}
    batch = begin(500, 2, {"deadline": 200, "constants": {"exit_waiting": 0.0}}, calm)
    moves = rng.choice(STAYING, (200, 500))
    moves[rng.random(moves.shape) < 0.5] = Move.HOLD
    check_episode(batch, list(moves))
    assert (batch.state["outcome"] == Outcome.DEADLINE).mean() > 0.1


COUNTED = {"rounds", "count", "0 or 1"}
BEGINNINGS = {f.name: f for f in STATE.fields if f.name in observation.INDEX}


@pytest.mark.parametrize("deals", [1, 3])
@pytest.mark.parametrize("name", BEGINNINGS)
def test_observations_stay_in_their_space_wherever_an_episode_begins(name, deals):
    """Every field of the state that is seen begins anywhere in its bounds, in so far as `reset` accepts it."""
    field, rows, deadline = BEGINNINGS[name], 300, 20
    high = field.high - deadline if name in ("stalemate", "probes", "rivals", "bluffs") else field.high
    rng = np.random.default_rng(sum(map(ord, name)))
    values = rng.uniform(field.low, high, rows)
    values[:100], values[-100:] = field.low, high
    values = np.round(values) if field.unit in COUNTED else values
    calm = {"exit_rate": 0.0, "tolerance": 5.0}
    batch = begin(rows, 3, {"deadline": deadline, "deals": deals}, calm, {name: values})
    space = batch.observation_space
    for _ in range(deals * deadline):
        assert ((batch.observations >= space.low) & (batch.observations <= space.high)).all()
        legal = (
            batch.action_masks * ~np.isin(np.arange(len(Move)), [Move.ACCEPT, Move.WALK_AWAY])
            + 0.02 * batch.action_masks
        )
        shares = (legal / legal.sum(axis=1, keepdims=True)).cumsum(axis=1)
        play(batch, [(shares > rng.random((rows, 1))).argmax(axis=1)])


def test_counts_stay_in_their_bounds_over_the_longest_episode():
    """Probes are counted over all deals: there is time for 2,400 of them, and an observation shows 200."""
    sure = {"renewal_base": 1.0, "exit_waiting": 0.0}  # none of them leaves, and all ask for less than the budget
    easy = {"exit_rate": 0.0, "tolerance": 5.0, "aspiration": 0.2, "readiness": 5.0, "generosity": 1.0}
    batch = begin(20, 4, {"deadline": 200, "deals": 12, "constants": sure}, easy)
    space, most = batch.observation_space, 0.0
    for step in range(1200):
        play(batch, [Move.PROBE if step % 100 else Move.ACCEPT])
        most = max(most, batch.state["probes"].max())
        assert ((batch.observations >= space.low) & (batch.observations <= space.high)).all()
    assert most == 200.0
    assert batch.state["illegal_moves"].max() <= STATE.by_name["illegal_moves"].high
