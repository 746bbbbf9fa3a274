"""Normalised scores: their ends, the game that they hold for, and where they are shown."""

import json
from io import StringIO

import numpy as np
import pytest
from rich.console import Console

import negoenv
from agents.reporting.compare import Comparison, compare
from agents.reporting.episode_store import load_report, save_report
from agents.reporting.report import report_on
from agents.reporting.tables import comparison_table, report_table
from agents.scripted import make
from agents.studies.references import PlannerStudy, measure_references, write_record
from negoenv import NegoenvError
from negoenv.benchmark import scores
from negoenv.benchmark.evaluation import Episodes, Interval, evaluate
from negoenv.benchmark.scores import RECORDS, NoReference, Reference, fingerprint, record_path, reference
from negoenv.ladder import known_type_optimum, random_value
from negoenv.make import make_batch
from negoenv.scenarios.presets import PRESETS
from negoenv.sourcing import SOURCING_PRESETS

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


def test_a_record_holds_for_its_own_game_only(folder):
    game = make_batch(1, "Procurement", "test")
    assert reference("Procurement", "test", game) == NoReference("this game has no record")
    recorded(folder)
    assert reference("Procurement", "test", game).best == 0.8


def why(changes, split="test"):
    """Return why a changed Procurement has no normalised score."""
    game = make_batch(1, changes, split)
    found = reference(game.scenario.name, split, game)
    assert isinstance(found, NoReference)
    assert str(found) == f"No normalised score: {found.why}."
    return found.why


def test_where_there_is_no_score_it_is_said_why(folder):
    recorded(folder)
    assert why({"deadline": 19}) == "this game has no record (changed from Procurement)"
    assert why({"name": "mine", "deadline": 19}) == "this game has no record (changed from Procurement)"
    assert why({"name": "Procurement", "deadline": 19}) == "the record is of another game of the name Procurement"
    assert why({"name": "Ladder", "deadline": 19}) == "this game has no record (changed from Procurement)"
    assert why("Deadline") == "this game has no record"
    assert why("Procurement", "train") == "it is measured on the test split, and this is train"
    assert why("Procurement", "validation") == "it is measured on the test split, and this is validation"
    recorded(folder, fingerprint="0" * 16)
    assert why("Procurement") == "the record is of another game of the name Procurement"


def test_a_record_holds_under_another_name_if_nothing_that_is_played_was_changed(folder):
    recorded(folder)
    for changes in ({"name": "mine"}, {"train": "ebay"}):
        game = make_batch(1, changes, "test")
        assert reference(game.scenario.name, "test", game).best == 0.8


def test_a_game_with_several_suppliers_is_scored_by_the_record_of_its_preset():
    game = make_batch(1, {"base": "Sourcing", "name": "mine"}, "test")
    assert isinstance(reference("mine", "test", game), Reference)
    changed = make_batch(1, {"base": "Sourcing", "deadline": 11}, "test")
    found = reference(changed.scenario.name, "test", changed)
    assert found == NoReference("this game has no record (changed from Sourcing)")


RECORDED = [*PRESETS, *SOURCING_PRESETS, "Ladder"]


@pytest.mark.parametrize("name", RECORDED)
def test_every_shipped_record_is_that_of_the_game_as_it_is(name):
    """If the game was changed on purpose, measure the ends of its score anew and record them."""
    found = reference(name, "test", make_batch(1, name, "test"))
    assert isinstance(found, Reference), found
    assert found.scenario == name


def test_every_shipped_record_is_of_a_game_that_there_is():
    assert {path.stem for path in RECORDS.iterdir()} == {*RECORDED}


@pytest.mark.parametrize("damage", ["{", "[]", '{"best": 1}', '{"best": NaN}', "\x00", "[" * 100_000])
def test_a_damaged_record_is_told_in_a_sentence(folder, damage):
    record_path("Procurement").write_text(damage)
    with pytest.raises(NegoenvError, match=r"Procurement\.json"):
        reference("Procurement", "test", make_batch(1, "Procurement", "test"))


def test_reports_and_tables_show_the_score_where_one_is_recorded(folder):
    plain = report_on(make("gradual"), "Procurement", episodes=16)
    assert plain.score is None
    assert "score" not in plain.as_dict()
    for table in (report_table(plain), comparison_table(Comparison((plain,)))):
        assert "No normalised score: this game has no record." in text(table)
    recorded(folder)
    scored = report_on(make("gradual"), "Procurement", episodes=16)
    assert scored.score.mean == pytest.approx(scored.episodes.returns.mean() + 0.2)
    assert scored.as_dict()["score"]["mean"] == scored.score.mean
    assert scored.as_dict()["reference"]["policy"] == "informed"
    assert "normalised score" in text(report_table(scored))
    table = text(comparison_table(compare(("gradual", "random"), "Procurement", episodes=16)))
    assert "Score: 0 is random (-0.200), 1 is informed (0.800)." in table
    assert f"{scored.score.mean:.3f}" in table


def test_episodes_in_parts_are_the_same_episodes(monkeypatch):
    policy = make("gradual")
    whole = report_on(policy, "Procurement", episodes=20)
    monkeypatch.setattr(policy, "most_rows", 7)
    told = []
    parts = report_on(policy, "Procurement", episodes=20, progress=told.append)
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


def test_a_record_of_something_else_is_told(folder):
    recorded(folder, scenario="Deadline")
    record_path("Deadline").rename(record_path("Procurement"))
    with pytest.raises(NegoenvError, match=r"Procurement\.json is a record of Deadline, test split\.$"):
        reference("Procurement", "test", make_batch(1, "Procurement", "test"))
    with pytest.raises(NegoenvError, match="is no name"):
        record_path("../Procurement")


@pytest.mark.slow
def test_a_measured_reference_is_found_again(folder, monkeypatch):
    monkeypatch.setattr("agents.studies.references.CARRIED_TO", 64)
    measured = measure_references(PlannerStudy("Procurement", ("gradual",), episodes=8))
    write_record(measured.reference, record_path("Procurement"))
    found = reference("Procurement", "test", make_batch(1, "Procurement", "test"))
    assert found == measured.reference
    assert found.version == negoenv.__version__
    assert "--base gradual" in found.command
    best = measured.comparison.best
    few, many = (
        evaluate(make("gradual"), make_batch(n, "Procurement", "test"), found.seed).returns.mean() for n in (8, 64)
    )
    assert found.policy == best.policy
    assert found.carried_to == 64
    assert found.best == pytest.approx(best.episodes.returns.mean() + many - few)
    price = measured.price_of_hidden_information()
    assert price.low <= price.mean <= price.high


def test_the_ends_of_the_ladder_are_exact_and_shipped():
    ends = reference("Ladder", "test", make_batch(1, "Ladder", "test"))
    assert (ends.random, ends.best) == pytest.approx((random_value(), known_type_optimum().value))


def test_suppliers_of_unseen_kinds_are_met_beside_those_of_the_test(tmp_path):
    comparison = compare(("gradual", "random"), "Procurement", episodes=64)
    for report in comparison.reports:
        alone = report_on(make(report.policy), "Procurement", "unseen", 64)
        assert report.unseen.mean == alone.episodes.returns.mean()
        assert report.as_dict()["return_on_unseen_kinds"]["mean"] == report.unseen.mean
        assert f"{report.unseen.mean:.3f}" in text(comparison_table(comparison))
    save_report(comparison.best, tmp_path)
    assert load_report(tmp_path).unseen == comparison.best.unseen


def test_unseen_kinds_are_only_met_beside_the_test():
    comparison = compare(("gradual",), "Procurement", "validation", episodes=16)
    assert comparison.best.unseen is None
    assert comparison.best.as_dict()["return_on_unseen_kinds"] is None
    assert "unseen" not in text(comparison_table(comparison))


@pytest.mark.slow
def test_several_suppliers_are_measured_by_the_planner_that_is_told(folder, monkeypatch):
    monkeypatch.setattr("agents.studies.references.CARRIED_TO", 16)
    measured = measure_references(PlannerStudy("Sourcing", (), episodes=2))
    assert {report.policy for report in measured.comparison.reports} == {"random", "informed"}
    assert measured.price_of_hidden_information() is None
    assert measured.as_dict()["price_of_hidden_information"] is None
    write_record(measured.reference, record_path("Sourcing"))
    assert reference("Sourcing", "test", make_batch(1, "Sourcing", "test")) == measured.reference
