"""Dialogues, the ultimatum game and opinions of people: what is read, what is measured, what is simulated."""

import math

import numpy as np
import pytest

from negoenv import NegoenvError
from negoenv.human import Buyers, later_moves
from negoenv.human.check import compare_moments, compare_signs
from negoenv.human.dialogues import (
    DIALOGUE_MOMENTS,
    dialogue_errors,
    dialogue_moments_of,
    load_dialogues,
    load_shipped_dialogues,
    said_elsewhere,
)
from negoenv.human.goodwill import simulated_opinions
from negoenv.human.measured import HumanEvidence
from negoenv.human.participants import (
    PARTICIPANT_COLUMNS,
    load_participants,
    load_shipped_participants,
    participant_moments_of,
)
from negoenv.human.rejections import (
    SHARES,
    load_rejections,
    load_shipped_rejections,
    rejection_errors,
    rejection_moments_of,
    simulated_rejections,
)
from negoenv.human.simulate import replay
from negoenv.human.words import WORDS
from negoenv.scenarios.presets import resolve
from tests.human_sample import DATA, FEW, FLAGS, TURNS

HEADER = f"dialogue,target,agreement,sale_price,first_buyer,turns,{FLAGS}\n"
NOTHING = "," + ",".join("0" * len(WORDS)) + "\n"
DIALOGUES = load_shipped_dialogues()
PEOPLE = load_shipped_participants()
REJECTIONS = load_shipped_rejections()


def test_dialogues_by_hand(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(
        HEADER
        + "a,0.5,1,0.6,0.5,8" + NOTHING
        + "b,0.5,0,,0.6,10" + NOTHING
        + "c,0.9,1,0.9,0.8,6" + NOTHING
        + "d,0.9,1,7.4,0.9,6" + NOTHING  # a price that is not believed
        + "e,0.9,0,,,2" + NOTHING  # names no price
    )  # fmt: skip
    found = dialogue_moments_of(load_dialogues(path))
    assert found["low_target_first_price"] == pytest.approx(0.55 - 0.85)
    assert found["low_target_agreement"] == -0.5
    assert found["low_target_price"] == pytest.approx(0.6 - 0.9)
    assert found["low_target_turns"] == 3.0
    assert math.isnan(found["agreement_with_side"])


def test_shipped_dialogues_have_the_published_effects():
    """Published are both halves together: this one is within three of its own standard errors."""
    assert len(DIALOGUES) == 862
    found, errors = dialogue_moments_of(DIALOGUES), dialogue_errors(DIALOGUES, resamples=100)
    published = {
        "low_target_first_price": -0.292, "low_target_agreement": -0.064, "low_target_price": -0.157,
        "low_target_turns": 1.26, "agreement_with_side": 0.101, "agreement_with_friendly": 0.065,
        "agreement_with_final": -0.088, "agreement_with_budget": -0.049,
    }  # fmt: skip
    assert set(published) == set(DIALOGUE_MOMENTS)
    for name, value in published.items():
        assert abs(found[name] - value) < 3.0 * errors[name], name


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("a,0.5,2,,0.5,8" + NOTHING, r"line 2, column 'agreement': '2' is neither 0 nor 1\.$"),
        ("a,432,1,,0.5,8" + NOTHING, r"line 2, column 'target': '432' is not between 0\.15 and 1\.15\.$"),
        ("a,0.5,1,,30,8" + NOTHING, r"line 2, column 'first_buyer': '30' is not between"),
        ("a,0.5,1,,0.5,-1" + NOTHING, r"line 2, column 'turns': '-1' is not between 0 and 1000\.$"),
        ("a,0.5,1,,0.5,8" + NOTHING.replace("0", "x", 1), r"line 2, column 't_anger': 'x' is neither 0 nor 1\.$"),
        (("a,0.5,1,,0.5,8" + NOTHING) * 2, r"line 3, column 'dialogue': 'a' occurs twice\.$"),
        ("a,0.5,1,,,8" + NOTHING, r"holds no dialogue in which the buyer named a price\.$"),
    ],
)
def test_a_wrong_dialogue_is_named(tmp_path, line, sentence):
    (tmp_path / "d.csv").write_text(HEADER + line)
    with pytest.raises(NegoenvError, match=sentence):
        load_dialogues(tmp_path / "d.csv")


def test_simulated_dialogues_hold_as_many_words():
    buyers = DIALOGUES.buyers(later_moves(DATA), TURNS)
    talks = replay(resolve("Marketplace"), buyers, 1, 5)
    simulated = DIALOGUES.simulated(talks, said_elsewhere(DIALOGUES, talks), 5)
    assert simulated.words.mean(axis=0) == pytest.approx(DIALOGUES.words.mean(axis=0), abs=0.05)
    assert np.array_equal(simulated.first_price, DIALOGUES.first_price)
    assert (simulated.turns == 2.0 * talks.rounds).all()


# The ultimatum game


def test_rejections_by_hand(tmp_path):
    path = tmp_path / "r.csv"
    rows = "".join(f"{share},{100 - 200 * share:g},100\n" for share in SHARES)
    path.write_text("share,rejections,offers\n" + rows)
    found = load_rejections(path)
    assert rejection_moments_of(found)["rejected_at_0.20"] == pytest.approx(0.6)
    assert rejection_errors(found)["rejected_at_0.20"] == pytest.approx(math.sqrt(0.6 * 0.4 / 50))
    path.write_text("share,rejections,offers\n" + rows.replace("0.4,", "0.41,"))
    with pytest.raises(NegoenvError, match=r"column 'share': 0\.4 is not there once; needed are 0\.05, 0\.1, 0\.2"):
        load_rejections(path)
    path.write_text("share,rejections,offers\n0.05,101,100\n")
    with pytest.raises(NegoenvError, match=r"line 2, column 'rejections': '101' is not between 0 and 100\.$"):
        load_rejections(path)


def test_the_fitted_sellers_refuse_final_offers_as_people_do():
    measured, errors = rejection_moments_of(REJECTIONS), rejection_errors(REJECTIONS)
    assert measured["rejected_at_0.20"] == pytest.approx(0.415, abs=1e-3)
    found = simulated_rejections(resolve("Marketplace"), suppliers=20_000)
    assert set(found) == set(measured)
    for name, value in found.items():
        assert abs(value - measured[name]) < 3.0 * errors[name], name


# Opinions


def test_shipped_participants_have_the_published_effects():
    assert (len(PEOPLE), PEOPLE.annotated.sum()) == (1372, 530)
    assert PEOPLE.effects["angry", "likeness"] == pytest.approx(-0.69, abs=0.2)
    assert PEOPLE.effects["angry", "satisfaction"] == pytest.approx(-0.28, abs=0.2)
    assert PEOPLE.effects["angry", "walk"] == pytest.approx(0.083, abs=0.06)
    assert PEOPLE.effects["no_need", "satisfaction"] == pytest.approx(0.24, abs=0.1)
    assert PEOPLE.effects["small_talk", "likeness"] == pytest.approx(0.35, abs=0.1)
    again = PEOPLE.chosen(np.arange(len(PEOPLE)))
    assert participant_moments_of(again) == participant_moments_of(PEOPLE)


def test_a_wrong_participant_is_named(tmp_path):
    path = tmp_path / "p.csv"
    right = dict.fromkeys(PARTICIPANT_COLUMNS, "0") | {"satisfaction": "4", "likeness": "5", "agreeable": "3.5"}
    for column, cell, sentence in (
        ("satisfaction", "6", r"line 2, column 'satisfaction': '6' is not between 1 and 5\.$"),
        ("walk", "often", r"line 2, column 'walk': 'often' is neither 0 nor 1\.$"),
        ("partner_angry", "-1", r"line 2, column 'partner_angry': '-1' is not between 0 and 100\.$"),
        ("dialogue", "", r"line 2, column 'dialogue': the id is missing\.$"),
    ):
        path.write_text(",".join(right) + "\n" + ",".join((right | {column: cell}).values()) + "\n")
        with pytest.raises(NegoenvError, match=sentence):
            load_participants(path)
    path.write_text(",".join(PARTICIPANT_COLUMNS[:-1]) + "\n")
    with pytest.raises(NegoenvError, match=r"p\.csv: column 'partner_uv_part' is missing; needed: dialogue, annotated"):
        load_participants(path)
    path.write_text(",".join(PARTICIPANT_COLUMNS) + "\n")
    with pytest.raises(NegoenvError, match=r"p\.csv holds no participants\.$"):
        load_participants(path)


def test_anger_costs_goodwill_and_friendly_talk_does_not():
    found = simulated_opinions(resolve("Procurement"), Buyers.of(DATA), seed=4)
    assert found["likeness_angry"] < -0.2
    assert found["satisfaction_angry"] < -0.2
    assert found["walk_angry"] > 0.0
    assert found["likeness_small_talk"] > 0.0


# All together


@pytest.mark.slow
@pytest.mark.usefixtures("rough")
def test_other_data_counts_the_errors_of_both(monkeypatch):
    half = DIALOGUES.take(np.arange(0, len(DIALOGUES), 2))
    shipped = HumanEvidence(DATA, TURNS, DIALOGUES, REJECTIONS, PEOPLE)
    people = PEOPLE.chosen(PEOPLE.dialogue % 2 == 0)
    other = HumanEvidence(None, TURNS.take(np.arange(0, TURNS.dialogues, 2)), half, REJECTIONS, people)
    moments = {m.name: m for m in compare_moments(resolve("Marketplace"), other, shipped, replicas=2)}
    assert "agreement" not in moments
    for name in ("given_silent", "given_with_side", "low_target_price", "walk_angry"):
        assert moments[name].fit_error > 0.0, name
    assert moments["rejected_at_0.20"].fit_error == 0.0
    assert not any(moments[f"{what}_with_side"].fitted for what in ("given", "taken"))
    assert len(compare_signs(resolve("Marketplace"), other)) == 5
    assert compare_signs(resolve("Marketplace"), HumanEvidence(FEW)) == []
