"""Moves of an argument and an offer at once, and offers that name a price."""

from dataclasses import fields

import numpy as np
import pytest

from negoenv.game.effects import Condition, Effects, Family
from negoenv.game.legal_moves import OWN_PRICE, PRICE_STEP, move_of, with_price
from negoenv.game.tactics import ARGUMENTS, FAMILY_OF, MOVES, NAMED_PRICES, OFFERS, SIMPLE, Move, combined, families_of
from tests.laboratory import STEADY, after, begin, mean, play

COMBINED = [move for move in Move if not move.simple]
NAMED = {price: Move[f"OFFER_{100 * price:.0f}"] for price in NAMED_PRICES}
FREE = {"limit": 0.9, "budget": 0.95, "benchmark": 0.8}  # a context in which prices from 0.64 to 0.92 can be named
NUMBERS = [field.name for field in fields(Effects) if field.name != "family"]


def parts(move: Move) -> tuple[Move, Move]:
    """Return the argument and the offer of a combined move."""
    argument, offer = move.name.split("+")
    return Move[argument], Move[offer]


# The table


def test_a_combined_move_has_the_effects_of_both():
    for move in COMBINED:
        argument, offer = (part.tactic.effects for part in parts(move))
        both = move.tactic.effects
        assert {n: getattr(both, n) for n in NUMBERS} == {n: getattr(argument, n) + getattr(offer, n) for n in NUMBERS}
        assert both.family is argument.family
        assert families_of(move) == {argument.family, Family.CONCESSION}
        assert move.tactic.needs is parts(move)[1].tactic.needs


def test_every_argument_goes_with_the_same_offers():
    said = {parts(move)[0] for move in COMBINED}
    offered = {parts(move)[1] for move in COMBINED}
    assert len(COMBINED) == len(said) * len(offered)
    assert offered == {Move.CONCEDE_SMALL, Move.CONCEDE_MODERATE, Move.CONCEDE_LARGE, *NAMED.values()}
    assert all(FAMILY_OF[argument] is not Family.EMOTION for argument in said), "who makes an offer is not silent"


def test_every_simple_move_is_an_argument_or_an_offer():
    assert {*ARGUMENTS} | {*OFFERS} == {*SIMPLE}
    assert {*ARGUMENTS} & {*OFFERS} == {Move.HOLD}
    assert ARGUMENTS[0] is OFFERS[0] is Move.HOLD


def test_pairs_that_nobody_would_say_are_the_offer_alone():
    for argument in ARGUMENTS:
        assert combined(argument, Move.HOLD) is argument
        for offer in OFFERS[1:]:
            move = combined(argument, offer)
            assert move is offer or parts(move) == (argument, offer)
    assert {combined(argument, offer) for argument in ARGUMENTS for offer in OFFERS} == {*Move}


# What is legal


@pytest.mark.parametrize("left_out", ["CONCEDE_SMALL", "CITE_COMPETITORS", "STRONG", "CONCESSION"])
def test_what_is_left_out_takes_its_combinations_away(left_out):
    batch = begin(num_rows=1, scenario={"without": [left_out]})
    play(batch, [Move.OPEN_LOW])
    usual = play(begin(num_rows=1), [Move.OPEN_LOW])
    named = {m for m in Move if left_out in {*m.name.split("+")} | {family.name for family in families_of(m)}}
    assert any(not move.simple for move in named)
    assert {Move(m) for m in np.flatnonzero(usual.action_masks[0] != batch.action_masks[0])} <= named
    assert not batch.action_masks[0, [*named]].any()


def test_a_price_is_named_above_the_offer_below_the_ask_and_within_the_budget():
    rng = np.random.default_rng(0)
    offers, asks, budgets = (
        rng.uniform(low, high, 4000).round(4) + 5e-5 for low, high in ((0.5, 0.8), *[(0.7, 1.0)] * 2)
    )
    context = {"offer": offers, "ask": asks, "budget": budgets, "benchmark": 0.8}
    batch = begin(context=context)
    for price, move in NAMED.items():
        named = 0.8 * price
        expected = (named > offers) & (named < asks) & (named <= budgets)
        assert 0.01 < expected.mean() < 0.99
        assert (batch.action_masks[:, move] == expected).all()
        for argument in ARGUMENTS:
            both = combined(argument, move)
            assert (batch.action_masks[:, both] == expected).all(), both.name
        tried = begin(context=context)
        play(tried, [move])
        assert ((tried.state["illegal_moves"] == 0) == expected).all()


def test_no_price_is_named_before_an_offer_stands():
    batch = begin(num_rows=1, context=FREE)
    assert not batch.action_masks[0, [*NAMED.values()]].any()
    assert all(Condition.OFFER_AND_GAP is move.tactic.needs for move in NAMED.values())


def test_a_mask_of_both_is_that_of_the_offer():
    """Whoever takes an argument and an offer that are legal makes a legal move."""
    batch = begin(num_rows=500)
    rng = np.random.default_rng(1)
    for _ in range(8):
        masks = batch.action_masks == 1
        for move in COMBINED:
            argument, offer = parts(move)
            assert not (masks[:, argument] & masks[:, offer] & ~masks[:, move]).any()
        play(batch, [(rng.random(masks.shape) * masks).argmax(axis=1)])


# What it does


def test_both_happen_in_one_round():
    talks = after([Move.OPEN_LOW, Move["CITE_COMPETITORS+CONCEDE_MODERATE"]], **FREE)
    said, offered = (after([Move.OPEN_LOW, m], **FREE) for m in (Move.CITE_COMPETITORS, Move.CONCEDE_MODERATE))
    np.testing.assert_allclose(talks.state["offer"], offered.state["offer"])
    assert mean(talks, "wear_strong") == mean(said, "wear_strong") > mean(offered, "wear_strong")
    assert mean(offered, "goals") < mean(talks, "goals") < mean(said, "goals"), "a concession takes pressure off"
    assert (talks.state["round"] == 2).all()


@pytest.mark.parametrize("price", [0.90, 1.00])
def test_a_budget_that_the_same_offer_passes_is_seen_through(price):
    """REVEAL_BUDGET says that there is no more than 1.10 of the benchmark; ULTIMATUM says no such thing."""
    content = Move.REVEAL_BUDGET.tactic.effects.content
    passing, within = Move["REVEAL_BUDGET+OFFER_115"], Move[f"REVEAL_BUDGET+{NAMED[price].name}"]
    assert price < content < 1.15
    honest = STEADY | {"informedness": 0.0}
    context = FREE | {"budget": 1.0, "offer": 0.6}
    found, believed, plain = (
        after([move], honest, **context) for move in (passing, within, Move["ULTIMATUM+OFFER_115"])
    )
    assert (found.state["bluffs"] == 1).all()
    assert (believed.state["bluffs"] == 0).all()
    assert (plain.state["bluffs"] == 0).all()
    assert mean(found, "credibility") < mean(believed, "credibility")


def test_a_named_price_counts_as_the_part_of_the_gap_that_it_closes():
    gap_closed = Move.CONCEDE_MODERATE.tactic.effects.concession
    ask = 0.6 + (0.8 - 0.6) / gap_closed
    context = FREE | {"offer": 0.6, "ask": ask, "budget": 2.0, "tension": 0.0}
    named, step = (after([move], **context) for move in (NAMED[1.00], Move.CONCEDE_MODERATE))
    np.testing.assert_allclose(named.state["offer"], 0.8)
    for name in ("offer", "ask", "concession", "concession_step", "expected_limit", "unanswered", "goals"):
        np.testing.assert_allclose(named.state[name], step.state[name], rtol=1e-9, err_msg=name)


# Prices of one's own


@pytest.mark.parametrize("price", NAMED_PRICES[1:6])
@pytest.mark.parametrize("argument", [Move.HOLD, Move.CITE_COMPETITORS, Move.ULTIMATUM])
def test_a_price_of_ones_own_that_is_a_named_one_is_the_same(price, argument):
    context = FREE | {"offer": 0.6, "benchmark": 0.8}
    listed = after([combined(argument, NAMED[price])], **context)
    other = combined(argument, NAMED[NAMED_PRICES[0]])
    rows = listed.num_rows
    own = after([with_price(np.full(rows, other), np.full(rows, 0.8 * price))], **context)
    assert (listed.state["illegal_moves"] == 0).all()
    for name in listed.state.dtype.names:
        if name != "last_move":  # which is that of the first of the named prices
            np.testing.assert_allclose(own.state[name], listed.state[name], rtol=1e-9, atol=1e-9, err_msg=name)


def test_a_price_of_ones_own_is_rounded_and_told_from_its_move():
    moves, prices = np.array([Move.OPEN_LOW, Move.OFFER_80]), np.array([0.5004, 0.7126])
    actions = with_price(moves, prices)
    assert [move_of(action) for action in actions.tolist()] == [*moves]
    np.testing.assert_allclose((actions // OWN_PRICE - 1) * PRICE_STEP, [0.5, 0.712])
    assert MOVES <= OWN_PRICE
    assert [move_of(action) for action in (-1, MOVES, OWN_PRICE - 1, OWN_PRICE + MOVES)] == [None] * 4


@pytest.mark.parametrize("wrong", [0.5, 0.6, 0.9, 0.97])
def test_a_price_of_ones_own_that_cannot_be_named_counts_as_hold(wrong):
    """Below or at the standing offer, at or above the ask, above the budget."""
    context = FREE | {"offer": 0.6, "ask": 0.9 if wrong < 0.95 else 1.0}
    rows = begin().num_rows
    talks = after([with_price(np.full(rows, Move["ULTIMATUM+OFFER_80"]), np.full(rows, wrong))], **context)
    assert (talks.state["illegal_moves"] == 1).all()
    assert (talks.state["last_move"] == Move.HOLD).all()
    assert (talks.state["offer"] == 0.6).all()
