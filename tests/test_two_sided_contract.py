"""Contracts whose supplier is played: but for what is its choice they are the game, bit for bit."""

import numpy as np
from numpy.testing import assert_allclose, assert_array_equal

from negoenv import Move
from negoenv.engine.contract_batch import ContractBatch
from negoenv.engine.two_sided import blank_answers
from negoenv.engine.two_sided_contract import TwoSidedContractBatch
from negoenv.game.state import STATE
from negoenv.game.term_moves import TermMove
from negoenv.scenarios.presets import resolve
from tests.laboratory import same
from tests.own_choices import chosen

ROWS = 256
ALL = np.ones(ROWS, np.bool_)
PLAIN = dict.fromkeys(("markup", "markup_spread", "refusal", "refusal_cost", "refusal_strain", "reclaim"), 0.0)


def begun(made, scenario="Contract", **constants):
    batch = made(ROWS, resolve(scenario))
    for name, value in constants.items():
        batch.issues["constants"][name] = value
    batch.seed(0)
    batch.reset(ALL)
    return batch


def drawn(rng, masks):
    """Draw a legal move for each row, one on terms in half of them; few accept or leave."""
    weights = np.where(np.arange(masks.shape[1]) >= len(Move), len(Move) / len(TermMove), 1.0)
    weights[[Move.ACCEPT, Move.WALK_AWAY]] = 0.05
    chances = np.cumsum(masks * weights, axis=1)
    moves = (rng.random((len(masks), 1)) * chances[:, -1:] > chances).sum(axis=1)
    return np.minimum(moves, masks.shape[1] - 1)


def test_the_choices_of_the_games_own_suppliers_give_the_game():
    """Of suppliers that quote at cost and refuse nothing, as one that is played does until it answers."""
    game, played = begun(ContractBatch, **PLAIN), begun(TwoSidedContractBatch, **PLAIN)
    rng, running, on_terms = np.random.default_rng(0), ALL.copy(), 0
    while running.any():
        moves, before = drawn(rng, game.action_masks), game.state.copy()
        on_terms += int((moves[running] >= len(Move)).sum())
        game.step(moves, running)
        played.buyer_step(moves, running)
        played.supplier_step(chosen(game, before), running)
        for name in STATE.names:
            assert_array_equal(played.state[name][running], game.state[name][running], name)
        for name in ("terms", "observations", "action_masks", "rewards", "reward_terms", "terminated"):
            assert_array_equal(getattr(played, name)[running], getattr(game, name)[running], name)
        running &= ~game.terminated
    assert same(played.outcomes(), game.outcomes())
    assert on_terms > ROWS


def test_until_it_answers_a_supplier_asks_for_what_leaves_its_profit_the_same():
    batch = begun(TwoSidedContractBatch)
    batch.buyer_step(np.full(ROWS, Move.OPEN_MODERATE), ALL)
    batch.supplier_step(blank_answers(ROWS), ALL)
    talking = ~batch.terminated & batch.action_masks[:, TermMove.DEMAND_DELIVERY].astype(bool)
    before, shown = batch.state["ask"].copy(), batch.seen("offer").copy()
    batch.buyer_step(np.full(ROWS, TermMove.DEMAND_DELIVERY), talking)
    moved = talking & (batch.terms["refused"] == 0.0)
    assert moved.sum() > ROWS // 2
    assert (batch.terms["level"][moved, 1] == 3).all()
    assert_array_equal(batch.state["ask"], before)
    assert_allclose(batch.seen("offer")[moved], shown[moved], atol=1e-12)


def test_terms_that_are_put_on_the_table_hold_for_the_offer_that_goes_with_them():
    batch = begun(TwoSidedContractBatch)
    batch.buyer_step(np.full(ROWS, Move.OPEN_MODERATE), ALL)
    batch.supplier_step(blank_answers(ROWS), ALL)
    batch.put_on_table(3, (1, 3, 2, 4), 0.7)
    worth, _, cost = batch.priced(np.array([3]), np.array([[1, 3, 2, 4]]))
    assert_allclose(batch.seen("offer")[3], 0.7)
    assert_allclose((batch.terms["worth"][3], batch.terms["cost"][3]), (worth[0], cost[0]))
    assert_allclose(batch.seen("limit")[3], batch.state["limit"][3] + worth[0])
    batch.put_on_table(3, (1, 3, 2, 4), 0.0)
    assert batch.state["offer"][3] == 0.0, "none stands"
