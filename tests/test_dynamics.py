"""The theory of the model as experiments: the same suppliers and the same random numbers, met by different moves.

Here: pressure, claims and emotion; see also `tests.test_ultimatums` and `tests.test_bargaining`. The sizes asked for
are far below those found, so that only a change of behaviour fails, not of a constant.
"""

from itertools import pairwise

import numpy as np
import pytest

from negoenv.game.state import Outcome
from negoenv.game.tactics import FAMILY_OF, Family, Move
from tests.laboratory import ROWS, STEADY, after, begin, mean, play, share, worth

OPEN = Move.OPEN_MODERATE
CITE, DENY, BUDGET, PROCESS = Move.CITE_COMPETITORS, Move.DENY_SCARCITY, Move.REVEAL_BUDGET, Move.CLAIM_NEW_PROCESS
HOLD, PROBE = Move.HOLD, Move.PROBE

TRUSTING = STEADY | {"informedness": 0.0}
RECEPTIVE = TRUSTING | {"receptive_strong": 1.0, "receptive_third_party": 1.0}


# Pressure and tension


@pytest.mark.parametrize(
    "claims", [(CITE,) * 4, (CITE, PROCESS, DENY, Move.SILENT_THREAT), (CITE, PROCESS) * 2, (CITE, BUDGET, DENY, CITE)]
)
def test_a_burst_breaks_what_the_same_claims_spread_out_do_not(claims):
    """Fact 21: at least three times the breakdowns; and pressure in steps also moves more who stay."""
    spread = [move for claim in claims for move in (claim, HOLD, HOLD)]
    burst = [*claims, *[HOLD] * (2 * len(claims))]
    at_once, in_steps = (play(begin(supplier={"exit_rate": 0.0}), [OPEN, *moves]) for moves in (burst, spread))
    assert share(at_once, Outcome.BREAKDOWN) > 0.1
    assert share(at_once, Outcome.BREAKDOWN) > 3 * share(in_steps, Outcome.BREAKDOWN)
    both = (at_once.state["outcome"] == Outcome.OPEN) & (in_steps.state["outcome"] == Outcome.OPEN)
    assert both.sum() > ROWS / 10
    assert worth(in_steps)[both].mean() < worth(at_once)[both].mean() - 0.003


def test_tension_is_convex_in_the_jump():
    """Twice the pressure at once costs more than twice the tension."""
    suppliers = [TRUSTING | {"receptive_strong": receptive, "pride": 0.0} for receptive in (0.0, 1.5, 3.0)]
    tension = [mean(after([CITE], supplier), "tension") for supplier in suppliers]
    assert tension[0] == 0.0
    assert tension[2] > 3 * tension[1]


def test_hold_lowers_tension():
    tense = after([OPEN, CITE, PROCESS])
    levels = [mean(tense, "tension")]
    for _ in range(4):
        levels.append(mean(play(tense, [HOLD]), "tension"))
    assert all(later < 0.8 * earlier for earlier, later in pairwise(levels))
    assert mean(after([OPEN, CITE, PROCESS, HOLD]), "tension") < 0.7 * mean(
        after([OPEN, CITE, PROCESS, PROBE]), "tension"
    )


def test_a_retreat_prevents_the_breakdown():
    burst = [OPEN, CITE, PROCESS, DENY]
    pressed, held = (play(begin(supplier={"exit_rate": 0.0}), [*burst, *rest]) for rest in ([BUDGET] * 4, [HOLD] * 4))
    assert share(held, Outcome.BREAKDOWN) < 0.9 * share(pressed, Outcome.BREAKDOWN)


@pytest.mark.parametrize("move", [m for m in Move if FAMILY_OF[m] in (Family.STRONG, Family.THIRD_PARTY)])
def test_the_same_means_again_work_less(move):
    """By use and recovery, and in what it does to the worth of going on and to the ask."""
    wear = f"wear_{FAMILY_OF[move].name.lower()}"
    talks = after([OPEN], TRUSTING)
    fresh = mean(talks, wear)
    levels = [mean(play(talks, [move]), wear) for _ in range(3)]
    assert fresh == 0.0
    assert 0.2 < levels[0] < levels[1] < levels[2] <= 1.0
    assert mean(play(talks, [HOLD] * 10), wear) < 0.5 * levels[2]
    held = worth(after([OPEN, HOLD], RECEPTIVE)).mean()
    used = [after([OPEN, move], RECEPTIVE, **{wear: level}) for level in (0.0, 0.5, 1.0)]
    falls = [held - worth(talks).mean() for talks in used]
    assert falls[0] > 1.15 * falls[1] > 1.15 * falls[2]
    assert mean(used[0], "ask") < mean(used[1], "ask") < mean(used[2], "ask")


SOURCES = ("goals", "time", "information", "physical")


@pytest.mark.parametrize("source", SOURCES)
def test_pressure_lowers_what_going_on_is_worth_to_who_feels_it(source):
    """Each source by its own weight: it is a level, so what is worn off again no longer counts."""
    modest = STEADY | {"fairness": 0.0, "power": 0.0}  # so that there is far to fall
    deaf, feeling = (
        [
            worth(begin(supplier=modest | {f"feel_{source}": weight}, context={"offer": 0.6, source: pressure})).mean()
            for pressure in (0.0, 0.3, 0.6)
        ]
        for weight in (0.0, 1.0)
    )
    assert deaf[0] == deaf[1] == deaf[2]
    assert feeling[0] == pytest.approx(deaf[0], abs=1e-5), "its own deadline is far"
    assert feeling[0] > feeling[1] + 0.01 > feeling[2] + 0.02
    talks = begin(supplier=STEADY, context={"offer": 0.6, source: 0.8})
    pressed = worth(talks).mean()
    assert worth(play(talks, [HOLD] * 8)).mean() > pressed + 0.01


def test_no_pressure_makes_a_supplier_settle_for_less_than_is_fair_to_it():
    """However strong it is: what it would get elsewhere and a fair share of the surplus are the least it expects."""
    crushing = dict.fromkeys(SOURCES, 5.0)
    for fairness in (0.0, 0.3):
        supplier = STEADY | {"fairness": fairness, "reservation_price": 0.5, "power": 0.6}
        talks = begin(supplier=supplier, context={"offer": 0.4, **crushing})
        least = talks.state["fallback"]
        assert (least > 0.55).all()
        np.testing.assert_allclose(worth(talks), least + fairness * (talks.state["expected_limit"] - least), rtol=1e-6)


def test_a_strained_supplier_yields_less():
    """Pressure moves it less until its tension has fallen."""
    levels = [
        worth(begin(supplier=STEADY, context={"offer": 0.6, "goals": 0.8, "tension": tension})).mean()
        for tension in (0.0, 2.0, 5.0)
    ]
    assert levels[0] < levels[1] - 0.02 < levels[2] - 0.04
    unpressed = worth(begin(supplier=STEADY, context={"offer": 0.6})).mean()
    assert levels[2] == pytest.approx(unpressed)


@pytest.mark.parametrize("move", [m for m in Move if FAMILY_OF[m] in (Family.STRONG, Family.THIRD_PARTY)])
def test_pressure_that_leaves_a_supplier_cold_backfires(move):
    """It offends, and the supplier expects the buyer to pay more than before; what bites does neither."""
    family = f"receptive_{FAMILY_OF[move].name.lower()}"
    held = after([OPEN, HOLD], TRUSTING, stalemate=2.0)
    cold, moved = (after([OPEN, move], TRUSTING | {family: weight}, stalemate=2.0) for weight in (0.0, 2.0))
    assert mean(cold, "goals") == 0.0
    assert mean(cold, "expected_limit") > mean(held, "expected_limit") + 0.01
    assert worth(cold).mean() > worth(held).mean() + 0.01
    assert (cold.state["ask"] >= held.state["ask"]).all()
    assert mean(cold, "tension") > mean(held, "tension") + 0.1
    assert worth(moved).mean() < worth(held).mean() - 0.01
    proud = after([OPEN, move], TRUSTING | {family: 0.0, "pride": 2.0}, stalemate=2.0)
    assert mean(proud, "tension") > mean(cold, "tension") + 0.05


@pytest.mark.parametrize("move", [CITE, BUDGET, DENY])
def test_pressure_that_hardly_bites_offends_too(move):
    """Less than what leaves the supplier cold, and more than what moves it."""
    weights = (0.0, 0.2, 1.0)
    talks = [after([move], TRUSTING | {"receptive_strong": weight}, offer=0.6) for weight in weights]
    tension = [mean(batch, "tension") for batch in talks]
    assert tension[0] > tension[1] + 0.03 > tension[2] + 0.05


def test_who_defies_the_buyer_expects_more():
    """What is found out is met with defiance: worse than saying nothing, with more tension than what is let pass."""
    talks = after([OPEN, CITE], STEADY | {"receptive_strong": 0.0, "informedness": 1.0})
    found = talks.state["bluffs"] > 0
    held = after([OPEN, HOLD])
    assert mean(talks, "expected_limit", found) > mean(held, "expected_limit", found) + 0.01
    assert mean(talks, "tension", found) > mean(talks, "tension", ~found) + 0.03
    powerful = STEADY | {"power": 1.0, "receptive_emotion": 0.0}
    proud = [after([OPEN, Move.FURY], powerful | {"pride": pride}) for pride in (0.0, 1.0)]
    assert mean(proud[1], "expected_limit") > mean(proud[0], "expected_limit") + 0.005


@pytest.mark.parametrize("move", [Move.INVITE_RIVALS, PROCESS])
def test_third_parties_work_where_an_issue_is_stuck(move):
    talks = [after([move], RECEPTIVE, offer=0.6, stalemate=stalemate) for stalemate in (0.0, 1.0, 2.0)]
    for name in ("goals", "time"):
        pressure = [mean(batch, name) for batch in talks]
        assert 1.2 * pressure[0] < pressure[1] < pressure[2] / 1.2
    assert mean(talks[0], "ask") > mean(talks[1], "ask") > mean(talks[2], "ask")
    claims = [mean(after([CITE], RECEPTIVE, offer=0.6, stalemate=stalemate), "goals") for stalemate in (0.0, 2.0)]
    assert claims[0] == claims[1], "other means ask for no stalemate"


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
    doubting = RECEPTIVE | {"gullibility": 0.2}
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
    held = mean(after([HOLD], RECEPTIVE, **context), "expected_limit")
    claimed, quoted = (after([CITE], RECEPTIVE, quote=quote, **context) for quote in (0.0, 0.62))
    assert mean(claimed, "expected_limit") < held - 0.01
    assert mean(quoted, "expected_limit") < mean(claimed, "expected_limit") - 0.01
    low = after([CITE], RECEPTIVE, **context | {"expected_limit": 0.65})
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
