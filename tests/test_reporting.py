"""What is kept of evaluated episodes, what is computed from it, and how it is told: traces, files, statistics, text."""

import re
from pathlib import Path

import numpy as np
import pytest

from agents.reporting import episode_store
from agents.reporting.compare import compare_suite
from agents.reporting.episode_store import FILE, load_report, require_sound, save_report
from agents.reporting.progress import EpisodeBar
from agents.reporting.report import move_groups, move_names, move_shares, played_moves, scalars
from agents.reporting.statistics import performance_profile, stratified_iqm
from agents.reporting.tables import cells_of, comparison_table, overall_table, supplier_table
from agents.reporting.tags import FAMILY_TAGS, OUTCOME_TAGS, TAGS, tag_table
from agents.reporting.transcripts import ORDER, notable, write_transcripts
from negoenv import NegoenvError
from negoenv.benchmark.evaluation import OUTCOMES, interquartile_mean
from negoenv.benchmark.trace import OVER
from negoenv.game.effects import Family
from negoenv.game.tactics import Move
from negoenv.make import LADDER, make_batch
from negoenv.scenarios.presets import PRESETS

ROOT = Path(__file__).parents[1]
EPISODES = 200
POLICIES = ("gradual", "forcing", "random")


@pytest.fixture(scope="module")
def suite():
    return compare_suite(POLICIES, ["Procurement", "Marketplace"], episodes=EPISODES, trace=True)


@pytest.fixture(scope="module")
def ladder():
    return compare_suite(["random"], ["Ladder"], episodes=EPISODES, trace=True).comparisons[0].best


@pytest.fixture
def report(suite):
    return next(report for report in suite.comparisons[0].reports if report.policy == "forcing")


def test_a_trace_agrees_with_what_was_counted(suite, ladder):
    for report in (*suite.comparisons[0].reports, ladder):
        episodes, trace = report.episodes, report.episodes.trace
        np.testing.assert_array_equal(trace.running.sum(axis=0), episodes.outcomes["rounds"])
        for move in range(episodes.uses.shape[1]):
            np.testing.assert_array_equal((trace.moves == move).sum(axis=0), episodes.uses[:, move])
        for column in trace.columns.values():
            np.testing.assert_array_equal(np.isnan(column), trace.moves == OVER)


def test_a_trace_tells_what_lay_on_the_table(report):
    columns = report.episodes.trace.columns
    assert set(columns) == {"offer", "ask", "pressure", "strain"}
    assert (columns["ask"][0] >= 1.0).all()
    assert (columns["offer"][0] == 0.0).all()
    assert (columns["pressure"][0] == 0.0).all()
    later = report.episodes.trace.running[3]
    assert (columns["pressure"][3][later] > 0.0).mean() > 0.5  # forcing presses from the second round on


def test_nothing_is_traced_unless_asked():
    report = compare_suite(["random"], ["Procurement"], episodes=8).comparisons[0].best
    assert report.episodes.trace is None
    assert len(report.episodes.suppliers) == 8  # but with whom it was is always known


def test_moves_of_an_episode_replay_it(report):
    episodes = report.episodes
    batch = make_batch(1, "Procurement", "test")
    for number in range(5):
        batch.seed(episodes.seed + number)
        batch.reset(np.ones(1, np.bool_))
        total = 0.0
        for move in episodes.trace.moves_of(number):
            batch.step(np.array([move]), np.ones(1, np.bool_))
            total += batch.rewards[0]
        assert batch.terminated[0]
        assert total == pytest.approx(episodes.returns[number])


def test_metrics_by_supplier_are_those_of_its_episodes(report):
    episodes = report.episodes
    kinds = episodes.by_supplier()
    assert list(kinds) == sorted(set(episodes.suppliers.tolist()))
    shares = [(episodes.suppliers == kind).mean() for kind in kinds]
    together = sum(share * interval.mean for share, interval in zip(shares, kinds.values(), strict=True))
    assert together == pytest.approx(episodes.returns.mean())


def test_shares_of_moves_sum_to_one_in_every_round(report, ladder):
    for episodes in (report.episodes, ladder.episodes):
        for by_group in (False, True):
            np.testing.assert_allclose(move_shares(episodes, by_group).sum(axis=0), 1.0)
    assert len(move_names(report.episodes)) == len(Move)
    assert move_groups(report.episodes)[0][Family.THIRD_PARTY] == "third party"
    assert move_groups(ladder.episodes)[0] == move_names(ladder.episodes)


@pytest.mark.parametrize("most", [3, 100])
def test_only_what_was_played_is_shown_and_the_rest_is_one_row(report, ladder, most, monkeypatch):
    monkeypatch.setattr("agents.reporting.report.MOST_MOVES", most)
    for episodes in (report.episodes, ladder.episodes):
        names, shares, groups = played_moves(episodes)
        np.testing.assert_allclose(shares.sum(axis=0), 1.0)
        assert (shares.sum(axis=1) > 0.0).all()
        assert len(names) == len(shares) == len(groups)
        played = np.count_nonzero(episodes.uses.sum(axis=0))
        if played > most:
            assert names.pop() == f"{played - most} others"
            groups = groups[:-1]
        assert len(names) == min(most, played)
        assert (np.diff(groups) >= 0).all(), "group by group"
        uses = dict(zip(move_names(episodes), episodes.uses.sum(axis=0).tolist(), strict=True))
        assert min(uses[name] for name in names) >= max((uses[name] for name in uses if name not in names), default=0)


def test_a_report_comes_back_from_disk_as_it_was(suite, ladder, tmp_path):
    for number, report in enumerate((suite.comparisons[1].reports[0], ladder)):
        folder = tmp_path / str(number)
        folder.mkdir()
        save_report(report, folder)
        again = load_report(folder)
        assert str(again.as_dict()) == str(report.as_dict())  # as text, since what does not apply is NaN
        assert (again.source, again.policy) == (report.source, report.policy)
        np.testing.assert_array_equal(again.episodes.trace.moves, report.episodes.trace.moves)
        for name, column in report.episodes.trace.columns.items():
            np.testing.assert_array_equal(again.episodes.trace.columns[name], column)


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda arrays: None, "not a readable npz file"),
        (lambda arrays: arrays | {"returns": arrays["returns"][:-1]}, "uses of moves do not belong to the episodes"),
        (lambda arrays: arrays | {"returns": arrays["returns"] * np.nan}, "all of them finite numbers"),
        (lambda arrays: arrays | {"returns": np.array(1.0)}, "at least two episodes"),
        (lambda arrays: arrays | {"returns": arrays["returns"].astype(str)}, "all of them finite numbers"),
        (lambda arrays: arrays | {"seed": np.array(-1)}, "the seed is -1"),
        (lambda arrays: arrays | {"seed": np.array("x")}, "'seed' holds no whole number"),
        (lambda arrays: arrays | {"policy": np.array(3)}, "'policy' holds no text"),
        (lambda arrays: arrays | {"policy": np.array("x" * 2000)}, "the name of the policy has 2000 letters"),
        (lambda arrays: arrays | {"scenario": np.array("../../../victim")}, "is no name of a scenario"),
        (lambda arrays: arrays | {"scenario": np.array("/tmp/victim")}, "is no name of a scenario"),
        (lambda arrays: arrays | {"split": np.array("tset")}, "Unknown split 'tset'"),
        (lambda arrays: arrays | {"reference": np.array("[")}, "'reference' holds no JSON object"),
        (lambda arrays: arrays | {"reference": np.array('{"random": 0}')}, "key 'scenario' is missing"),
        (lambda arrays: arrays | {"uses": arrays["uses"] * -1}, "the uses of moves are no counts"),
        (lambda arrays: arrays | {"suppliers": arrays["suppliers"][:-1]}, "kinds of supplier do not belong"),
        (lambda arrays: arrays | {"suppliers": np.arange(EPISODES).astype(str)}, "more than 64 kinds"),
        (
            lambda arrays: arrays | {"outcome/outcome": np.full(EPISODES, "war")},
            "an outcome is expected of each episode",
        ),
        (lambda arrays: arrays | {"outcome/price": arrays["outcome/price"][:-1]}, "'price' does not belong"),
        (lambda arrays: arrays | {"outcome/price": arrays["outcome/price"] * np.inf}, "'price' does not belong"),
        (lambda arrays: arrays | {"outcome/rounds": arrays["outcome/rounds"] + 1}, "not as many as the rounds"),
        (lambda arrays: arrays | {"moves": arrays["moves"][:-1]}, "not those whose uses were counted"),
        (lambda arrays: arrays | {"moves": arrays["moves"] * 0 + 99}, f"moves are expected from 0 to {len(Move) - 1}"),
        (lambda arrays: arrays | {"moves": arrays["moves"][::-1]}, "no beginning, or moves after its end"),
        (lambda arrays: arrays | {"trace/ask": arrays["trace/ask"][::-1]}, "'ask' lacks numbers"),
        (lambda arrays: arrays | {"format": np.array(99)}, "has format 99; this version reads format 2"),
        (lambda arrays: arrays | {"said": np.array("[")}, "the array 'said' holds no JSON object"),
        (lambda arrays: arrays | {"said": np.array('{"steps": -1}')}, "key 'steps' is -1"),
        (lambda arrays: {n: a for n, a in arrays.items() if n != "uses"}, "lacks the array 'uses'"),
        (lambda arrays: arrays | {"outcome/price": np.array([{}] * 3, object)}, "not a readable npz file"),
    ],
)
def test_damaged_episodes_are_refused(report, damage, sentence, tmp_path):
    save_report(report, tmp_path)
    with np.load(tmp_path / FILE) as stored:
        arrays = damage(dict(stored))
    if arrays is None:
        (tmp_path / FILE).write_bytes(b"PK\x03\x04 no archive")
    else:
        np.savez(tmp_path / FILE, allow_pickle=True, **arrays)
    with pytest.raises(NegoenvError, match=sentence) as error:
        load_report(tmp_path)
    assert str(error.value).startswith(str(tmp_path))


def test_a_plain_array_is_no_record(tmp_path):
    np.save(tmp_path / "episodes", np.zeros(3))
    (tmp_path / "episodes.npy").rename(tmp_path / FILE)
    with pytest.raises(NegoenvError, match="not a readable npz file"):
        load_report(tmp_path)


def test_an_archive_that_unpacks_without_end_is_not_unpacked(tmp_path, monkeypatch, report):
    save_report(report, tmp_path)
    monkeypatch.setattr(episode_store, "_MAX_BYTES", 1000)
    with pytest.raises(NegoenvError, match=r"unpacks to [\d,]+ bytes; 1,000 are read at most"):
        load_report(tmp_path)


@pytest.mark.parametrize("name", [*PRESETS, LADDER])
def test_what_is_played_is_sound(name):
    played = compare_suite(["random"], [name], episodes=16, trace=True).comparisons[0].best
    require_sound(played.episodes, name)


def test_missing_episodes_are_named(tmp_path):
    with pytest.raises(NegoenvError, match=r"holds no episodes\.npz"):
        load_report(tmp_path)


def test_interquartile_mean_over_strata():
    values = np.random.default_rng(0).normal(size=(2, 400)) + np.array([[0.0], [3.0]])
    interval = stratified_iqm(list(values), resamples=300)
    assert interval.mean == pytest.approx(interquartile_mean(values.reshape(-1)))
    assert interval.low < interval.mean < interval.high
    assert interval == stratified_iqm(list(values), resamples=300)
    plain = stratified_iqm([values.reshape(-1)], resamples=300)
    assert interval.high - interval.low < 0.7 * (plain.high - plain.low)  # no chance in how many each scenario gives


def test_performance_profile():
    strata = [np.array([0.0, 0.0, 1.0, 1.0]), np.array([1.0, 1.0])]
    below, at, above = performance_profile(strata, np.array([-1.0, 1.0, 2.0]))
    assert (below.mean, above.mean) == (1.0, 0.0)
    assert at.mean == pytest.approx(0.75)  # each scenario counts the same, whatever its number of episodes
    assert at.low < at.mean < at.high


def test_a_suite_over_scenarios(suite):
    data = suite.as_dict()
    assert list(data["best"]) == ["Procurement", "Marketplace"]
    assert len(data["policies"]) == 2 * len(POLICIES)
    assert set(data["interquartile_means"]) == set(POLICIES)
    ranked = [entry["mean"] for entry in data["interquartile_means"].values()]
    assert ranked == sorted(ranked, reverse=True)
    with pytest.raises(NegoenvError, match="A scenario is named twice: Ladder, Ladder"):
        compare_suite(["random"], ["Ladder", "Ladder"])


def test_tables_as_plain_text(suite):
    for table in (overall_table(suite), supplier_table(suite.comparisons[0]), comparison_table(suite.comparisons[0])):
        headers, rows = cells_of(table)
        assert headers[0] == "policy"
        assert "\n" not in "".join(headers)
        assert {row[0] for row in rows} == set(POLICIES)
        assert all(len(row) == len(headers) for row in rows)


def test_notable_episodes(report):
    episodes = report.episodes
    numbers = notable(episodes)
    assert tuple(numbers) == ORDER
    assert episodes.returns[numbers["best"]] == episodes.returns.max()
    assert episodes.returns[numbers["worst"]] == episodes.returns.min()
    below = (episodes.returns < episodes.returns[numbers["typical"]]).mean()
    assert below == pytest.approx(0.5, abs=0.1)
    assert episodes.outcomes["outcome"][numbers["breakdown"]] == "breakdown"


def test_transcripts_tell_what_was_played(report, ladder, tmp_path):
    told = {transcript.name: transcript for transcript in write_transcripts(report, "Procurement", tmp_path / "t")}
    assert tuple(told) == ORDER
    numbers = notable(report.episodes)
    for name, transcript in told.items():
        number = numbers[name]
        rounds = [line for line in transcript.lines if line.startswith("Round ")]
        assert len(rounds) == report.episodes.outcomes["rounds"][number]
        told_return = float(re.search(r"Return ([+-]\d+\.\d\d):", transcript.lines[-1]).group(1))
        assert told_return == pytest.approx(report.episodes.returns[number], abs=0.006)
        assert report.episodes.suppliers[number] in transcript.title
        assert str(report.episodes.outcomes["outcome"][number]).replace("_", " ") in transcript.title
        assert (tmp_path / "t" / f"{name}.txt").read_text(encoding="utf-8") == transcript.text()
    assert all(outcome in OUTCOMES for outcome in report.episodes.outcomes["outcome"])
    best = write_transcripts(ladder, "Ladder")[0]
    assert len(best.lines) == ladder.episodes.outcomes["rounds"][notable(ladder.episodes)["best"]]
    assert "strain" in best.lines[0]


def test_progress_counts_episodes_of_all_plays(capsys):
    with EpisodeBar(2, 10) as bar:  # stderr is no terminal here
        bar("first", 4)
        bar("second", 10)
    assert capsys.readouterr() == ("", "")


def test_the_manual_explains_every_tag():
    """After a change, put the output of `python -c "from agents.reporting.tags import *; print(tag_table())"` there."""
    assert tag_table() in (ROOT / "docs" / "seeing.md").read_text(encoding="utf-8")


def test_tags_cover_all_that_is_measured(report):
    assert {"price", "rounds", "deal_rate", *(f"use_{family.name.lower()}" for family in Family)} <= set(TAGS)
    elsewhere = {"score", "return_on_unseen_kinds", "use_terms"}  # not of these episodes alone
    assert set(scalars(report.episodes)) == set(OUTCOME_TAGS | FAMILY_TAGS) - elsewhere
