"""The theory of the model as experiments: claims, bluffs and emotion.

The sizes asked for are far below those found, so that only a change of behaviour fails, not of a constant.
"""

import numpy as np
import pytest

from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from tests.laboratory import RECEPTIVE, STEADY, after, begin, mean, play, share, worth

OPEN = Move.OPEN_MODERATE
CITE, DENY, BUDGET, PROCESS = Move.CITE_COMPETITORS, Move.DENY_SCARCITY, Move.REVEAL_BUDGET, Move.CLAIM_NEW_PROCESS
HOLD, PROBE = Move.HOLD, Move.PROBE


# Claims and bluffs


def test_a_bluff_found_out_lowers_credibility_and_raises_demands():
    informed = RECEPTIVE | {"informedness": 1.0}
    talks = after([OPEN, CITE], informed)
    found = talks.state["bluffs"] > 0
    assert 0.1 < found.mean() < 0.9
    assert (talks.state["credibility"][found] < 0.6).all()
    assert (talks.state["credibility"][~found] == 1.0).all()
    assert mean(talks, "belief", found) < 0.6 * mean(talks, "belief", ~found)
    assert mean(talks, "resentment", found) > mean(talks, "resentment", ~found) + 0.1
    assert worth(talks)[found].mean() > worth(talks)[~found].mean() + 0.02
    assert mean(talks, "ask", found) > mean(talks, "ask", ~found) + 0.01


def test_rivals_really_invited_are_no_bluff():
    informed = STEADY | {"informedness": 1.0}
    assert (after([OPEN, Move.INVITE_RIVALS, CITE, CITE, PROCESS], informed).state["bluffs"] == 0).all()
    assert (after([OPEN, HOLD, CITE, CITE, PROCESS], informed).state["bluffs"] > 0).mean() > 0.3


def test_inviting_rivals_raises_the_belief_in_alternatives():
    held, invited, again = (
        after([OPEN, *moves]) for moves in ([HOLD] * 2, [Move.INVITE_RIVALS, HOLD], [Move.INVITE_RIVALS] * 2)
    )
    assert mean(held, "belief") == 0.0
    assert mean(invited, "belief") > 0.3
    assert mean(again, "belief") > mean(invited, "belief") + 0.1
    assert 0.2 < (invited.state["quote"] > 0).mean() < 1.0
    quotes = invited.state["quote"] / invited.state["limit"]
    assert quotes[quotes > 0].min() > 0.5
    assert (held.state["quote"] == 0).all()


def test_a_claim_works_as_far_as_it_is_believed():
    """Fact 15, and without credibility a claim moves nobody: it offends, but no more is read into it."""
    doubting = RECEPTIVE | {"gullibility": 0.2, "fairness": 0.0}  # so that there is far to fall
    believed = [worth(after([OPEN, CITE], doubting, belief=belief)).mean() for belief in (0.0, 0.5, 1.0)]
    assert believed[0] > believed[1] + 0.01 > believed[2] + 0.02
    unheard, held = (after([OPEN, move], doubting, credibility=0.0) for move in (CITE, HOLD))
    assert mean(unheard, "goals") == 0.0
    assert (worth(unheard) >= worth(held)).all()
    assert (unheard.state["ask"] >= held.state["ask"]).all()
    assert mean(unheard, "tension") > mean(held, "tension") + 0.02


def test_a_budget_bites_only_while_more_is_asked():
    """It is said to be 1.1 times the benchmark: far below the ask, a little below it, and above it."""
    context = {"ask": 0.95, "offer": 0.6}
    held = worth(after([HOLD], RECEPTIVE, **context)).mean()
    talks = [after([BUDGET], RECEPTIVE, benchmark=budget / 1.1, **context) for budget in (0.8, 0.9, 0.96)]
    goals = [mean(batch, "goals") for batch in talks]
    assert goals[0] > 1.5 * goals[1] > 0.0
    assert goals[2] == 0.0
    assert mean(talks[0], "expected_limit") < mean(talks[1], "expected_limit") < mean(talks[2], "expected_limit")
    assert worth(talks[0]).mean() < worth(talks[1]).mean() - 0.01 < held - 0.01
    assert worth(talks[2]).mean() >= held, "what is no news leaves it cold"


def test_a_budget_is_seen_through_once_the_buyer_offers_more():
    """Also by a supplier that can check nothing."""
    below, above = (after([BUDGET], RECEPTIVE, benchmark=0.7, offer=offer) for offer in (0.76, 0.78))
    assert mean(below, "bluffs") == 0.0
    assert (above.state["bluffs"] == 1.0).all()
    assert mean(above, "credibility") < 0.5 < mean(below, "credibility")
    assert worth(above).mean() > worth(below).mean() + 0.02


def test_the_limit_that_is_expected_falls_to_the_price_that_is_claimed():
    """Rivals are said to ask for .95 of the benchmark, or for what a rival has really quoted."""
    context = {"offer": 0.6, "benchmark": 0.75, "expected_limit": 0.9, "rivals": 1.0}
    unmoved = RECEPTIVE | {"readiness": -10.0}  # its ask stays, which bounds what it expects
    held = mean(after([HOLD], unmoved, **context), "expected_limit")
    claimed, quoted = (after([CITE], unmoved, quote=quote, **context) for quote in (0.0, 0.62))
    assert mean(claimed, "expected_limit") < held - 0.01
    assert mean(quoted, "expected_limit") < mean(claimed, "expected_limit") - 0.01
    low = after([CITE], unmoved, **context | {"expected_limit": 0.65})
    assert mean(low, "expected_limit") == pytest.approx(0.65, abs=0.01), "it is no price to rise to"


def test_to_deny_scarcity_is_about_what_the_supplier_would_get_elsewhere():
    for power, least in ((0.0, 0.0), (0.9, 0.01)):
        supplier = RECEPTIVE | {"power": power}
        denied, cited, held = (mean(after([OPEN, move], supplier), "fallback") for move in (DENY, CITE, HOLD))
        assert held - denied >= least
        assert denied >= supplier["reservation_price"] - 1e-6  # the supplier's own numbers are float32
        assert cited == held


# Emotion


@pytest.mark.parametrize("move", [Move.RAISE_VOICE, Move.FURY])
@pytest.mark.parametrize("power", [0.1, 0.9])
def test_anger_needs_a_cause(move, power):
    """Facts 10 to 12: with a known weakness it moves and offends less; without, the powerful demand more."""
    supplier = STEADY | {"receptive_emotion": 1.0, "power": power, "pride": 1.0}
    held = after([OPEN, HOLD], supplier)
    known, unknown = (after([OPEN, move], supplier, weakness_known=known) for known in (1.0, 0.0))
    worths = [worth(talks).mean() for talks in (known, held, unknown)]
    assert worths[0] < min(worths[1], worths[2]) - 0.01
    assert worths[2] > worths[1] + 0.01 if power > 0.5 else worths[2] < worths[1] - 0.005
    assert mean(known, "ask") < min(mean(held, "ask"), mean(unknown, "ask")) - 0.01
    assert mean(known, "resentment") < mean(unknown, "resentment") - 0.1


def test_anger_breaks_more_without_a_cause():
    """Fact 11, on the suppliers of the population."""
    rows = []
    for moves in ([Move.FURY, Move.FURY], [HOLD, HOLD]):
        for known in (0.0, 1.0):
            context = {"weakness_known": known}
            rows.append(share(play(begin(context=context), [OPEN, *moves]), Outcome.BREAKDOWN))
    angry_unknown, angry_known, calm, _ = rows
    assert angry_unknown > 2 * calm
    assert angry_known < 0.8 * angry_unknown


def test_emotion_has_no_leverage_where_there_is_nothing_to_know():
    indifferent = STEADY | {"receptive_emotion": 0.0, "power": 1.0}
    talks, held = (after([OPEN, move], indifferent, weakness_known=1.0) for move in (Move.SILENT_THREAT, HOLD))
    np.testing.assert_array_equal(worth(talks), worth(held))
    np.testing.assert_array_equal(talks.state["ask"], held.state["ask"])


def test_probing_finds_a_weakness_if_there_is_one():
    for weakness, least, most in ((0.0, 0.0, 0.0), (1.0, 0.6, 1.0)):
        found = mean(after([OPEN, PROBE, PROBE], STEADY | {"weakness": weakness}), "weakness_known")
        assert least <= found <= most


def test_probing_sharpens_the_cost_estimate():
    errors = [np.abs(after([PROBE] * n).state["cost_estimate"] - 0.62).mean() for n in (1, 4, 12)]
    assert errors[0] > 1.6 * errors[1] > 1.6 * errors[2]
