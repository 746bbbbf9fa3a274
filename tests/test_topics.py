"""What the supplier speaks of; words that differ; exchanges that were refused."""

import numpy as np
import pytest

from negoenv.game import observation
from negoenv.game.constants import CONSTANTS
from negoenv.game.effects import TOPICS, Family
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from tests.laboratory import RECEPTIVE, STEADY, after, begin, mean, play

KEYS = {
    "receptive_strong": 2.0,
    "receptive_third_party": 0.5,
    "receptive_ultimatum": 0.0,
    "receptive_emotion": 0.3,
    "matching": 0.6,
}
"""How much each of `TOPICS` weighs with a supplier."""

FIRST = observation.INDEX[f"topic_{TOPICS[0].name.lower()}"]


def topics(batch):
    """Return 1 for the topic of each row's last answer, else 0; shape ``(rows, topics)``."""
    return batch.observations[:, FIRST : FIRST + len(TOPICS)]


def test_what_weighs_with_it_comes_up_more_often():
    batch = after([Move.OPEN_MODERATE, Move.HOLD], {**STEADY, **KEYS})
    weights = np.array([*KEYS.values()]) + CONSTANTS.by_name["topic_chance"].default
    expected = weights / weights.sum()
    error = np.sqrt(expected * (1.0 - expected) / batch.num_rows)
    assert (np.abs(topics(batch).mean(axis=0) - expected) <= 4.5 * error).all()


def test_each_answer_has_one_topic_and_the_end_of_the_talks_none():
    batch = begin()
    assert not topics(batch).any()
    play(batch, [Move.OPEN_MODERATE])
    assert (topics(batch)[~batch.terminated].sum(axis=1) == 1.0).all()
    assert not topics(play(batch, [Move.WALK_AWAY]))[batch.state["outcome"] == Outcome.WALKED_AWAY].any()


def test_one_answer_is_independent_of_the_last():
    first, second = begin(supplier={**STEADY, **KEYS}), begin(supplier={**STEADY, **KEYS})
    before = topics(play(first, [Move.OPEN_MODERATE]))[:, 0]
    now = topics(play(second, [Move.OPEN_MODERATE, Move.HOLD]))[:, 0]
    assert abs(np.corrcoef(before, now)[0, 1]) < 4.5 / np.sqrt(len(now))


def test_a_hidden_topic_reads_0():
    hidden = [f"topic_{family.name.lower()}" for family in TOPICS]
    batch = play(begin(scenario={"hidden": hidden}), [Move.OPEN_MODERATE])
    assert not topics(batch).any()
    assert batch.state["topic"].any()


def test_other_words_of_a_worn_family_work_better_than_the_same():
    """What is claimed is put aside, so that the two claims differ in nothing but their words."""
    wear = {"wear_strong": 0.6, "words_strong": float(Move.CLAIM_NEW_PROCESS)}
    fresh, other = (mean(after([Move.DENY_SCARCITY], RECEPTIVE, **context), "goals") for context in ({}, wear))
    same = mean(after([Move.DENY_SCARCITY], RECEPTIVE, **wear | {"words_strong": float(Move.DENY_SCARCITY)}), "goals")
    assert same < other < fresh
    kept = CONSTANTS.by_name["wear_other"].default
    left = 1.0 - CONSTANTS.by_name["wear_recovery"].default  # of the wear, after the round that has passed
    assert other / fresh == pytest.approx(1.0 - 0.6 * left * kept, rel=1e-6)
    assert same / fresh == pytest.approx(1.0 - 0.6 * left, rel=1e-6)


def test_an_idle_argument_takes_from_a_strong_one_after_it_and_a_strong_one_does_not():
    """Of suppliers that third parties move, and strong pressure does not."""
    supplier = {**RECEPTIVE, "receptive_strong": 0.0}
    idle, calm = (after([move], supplier).state["dilution"].mean() for move in (Move.DENY_SCARCITY, Move.HOLD))
    strong = after([Move.DENY_SCARCITY], RECEPTIVE | {"receptive_strong": 2.0}).state["dilution"].mean()
    assert calm == strong == 0.0
    effects = Move.DENY_SCARCITY.tactic.effects
    most = CONSTANTS.by_name["dilution"].default * (effects.goals + effects.time + effects.information)
    assert idle == pytest.approx(min(1.0, most))
    after_idle, after_calm = (
        mean(after([move, Move.CLAIM_NEW_PROCESS], supplier), "goals") for move in (Move.DENY_SCARCITY, Move.HOLD)
    )
    assert after_idle < after_calm * (1.0 - 0.9 * idle)


def test_the_words_of_an_argument_are_the_same_with_and_without_an_offer():
    batch = after([Move.OPEN_MODERATE, Move["REVEAL_BUDGET+CONCEDE_SMALL"]])
    assert (batch.state["words_strong"] == Move.REVEAL_BUDGET).all()
    assert Move.REVEAL_BUDGET.tactic.effects.family is Family.STRONG


def test_an_exchange_that_was_refused_is_refused_the_more_until_something_is_given():
    supplier = {**STEADY, "matching": 0.9, "readiness": -10.0, "generosity": 0.0}
    opened = [Move.OPEN_MODERATE]

    def taken(*before):
        batch = after([*opened, *before], supplier)
        refused = batch.state["refused"].mean()
        offers = batch.state["offer"].copy()
        return (play(batch, [Move.EXCHANGE]).state["offer"] > offers).mean(), refused

    fresh, none = taken()
    batch = after([*opened, Move.EXCHANGE, Move.EXCHANGE], supplier)
    refusing = batch.state["refused"] == 2.0
    offers = batch.state["offer"].copy()
    again = (play(batch, [Move.EXCHANGE]).state["offer"] > offers)[refusing].mean()
    assert none == 0.0
    assert fresh > 0.3
    assert again < 0.5 * fresh
    given = after([*opened, Move.EXCHANGE, Move.EXCHANGE, Move.CONCEDE_SMALL], supplier)
    assert not given.state["refused"].any()
