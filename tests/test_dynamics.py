"""The theory of the model as experiments: the same suppliers and the same random numbers, met by different moves.

The sizes asked for are far below those found, so that only a change of behaviour fails, not of a constant.
"""

from itertools import pairwise

import numpy as np
import pytest

from negoenv.game.state import Outcome
from negoenv.game.supplier import SUPPLIER
from negoenv.game.tactics import FAMILY_OF, TACTICS, Family, Move
from tests.laboratory import ROWS, begin, play, share

OPEN = Move.OPEN_MODERATE
CITE, DENY, BUDGET, PROCESS = Move.CITE_COMPETITORS, Move.DENY_SCARCITY, Move.REVEAL_BUDGET, Move.CLAIM_NEW_PROCESS
HOLD, PROBE = Move.HOLD, Move.PROBE

TYPICAL = {field.name: field.default for field in SUPPLIER.fields if field.name != "archetype"} | {"exit_rate": 0.0}
STEADY = TYPICAL | {
    "tolerance": 5.0,
    "decisiveness": 0.0,
}  # neither leaves nor accepts, so that every row is there to see
FIRM = STEADY | {"firmness": 1.0, "midpoint_affinity": 0.0}
TRUSTING = STEADY | {"informedness": 0.0}


def mean(batch, name, rows=slice(None)):
    return float(batch.state[name][rows].mean())


def after(moves, supplier=STEADY, **context):
    return play(begin(supplier=supplier, context=context), moves)


# Pressure and tension


@pytest.mark.parametrize(
    "claims", [(CITE,) * 4, (CITE, PROCESS, DENY, Move.SILENT_THREAT), (CITE, PROCESS) * 2, (CITE, BUDGET, DENY, CITE)]
)
def test_a_burst_breaks_what_the_same_claims_spread_out_do_not(claims):
    """Row 21 of the model card: at least three times the breakdowns; and pressure in steps also wins more."""
    spread = [move for claim in claims for move in (claim, HOLD, HOLD)]
    burst = [*claims, *[HOLD] * (2 * len(claims))]
    at_once, in_steps = (play(begin(supplier={"exit_rate": 0.0}), [OPEN, *moves]) for moves in (burst, spread))
    assert share(at_once, Outcome.BREAKDOWN) > 0.1
    assert share(at_once, Outcome.BREAKDOWN) > 3 * share(in_steps, Outcome.BREAKDOWN)
    both = (at_once.state["outcome"] == Outcome.OPEN) & (in_steps.state["outcome"] == Outcome.OPEN)
    assert both.sum() > ROWS / 10
    assert mean(in_steps, "target", both) < mean(at_once, "target", both)


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
    """By use and recovery, and in what it does to the target."""
    wear = f"wear_{FAMILY_OF[move].name.lower()}"
    talks = after([OPEN], TRUSTING)
    fresh = mean(talks, wear)
    levels = [mean(play(talks, [move]), wear) for _ in range(3)]
    assert fresh == 0.0
    assert 0.2 < levels[0] < levels[1] < levels[2] <= 1.0
    assert mean(play(talks, [HOLD] * 10), wear) < 0.5 * levels[2]
    before = mean(after([OPEN], TRUSTING), "target")
    falls = [before - mean(after([OPEN, move], TRUSTING, **{wear: level}), "target") for level in (0.0, 0.5, 1.0)]
    assert falls[0] > 1.15 * falls[1] > 1.15 * falls[2]


def test_without_weights_pressure_moves_nobody():
    deaf = TRUSTING | dict.fromkeys(("feel_goals", "feel_time", "feel_information", "feel_physical"), 0.0)
    deaf |= {"power": 0.0, "receptive_emotion": 0.0}
    moves = [m for m in Move if FAMILY_OF[m] in (Family.STRONG, Family.THIRD_PARTY, Family.ULTIMATUM, Family.EMOTION)]
    held = after([OPEN, HOLD, HOLD], deaf).state["target"]
    feeling = after([OPEN, HOLD, HOLD], TRUSTING).state["target"]
    assert np.all(held >= feeling)
    for move in moves:
        context = {"credibility": 0.0} if move is Move.WALK_OUT else {}  # so that it is never called back
        talks = after([OPEN, move, HOLD], deaf, **context)
        still = talks.state["outcome"] == Outcome.OPEN
        assert still.sum() > ROWS / 2
        np.testing.assert_array_equal(talks.state["target"][still], held[still], err_msg=move.name)


# Claims and bluffs


def test_a_bluff_found_out_lowers_credibility_and_target_room():
    informed = STEADY | {"informedness": 1.0}
    talks = after([OPEN, CITE], informed)
    found = talks.state["bluffs"] > 0
    assert 0.1 < found.mean() < 0.9
    assert (talks.state["credibility"][found] < 0.6).all()
    assert (talks.state["credibility"][~found] == 1.0).all()
    assert mean(talks, "belief", found) < 0.6 * mean(talks, "belief", ~found)
    assert mean(talks, "resentment", found) > mean(talks, "resentment", ~found) + 0.1
    assert mean(talks, "target", found) > mean(talks, "target", ~found)


def test_an_exposed_liar_is_refused_more():
    """Row 16: at the same price, after an exposed bluff, acceptance falls."""
    willing = TYPICAL | {"decisiveness": 1.0, "reservation_price": 0.5, "acceptance_width": 0.02}
    context = {"offer": 0.75, "target": 0.75, "limit": 0.9, "budget": 0.95}
    honest, liar = (after([HOLD], willing, bluffs=bluffs, **context) for bluffs in (0.0, 1.0))
    assert share(liar, Outcome.DEAL) < share(honest, Outcome.DEAL) - 0.1


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
    """Row 15, and without credibility a claim is nothing."""
    doubting = TRUSTING | {"gullibility": 0.2, "receptive_strong": 1.0}
    targets = [mean(after([CITE], doubting, belief=belief), "target") for belief in (0.0, 0.5, 1.0)]
    assert targets[0] > targets[1] + 0.003 > targets[2] + 0.006
    unheard = after([CITE], doubting, credibility=0.0)
    np.testing.assert_array_equal(unheard.state["target"], after([HOLD], doubting).state["target"])


# Emotion


@pytest.mark.parametrize("move", [Move.RAISE_VOICE, Move.FURY])
@pytest.mark.parametrize("power", [0.1, 0.9])
def test_anger_needs_a_cause(move, power):
    """Rows 10 to 12: with a known weakness it moves and offends less; without, the powerful demand more."""
    supplier = STEADY | {"receptive_emotion": 1.0, "power": power, "pride": 1.0}
    held = after([OPEN, HOLD], supplier)
    known, unknown = (after([OPEN, move], supplier, weakness_known=known) for known in (1.0, 0.0))
    assert mean(known, "target") < mean(unknown, "target") - 0.005
    assert mean(known, "target") < mean(held, "target") - 0.005
    assert mean(known, "resentment") < mean(unknown, "resentment") - 0.1
    if power > 0.5:
        assert mean(unknown, "target") > mean(held, "target")
    else:
        assert mean(unknown, "target") < mean(held, "target")


def test_anger_breaks_more_without_a_cause():
    """Row 11, on the suppliers of the population."""
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
    talks = after([OPEN, Move.SILENT_THREAT], indifferent, weakness_known=1.0)
    np.testing.assert_array_equal(talks.state["target"], after([OPEN, HOLD], indifferent).state["target"])


def test_probing_finds_a_weakness_if_there_is_one():
    for weakness, least, most in ((0.0, 0.0, 0.0), (1.0, 0.6, 1.0)):
        found = mean(after([OPEN, PROBE, PROBE], STEADY | {"weakness": weakness}), "weakness_known")
        assert least <= found <= most


def test_probing_sharpens_the_cost_estimate():
    errors = [np.abs(after([PROBE] * n).state["cost_estimate"] - 0.62).mean() for n in (1, 4, 12)]
    assert errors[0] > 1.6 * errors[1] > 1.6 * errors[2]


# Ultimatums


def complied(move=Move.ULTIMATUM, surplus_share=0.45, **context):
    """Return the share of suppliers that take a final offer in the last rounds."""
    low, limit = 0.5, 0.9
    supplier = STEADY | {"receptive_ultimatum": 1.0, "reservation_price": low}
    offer = low + surplus_share * (limit - low)
    state = {"round": 15.0, "offer": offer, "limit": limit, "budget": 0.95, "stalemate": 4.0, **context}
    return share(after([move], supplier, **state), Outcome.DEAL)


def test_an_ultimatum_is_for_a_stalemate():
    rates = [complied(stalemate=stalemate) for stalemate in (0.0, 1.0, 4.0)]
    assert rates[0] < rates[1] - 0.1 < rates[2] - 0.2


def test_an_ultimatum_needs_credibility():
    rates = [complied(credibility=credibility) for credibility in (0.0, 0.5, 1.0)]
    assert rates[0] == 0.0
    assert rates[1] > 0.1
    assert rates[2] > 1.5 * rates[1]


def test_the_leader_is_believed_more():
    assert complied(Move.LEADER_ULTIMATUM, stalemate=1.0) > 1.2 * complied(Move.ULTIMATUM, stalemate=1.0)


def test_an_ultimatum_works_late():
    assert complied(round=18.0) > 1.15 * complied(round=1.0)


def test_an_unfair_final_offer_is_refused():
    """Row 14: about half of the believed ones at a fifth of the surplus, about none at half, none below the cost."""
    rates = {}
    for surplus_share in (-0.1, 0.0, 0.2, 0.35, 0.5):
        low, limit = 0.5, 0.9
        supplier = STEADY | {"receptive_ultimatum": 3.0, "reservation_price": low}
        context = {"round": 15.0, "limit": limit, "budget": 0.95, "stalemate": 10.0}
        offer = low + surplus_share * (limit - low)
        rates[surplus_share] = 1.0 - share(after([Move.ULTIMATUM], supplier, offer=offer, **context), Outcome.DEAL)
    assert rates[-0.1] == 1.0
    assert rates[0.0] > 0.8
    assert 0.4 < rates[0.2] < 0.6
    assert 0.02 < rates[0.35] < 0.3
    assert rates[0.5] < 0.06


def test_a_refused_ultimatum_costs_credibility_unless_something_follows():
    refused = {"stalemate": 0.0, "offer": 0.7}
    supplier = FIRM | {"receptive_ultimatum": 0.0}
    nothing = after([Move.ULTIMATUM, HOLD], supplier, **refused)
    rivals = after([Move.ULTIMATUM, Move.INVITE_RIVALS], supplier, **refused)
    still = (nothing.state["outcome"] == Outcome.OPEN) & (rivals.state["outcome"] == Outcome.OPEN)
    assert still.mean() > 0.5
    assert mean(nothing, "credibility", still) < 0.7
    assert mean(rivals, "credibility", still) == 1.0


def test_walking_out_is_not_giving_up():
    """Some call back and yield; a strong supplier does so less, and one who does not believe does not at all."""
    supplier = STEADY | {"power": 0.2}
    talks = after([OPEN, Move.WALK_OUT], supplier, belief=0.8)
    called_back = (talks.state["outcome"] == Outcome.OPEN) & (talks.state["credibility"] == 1.0)
    ignored = (talks.state["outcome"] == Outcome.OPEN) & (talks.state["credibility"] < 1.0)
    assert 0.2 < called_back.mean() < 0.9
    assert 0.02 < share(talks, Outcome.BREAKDOWN) < 0.4
    assert mean(talks, "target", called_back) < mean(talks, "target", ignored) - 0.02
    strong = after([OPEN, Move.WALK_OUT], supplier | {"power": 0.9}, belief=0.8)
    assert (strong.state["credibility"] == 1.0).mean() < 0.8 * (talks.state["credibility"] == 1.0).mean()
    doubted = after([OPEN, Move.WALK_OUT], supplier, belief=0.8, credibility=0.0)
    assert (doubted.state["target"] >= after([OPEN, HOLD], supplier, belief=0.8, credibility=0.0).state["target"]).all()


# Concessions


def test_a_concession_relaxes_the_pressure():
    start = {"goals": 1.0, "time": 1.0, "information": 1.0, "offer": 0.6}
    held = after([HOLD], **start)
    small, moderate, large = (after([move], **start) for move in (15, 16, 17))
    for source in ("goals", "time"):
        pressure = [mean(batch, source) for batch in (held, small, moderate, large)]
        assert pressure[0] > pressure[1] > pressure[2] > pressure[3]
        assert pressure[3] < 0.8 * pressure[0]
    assert mean(large, "information") == mean(held, "information"), "what is known stays known"


def test_a_concession_relieves_tension():
    start = {"tension": 1.0, "offer": 0.6}
    tension = [mean(after([move], **start), "tension") for move in (PROBE, 15, 16, 17)]
    assert tension[0] > tension[1] > tension[2] > tension[3]


@pytest.mark.parametrize(("opportunism", "reciprocity"), [(2.0, 0.0), (0.0, 1.5)])
def test_a_concession_emboldens_opportunists_and_moves_reciprocators(opportunism, reciprocity):
    """Rows 4 and 24."""
    supplier = STEADY | {"opportunism": opportunism, "reciprocity": reciprocity}
    start = {"offer": 0.6, "target": 0.85}
    change = mean(after([Move.CONCEDE_LARGE], supplier, **start), "target") - mean(
        after([HOLD], supplier, **start), "target"
    )
    assert change > 0.01 if opportunism else change < -0.01
    asks = [after([move], supplier, **start).state["ask"].mean() for move in (Move.CONCEDE_LARGE, HOLD)]
    assert asks[0] > asks[1] if opportunism else asks[0] < asks[1]


def test_pressure_keeps_an_opportunist_from_being_emboldened():
    supplier = STEADY | {"opportunism": 2.0, "reciprocity": 0.0}
    start = {"offer": 0.6, "target": 0.85}
    free, pressed = (after([Move.CONCEDE_LARGE], supplier, goals=goals, **start) for goals in (0.0, 2.0))
    assert mean(pressed, "target") < mean(free, "target") - 0.01


# Openings, time, the deal


def test_a_lower_opening_anchors_and_offends():
    """Row 1: a lower first offer pulls the target down, and sours the talks."""
    low, moderate, fair = (after([move], STEADY, benchmark=0.7) for move in (0, 1, 2))
    assert mean(low, "target") < mean(moderate, "target") < mean(fair, "target")
    assert mean(low, "tension") > mean(moderate, "tension") + 0.02 > mean(fair, "tension") + 0.02
    assert mean(low, "resentment") > mean(fair, "resentment")


def test_agreements_bunch_at_the_deadline():
    """Row 6: an acceptable offer is taken more readily when time is short."""
    supplier = TYPICAL | {"reservation_price": 0.5}
    context = {"offer": 0.7, "target": 0.71, "limit": 0.9, "budget": 0.95}
    early, late = (share(after([HOLD], supplier, round=r, **context), Outcome.DEAL) for r in (2.0, 18.0))
    assert late > 1.2 * early


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
    """Row 25: a fair margin buys nearly all of it."""
    margins, deals = _deals()
    assert np.allclose(deals["supplier_margin"], margins)
    assert (np.diff(deals["goodwill"]) > 0).all()
    assert (np.diff(deals["under_delivery_probability"]) < 0).all()
    squeezed, fair, rich = (np.interp(m, margins, deals["goodwill"]) for m in (0.02, 0.3, 0.7))
    assert fair > squeezed + 0.4
    assert rich - fair < 0.3 * (fair - squeezed)


def test_a_sour_deal_is_paid_back():
    """Rows 12 and 17: tension and resentment at the deal cost goodwill; resentment is repaid by under-delivery."""
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
        assert np.allclose(talks.reward_terms[legal, column], -TACTICS[move].cost), move.name
