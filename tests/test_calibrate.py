"""``negoenv calibrate`` and ``refit``: the commands around the fits."""

import json

import pytest

from agents.studies.calibration.refit import RefitEffort, refit
from negoenv import NegoenvError
from negoenv.human import MOMENTS, ebay
from negoenv.human.check import HEADLINE
from negoenv.human.dialogues import DIALOGUE_MOMENTS
from negoenv.human.turns import TURN_MOMENTS
from negoenv.scenarios.population import Population
from tests.human_sample import FEW, FOLDER, written

DIALOGUES = str(FOLDER / "craigslist_dialogues_dev.csv")

pytestmark = pytest.mark.usefixtures("rough")


@pytest.fixture
def files(tmp_path):
    """Options that name two files with a part of the data."""
    return written(tmp_path)


@pytest.mark.slow
def test_check_prints_and_writes_what_it_found(command, tmp_path, files):
    status, out, err = command("calibrate", "--check", *files, "--json", tmp_path / "c.json")
    assert (status, err) == (0, "")
    assert "the sampling errors of both data sets" in " ".join(out.split())
    found = json.loads((tmp_path / "c.json").read_text())
    assert set(found["moments"]) == set(MOMENTS)
    summary = found["summary"]
    assert summary["moments"] == len(MOMENTS)
    assert summary["data_of_the_fit"] is False
    assert set(summary["headline_z"]) == set(HEADLINE)
    assert found["moments"]["agreement"]["standard_error_of_fitted_data"] > 0.0


@pytest.mark.slow
def test_check_compares_what_is_named(command, tmp_path):
    """Halves of the other kinds, as others have them: with errors of both, and signs of opinions."""
    options = []
    for option, name in (("turns", "craigslist_buyer_turns"), ("dialogues", "craigslist_dialogues"),
                         ("participants", "casino_participants")):  # fmt: skip
        header, *rows = (FOLDER / f"{name}_dev.csv").read_text(encoding="utf-8").splitlines(keepends=True)
        half = tmp_path / f"{option}.csv"
        half.write_text("".join([header, *rows[: len(rows) // 2]]), encoding="utf-8")
        options += [f"--{option}", half]
    status, out, err = command("calibrate", "--check", *options, "--json", tmp_path / "c.json")
    assert (status, err) == (0, "")
    found = json.loads((tmp_path / "c.json").read_text())
    assert set(found["moments"]) == {*TURN_MOMENTS, *DIALOGUE_MOMENTS, "walk_angry"}
    assert all(moment["standard_error_of_fitted_data"] > 0.0 for moment in found["moments"].values())
    assert found["summary"]["data_of_the_fit"] is False
    assert len(found["signs"]) == 5
    assert "of which the model has" in " ".join(out.split())


@pytest.mark.slow
def test_check_knows_the_data_of_the_fit(command, files):
    fitted = [str(argument).replace("--", "--fitted-", 1) for argument in files]
    status, out, _ = command("calibrate", "--check", *files, *fitted)
    assert status == 0
    assert "Counted as the data that the sellers were fitted to" in out


@pytest.mark.slow
def test_fit_writes_a_population_that_check_accepts(command, tmp_path, files):
    mine = tmp_path / "mine.yaml"
    status, out, _ = command("calibrate", *files, "--generations", 1, "--out", mine, "--no-progress")
    assert status == 0
    assert "within 3 standard errors" in out
    population = Population.from_yaml(mine)
    assert population.name == "mine"
    assert "131 engaged negotiations" in population.source
    status, out, _ = command("calibrate", *files, "--generations", 1, "--bootstrap", 2, "--population", mine)
    assert status == 0
    assert "2 draws" in out
    status, _, err = command("calibrate", *files, "--out", mine)
    assert (status, err) == (2, f"{mine} exists already; give --force to overwrite it, or name another file.\n")
    assert Population.from_yaml(mine) == population


@pytest.mark.slow
def test_cross_validation_and_ebay_are_reported(command, tmp_path, files):
    status, out, err = command("calibrate", *files, "--cross-validate", 1, "--generations", 1)
    assert (status, err) == (0, "")  # a bar is shown on a terminal only
    assert "On halves that were not fitted" in out
    with_ebay = ["--ebay", "--generations", 1, "--out", tmp_path / "e.yaml", "--json", tmp_path / "e.json"]
    status, out, _ = command("calibrate", *with_ebay, "--no-progress")
    assert status == 0
    assert "secondary source" in " ".join(out.split())
    assert Population.from_yaml(tmp_path / "e.yaml").name == "ebay"
    assert set(json.loads((tmp_path / "e.json").read_text())["simulated"]) == set(ebay.TARGETS)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--negotiations", "x.csv"], "Name both --negotiations and --offers, or neither"),
        (["--check", "--fitted-offers", "x.csv"], "Name both --fitted-negotiations and --fitted-offers, or neither"),
        (["--check", "--scenario", "Markt"], "Unknown scenario 'Markt'"),
        (["--check", "--population", "ebai"], "Unknown population 'ebai'. Did you mean 'ebay'?"),
        (["--check", "--ebay"], "--check and --ebay are two jobs; ask for one of them."),
        (["--check", "--out", "x.yaml"], "--check makes no population, so there is nothing to write to x.yaml."),
        (["--bootstrap", "1"], "Invalid value for '--bootstrap': "),
        (["--bootstrap", "2", "--population", "marketplace_draws"], "a fit starts from a population of one"),
        (["--ebay", "--population", "marketplace_draws"], "is a mixture; name one of a single archetype"),
        (["--check", "--negotiations", "no.csv", "--offers", "no.csv"], "no.csv cannot be read: there is no such file"),
        (["--check", "--negotiations", "docs", "--offers", "docs"], "docs is a directory; name a file."),
        (["--check", "--json", "README.md"], "README.md exists already; give --force"),
        (["--dialogues", "d.csv"], "--dialogues is of use with --check only: nothing is fitted to it."),
        (["--ebay", "--turns", "t.csv"], "--ebay fits published numbers; leave out --negotiations, --offers and other"),
        (["--check", "--dialogues", "no.csv"], "no.csv cannot be read: there is no such file"),
        (["--check", "--participants", DIALOGUES], "column 'annotated' is missing; needed: dialogue, annotated, walk"),
        (["--check", "--turns", DIALOGUES], "column 'named_price' is missing; needed: dialogue, named_price"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_in_one_sentence(command, arguments, sentence):
    status, out, err = command("calibrate", *arguments, "--no-progress")
    assert (status, out) == (2, "")
    assert sentence in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("name", ["calibrate", "refit"])
def test_help_reads_well(command, name):
    status, out, err = command(name, "--help")
    assert (status, err) == (0, "")
    assert "Usage:" in out


# All of it, once more


@pytest.mark.slow
def test_refit_writes_populations_tables_and_figures(tmp_path, monkeypatch):
    page = tmp_path / "page.md"
    parts = ("moments", "signs", "draws", "ebay", "cross")
    page.write_text("".join(f"Words.\n<!-- begin {part} -->\n<!-- end {part} -->\n" for part in parts))
    monkeypatch.setattr("agents.studies.calibration.refit.measured_bargains", lambda *_: FEW)
    effort = RefitEffort(draws=2, splits=1, generations=1)
    refit(tmp_path / "p", page, tmp_path / "figures", effort, seed=1, progress=False)  # halves that show all moments
    text = page.read_text()
    assert text.count("Words.") == len(parts)
    assert text.count("\n| --- ") == len(parts) - 1, "the cross-validation is a sentence"
    assert {file.stem for file in (tmp_path / "p").iterdir()} == {"ebay", "marketplace", "marketplace_draws"}
    assert all(Population.from_yaml(file).name == file.stem for file in (tmp_path / "p").iterdir())
    assert {file.name for file in (tmp_path / "figures").iterdir()} == {"human_moments.png", "human_errors.png"}
    with pytest.raises(NegoenvError, match="exists already; give --force"):
        refit(tmp_path / "p", page, tmp_path / "figures", effort, progress=False)


def test_a_page_without_marks_is_refused(tmp_path):
    (tmp_path / "page.md").write_text("Nothing.")
    with pytest.raises(NegoenvError, match="the marks <!-- begin moments --> and"):
        refit(tmp_path, tmp_path / "page.md", tmp_path, RefitEffort(), progress=False)
