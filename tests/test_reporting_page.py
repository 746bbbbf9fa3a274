"""The directory and the page of a comparison: it comes back, it stands alone, and single figures are drawn."""

import re
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import pytest

from agents.reporting.compare import Comparison, Suite, compare_suite
from agents.reporting.directory import write_suite
from agents.reporting.figures.theme import THEMES
from agents.reporting.html_page import drawings, write_page, write_pictures
from agents.reporting.loading import load_comparison
from agents.reporting.tags import QUESTIONS
from negoenv import NegoenvError

pytestmark = pytest.mark.slow

SCENARIOS = ["Procurement", "Ladder"]


@pytest.fixture(scope="module")
def suite():
    return compare_suite(["random"], SCENARIOS, episodes=100, trace=True)


@pytest.fixture(scope="module")
def negotiations():
    return compare_suite(["gradual", "forcing", "random"], ["Procurement"], episodes=100, trace=True)


@pytest.fixture(scope="module")
def written(negotiations, tmp_path_factory):
    directory = tmp_path_factory.mktemp("runs") / "comparison"
    write_suite(negotiations, ["Procurement"], directory)
    return directory


def test_a_comparison_comes_back_from_its_directory(negotiations, written):
    again = load_comparison(written)
    assert str(again.suite.as_dict()) == str(negotiations.as_dict())
    policies = {report.policy for report in negotiations.comparisons[0].reports}
    assert set(again.transcripts) == {("Procurement", policy) for policy in policies}
    for (_, policy), told in again.transcripts.items():
        assert {"best", "typical", "worst"} <= set(told)
        assert all(title.startswith(f"{policy} on Procurement") and text for title, text in told.values())
    names = [path.name for path in sorted(written.iterdir()) if path.is_dir()]
    assert names == ["overview", "scripted-forcing", "scripted-gradual", "scripted-random"]


def test_several_scenarios_have_a_folder_each(suite, tmp_path, undrawn):
    write_suite(suite, SCENARIOS, tmp_path / "both")
    assert {path.name for path in (tmp_path / "both").iterdir() if path.is_dir()} == {"all_scenarios", *SCENARIOS}
    again = load_comparison(tmp_path / "both").suite
    assert again.as_dict()["best"] == dict.fromkeys(SCENARIOS, "random")
    page = write_page(tmp_path / "both", tmp_path / "page").read_text(encoding="utf-8")
    assert "All scenarios together" in page
    assert all(f"<h3>{name}</h3>" in page for name in SCENARIOS)


def test_the_page_stands_alone(negotiations, written, tmp_path, monkeypatch):
    page = write_page(written, tmp_path / "report")
    text = page.read_text(encoding="utf-8")
    assert not re.search(r"""(src|href|srcset)=["'](?!data:|#)""", text)  # nothing from elsewhere, no other file
    assert "http" not in re.sub(r"data:image/svg\+xml;base64,[A-Za-z0-9+/=]+", "", text).replace("http-equiv", "")
    for question in QUESTIONS.values():
        assert f">{question}</h2>" in text
    for report in negotiations.comparisons[0].reports:
        assert f"<td>{report.policy}</td>" in text
        assert f"{report.policy} on Procurement: the worst negotiation" in text
    names = {one.file for one in drawings(negotiations)}
    files = {path.name for path in (page.parent / "figures").iterdir()}
    assert files == {f"{n}_{theme.name}.{kind}" for n in names for theme in THEMES for kind in ("png", "svg")}
    for path in (page.parent / "figures").glob("*.svg"):
        assert ElementTree.parse(path).getroot().tag.endswith("svg")
    with pytest.raises(NegoenvError, match="exists already"):
        write_page(written, tmp_path / "report")
    monkeypatch.setattr("agents.reporting.html_page.save_pictures", lambda *_, **__: None)  # they are there
    assert write_page(written, tmp_path / "report", force=True) == page
    assert page.read_text(encoding="utf-8") == text


def test_names_of_policies_cannot_write_into_the_page(negotiations, tmp_path, undrawn):
    bad = "<script>alert(1)</script>"
    reports = tuple(replace(report, policy=bad) for report in negotiations.comparisons[0].reports[:1])
    write_suite(Suite((Comparison(reports),)), ["Procurement"], tmp_path / "bad")
    text = write_page(tmp_path / "bad", tmp_path / "report").read_text(encoding="utf-8")
    assert bad not in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_scenarios_that_differ_by_capitals_alone_have_files_of_their_own(negotiations):
    comparisons = [
        Comparison(tuple(replace(report, scenario=name) for report in negotiations.comparisons[0].reports))
        for name in ("Trade", "trade", "All", "Trade-2")
    ]
    found = drawings(Suite(tuple(comparisons)))
    assert len({one.file.casefold() for one in found}) == len(found)
    assert {one.file.rpartition("_")[0] for one in found if one.picture.name == "returns"} == {
        "trade", "trade-2", "all-2", "trade-2-2"
    }  # fmt: skip


def test_single_figures_are_written_on_demand(written, tmp_path):
    write_pictures(written, tmp_path, ["returns"])
    assert {path.name for path in tmp_path.iterdir()} == {
        f"procurement_returns_{theme.name}.png" for theme in THEMES
    }  # fmt: skip
    with pytest.raises(NegoenvError, match=r"Unknown figure 'retuns'\. Did you mean 'returns'"):
        write_pictures(written, tmp_path, ["retuns"])


def test_a_directory_without_a_comparison_is_refused(tmp_path):
    with pytest.raises(NegoenvError, match="holds no comparison"):
        write_page(tmp_path, tmp_path / "report")
    assert not (tmp_path / "report").exists()
