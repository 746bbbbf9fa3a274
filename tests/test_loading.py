"""Comparisons that nobody finished, that are damaged, or that somebody made who means no good: each gets a sentence,
and nothing outside of the directory is read or written."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agents.reporting.compare import Comparison, Suite, compare_suite
from agents.reporting.directory import _folder, write_suite
from agents.reporting.episode_store import FILE, load_report
from agents.reporting.files import RESULTS
from agents.reporting.html_page import drawings, write_page
from agents.reporting.loading import load_comparison
from agents.reporting.lock import alone_in
from negoenv import NegoenvError
from negoenv.errors import printable
from negoenv.names import checked_name

POLICIES = ("gradual", "forcing", "random")
DAMAGES = 80


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    directory = tmp_path_factory.mktemp("runs") / "comparison"
    suite = compare_suite(POLICIES, ["Procurement"], episodes=24, trace=True)
    write_suite(suite, ["Procurement"], directory)
    return directory


@pytest.fixture
def directory(original, tmp_path):
    return Path(shutil.copytree(original, tmp_path / "comparison"))


def runs(directory):
    return [path.parent for path in sorted(directory.glob(f"*/{FILE}"))]


def changed(run, **arrays):
    """Write the episodes of a run anew, with some arrays changed."""
    with np.load(run / FILE) as stored:
        np.savez(run / FILE, **(dict(stored) | {name: np.array(value) for name, value in arrays.items()}))


def refused(directory, sentence):
    """Ask for one sentence, from what reads and from what draws."""
    for act in (lambda: load_comparison(directory), lambda: write_page(directory, directory / "report")):
        with pytest.raises(NegoenvError, match=sentence) as error:
            act()
        assert "\n" not in str(error.value)
    assert not (directory / "report").exists()


@pytest.mark.slow
def test_a_comparison_is_whole_once_its_table_is_there(directory):
    (directory / RESULTS).unlink()
    refused(directory, rf"holds runs \(3\), but not {RESULTS}, which is written last: the comparison was broken off")


def test_a_comparison_that_was_killed_between_runs_is_not_drawn(directory):
    (directory / RESULTS).unlink()
    for run in runs(directory)[1:]:
        shutil.rmtree(run)
    refused(directory, r"holds runs \(1\), but not")


def test_runs_that_are_not_there_are_named(directory):
    first, second, _ = runs(directory)
    shutil.rmtree(first)
    (second / FILE).unlink()
    refused(directory, f"lacks runs that {RESULTS} lists: {first.name}, {second.name}")


def test_a_run_that_was_copied_is_not_compared_with_itself(directory):
    first = runs(directory)[0]
    shutil.copytree(first, directory / f"{first.name} (copy)")
    refused(directory, rf"holds a run twice, as {first.name} and as {first.name} \(copy\)")


def test_a_run_from_elsewhere_is_named(directory):
    first = runs(directory)[0]
    shutil.copytree(first, directory / "99_mine")
    changed(directory / "99_mine", policy="mine")
    refused(directory, f"holds 99_mine, which is not one of the runs that {RESULTS} lists")


def test_a_policy_that_is_there_twice_is_named_with_both_runs(directory):
    first, second, _ = runs(directory)
    changed(second, policy=first.name.partition("-")[2])
    refused(directory, f"holds the policy '.*' twice, in {first.name} and in {second.name}")


def test_runs_on_other_suppliers_are_not_compared(directory):
    _, second, _ = runs(directory)
    changed(second, seed=7)
    refused(directory, "did not play against the same suppliers")


@pytest.mark.parametrize("listed", [None, [], "01_gradual", [3], ["../../elsewhere"], ["/etc"]])
def test_a_table_that_lists_no_runs_of_the_directory_is_refused(directory, listed):
    table = json.loads((directory / RESULTS).read_text()) | {"runs": listed}
    (directory / RESULTS).write_text(json.dumps(table))
    refused(directory, "must list the directories of the runs|lacks runs that")


def test_what_was_told_must_be_there_and_be_text(directory):
    transcripts = runs(directory)[0] / "transcripts"
    (transcripts / "worst.txt").write_bytes(b"\xff\xfe\x00")
    refused(directory, r"worst\.txt cannot be read: byte 1 is not UTF-8")
    (transcripts / "worst.txt").write_bytes(b"x" * 1_000_001)
    refused(directory, r"larger than 1,000,000 bytes")
    (transcripts / "worst.txt").unlink()
    refused(directory, r"lacks .*/transcripts/worst\.txt")


# Made by somebody else


@pytest.mark.parametrize("what", ["transcript", "transcripts", "episodes", "run", "table"])
def test_links_are_not_followed(directory, what, tmp_path):
    run = runs(directory)[0]
    path = {
        "transcript": run / "transcripts" / "best.txt",
        "transcripts": run / "transcripts",
        "episodes": run / FILE,
        "run": run,
        "table": directory / RESULTS,
    }[what]
    path.rename(tmp_path / "secret")
    path.symlink_to(tmp_path / "secret")
    refused(directory, r"is a link; only what lies in .* itself is read")


@pytest.mark.parametrize("scenario", ["../../../victim", "/tmp/victim", "..", "a/b", "CON:", "", "x" * 100])
def test_a_scenario_that_is_no_name_writes_nowhere(directory, scenario, tmp_path):
    for run in runs(directory):
        changed(run, scenario=scenario)
    before = sorted(tmp_path.rglob("*"))
    refused(directory, "is no name of a scenario")
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("link", ["report", "report/figures"])
def test_the_report_is_not_written_through_a_link(directory, link, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (directory / link).parent.mkdir(exist_ok=True)
    (directory / link).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NegoenvError, match="is a link; name a folder with --out"):
        write_page(directory, directory / "report", force=True)
    assert not list((tmp_path / "elsewhere").iterdir())


@pytest.mark.slow
def test_a_file_of_the_report_that_is_a_link_is_replaced_and_not_followed(directory, tmp_path, undrawn):
    (tmp_path / "mine").write_text("mine")
    (directory / "report").mkdir()
    (directory / "report" / "index.html").symlink_to(tmp_path / "mine")
    assert "policies on" in write_page(directory, directory / "report", force=True).read_text(encoding="utf-8")
    assert (tmp_path / "mine").read_text() == "mine"


@pytest.mark.slow
def test_a_report_that_is_broken_off_leaves_nothing(directory, monkeypatch, undrawn):
    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("agents.reporting.html_page._rendered", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_page(directory, directory / "report")
    assert not (directory / "report").exists()


def test_two_reports_at_once_do_not_mix(directory):
    with alone_in(directory / "report"), pytest.raises(NegoenvError, match="Another process is at work in"):
        write_page(directory, directory / "report")


# Damage


def damage(directory, rng):
    """Cut, flip, overwrite or empty one file of a comparison; TensorBoard's own are read by TensorBoard alone."""
    files = sorted(path for path in directory.rglob("*") if path.is_file() and "tfevents" not in path.name)
    path = files[rng.integers(len(files))]
    content = bytearray(path.read_bytes())
    place = int(rng.integers(len(content)))
    how = ("cut", "flip", "write", "empty")[rng.choice(4, p=[0.3, 0.4, 0.25, 0.05])]
    if how == "cut":
        del content[place:]
    elif how == "flip":
        for at in rng.integers(len(content), size=rng.integers(1, 9)):
            content[at] ^= 1 << int(rng.integers(8))
    elif how == "write":
        content[place : place + 16] = rng.bytes(16)
    else:
        content.clear()
    path.write_bytes(content)


@pytest.mark.slow
def test_damage_is_told_in_a_sentence_or_does_no_harm(original, tmp_path):
    """Whatever still loads can be told, too; drawing is left to the tests above, for it takes a second each."""
    rng = np.random.default_rng(0)
    outcomes = {"refused": 0, "harmless": 0}
    for number in range(DAMAGES):
        directory = Path(shutil.copytree(original, tmp_path / str(number)))
        damage(directory, rng)
        try:
            suite = load_comparison(directory).suite
        except NegoenvError:
            outcomes["refused"] += 1
        else:
            assert suite.as_dict()["policies"]
            assert drawings(suite)
            outcomes["harmless"] += 1
        shutil.rmtree(directory)
    assert outcomes["refused"] > DAMAGES / 2
    assert outcomes["harmless"] > 0  # a letter of a transcript, a time in an archive


def test_an_archive_that_was_interrupted_is_told(directory):
    """Cut in the middle of compressed bytes, but with a directory of its members: zlib finds it, not zipfile."""
    run = runs(directory)[0]
    content = (run / FILE).read_bytes()
    middle = len(content) // 2
    (run / FILE).write_bytes(content[: middle - 400] + bytes(800) + content[middle + 400 :])
    refused(directory, "is not a readable npz file of plain arrays")


def test_one_episode_is_too_few(directory):
    run = runs(directory)[0]
    with np.load(run / FILE) as stored:
        arrays = dict(stored)
    one = {name: values[..., :1] if name.startswith(("trace", "moves")) else values[:1]
           for name, values in arrays.items() if values.ndim}  # fmt: skip
    np.savez(run / FILE, **(arrays | one))
    refused(directory, "at least two episodes are expected")


@pytest.mark.slow
def test_names_of_policies_become_names_of_runs(original, tmp_path):
    report = load_report(runs(original)[0])
    odd = [
        "informed:runs/a,runs/b",
        "../up",
        "...",
        "a b\n",
        "x" * 60,
        "run[seed=1]",
        "cost$5_$10",
        "_hidden",
        "\x1b[31m",
    ]
    reports = tuple(replace(report, policy=name) for name in odd)
    write_suite(Suite((Comparison(reports),)), ["Procurement"], tmp_path / "odd")
    loaded = load_comparison(tmp_path / "odd").suite.comparisons[0]
    assert {one.policy for one in loaded.reports} == set(map(printable, odd))
    assert {path.parent for path in (tmp_path / "odd").rglob(FILE)} == set(runs(tmp_path / "odd"))
    for name in (*odd, "x" * 300, "a..b.", "/"):
        checked_name("run", _folder(replace(reports[0], policy=name)))
