"""The theory of the model as experiments: offers and asks, who moves when, and what a concession earns.

The sizes asked for are far below those found, so that only a change of behaviour fails, not of a constant.
"""

import numpy as np
import pytest

from negoenv.game.tactics import Move
from tests.laboratory import STEPPING, TYPICAL, after, begin, mean, play

OPEN, HOLD, PROBE = Move.OPEN_MODERATE, Move.HOLD, Move.PROBE
SMALL, MODERATE, LARGE = Move.CONCEDE_SMALL, Move.CONCEDE_MODERATE, Move.CONCEDE_LARGE
CITE, BUDGET = Move.CITE_COMPETITORS, Move.REVEAL_BUDGET


# Taking turns


def moved_again(move, supplier=STEPPING):
    """Return how many move their ask after ``move``, of those that had moved in the round before, and of the others."""
    talks = after([OPEN], supplier)
    before, first = talks.state["ask"].copy(), talks.state["unanswered"] > 0.0
    play(talks, [move])
    moves = talks.state["ask"] < before - 1e-6
    assert 0.2 < first.mean() < 0.8
    return moves[first].mean(), moves[~first].mean()


@pytest.mark.parametrize("move", [HOLD, PROBE])
def test_a_supplier_that_was_not_answered_rarely_moves_again(move):
    again, others = moved_again(move)
    assert again < 0.3 * others


def test_a_concession_answers_and_a_claim_does_not():
    """Who gives gets a move in return; who says something that bites is heard, but owes a move as before."""
    given, claimed, held = (moved_again(move)[0] for move in (LARGE, CITE, HOLD))
    assert given > 2.5 * held
    assert held < claimed < 0.7 * given
    unanswered = [mean(after([OPEN, move], STEPPING), "unanswered") for move in (LARGE, MODERATE, CITE, HOLD)]
    assert max(unanswered[:2]) < unanswered[3] - 0.1
    assert unanswered[2] >= unanswered[3]


def test_each_move_that_is_not_answered_makes_the_next_rarer():
    rates = []
    for unanswered in (0.0, 1.0, 2.0):
        talks = after([HOLD], STEPPING, offer=0.6, unanswered=unanswered)
        rates.append((talks.state["ask"] < 1.0).mean())
        assert mean(talks, "unanswered") == pytest.approx(unanswered + rates[-1])
    assert rates[0] > 3 * rates[1] > 9 * rates[2] > 0.0


def test_a_supplier_matches_what_is_given():
    """Price for price: twice the concession, or twice the matching, earns more; nothing earns what generosity gives."""
    frugal = STEPPING | {"generosity": 0.0, "opportunism": 0.0, "readiness": 5.0}
    falls = {
        (matching, move): 1.0 - mean(after([move], frugal | {"matching": matching}, offer=0.5), "ask")
        for matching in (0.0, 0.4, 0.8)
        for move in (HOLD, MODERATE, LARGE)
    }
    assert max(falls[0.0, HOLD], falls[0.0, MODERATE], falls[0.0, LARGE], falls[0.4, HOLD]) < 1e-4
    assert falls[0.4, LARGE] > 1.3 * falls[0.4, MODERATE] > 0.0
    assert falls[0.8, MODERATE] > 1.3 * falls[0.4, MODERATE]
    assert 1.0 - mean(after([HOLD], frugal | {"generosity": 0.2}, offer=0.5), "ask") > 0.005


def test_a_concession_too_small_to_be_noticed_earns_nothing():
    supplier = STEPPING | {"generosity": 0.0, "opportunism": 0.0}
    start = {"offer": 0.6, "unanswered": 1.0, "waited": 2.0}
    small, moderate, held = (after([move], supplier | {"notice": 0.2}, **start) for move in (SMALL, MODERATE, HOLD))
    assert mean(small, "ask") > 0.9999
    assert mean(small, "unanswered") >= 1.0
    assert mean(small, "waited") == 0.0, "however little it was, nobody was kept waiting"
    assert mean(moderate, "ask") < 0.99
    assert mean(moderate, "unanswered") < 0.8
    noticed = after([SMALL], supplier | {"notice": 0.02}, **start)
    assert mean(noticed, "ask") < 0.995
    assert mean(noticed, "unanswered") < 0.8
    assert mean(held, "waited") == 3.0


def test_shrinking_concessions_say_that_the_limit_is_near():
    """Fact 18: by the last step in price, 0.08 here for a quarter of the gap: after a larger one, and a smaller one."""
    start = {"offer": 0.6, "ask": 0.92, "expected_limit": 0.8, "fallback": 0.5}
    steps = (0.2, 0.08, 0.04)
    limits = [mean(after([MODERATE], STEPPING, concession_step=step, **start), "expected_limit") for step in steps]
    assert limits[0] < limits[1] - 0.005 < limits[2] - 0.01


# Exchanges: if you, then we


def exchange(move, matching, **context):
    """Return talks after a conditional concession, and who has taken it."""
    supplier = STEPPING | {"matching": matching, "opportunism": 2.0, "readiness": -10.0}
    talks = after([move], supplier, **{"offer": 0.6, "expected_limit": 0.75, "limit": 0.9, **context})
    return talks, talks.state["offer"] > context.get("offer", 0.6)


def test_an_exchange_moves_both_or_neither():
    """Who takes it gives what was asked; of who does not, nothing was asked in vain: nothing is given, or learned."""
    talks, taken = exchange(Move.EXCHANGE, 1.0)
    asked, given = Move.EXCHANGE.tactic.effects.asked, Move.EXCHANGE.tactic.effects.concession
    assert 0.2 < taken.mean() < 0.8
    np.testing.assert_allclose(talks.state["offer"][taken], 0.6 + 0.4 * given)
    np.testing.assert_allclose(talks.state["ask"][taken], 1.0 - 0.4 * asked)
    assert (talks.state["offer"][~taken] == 0.6).all()
    assert (talks.state["ask"][~taken] == 1.0).all()
    held = after([HOLD], STEPPING | {"opportunism": 2.0}, offer=0.6, expected_limit=0.75, limit=0.9)
    assert talks.state["expected_limit"][~taken] == pytest.approx(mean(held, "expected_limit")), "nobody is emboldened"


def test_an_exchange_is_taken_by_who_would_match_it():
    taken = {
        (move, matching): exchange(move, matching)[1].mean()
        for move in (Move.EXCHANGE, Move.HARD_EXCHANGE)
        for matching in (0.0, 1.0, 2.0)
    }
    assert taken[Move.EXCHANGE, 0.0] < 0.1 < 0.8 < taken[Move.EXCHANGE, 2.0]
    assert taken[Move.HARD_EXCHANGE, 1.0] < 0.5 * taken[Move.EXCHANGE, 1.0]
    assert taken[Move.HARD_EXCHANGE, 2.0] < 0.9 * taken[Move.EXCHANGE, 2.0]


def test_no_exchange_is_taken_that_is_worth_less_than_going_on():
    """Each is asked to come down to .7, at the other end of what it expects."""
    rates = [exchange(Move.EXCHANGE, 3.0, ask=0.75, expected_limit=limit)[1].mean() for limit in (0.6, 0.75)]
    assert rates[0] > 0.8
    assert rates[1] == 0.0


# Concessions


def test_a_concession_relaxes_the_pressure():
    start = {"goals": 1.0, "time": 1.0, "information": 1.0, "offer": 0.6}
    held = after([HOLD], **start)
    small, moderate, large = (after([move], **start) for move in (SMALL, MODERATE, LARGE))
    for source in ("goals", "time"):
        pressure = [mean(batch, source) for batch in (held, small, moderate, large)]
        assert pressure[0] > pressure[1] > pressure[2] > pressure[3]
        assert pressure[3] < 0.8 * pressure[0]
    assert mean(large, "information") == mean(held, "information"), "what is known stays known"


def test_a_concession_relieves_tension():
    start = {"tension": 1.0, "offer": 0.6}
    tension = [mean(after([move], **start), "tension") for move in (PROBE, SMALL, MODERATE, LARGE)]
    assert tension[0] > tension[1] > tension[2] > tension[3]


@pytest.mark.parametrize(("opportunism", "matching"), [(2.0, 0.0), (0.0, 1.3)])
def test_a_concession_emboldens_opportunists_and_moves_who_match_it(opportunism, matching):
    """Facts 4 and 24."""
    supplier = STEPPING | {"opportunism": opportunism, "matching": matching}
    start = {"offer": 0.6, "expected_limit": 0.85}
    given, held = (after([move], supplier, **start) for move in (LARGE, HOLD))
    change = mean(given, "expected_limit") - mean(held, "expected_limit")
    assert change > 0.02 if opportunism else change < 0.01
    asked = mean(given, "ask") - mean(held, "ask")
    assert asked > 0.0 if opportunism else asked < -0.02


def test_a_gift_earns_nothing_from_an_opportunist_but_after_pressure_it_does():
    """Given without pressure it is taken for weakness, and owes nothing; the same step under pressure is answered."""
    supplier = STEPPING | {"opportunism": 2.0}
    start = {"offer": 0.6, "expected_limit": 0.85}
    earned, risen = [], []
    for goals in (0.0, 2.0):
        given, held = (after([move], supplier, goals=goals, **start) for move in (LARGE, HOLD))
        earned.append(mean(held, "ask") - mean(given, "ask"))
        risen.append(mean(given, "expected_limit") - mean(held, "expected_limit"))
    assert earned[0] <= 0.0
    assert earned[1] > 0.02
    assert risen[0] > 0.02
    assert risen[1] < 0.5 * risen[0]


def test_a_shark_is_pressed_before_it_is_given_to():
    """The same with a kind of the Opportunist scenario, in moves that a buyer can play."""
    suppliers = begin(scenario="Opportunist", supplier="shark").supplier
    kept = {name: suppliers[name] for name in TYPICAL} | {"tolerance": 5.0, "exit_rate": 0.0, "decisiveness": 0.0}
    earned = []
    for before in ([OPEN], [OPEN, CITE, BUDGET, CITE]):
        given, held = (
            mean(play(begin(scenario="Opportunist", supplier=kept), [*before, move]), "ask") for move in (LARGE, HOLD)
        )
        earned.append(held - given)
    assert earned[0] <= 0.0 < earned[1]
