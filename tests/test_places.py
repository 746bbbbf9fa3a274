"""Every command and every option that names an output: a place that will not do is told before any work."""

import pytest

from agents.commands import COMMANDS
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.ladder.batch import LadderBatch
from negoenv.sourcing import SourcingBatch

FILE, FOLDER, NEW, PAGE = "a file", "a folder", "a new directory", "a page with marks"

CASES = {
    # command, and options that it needs: its output options, and what each names
    ("list", "policies"): {"--markdown": FILE},
    ("evaluate", "random"): {"--json": FILE},
    ("compare", "random"): {"--json": FILE, "--logdir": NEW},
    ("report", "{comparison}"): {"--out": NEW},
    ("report", "{comparison}", "--picture", "returns"): {"--out": FOLDER},
    ("train", "smoke"): {"--directory": NEW, "--runs": FOLDER},
    ("sweep", "quick"): {"--directory": FOLDER},
    ("search", "quick"): {"--directory": FOLDER},
    ("selfplay", "random"): {"--directory": NEW, "--runs": FOLDER},
    ("dataset", "random"): {"--folder": FOLDER},
    ("export", "nowhere"): {"--out": NEW},
    ("import-sb3", "nowhere.zip"): {"--out": NEW},
    ("demo", "--config", "smoke"): {"--runs": FOLDER},
    ("play", "--watch", "gradual", "--seed", "1"): {"--save": FILE, "--screenshot": FILE},
    ("playtest", "--scenario", "Deadline"): {
        "--json": FILE, "--markdown": FILE, "--figures": FOLDER, "--directory": FOLDER,
    },
    ("model-card",): {"--json": FILE, "--markdown": FILE, "--figures": FOLDER},
    ("calibrate",): {"--json": FILE, "--out": FILE},
    ("calibrate", "--check"): {"--json": FILE},
    ("refit", "--force"): {"--populations": FOLDER, "--page": PAGE, "--figures": FOLDER},
    ("references", "--scenario", "Ladder", "--record"): {"--json": FILE, "--out": FOLDER},
    ("planning-curve", "--scenario", "Ladder"): {"--json": FILE, "--figure": FILE},
    ("ablation", "gradual"): {"--json": FILE},
    ("simple-policies", "--quick"): {"--json": FILE},
    ("identification",): {"--json": FILE},
    ("listening",): {"--json": FILE},
    ("trade-off",): {"--page": PAGE, "--picture": FILE},
    ("contract-study",): {"--page": PAGE, "--picture": FILE},
    ("sourcing-study",): {"--page": PAGE},
    ("speed",): {"--json": FILE, "--figures": FOLDER, "--page": PAGE},
}  # fmt: skip
SUFFIXES = {"--save": ".json", "--screenshot": ".svg", "--out": ".yaml"}
WITHOUT = {"board"}  # writes nothing


def test_every_command_is_here():
    assert {call[0] for call in CASES} | WITHOUT == set(COMMANDS)


@pytest.fixture
def idle(monkeypatch):
    """Fail when a negotiation begins: places come first."""

    def work(self, *_, **__):
        pytest.fail("work was begun")

    for batch in (NegotiationBatch, LadderBatch, SourcingBatch):
        monkeypatch.setattr(batch, "reset", work)
    monkeypatch.setattr("agents.reporting.html_page.save_pictures", work)
    monkeypatch.setattr("agents.learning.spec._fingerprint", lambda scenario: "0000000000")
    monkeypatch.setattr("agents.studies.playtest.training.fingerprint", lambda *games: "0000000000")


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    from agents.reporting.compare import compare_suite
    from agents.reporting.directory import write_suite

    directory = tmp_path_factory.mktemp("runs") / "comparison"
    write_suite(compare_suite(["random"], ["Ladder"], episodes=8, trace=True), ["Ladder"], directory)
    return directory


def places(kind, suffix, folder):
    """Return places that will not do for an output of a kind, and a part of the sentence for each."""
    (folder / "taken").write_text("mine")
    taken = folder / f"taken{suffix}"
    taken.write_text("mine")
    beneath = folder / "taken" / f"x{suffix}"
    if kind == FILE:
        (folder / f"directory{suffix}").mkdir(exist_ok=True)
        return {beneath: "cannot be", folder / f"directory{suffix}": "is a directory", taken: "exists already"}
    if kind == PAGE:
        return {beneath: "", folder / "nowhere.md": "There is no page", taken: "are missing"}
    if kind == NEW:
        return {beneath: "", folder / "taken": "", folder: "exists already"}
    return {beneath: "", folder / "taken": ""}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "option"), [(call, option) for call, options in CASES.items() for option in options],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)  # fmt: skip
def test_a_place_that_will_not_do_is_told_before_any_work(command, idle, comparison, call, option, tmp_path):
    arguments = [part.format(comparison=comparison) for part in call]
    for path, part in places(CASES[call][option], SUFFIXES.get(option, ""), tmp_path).items():
        status, out, err = command(*arguments, option, path)
        assert (status, out) == (2, ""), (path, out)
        assert part in err
        assert str(path) in err or str(path.parent) in err
        assert err.count("\n") == 1
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.parametrize(
    "call",
    [
        ("model-card", "--json", "x", "--markdown", "x"),
        ("planning-curve", "--json", "x", "--figure", "./x"),
        ("playtest", "--json", "x", "--markdown", "x"),
        ("calibrate", "--json", "x.yaml", "--out", "x.yaml"),
    ],
)
def test_one_file_is_not_written_twice(command, idle, call):
    status, out, err = command(*call)
    assert (status, out) == (2, "")
    assert f"{call[1]} and {call[3]} both name" in err


@pytest.mark.parametrize(
    ("out", "part"), [("x.txt", "does not end in .yaml"), ("my sellers.yaml", "is no name of a population")]
)
def test_a_population_that_could_not_be_named_is_not_fitted(command, idle, out, part):
    status, _, err = command("calibrate", "--out", out)
    assert status == 2
    assert part in err
