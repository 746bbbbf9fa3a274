"""Normalised scores: their ends, the game that they hold for, and where they are shown."""

import json
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

import negoenv
from agents.reporting.compare import compare
from agents.reporting.report import play
from agents.reporting.tables import comparison_table, report_table
from agents.scripted import make
from agents.studies.references import measure_references, write_record
from negoenv import NegoenvError, scores
from negoenv.evaluation import Episodes, Interval, evaluate
from negoenv.games import make_batch
from negoenv.ladder import LadderBatch, known_type_optimum, random_value
from negoenv.presets import resolve
from negoenv.scores import RECORDS, Reference, fingerprint, record_path, reference

FIELDS = {
    "scenario": "Procurement", "split": "test", "fingerprint": "", "random": -0.2, "best": 0.8, "policy": "informed",
    "seed": 0, "episodes": 2, "version": "0", "command": "none",
}  # fmt: skip


def recorded(folder, **changes):
    """Write a record that holds for the game as it is."""
    fields = {**FIELDS, "fingerprint": fingerprint(make_batch(1, "Procurement", "test")), **changes}
    record_path(fields["scenario"], folder).write_text(json.dumps(fields))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setattr(scores, "RECORDS", tmp_path)
    return tmp_path


def text(table):
    console = Console(file=StringIO(), width=180)
    console.print(table)
    return " ".join(console.file.getvalue().split())


def test_random_is_0_and_the_reference_is_1():
    ends = Reference(**FIELDS)
    found = ends.score(Interval(0.8, 0.3, 1.3))
    assert (found.mean, found.low, found.high) == pytest.approx((1.0, 0.5, 1.5))
    assert ends.score(Interval(-0.2, -0.2, -0.2)).mean == pytest.approx(0.0)


def test_a_record_needs_a_span_and_known_keys():
    with pytest.raises(ValueError, match="no better than random"):
        Reference(**{**FIELDS, "best": -0.2})
    with pytest.raises(ValueError, match="extra"):
        Reference(**FIELDS, extra=1)


@pytest.mark.parametrize(
    "change",
    [
        {"deadline": 19},
        {"weights": {"goodwill": 0.31}},
        {"constants": {"walk_out_exit": 0.26}},
        {"without": ["FURY"]},
        {"hidden": ["mood"]},
        {"test": resolve("Procurement").train},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_fingerprint_tells_another_game(change):
    assert fingerprint(make_batch(1, change, "test")) != fingerprint(make_batch(1, "Procurement", "test"))


def test_the_fingerprint_is_that_of_the_game_and_not_of_its_rows():
    one, other = make_batch(1, "Procurement", "test"), make_batch(9, "Procurement", "test")
    other.seed(4)
    other.begin(np.ones(9, bool))
    before = other.observations.copy()
    assert fingerprint(one) == fingerprint(other)
    np.testing.assert_array_equal(before, other.observations)
    assert fingerprint(LadderBatch(1)) != fingerprint(LadderBatch(1, known_type=False))


def test_a_record_holds_for_its_own_game_only(folder):
    game = make_batch(1, "Procurement", "test")
    assert reference("Procurement", "test", game) is None
    recorded(folder)
    assert reference("Procurement", "test", game).best == 0.8
    assert reference("Procurement", "train", make_batch(1, "Procurement", "train")) is None
    assert reference("Procurement", "test", make_batch(1, {"deadline": 19}, "test")) is None


@pytest.mark.parametrize("damage", ["{", "[]", '{"best": 1}'])
def test_a_damaged_record_is_told_in_a_sentence(folder, damage):
    record_path("Procurement").write_text(damage)
    with pytest.raises(NegoenvError, match=r"Procurement\.json"):
        reference("Procurement", "test", make_batch(1, "Procurement", "test"))


def test_reports_and_tables_show_the_score_where_one_is_recorded(folder):
    plain = play(make("gradual"), "Procurement", episodes=16)
    assert plain.score is None
    assert "score" not in plain.as_dict()
    assert "score" not in text(report_table(plain))
    recorded(folder)
    scored = play(make("gradual"), "Procurement", episodes=16)
    assert scored.score.mean == pytest.approx(scored.episodes.returns.mean() + 0.2)
    assert scored.as_dict()["score"]["mean"] == scored.score.mean
    assert scored.as_dict()["reference"]["policy"] == "informed"
    assert "normalised score" in text(report_table(scored))
    table = text(comparison_table(compare(("gradual", "random"), "Procurement", episodes=16)))
    assert "Score: 0 is random (-0.200), 1 is informed (0.800)." in table
    assert f"{scored.score.mean:.3f}" in table


def test_episodes_in_parts_are_the_same_episodes(monkeypatch):
    policy = make("gradual")
    whole = play(policy, "Procurement", episodes=20)
    monkeypatch.setattr(policy, "most_rows", 7)
    told = []
    parts = play(policy, "Procurement", episodes=20, progress=told.append)
    assert whole.as_dict() == parts.as_dict()
    np.testing.assert_array_equal(whole.episodes.returns, parts.episodes.returns)
    np.testing.assert_array_equal(whole.episodes.uses, parts.episodes.uses)
    assert told == sorted(told)
    assert told[-1] == 20


def test_joined_episodes_keep_the_seed_of_the_first():
    parts = [evaluate(make("random"), make_batch(3, "Ladder"), seed) for seed in (5, 8)]
    joined = Episodes.joined(parts)
    assert joined.seed == 5
    np.testing.assert_array_equal(joined.returns, evaluate(make("random"), make_batch(6, "Ladder"), 5).returns)


def test_a_measured_reference_is_found_again(folder):
    measured = measure_references("Procurement", ("gradual",), episodes=8)
    write_record(measured.reference, record_path("Procurement"))
    found = reference("Procurement", "test", make_batch(1, "Procurement", "test"))
    assert found == measured.reference
    assert found.version == negoenv.__version__
    assert "--base gradual" in found.command
    best = measured.comparison.best
    assert (found.policy, found.best) == (best.policy, best.episodes.returns.mean())
    assert best.score.mean == pytest.approx(1.0)
    price = measured.price_of_hidden_information()
    assert price.low <= price.mean <= price.high


def test_the_ends_of_the_ladder_are_exact_and_shipped():
    ends = reference("Ladder", "test", make_batch(1, "Ladder", "test"))
    assert (ends.random, ends.best) == pytest.approx((random_value(), known_type_optimum().value))
    assert all(path.stem == json.loads(path.read_text())["scenario"] for path in RECORDS.glob("*.json"))
