"""Lists of rules, their search, and the command that searches simple policies."""

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from agents.learning.spec import Game
from agents.studies.playtest.rules import RULES, RuleLists, RulePolicy, RuleSearch, best_rules
from agents.studies.playtest.settings import QUICK
from agents.studies.simple_policies import generations, simple_policies
from negoenv.benchmark.evaluation import evaluate
from negoenv.game.tactics import Move
from negoenv.make import make_batch

GAME = Game.of(make_batch(1, "Procurement"))
OFFER, ASK = GAME.columns.index("offer"), GAME.columns.index("ask")


def a_list(*rules):
    """Return one list: each rule its conditions (column, sign, threshold) and its move; the rest are like the last."""
    columns, signs, actions = (np.zeros((1, RULES, *more), np.int64) for more in ((2,), (2,), ()))
    thresholds = np.zeros((1, RULES, 2), np.float32)
    for place in range(RULES):
        conditions, move = rules[min(place, len(rules) - 1)]
        actions[0, place] = move
        for k, (column, sign, threshold) in enumerate(conditions):
            columns[0, place, k], signs[0, place, k], thresholds[0, place, k] = column, sign, threshold
    return RuleLists(columns, thresholds, signs, actions)


def test_the_first_rule_that_holds_and_is_legal_is_played():
    lists = a_list(
        (((OFFER, 1, 0.5), (ASK, -1, 0.9)), Move.ACCEPT), (((OFFER, -1, 0.2),), Move.PROBE), ((), Move.ULTIMATUM)
    )
    seen = np.zeros((5, len(GAME.columns)), np.float32)
    seen[:, OFFER] = (0.5, 0.5, 0.4, 0.1, 0.5)
    seen[:, ASK] = (0.8, 0.9, 0.8, 0.8, 0.8)
    masks = np.ones((5, len(GAME.moves)), np.int8)
    masks[4, [Move.ACCEPT, Move.ULTIMATUM]] = 0
    policy = RulePolicy(lists, GAME)
    played = policy.act(seen, masks, np.ones(5, np.bool_))
    assert [Move(move).name for move in played] == ["ACCEPT", "ULTIMATUM", "ULTIMATUM", "PROBE", "HOLD"]
    assert policy.words.startswith(
        "if offer at least 0.5 and ask below 0.9 ACCEPT; if offer below 0.2 PROBE; ULTIMATUM"
    )


def test_what_is_kept_is_the_same_policy():
    policy = best_rules("Procurement", QUICK)
    again = RulePolicy.from_dict(json.loads(json.dumps(policy.as_dict())), "Procurement")
    assert again.words == policy.words
    batch = make_batch(64, "Procurement")
    assert_array_equal(evaluate(again, batch, 3).returns, evaluate(policy, batch, 3).returns)


def test_the_search_plays_its_candidates_as_an_evaluation_does():
    search = RuleSearch("Procurement")
    lists = search._drawn(3)
    found = search.mean_returns(lists, 16, seed=5)
    for k, mean in enumerate(found):
        policy = RulePolicy(lists[[k]], GAME)
        assert evaluate(policy, make_batch(16, "Procurement", "train"), 5).returns.mean() == pytest.approx(mean)


class Known(RuleSearch):
    """A game that pays for each rule that plays PROBE where the offer is high."""

    def mean_returns(self, lists, suppliers, seed):
        good = (lists.columns == OFFER).any(axis=2) & (lists.signs == 1).any(axis=2) & (lists.actions == Move.PROBE)
        return good.mean(axis=1)


def test_the_search_finds_a_known_optimum():
    ticks = []
    settings = replace(QUICK, candidates=400, rule_generations=40)
    best = Known("Procurement").best(settings, lambda: ticks.append(1))
    assert Known("Procurement").mean_returns(best, 1, 0)[0] == 1.0
    assert len(ticks) == 40


def test_more_generations_are_better_on_other_suppliers():
    first, later = (
        evaluate(
            best_rules("Procurement", replace(QUICK, candidates=100, suppliers=32, rule_generations=n)),
            make_batch(1024, "Procurement", "test"),
            9,
        ).returns.mean()
        for n in (1, 12)
    )
    assert later > first + 0.05


def test_all_three_are_searched_and_scored_and_in_sourcing_the_rules_alone():
    ticks = []
    found = simple_policies("Procurement", "test", 64, QUICK, lambda: ticks.append(1))
    assert [one.kind for one in found] == ["repeated move", "fixed sequence", "six rules"]
    assert all(one.score is not None and one.words for one in found)
    assert len(ticks) == generations(QUICK)


@pytest.mark.slow
def test_in_sourcing_rules_alone_are_searched():
    assert [one.kind for one in simple_policies("Sourcing", "test", 32, QUICK)] == ["six rules"]


def test_the_command(command, tmp_path):
    path = tmp_path / "found.json"
    status, out, error = command("simple-policies", "--quick", "--episodes", 64, "--json", path, "--no-progress")
    assert (status, error) == (0, "")
    assert "Simple policies in Procurement (test)" in out
    assert [one["kind"] for one in json.loads(path.read_text())["policies"]][-1] == "six rules"
    status, _, error = command("simple-policies", "--scenario", "Nowhere", "--no-progress")
    assert status == 2
    assert "Nowhere" in error
