"""Turns of human bargains: what is read, and what is simulated."""

import math
from dataclasses import replace

import numpy as np
import pytest

from negoenv import NegoenvError
from negoenv.game.tactics import Move
from negoenv.human import Buyers
from negoenv.human.simulate import replay
from negoenv.human.turns import CONTRASTS, Turns, load_turns, turn_moments_of
from negoenv.human.words import SAID_BY, WORDS, TurnKind, arguments_of
from negoenv.scenarios.presets import resolve
from tests.human_sample import DATA, FEW, FLAGS, FOLDER, TURNS

HEADER = f"dialogue,named_price,first_price,ask,gap,buyer_concession,replied,seller_fraction,accepted,{FLAGS}\n"


def turn(dialogue, *numbers, said=()):
    """Return a line of a file: named, first, ask, gap, concession, replied, share given, accepted."""
    flags = (str(int(word in said)) for word in WORDS)
    return ",".join([dialogue, *map(str, numbers), *flags]) + "\n"


def test_turns_by_hand(tmp_path):
    path = tmp_path / "turns.csv"
    path.write_text(
        HEADER
        + turn("a", 1, 1, 1.0, 0.4, 0, 1, 0.5, 0)  # a first offer; the seller gives half
        + turn("a", 1, 0, 0.8, 0.2, 0, 1, 0, 0)  # nothing for nothing, after it had moved
        + turn("b", 1, 1, 1.0, 0.5, 0, 1, 0, 0)
        + turn("b", 1, 0, 1.0, 0.3, 0.4, 1, 1, 1, said=("budget",))  # a concession, taken
        + turn("b", 1, 0, 1.0, 0.3, 0.4, 0, 0, 0)  # no reply
        + turn("c", 0, 0, 1.0, 0.005, 0, 1, 1, 1)  # no gap
        + turn("d", 0, 0, 1.0, 0.5, 0, 1, 0, 0)
    )
    turns = load_turns(path)
    assert len(turns) == 5
    assert turns.dialogues == 3
    kinds = (TurnKind.FIRST, TurnKind.INSISTS, TurnKind.FIRST, TurnKind.GAVE, TurnKind.TALKS)
    assert turns.kinds.tolist() == list(kinds)
    assert [len(said) for said in turns.habits.said] == [2, 1, 1, 1]
    assert turns.words.sum() == turns.words[3, WORDS.index("budget")] == 1
    found = turn_moments_of(turns)
    assert (found["given_first"], found["taken_first"]) == (0.25, 0.0)
    assert (found["given_silent"], found["given_silent_moved"]) == (0.0, 0.0)
    assert (found["given_gave"], found["taken_gave"]) == (1.0, 1.0)
    assert math.isnan(found["given_gave_moved"])
    assert math.isnan(found["given_with_anger"])
    assert turn_moments_of(turns.take(np.array([0, 0])))["given_first"] == 0.5


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ((2, 1, 1.0, 0.4, 0, 1, 0.5, 0), r"line 2, column 'named_price': '2' is neither 0 nor 1\.$"),
        ((1, 1, 480, 0.4, 0, 1, 0.5, 0), r"line 2, column 'ask': '480' is not between 0\.15 and 1\.15\.$"),
        ((1, 1, 1.0, 0.4, 0, 1, 1.5, 0), r"line 2, column 'seller_fraction': '1\.5' is not between 0 and 1\.$"),
        ((1, 1, 1.0, 0.4, 0, 1, 0.5, "yes"), r"line 2, column 'accepted': 'yes' is neither 0 nor 1\.$"),
        ((1, 1, 1.0, "x", 0, 1, 0.5, 0), r"line 2, column 'gap': 'x' is not a number\.$"),
    ],
)
def test_a_wrong_cell_of_a_turn_is_named(tmp_path, cells, sentence):
    path = tmp_path / "turns.csv"
    path.write_text(HEADER + turn("a", *cells))
    with pytest.raises(NegoenvError, match=sentence):
        load_turns(path)


def test_the_effect_of_words_is_what_the_regression_was_made_of():
    """Replies that are made of a word and the gap show the word alone."""
    rng = np.random.default_rng(1)
    said = rng.random(TURNS.words.shape) < 0.3
    given = 0.3 - 0.2 * said[:, WORDS.index("final")] + 0.5 * TURNS.gap
    effects = replace(TURNS, words=said, given=given).word_effects[0]
    assert effects == pytest.approx([-0.2 if word == "final" else 0.0 for word in WORDS], abs=1e-9)


def test_shipped_words_have_the_published_signs():
    """Of those that the published table tells apart from 0, with its covariates or without."""
    found = turn_moments_of(TURNS)
    assert found["given_with_side"] == pytest.approx(0.1, abs=0.05)
    assert found["given_with_anger"] == pytest.approx(-0.21, abs=0.06)
    assert found["given_with_probe"] == pytest.approx(-0.06, abs=0.03)
    assert found["taken_with_side"] == pytest.approx(0.07, abs=0.04)
    assert found["taken_with_anger"] == pytest.approx(-0.155, abs=0.04)


def test_the_rarest_words_are_played():
    words = np.array([[word in said for word in WORDS] for said in (("side",), ("final", "budget"), ("probe",), ())])
    assert [Move(number).name for number in arguments_of(words)] == ["HOLD", "ULTIMATUM", "PROBE", "HOLD"]
    assert set(CONTRASTS) < set(WORDS)
    assert set(SAID_BY) < set(WORDS)


def test_simulated_buyers_say_what_people_say():
    turns = replay(resolve("Marketplace"), Buyers.of(DATA), sellers=4, seed=2).turns
    for kind in (TurnKind.FIRST, TurnKind.GAVE):
        said, simulated = (found.words[found.kinds == kind].mean(axis=0) for found in (TURNS, turns))
        assert simulated == pytest.approx(said, abs=0.05)


def test_shipped_turns_have_the_published_size():
    assert len(TURNS) == 1429
    found = turn_moments_of(TURNS)
    assert found["given_silent"] == pytest.approx(0.227, abs=0.02)
    assert found["given_silent_moved"] == pytest.approx(0.136, abs=0.02)
    assert found["taken_silent"] == pytest.approx(0.17, abs=0.02)
    assert found["given_gave"] == pytest.approx(0.58, abs=0.03)
    assert found["given_slope"] == pytest.approx(0.34, abs=0.05)


def test_what_is_no_turn_file_is_told(tmp_path):
    with pytest.raises(NegoenvError, match=r"column 'dialogue' is missing"):
        load_turns(FOLDER / "human_bargaining_dev_offers.csv")
    path = tmp_path / "t.csv"
    path.write_text(HEADER)
    with pytest.raises(NegoenvError, match="holds no turn that was replied to"):
        load_turns(path)


def test_simulated_turns_are_those_of_the_prices():
    bargains, turns, rounds, said = replay(resolve("Marketplace"), Buyers.of(FEW), sellers=2, seed=3)
    assert rounds.shape == said.shape[:1] == (len(bargains),)
    assert isinstance(turns, Turns)
    assert turns.first.sum() <= len(bargains) == 2 * len(FEW)
    assert ((turns.given >= 0.0) & (turns.given <= 1.0)).all()
    assert (turns.given[turns.accepted] == 1.0).all()
    assert not turns.moved[turns.first].any()
