"""The theory of the model as experiments: ultimatums, and walking out.

The sizes asked for are far below those found, so that only a change of behaviour fails, not of a constant.
"""

from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from tests.laboratory import STEADY, after, begin, mean, play, share

OPEN, HOLD = Move.OPEN_MODERATE, Move.HOLD

FIRM = STEADY | {"readiness": -10.0, "midpoint_affinity": 0.0}  # repeats its ask


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


def test_an_ultimatum_is_believed_less_of_a_buyer_who_has_just_given():
    rates = [complied(concession=concession) for concession in (0.0, 0.25, 0.5, 1.0)]
    assert rates[0] > rates[1] + 0.05 > rates[2] + 0.1 > rates[3] + 0.15
    firm = FIRM | {"receptive_ultimatum": 1.0, "reservation_price": 0.5}
    state = {"offer": 0.68, "limit": 0.9, "budget": 0.95, "round": 12.0, "stalemate": 4.0}
    given, held = (
        share(after([move, HOLD, HOLD, Move.ULTIMATUM], firm, **state), Outcome.DEAL)
        for move in (Move.CONCEDE_LARGE, HOLD)
    )
    assert given < held - 0.03, "although there are two rounds of stalemate again, and the offer is better"


def test_a_real_action_shows_that_an_ultimatum_is_meant():
    assert complied(demonstrated=1.0) > 1.2 * complied(demonstrated=0.0)
    firm = FIRM | {"receptive_ultimatum": 1.0, "reservation_price": 0.5}
    state = {"offer": 0.68, "limit": 0.9, "budget": 0.95, "round": 14.0, "stalemate": 4.0}
    invited, claimed, held = (
        share(after([move, Move.ULTIMATUM], firm, **state), Outcome.DEAL)
        for move in (Move.INVITE_RIVALS, Move.CLAIM_NEW_PROCESS, HOLD)
    )
    assert invited > held + 0.1
    assert claimed < invited - 0.1, "words show nothing"


def test_an_ultimatum_that_threats_announced_is_believed_less():
    rates = [complied(wear_emotion=wear) for wear in (0.0, 0.5, 1.0)]
    assert rates[0] > rates[1] + 0.05 > rates[2] + 0.1


def refused(surplus_share, supplier):
    """Return the share of suppliers that refuse a final offer, which all of them believe to be final."""
    low, limit = 0.5, 0.9
    context = {"round": 15.0, "limit": limit, "budget": 0.95, "stalemate": 10.0}
    believing = supplier | {"receptive_ultimatum": 3.0, "reservation_price": low}
    talks = after([Move.ULTIMATUM], believing, offer=low + surplus_share * (limit - low), **context)
    return 1.0 - share(talks, Outcome.DEAL)


def test_an_unfair_final_offer_is_refused():
    """Fact 14, suppliers as they come: two in five refuse a fifth, hardly any a half, all of them less than cost."""
    suppliers = {name: value for name, value in STEADY.items() if name != "fairness"}
    rates = {surplus_share: refused(surplus_share, suppliers) for surplus_share in (-0.1, 0.0, 0.2, 0.35, 0.5)}
    assert rates[-0.1] == 1.0
    assert rates[0.0] > 0.7
    assert 0.3 < rates[0.2] < 0.55
    assert 0.05 < rates[0.35] < 0.3
    assert rates[0.5] < 0.06


def test_what_is_fair_differs_between_suppliers_more_than_within_one():
    """The same offers: whoever expects little takes what another refuses, and each changes its mind fast."""
    modest, demanding = (
        {share: refused(share, STEADY | {"fairness": f}) for share in (0.1, 0.2, 0.4)} for f in (0, 0.3)
    )
    assert modest[0.1] < 0.2 < 0.8 < demanding[0.1]
    assert modest[0.2] < 0.1 < 0.7 < demanding[0.2]
    assert demanding[0.4] < 0.2


def test_a_refused_ultimatum_costs_credibility_unless_something_follows():
    context = {"stalemate": 0.0, "offer": 0.7}
    supplier = FIRM | {"receptive_ultimatum": 0.0}
    nothing = after([Move.ULTIMATUM, HOLD], supplier, **context)
    rivals = after([Move.ULTIMATUM, Move.INVITE_RIVALS], supplier, **context)
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
    assert mean(talks, "ask", called_back) < mean(talks, "ask", ignored) - 0.01
    assert (talks.state["demonstrated"][called_back | ignored] == 1.0).all()
    strong = after([OPEN, Move.WALK_OUT], supplier | {"power": 0.9}, belief=0.8)
    assert (strong.state["credibility"] == 1.0).mean() < 0.8 * (talks.state["credibility"] == 1.0).mean()
    doubted, held = (after([OPEN, move], supplier, belief=0.8, credibility=0.0) for move in (Move.WALK_OUT, HOLD))
    still = doubted.state["outcome"] == Outcome.OPEN
    assert (doubted.state["ask"][still] >= held.state["ask"][still]).all()


def test_inviting_rivals_shows_nothing_where_none_exists():
    """Where nobody ever quotes, walking out is what shows that the buyer means it."""
    shown = {
        (scenario, move): play(begin(scenario=scenario, supplier=STEADY), [OPEN, move]).state["demonstrated"].max()
        for scenario in ("Procurement", "SoleSource")
        for move in (Move.INVITE_RIVALS, Move.WALK_OUT)
    }
    assert shown.pop(("SoleSource", Move.INVITE_RIVALS)) == 0.0
    assert set(shown.values()) == {1.0}
