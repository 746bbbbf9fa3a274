"""Turns of human bargains: what is read, and what is simulated."""

import math

import numpy as np
import pytest

from negoenv import NegoenvError
from negoenv.human import Buyers
from negoenv.human.simulate import replay
from negoenv.human.turns import Turns, load_turns, turn_moments_of
from negoenv.scenarios.presets import resolve
from tests.human_sample import FEW, FOLDER, TURNS


def test_turns_by_hand(tmp_path):
    path = tmp_path / "turns.csv"
    path.write_text(
        "dialogue,first_price,ask,gap,buyer_concession,replied,seller_fraction,accepted\n"
        "a,1,1.0,0.4,0,1,0.5,0\n"  # a first offer; the seller gives half
        "a,0,0.8,0.2,0,1,0,0\n"  # nothing for nothing, after it had moved
        "b,1,1.0,0.5,0,1,0,0\n"
        "b,0,1.0,0.3,0.4,1,1,1\n"  # a concession, taken
        "b,0,1.0,0.3,0.4,0,0,0\n"  # no reply
        "c,0,1.0,0.005,0,1,1,1\n"  # no gap
    )
    turns = load_turns(path)
    assert len(turns) == 4
    assert turns.dialogues == 2
    found = turn_moments_of(turns)
    assert (found["given_first"], found["taken_first"]) == (0.25, 0.0)
    assert (found["given_silent"], found["given_silent_moved"]) == (0.0, 0.0)
    assert (found["given_gave"], found["taken_gave"]) == (1.0, 1.0)
    assert math.isnan(found["given_gave_moved"])
    assert turn_moments_of(turns.take(np.array([0, 0])))["given_first"] == 0.5


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
    path.write_text("dialogue,first_price,ask,gap,buyer_concession,replied,seller_fraction,accepted\n")
    with pytest.raises(NegoenvError, match="holds no turn that was replied to"):
        load_turns(path)


def test_simulated_turns_are_those_of_the_prices():
    bargains, turns = replay(resolve("Marketplace"), Buyers.of(FEW), sellers=2, seed=3)
    assert isinstance(turns, Turns)
    assert turns.first.sum() <= len(bargains) == 2 * len(FEW)
    assert ((turns.given >= 0.0) & (turns.given <= 1.0)).all()
    assert (turns.given[turns.accepted] == 1.0).all()
    assert not turns.moved[turns.first].any()
