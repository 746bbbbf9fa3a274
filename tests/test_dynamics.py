"""The theory of the model as experiments: the same suppliers and the same random numbers, met by different moves.

Here: pressure and tension; see also `tests.test_claims`, `tests.test_ultimatums`, `tests.test_bargaining` and
`tests.test_deals`. The sizes asked for are far below those found, so that only a change of behaviour fails, not of a
constant.
"""

from itertools import pairwise

import numpy as np
import pytest

from negoenv.game.effects import Family
from negoenv.game.state import Outcome
from negoenv.game.tactics import FAMILY_OF, SIMPLE, Move
from tests.laboratory import RECEPTIVE, ROWS, STEADY, TRUSTING, after, begin, mean, play, share, worth

OPEN = Move.OPEN_MODERATE
CITE, DENY, BUDGET, PROCESS = Move.CITE_COMPETITORS, Move.DENY_SCARCITY, Move.REVEAL_BUDGET, Move.CLAIM_NEW_PROCESS
HOLD, PROBE = Move.HOLD, Move.PROBE


# Pressure and tension


@pytest.mark.parametrize(
    "claims", [(CITE,) * 4, (CITE, PROCESS, DENY, Move.SILENT_THREAT), (CITE, PROCESS) * 2, (CITE, BUDGET, DENY, CITE)]
)
def test_a_burst_breaks_what_the_same_claims_spread_out_do_not(claims):
    """Fact 21: at least three times the breakdowns; and pressure in steps also moves more who stay, if they listen."""
    spread = [move for claim in claims for move in (claim, HOLD, HOLD)]
    burst = [*claims, *[HOLD] * (2 * len(claims))]
    stays = {"exit_rate": 0.0, "decisiveness": 0.0}  # unless it is driven away: a deal would end the comparison
    waits = {"constants": {"exit_waiting": 0.0}}  # as long as it takes, whatever the silence
    at_once, in_steps = (play(begin(scenario=waits, supplier=stays), [OPEN, *moves]) for moves in (burst, spread))
    assert share(at_once, Outcome.BREAKDOWN) > 0.1
    assert share(at_once, Outcome.BREAKDOWN) > 3 * share(in_steps, Outcome.BREAKDOWN)
    both = (at_once.state["outcome"] == Outcome.OPEN) & (in_steps.state["outcome"] == Outcome.OPEN)
    listens = both & (at_once.supplier["receptive_strong"] > 1.0)
    assert listens.sum() > ROWS / 20
    assert worth(in_steps)[listens].mean() < worth(at_once)[listens].mean() - 0.003


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


@pytest.mark.parametrize("move", [m for m in SIMPLE if FAMILY_OF[m] in (Family.STRONG, Family.THIRD_PARTY)])
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
    words = {f"words_{FAMILY_OF[move].name.lower()}": float(move)}
    used = [after([OPEN, move], RECEPTIVE, **words, **{wear: level}) for level in (0.0, 0.5, 1.0)]
    falls = [held - worth(talks).mean() for talks in used]
    assert falls[0] > 1.15 * falls[1] > 1.15 * falls[2]
    assert mean(used[0], "ask") < mean(used[1], "ask") < mean(used[2], "ask")


SOURCES = {"goals": 0.15, "time": 0.3, "information": 0.15, "physical": 0.15}  # with a pressure that does not saturate


@pytest.mark.parametrize(("source", "mild"), SOURCES.items())
def test_pressure_lowers_what_going_on_is_worth_to_who_feels_it(source, mild):
    """Each source by its own weight: it is a level, so what is worn off again no longer counts."""
    modest = STEADY | {"fairness": 0.0, "power": 0.0}  # so that there is far to fall
    cold, feeling = (
        [
            worth(begin(supplier=modest | {f"feel_{source}": weight}, context={"offer": 0.6, source: pressure})).mean()
            for pressure in (0.0, mild, 2 * mild)
        ]
        for weight in (0.0, 1.0)
    )
    assert cold[0] == cold[1] == cold[2]
    assert feeling[0] == pytest.approx(cold[0], abs=1e-5), "its own deadline is far"
    assert feeling[0] > feeling[1] + 0.01 > feeling[2] + 0.02
    talks = begin(supplier=STEADY, context={"offer": 0.6, source: 3 * mild})
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
        worth(begin(supplier=STEADY, context={"offer": 0.6, "goals": 0.3, "tension": tension})).mean()
        for tension in (0.0, 2.0, 5.0)
    ]
    assert levels[0] < levels[1] - 0.02 < levels[2] - 0.04
    unpressed = worth(begin(supplier=STEADY, context={"offer": 0.6})).mean()
    assert levels[2] == pytest.approx(unpressed)


@pytest.mark.parametrize("move", [m for m in SIMPLE if FAMILY_OF[m] in (Family.STRONG, Family.THIRD_PARTY)])
def test_pressure_that_leaves_a_supplier_cold_backfires(move):
    """It offends, and the supplier expects the buyer to pay more than before; what bites does neither.

    Who insists is told so from worn means; those that are fresh do a part of it.
    """
    means = FAMILY_OF[move].name.lower()
    family, worn = f"receptive_{means}", {f"wear_{means}": 1.0}
    held = after([OPEN, HOLD], TRUSTING, stalemate=2.0)
    fresh, moved = (after([OPEN, move], TRUSTING | {family: weight}, stalemate=2.0) for weight in (0.0, 2.0))
    cold = after([OPEN, move], TRUSTING | {family: 0.0}, stalemate=2.0, **worn)
    for harm in ("tension", "expected_limit"):
        assert mean(held, harm) < mean(fresh, harm) < mean(cold, harm)
    assert mean(cold, "goals") == 0.0
    assert mean(cold, "expected_limit") > mean(held, "expected_limit") + 0.01
    assert worth(cold).mean() > worth(held).mean() + 0.01
    assert (cold.state["ask"] >= held.state["ask"]).all()
    assert mean(cold, "tension") > mean(held, "tension") + 0.1
    assert worth(moved).mean() < worth(held).mean() - 0.01
    proud = after([OPEN, move], TRUSTING | {family: 0.0, "pride": 2.0}, stalemate=2.0, **worn)
    assert mean(proud, "tension") > mean(cold, "tension") + 0.05


@pytest.mark.parametrize("move", [CITE, BUDGET, DENY])
def test_pressure_that_hardly_bites_offends_too(move):
    """Less than what leaves the supplier cold, and more than what moves it."""
    weights = (0.0, 0.2, 1.0)
    insisting: dict = {"scenario": {"constants": {"flat_first": 1.0}}, "context": {"offer": 0.6}}
    talks = [begin(supplier=TRUSTING | {"receptive_strong": weight}, **insisting) for weight in weights]
    tension = [mean(play(batch, [move]), "tension") for batch in talks]
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
