"""A supplier that is played: with the choices of the game's own it is the game, bit for bit; and it can do no more."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from negoenv import Move, NegoenvError, NegotiationEnv, Outcome
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.engine.two_sided import TwoSidedBatch, usable_tactics
from negoenv.game.state import STATE
from negoenv.game.supplier_tactics import TACTICS, SupplierTactic
from negoenv.interop.own_supplier import Answer, OwnSupplierEnv, Saying
from negoenv.interop.supplier_agent import (
    AGREE_TO_EXCHANGE,
    HOLD_FIRM,
    LEAVE_TALKS,
    SUPPLIER_COLUMNS,
    SUPPLIER_MOVE_NAMES,
    SUPPLIER_MOVES,
    TAKE_OFFER,
    answers_of,
    seen_by_suppliers,
    supplier_masks,
    supplier_space,
)
from negoenv.scenarios.presets import resolve
from tests.laboratory import same
from tests.own_choices import chosen

ROWS = 256
OFTEN = (Move.EXCHANGE, Move.HARD_EXCHANGE, Move.ULTIMATUM, Move.LEADER_ULTIMATUM, Move.WALK_OUT)
SELDOM = (Move.ACCEPT, Move.WALK_AWAY)
WEIGHTS = np.array([20.0 if move in OFTEN else 0.05 if move in SELDOM else 1.0 for move in Move])
ALL = np.ones(ROWS, np.bool_)


def begun(made, scenario="Procurement", rows=ROWS):
    batch = made(rows, resolve(scenario))
    batch.seed(0)
    batch.reset(np.ones(rows, np.bool_))
    return batch


def drawn(rng, masks):
    """Draw a legal move for each row."""
    chances = np.cumsum(masks * WEIGHTS[: masks.shape[1]], axis=1)
    moves = (rng.random((len(masks), 1)) * chances[:, -1:] > chances).sum(axis=1)
    return np.minimum(moves, masks.shape[1] - 1)


@pytest.mark.parametrize("scenario", ["Procurement", "SoleSource", "Partnership", "Marketplace"])
def test_the_choices_of_the_games_own_suppliers_give_the_game(scenario):
    """Every number of the state, and everything that is seen and reported; with tactics, exchanges and later deals."""
    game, played = begun(NegotiationBatch, scenario), begun(TwoSidedBatch, scenario)
    rng, running, kinds, tactics = np.random.default_rng(0), ALL.copy(), set(), set()
    while running.any():
        moves, before = drawn(rng, game.action_masks), game.state.copy()
        game.step(moves, running)
        played.buyer_step(moves, running)
        answers = chosen(game, before)
        kinds |= set(answers["kind"][running & played.waits].tolist())
        tactics |= set(answers["tactic"][running & played.waits].tolist())
        played.supplier_step(answers, running)
        for name in STATE.names:
            assert_array_equal(played.state[name][running], game.state[name][running], name)
        for name in ("observations", "action_masks", "rewards", "reward_terms", "terminated"):
            assert_array_equal(getattr(played, name)[running], getattr(game, name)[running], name)
        running &= ~game.terminated
    assert same(played.outcomes(), game.outcomes())
    assert kinds == {0, 1, 2, 3}
    assert scenario == "Marketplace" or tactics == {0, *np.flatnonzero(game.game["tactics"]["weight"][0]).tolist()}


def test_what_a_supplier_sees_lies_in_its_space_and_says_nothing_of_the_buyers_limit():
    batch, space = begun(TwoSidedBatch), supplier_space()
    assert not {"limit", "budget", "benchmark", "quote", "cost_estimate", "reaction", "strain"} & {*SUPPLIER_COLUMNS}
    assert len(SUPPLIER_COLUMNS) == space.shape[0]
    rng, running = np.random.default_rng(1), ALL.copy()
    while running.any():
        batch.buyer_step(drawn(rng, batch.action_masks), running)
        seen, masks = seen_by_suppliers(batch), supplier_masks(batch)
        assert all(map(space.contains, seen[running]))
        batch.supplier_step(answers_of(drawn(rng, masks)), running)
        running &= ~batch.terminated
    other = begun(TwoSidedBatch)
    other.state["limit"] += 0.05
    batch = begun(TwoSidedBatch)
    for each in (batch, other):
        each.buyer_step(np.full(ROWS, Move.OPEN_LOW), ALL)
    assert_array_equal(seen_by_suppliers(batch), seen_by_suppliers(other))


def answered(move, buyer=Move.OPEN_FAIR, rounds=1):
    """Let all suppliers give one answer to a buyer that opens and then repeats one move."""
    batch = begun(TwoSidedBatch, {"supplier_tactics": [tactic.name for tactic in TACTICS]})
    for number in range(rounds):
        batch.buyer_step(np.full(ROWS, Move.OPEN_FAIR if number == 0 else buyer), ALL)
        legal = supplier_masks(batch)[:, move].astype(bool)
        last = number == rounds - 1
        batch.supplier_step(answers_of(np.full(ROWS, move if last else HOLD_FIRM)), ALL)
    return batch, legal


def test_moves_do_what_they_say():
    batch, _ = answered(TAKE_OFFER)
    assert (batch.state["outcome"] == Outcome.DEAL).all()
    cost = batch.supplier["reservation_price"].astype(np.float64)
    span = np.maximum(np.maximum(1.0, cost) - cost, batch.constants["least_surplus"][0])
    np.testing.assert_allclose(batch.profits, (batch.state["price"] - cost) / span)
    assert (batch.profits > 0.0).any()
    batch, _ = answered(LEAVE_TALKS)
    assert (batch.state["outcome"] == Outcome.BREAKDOWN).all()
    assert not batch.profits.any()
    batch, _ = answered(SUPPLIER_MOVE_NAMES.index("COUNTER_20"))
    np.testing.assert_allclose(batch.state["counter"], 0.2)
    batch, _ = answered(HOLD_FIRM)
    assert (batch.state["ask"] == 1.0).all()


def test_it_agrees_to_an_exchange_that_leaves_it_no_worse_off():
    batch, rng, running = begun(TwoSidedBatch), np.random.default_rng(2), ALL.copy()
    for _ in range(8):
        batch.buyer_step(drawn(rng, batch.action_masks), running)
        batch.supplier_step(answers_of(np.full(ROWS, HOLD_FIRM)), running)
        running &= ~batch.terminated
    before = batch.state.copy()
    batch.buyer_step(np.full(ROWS, Move.EXCHANGE), running)
    legal = supplier_masks(batch)[:, AGREE_TO_EXCHANGE].astype(bool) & running
    assert 0 < legal.sum() < running.sum()
    batch.supplier_step(answers_of(np.full(ROWS, AGREE_TO_EXCHANGE)), running)
    assert_array_equal(batch.state["ask"] < before["ask"], legal)
    assert_array_equal(batch.state["offer"] > before["offer"], legal)


@pytest.mark.parametrize("number", [k for k, move in enumerate(SUPPLIER_MOVES) if move.tactic])
def test_a_tactic_is_said_where_it_fits_and_else_the_ask_stays(number):
    move = SUPPLIER_MOVES[number]
    buyer = Move.FURY if move.tactic == SupplierTactic.THREAT_TO_LEAVE else Move.CONCEDE_SMALL
    buyer = Move.HOLD if move.tactic in (SupplierTactic.SCARCITY, SupplierTactic.PRICE_RISE) else buyer
    rounds = 1 if move.tactic == SupplierTactic.FLINCH else 3
    buyer = Move.HOLD if move.tactic == SupplierTactic.TIED_CONCESSION else buyer
    batch, legal = answered(number, buyer, rounds)
    said = batch.state["supplier_tactic"] == move.tactic
    assert_array_equal(said, legal)
    assert legal.any()
    if move.tactic.effects.rounds:
        assert (batch.state["pending_meant"][said] == move.meant).all()


def test_where_no_move_waits_there_is_nothing_to_answer():
    batch = begun(TwoSidedBatch)
    assert (supplier_masks(batch).sum(axis=1) == 1).all()
    before = batch.records.copy()
    batch.supplier_step(answers_of(np.full(ROWS, LEAVE_TALKS)), ALL)
    assert batch.records.tobytes() == before.tobytes()
    with pytest.raises(NegoenvError, match="negotiates about the price; Contract has issues"):
        TwoSidedBatch(1, resolve("Contract"))


class Chooses:
    """A supplier of Python that gives the answer it was told to give."""

    def begin(self, talks, seed):
        self.given = None

    def answer(self, talks):
        return self.given


def test_a_supplier_of_python_may_use_tactics_and_agree_to_exchanges_bit_for_bit():
    said = agreed = 0
    for seed in range(24):
        theirs, ours = NegotiationEnv(), OwnSupplierEnv(Chooses())
        theirs.reset(seed=seed), ours.reset(seed=seed)
        for move in (Move.OPEN_MODERATE, Move.PROBE, *[Move.CONCEDE_SMALL, Move.EXCHANGE, Move.HOLD] * 4):
            before = theirs.batch.state.copy()
            expected = theirs.step(int(move))
            answer = chosen(theirs.batch, before)[0]
            tactic = SupplierTactic(int(answer["tactic"]))
            answers = {1: Answer.ACCEPT, 2: Answer.LEAVE, 3: Answer.AGREE}
            plain = answers.get(int(answer["kind"]), float(answer["ask"]))
            saying = Saying(tactic.name, bool(answer["meant"]), float(answer["ask"]))
            ours.own.given = saying if tactic else plain
            said += bool(tactic)
            agreed += plain is Answer.AGREE
            got = ours.step(int(move))
            assert_array_equal(got[0], expected[0])
            assert got[1:4] == expected[1:4]
            if expected[2]:
                break
    assert said > 10
    assert agreed > 10


def test_a_tactic_that_does_not_fit_is_told():
    env = OwnSupplierEnv(Chooses())
    env.reset(seed=0)
    env.own.given = Saying("NIBBLE")
    with pytest.raises(NegoenvError, match=r"Unknown tactic that the supplier Chooses can use now 'NIBBLE'"):
        env.step(int(Move.HOLD))
    assert SupplierTactic.FLINCH not in usable_tactics(env.batch, 0)
