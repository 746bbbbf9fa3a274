"""The theory of the model as experiments: silence, openings, what is accepted when, and what a deal is worth.

The sizes asked for are far below those found, so that only a change of behaviour fails, not of a constant.
"""

import numpy as np
import pytest

from negoenv.game.reward import WEIGHTS
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from tests.laboratory import ROWS, STEADY, STEPPING, TYPICAL, after, begin, mean, play, share, worth

OPEN, HOLD, PROBE = Move.OPEN_MODERATE, Move.HOLD, Move.PROBE
SMALL = Move.CONCEDE_SMALL
CITE = Move.CITE_COMPETITORS


# Silence


@pytest.mark.parametrize("scenario", ["Procurement", "Stalemate", "Opportunist", "Marketplace"])
@pytest.mark.parametrize("opening", [Move.OPEN_LOW, OPEN])
def test_silence_does_not_win(scenario, opening):
    """Who opens and then holds for ever hardly ever gets what was not taken at once; many lose patience and leave."""
    talks = play(begin(scenario=scenario), [opening])
    taken_at_once = share(talks, Outcome.DEAL)
    play(talks, [HOLD] * int(talks.state["deadline"].max()))
    assert share(talks, Outcome.DEAL) - taken_at_once < 0.1 * (1.0 - taken_at_once)
    assert taken_at_once < 0.2
    assert share(talks, Outcome.BREAKDOWN) > 0.3


def test_a_supplier_that_is_kept_waiting_leaves():
    """Not at once, and not over a gap that is closed; who speaks is waited for, who asks for costs half as much."""
    left = [
        share(after(moves, STEADY, offer=0.6), Outcome.BREAKDOWN)
        for moves in ([HOLD] * 3, [HOLD] * 8, [PROBE] * 8, [HOLD, CITE] * 4)
    ]
    assert left[0] == left[3] == 0.0
    assert left[1] > 0.1
    assert 0.0 < left[2] < 0.5 * left[1]
    near = after([HOLD] * 8, STEADY, offer=0.9, ask=0.91, limit=0.9, budget=0.95)
    assert share(near, Outcome.BREAKDOWN) < 0.1 * left[1]


# Accepting


def test_acceptance_rises_with_the_offer_around_what_going_on_is_worth():
    """A quantal response: rarely far below, hardly certain above; pressure makes the same offer worth taking."""
    firm = STEADY | {"readiness": -10.0, "midpoint_affinity": 0.0, "acceptance_width": 0.02, "opportunism": 0.0}
    firm |= {"fairness": 0.0, "power": 0.0}  # so that pressure can make it settle for little
    start = {"offer": 0.72, "limit": 0.9, "budget": 0.95, "goals": np.linspace(0.0, 3.0, ROWS)}
    refused, offered = (after([SMALL], firm | {"decisiveness": decisiveness}, **start) for decisiveness in (0.0, 0.9))
    gain = refused.state["offer"] - worth(refused)
    taken = offered.state["outcome"] == Outcome.DEAL
    places = ((-1.0, -0.06), (-0.04, -0.02), (-0.01, 0.01), (0.02, 0.04), (0.06, 1.0))
    chosen = [(gain > low) & (gain < high) for low, high in places]
    assert min(rows.sum() for rows in chosen) > 40
    rates = [taken[rows].mean() for rows in chosen]
    assert rates[0] < 0.06
    assert rates[0] < rates[1] < rates[2] < rates[3] < rates[4]
    assert 0.25 < rates[2] < 0.65
    assert 0.8 < rates[4] < 1.0


def test_a_first_offer_is_not_taken_for_a_last_word():
    """The supplier waits for a move: the more so with moves of its own unanswered, or kept waiting before."""
    willing = TYPICAL | {"decisiveness": 0.9, "reservation_price": 0.5}
    start = {"offer": 0.72, "ask": 0.9, "expected_limit": 0.6, "limit": 0.9, "budget": 0.95}
    rates = [share(after([HOLD], willing, unanswered=moves, **start), Outcome.DEAL) for moves in (0.0, 1.0, 2.0)]
    assert rates[0] > 2 * rates[1] > 4 * rates[2]
    waited = [share(after([HOLD], willing, waited=rounds, **start), Outcome.DEAL) for rounds in (0.0, 1.0, 2.0)]
    assert waited[0] > 1.1 * waited[1] > 1.2 * waited[2]
    given = share(after([SMALL], willing, unanswered=1.0, **start), Outcome.DEAL)
    assert given > 3 * rates[1]
    near = start | {"ask": 0.73}
    assert share(after([HOLD], willing, unanswered=1.0, **near), Outcome.DEAL) > 3 * rates[1]


def test_an_exposed_liar_is_refused_more():
    """Fact 16: at the same price, after an exposed bluff, acceptance falls."""
    willing = TYPICAL | {"decisiveness": 1.0, "reservation_price": 0.5, "acceptance_width": 0.02}
    context = {"offer": 0.75, "ask": 0.85, "expected_limit": 0.76, "limit": 0.9, "budget": 0.95}
    honest, liar = (after([SMALL], willing, bluffs=bluffs, **context) for bluffs in (0.0, 1.0))
    assert share(liar, Outcome.DEAL) < share(honest, Outcome.DEAL) - 0.1


# Openings, time, the deal


def test_a_lower_opening_anchors_and_offends():
    """Fact 1: a lower first offer pulls down the limit that is expected, and the ask, and sours the talks."""
    low, moderate, fair = (after([move], STEPPING, benchmark=0.7) for move in (0, 1, 2))
    for name in ("expected_limit", "ask"):
        assert mean(low, name) < mean(moderate, name) - 0.005 < mean(fair, name) - 0.01
    assert worth(low).mean() < worth(moderate).mean() < worth(fair).mean()
    assert mean(low, "tension") > mean(moderate, "tension") + 0.02 > mean(fair, "tension") + 0.02
    assert mean(low, "resentment") > mean(fair, "resentment")


@pytest.mark.parametrize("move", [HOLD, SMALL])
def test_agreements_bunch_at_the_deadline(move):
    """Fact 6: an acceptable offer is taken more readily when time is short."""
    supplier = TYPICAL | {"reservation_price": 0.5}
    context = {"offer": 0.7, "ask": 0.85, "expected_limit": 0.76, "limit": 0.9, "budget": 0.95}
    early, late = (share(after([move], supplier, round=r, **context), Outcome.DEAL) for r in (2.0, 18.0))
    assert late > 1.5 * early


def test_a_supplier_moves_more_when_its_time_is_short():
    """Fact 7: more readily and further, and who feels no time does not."""
    for feel_time, least in ((1.0, 0.005), (0.0, 0.0)):
        supplier = STEPPING | {"feel_time": feel_time, "generosity": 0.0}
        early, late = (mean(after([HOLD], supplier, round=r, offer=0.6), "ask") for r in (2.0, 18.0))
        assert early - late >= least
    patient = STEPPING | {"patience": 2.0}
    impatient = STEPPING | {"patience": 0.5}
    asks = [mean(after([HOLD], supplier, round=9.0, offer=0.6), "ask") for supplier in (patient, impatient)]
    assert asks[1] < asks[0] - 0.02


def test_nobody_sells_below_the_reservation_price():
    talks = begin(supplier=TYPICAL | {"reservation_price": 0.8}, context={"offer": 0.79, "limit": 0.9, "budget": 0.95})
    play(talks, [CITE, Move.ULTIMATUM, HOLD, Move.LEADER_ULTIMATUM, *[HOLD] * 16])
    assert share(talks, Outcome.DEAL) == 0.0


def _deals(**context):
    """Return what deals are worth at asks that leave the supplier from nothing to three quarters of the surplus."""
    margins = np.linspace(0.0, 0.75, ROWS)
    supplier = TYPICAL | {"reservation_price": 0.5}
    context = {"ask": 0.5 + margins * 0.4, "limit": 0.9, "budget": 0.95, **context}
    return margins, play(begin(supplier=supplier, context=context), [Move.ACCEPT]).outcomes()


def test_goodwill_rises_with_the_suppliers_margin_and_saturates():
    """Fact 25: a fair margin buys nearly all of it."""
    margins, deals = _deals()
    assert np.allclose(deals["supplier_margin"], margins)
    assert (np.diff(deals["goodwill"]) > 0).all()
    assert (np.diff(deals["under_delivery_probability"]) < 0).all()
    squeezed, fair, rich = (np.interp(m, margins, deals["goodwill"]) for m in (0.02, 0.3, 0.7))
    assert fair > squeezed + 0.4
    assert rich - fair < 0.3 * (fair - squeezed)


def test_a_sour_deal_is_paid_back():
    """Facts 12 and 17: tension and resentment at the deal cost goodwill; resentment is repaid by under-delivery."""
    _, calm = _deals()
    _, tense = _deals(tension=1.0)
    _, humiliated = _deals(resentment=1.0)
    for sour in (tense, humiliated):
        assert sour["goodwill"][-1] < 0.9 * calm["goodwill"][-1]
    assert (humiliated["under_delivery_probability"] > calm["under_delivery_probability"] + 0.1)[ROWS // 2 :].all()


def test_real_costs_are_those_of_the_table():
    for move in Move:
        talks = after([OPEN, move])
        column = talks.reward_names.index("tactics")
        legal = talks.state["illegal_moves"] == 0
        assert np.allclose(talks.reward_terms[legal, column], -move.tactic.effects.cost), move.name


def test_real_costs_count_by_their_weight():
    once, twice = (
        play(begin(8, scenario={"weights": {"tactics": weight}}, supplier=STEADY), [Move.INVITE_RIVALS])
        for weight in (1.0, 2.0)
    )
    column = once.reward_names.index("tactics")
    assert (once.reward_terms[:, column] < 0.0).all()
    assert np.allclose(twice.reward_terms[:, column], 2.0 * once.reward_terms[:, column])


def test_who_leaves_has_a_rivals_quote_or_searches():
    """A search for another supplier without one or with one above the limit; no more than the whole surplus."""
    search = -WEIGHTS.by_name["search"].default
    quotes = {0.0: search, 0.7: 0.5, 0.45: 1.0, 0.95: search}
    context = {"limit": 0.9, "budget": 0.95, "quote": np.array([*quotes])}
    talks = play(begin(len(quotes), supplier=TYPICAL | {"reservation_price": 0.5}, context=context), [Move.WALK_AWAY])
    assert talks.terminated.all()
    worth = talks.reward_terms[:, talks.reward_names.index("outside_option")]
    np.testing.assert_allclose(worth, [*quotes.values()], atol=1e-6)
