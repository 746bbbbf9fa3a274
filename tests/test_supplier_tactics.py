"""The supplier's own tactics: when they are used, what they do, and what the buyer sees of them."""

import numpy as np
import pytest

from negoenv import NegoenvError
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game import observation
from negoenv.game.supplier_tactics import TACTICS, Occasion, SupplierTactic
from negoenv.game.tactics import Move
from negoenv.scenarios.presets import PRESETS, resolve

ROWS = 512
ALL = np.ones(ROWS, np.bool_)
PATIENT = {"tolerance": 5.0, "exit_rate": 0.0, "weakness": 0.0, "generosity": 0.0, "matching": 0.0, "readiness": -10.0}
"""A supplier that neither leaves, nor moves by itself."""


def talks(tactic, honesty, moves=(Move.OPEN_MODERATE,), rate=1.0, **changes):
    """Return negotiations with a supplier that uses one tactic whenever it fits, after some moves."""
    game = NegotiationBatch(ROWS, resolve({"supplier_tactics": [tactic.name], "deadline": 40, **changes}))
    game.seed(0)
    game.reset(ALL, {"supplier": {**PATIENT, "tactics_rate": rate, "honesty": honesty, "decisiveness": 0.0}})
    return play(game, *moves)


def play(game, *moves):
    for move in moves:
        game.step(np.full(ROWS, move), ~game.terminated)
    return game


def said(game, tactic):
    return game.observations[:, observation.INDEX[f"said_{tactic.name.lower()}"]] == 1.0


BEFORE = {
    Occasion.OPENING: (Move.OPEN_MODERATE,),
    Occasion.CONCESSION: (Move.OPEN_MODERATE, Move.CONCEDE_MODERATE),
    Occasion.STUCK: (Move.OPEN_MODERATE, Move.HOLD, Move.HOLD, Move.HOLD),
    Occasion.OTHER: (Move.OPEN_MODERATE, Move.HOLD),
    Occasion.STRAINED: (Move.OPEN_MODERATE, *[Move.FURY] * 6),
}


@pytest.mark.parametrize("tactic", TACTICS)
def test_each_is_used_on_its_occasions_and_seen(tactic):
    for occasion in tactic.effects.occasions:
        *before, last = BEFORE[occasion]
        game = talks(tactic, 0.5, before, rate=0.0)
        game.supplier["tactics_rate"] = 1.0
        if occasion is Occasion.STRAINED:
            game.state["tension"] = 0.8 * game.supplier["tolerance"]
        play(game, last)
        running = ~game.terminated
        assert running.mean() > 0.2
        assert said(game, tactic)[running].all()
    assert not any(said(game, other).any() for other in TACTICS if other is not tactic)


def test_who_uses_none_is_the_supplier_without_them():
    """In the Marketplace, fitted to people, nobody does: a rate of 0 changes no bit."""
    assert (NegotiationBatch(64, PRESETS["Marketplace"]).supplier["tactics_rate"] == 0.0).all()
    games = [talks(tactic, 0.5, BEFORE[Occasion.STUCK], rate=0.0) for tactic in (TACTICS[0], TACTICS[-1])]
    np.testing.assert_array_equal(games[0].observations, games[1].observations)
    assert not any(said(games[0], tactic).any() for tactic in TACTICS)


def test_a_price_rise_comes_if_it_was_meant():
    for honesty, rises in ((1.0, True), (0.0, False)):
        game = talks(SupplierTactic.PRICE_RISE, honesty, (Move.OPEN_MODERATE, Move.CONCEDE_MODERATE, Move.HOLD))
        game.state["ask"] *= 0.9
        asked = game.state["ask"].copy()
        assert said(game, SupplierTactic.PRICE_RISE).all()
        assert (play(game, Move.SILENCE).observations[:, observation.INDEX["tactic_due"]] == 1.0).all()
        game.supplier["tactics_rate"] = 0.0
        play(game, Move.SILENCE)
        assert ((game.state["ask"] > asked + 1e-9) == rises).all()
        assert (game.state["tactic_result"] == (1.0 if rises else -1.0)).all()


def test_a_threat_to_leave_is_averted_by_a_concession():
    def left(honesty, answer):
        game = talks(SupplierTactic.THREAT_TO_LEAVE, honesty, (Move.OPEN_MODERATE, Move.HOLD), rate=0.0)
        game.state["tension"] = 0.6 * game.supplier["tolerance"]
        game.supplier["tactics_rate"] = 1.0
        play(game, Move.SILENCE)
        game.supplier["tactics_rate"] = 0.0
        game.state["tension"] = 0.0
        return play(game, answer, Move.HOLD).terminated.mean()

    assert left(1.0, Move.HOLD) == pytest.approx(SupplierTactic.THREAT_TO_LEAVE.effects.exit, abs=0.08)
    assert left(1.0, Move.CONCEDE_MODERATE) == 0.0
    assert left(0.0, Move.HOLD) < 0.1  # some leave who are kept waiting


def test_an_exploding_offer_is_gone_if_it_was_meant():
    for honesty in (1.0, 0.0):
        game = talks(SupplierTactic.EXPLODING_OFFER, honesty)
        before = play(game, Move.OPEN_MODERATE).state["ask_before"].copy()
        game.supplier["tactics_rate"] = 0.0
        assert said(game, SupplierTactic.EXPLODING_OFFER).all()
        assert (game.state["ask"] < before).all()
        play(game, Move.HOLD)
        assert ((game.state["ask"] == before) == (honesty == 1.0)).all()


def test_holding_out_against_a_nibble_that_was_a_bluff_takes_it_back():
    for honesty in (1.0, 0.0):
        game = talks(SupplierTactic.NIBBLE, honesty, (Move.OPEN_MODERATE, Move.CONCEDE_SMALL), rate=0.0)
        game.state["ask"] = 0.95
        game.supplier["tactics_rate"] = 1.0
        play(game, Move.CONCEDE_MODERATE)
        assert (game.state["ask"] > 0.95).all()
        play(game, Move.HOLD)
        assert ((game.state["ask"] == 0.95) == (honesty == 0.0)).all()


@pytest.mark.parametrize(
    ("tactic", "gives"), [(SupplierTactic.TIED_CONCESSION, True), (SupplierTactic.HIGHER_AUTHORITY, False)]
)
def test_a_promise_is_kept_if_it_was_meant(tactic, gives):
    for honesty, answer in ((1.0, Move.CONCEDE_MODERATE), (0.0, Move.CONCEDE_MODERATE), (1.0, Move.HOLD)):
        game = talks(tactic, honesty, (Move.OPEN_MODERATE, Move.HOLD))
        game.supplier["tactics_rate"] = 0.0
        asked = game.state["ask"].copy()
        play(game, answer)
        kept = honesty == 1.0 and (answer == Move.CONCEDE_MODERATE or not gives)
        assert ((game.state["ask"] < asked) == kept).mean() > 0.9


def test_scarcity_that_is_true_raises_what_it_expects_elsewhere():
    fallbacks = [
        talks(SupplierTactic.SCARCITY, h, (Move.OPEN_MODERATE, Move.HOLD)).state["fallback"] for h in (0.0, 1.0)
    ]
    assert (fallbacks[1] > fallbacks[0]).all()


def test_who_asks_learns_whether_it_is_true():
    for asks, tactic in ((Move.PROBE, SupplierTactic.PRICE_RISE), (Move.DENY_SCARCITY, SupplierTactic.SCARCITY)):
        for honesty, result in ((1.0, 1.0), (0.0, -1.0)):
            game = talks(tactic, honesty, (Move.OPEN_MODERATE, Move.HOLD))
            game.supplier["tactics_rate"] = 0.0
            limit = game.state["expected_limit"].copy()
            play(game, asks)
            found = game.state["tactic_result"]
            assert set(np.unique(found)) == {0.0, result}
            assert (found == result).mean() == pytest.approx(0.7, abs=0.08)
            if result < 0.0 and asks == Move.PROBE:  # a supplier whose bluff was seen through expects less
                assert (game.state["expected_limit"] < limit)[(found == result) & (limit > game.state["offer"])].all()


def test_a_harsh_colleague_looks_strained_and_is_not():
    """What shows of a tactic is no more than a show."""
    strains = []
    for rate in (0.0, 1.0):
        game = talks(SupplierTactic.BAD_COP, 0.0, (Move.OPEN_MODERATE, Move.HOLD), rate=rate)
        strains.append((game.state["strain"], game.state["tension"]))
    np.testing.assert_array_equal(strains[0][1], strains[1][1])
    assert (strains[1][0] - strains[0][0]).mean() == pytest.approx(SupplierTactic.BAD_COP.effects.strain, abs=0.02)


def shown(split):
    """Return the tactics that suppliers of a split of Procurement use."""
    game = NegotiationBatch(4096, PRESETS["Procurement"], split)
    every = np.ones(4096, np.bool_)
    game.seed(0)
    game.reset(every)
    seen = set()
    for move in (Move.OPEN_MODERATE, *[Move.HOLD, Move.RAISE_VOICE, Move.CONCEDE_SMALL] * 4):
        game.step(np.full(4096, move), ~game.terminated)
        seen |= {tactic for tactic in TACTICS if said(game, tactic)[~game.terminated].any()}
    return seen


def test_unseen_suppliers_differ_in_kind_in_constants_and_in_tactics():
    assert shown("train") == shown("test") == {*TACTICS} - {SupplierTactic.BAD_COP, SupplierTactic.EXPLODING_OFFER}
    assert shown("unseen") == {*TACTICS}
    for name, scenario in PRESETS.items():
        kinds = {split: {a.name for a in scenario.population(split).archetypes} for split in ("train", "unseen")}
        assert not kinds["train"] & kinds["unseen"] or name == "Marketplace"
        assert scenario.population("train") != scenario.population("unseen")
        assert (scenario.constant_record("unseen") != scenario.constant_record("train")) == (name != "Marketplace")


def test_what_a_scenario_says_of_tactics_is_checked():
    with pytest.raises(NegoenvError, match=r"Unknown tactic of the supplier 'SCARCTY'\. Did you mean 'SCARCITY'"):
        resolve({"supplier_tactics": ["SCARCTY"]})


def test_the_buyer_pays_for_delay_after_its_need_date():
    scenario = resolve(
        {
            "need": {"low": 0.2, "high": 0.2},
            "delay_cost": {"low": 0.03, "high": 0.03},
            "patience": {"low": 0.5, "high": 0.5},
        }
    )
    game = NegotiationBatch(8, scenario)
    rows = np.ones(8, np.bool_)
    game.seed(0)
    game.reset(rows)
    assert (game.state["deadline"] == 10.0).all()
    assert (game.state["need_date"] == 2.0).all()
    column = game.reward_names.index("delay")
    paid = []
    for _ in range(4):
        left = game.observations[:, observation.INDEX["need_left"]]
        np.testing.assert_allclose(left, 0.05 * (2.0 - game.state["round"]), rtol=1e-6)
        game.step(np.full(8, Move.HOLD), ~game.terminated)
        paid.append(game.reward_terms[~game.terminated, column])
    assert [set(costs.tolist()) for costs in paid] == [{0.0}, {0.0}, {-0.03}, {-0.03}]
