"""negoenv play as a user meets it: in a real pseudo-terminal, and without one."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agents.invocation import command_line
from agents.playing.command import PlayOptions, _screen
from agents.playing.saving import GameRecord
from agents.playing.widgets import KEYS, PANELS
from negoenv import NegoenvError
from negoenv.installation import install_command
from tests.test_commands import ROOT

COMMAND = [sys.executable, "-W", "error", "-m", "negoenv", "play", "--seed", "11"]
ENVIRONMENT = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
REVEALED = "It would never have sold below EUR"


@pytest.fixture(autouse=True)
def without_planners(monkeypatch):
    """Set results beside scripted policies alone: a planner takes a second."""
    monkeypatch.setattr("agents.playing.results.planners_of", lambda batch: ())


@pytest.fixture
def game(command, tmp_path):
    """Return the file of a game that was watched."""
    file = tmp_path / "game.json"
    assert command("play", "--watch", "gradual", "--seed", 11, "--save", file)[0] == 0
    return file


# Without a terminal


def test_help_reads_well(command):
    status, out, err = command("play", "--help")
    assert (status, err) == (0, "")
    assert all(len(line) <= 100 for line in out.splitlines())
    for option in ("--watch", "--advise", "--replay", "--reference", "--save", "--seed", "--scenario", "--split"):
        assert option in out


@pytest.mark.parametrize("table", [KEYS, PANELS], ids=["keys", "panels"])
def test_the_page_says_what_the_help_says(table):
    page = (ROOT / "docs" / "playing.md").read_text(encoding="utf-8")
    assert [row for row in (f"| {name} | {meaning} |" for name, meaning in table.items()) if row not in page] == []


@pytest.mark.slow
def test_watched_saved_and_replayed_the_same(command, tmp_path):
    game, words = tmp_path / "game.json", tmp_path / "game.txt"
    status, out, err = command("play", "--watch", "gradual", "--seed", 11, "--save", game)
    assert (status, err) == (0, "")
    assert REVEALED in " ".join(out.split())
    assert "\x1b" not in out
    table = out[out.index("outcome") :]
    assert re.search(r"▸ gradual .*\n", table)
    assert len(re.findall("gradual", table)) == 1
    for reference in ("random", "forcing", "tit_for_tat"):
        assert reference in table
    status, again, err = command("play", "--replay", game, "--save", words)
    assert (status, err) == (0, "")
    start = out.index("The supplier asks")
    assert again[again.index("The supplier asks") :].startswith(out[start : out.index("\n  who")])
    assert words.read_text().startswith("Procurement, test split, seed 11, played by gradual")


@pytest.mark.slow
def test_a_game_is_saved_even_if_it_cannot_be_printed(tmp_path):
    game = tmp_path / "game.json"
    with Path("/dev/full").open("w") as full:
        subprocess.run(
            [*COMMAND, "--watch", "gradual", "--save", game], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert GameRecord.read(game).player == "gradual"


@pytest.mark.slow
def test_a_replay_shows_what_an_adviser_would_have_done(command, tmp_path):
    game = tmp_path / "game.json"
    command("play", "--watch", "forcing", "--seed", 11, "--save", game)
    status, out, _ = command("play", "--replay", game, "--advise", "soft_liner", "--reference", "boulware")
    assert status == 0
    assert "(soft_liner: " in " ".join(out.split())
    assert re.search(r"forcing and soft_liner chose the same move in \d+ of \d+ rounds", out)


@pytest.mark.slow
def test_a_changed_record_is_refused(command, game):
    game.write_text(json.dumps(json.loads(game.read_text()) | {"seed": 12}))
    status, out, err = command("play", "--replay", game)
    assert (status, out) == (2, "")
    assert err.startswith(f"{game} does not go the same way now: after round 1")
    assert err.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("size", [(80, 24), (140, 40)])
def test_a_picture_of_the_screen(command, tmp_path, size):
    file = tmp_path / "screen.svg"
    status, out, err = command("play", "--watch", "gradual", "--seed", 11, "--screenshot", file, "--size", *size)
    assert (status, err) == (0, "")
    assert str(file) in out
    svg = file.read_text()
    assert "careless" in svg or "It&#160;would&#160;never" in svg
    assert not re.search(r"url\(.?http|href|@import", svg), "nothing comes from elsewhere"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        ([], "Playing needs a terminal; without one, --watch POLICY and --replay FILE print the talks."),
        (["--advise", "gradual"], "Playing needs a terminal"),
        (["--watch", "gradul"], "Did you mean 'gradual'?"),
        (["--watch", "gradual", "--advise", "random"], "--watch and --advise exclude each other"),
        (["--watch", "gradual", "--replay", "x.json"], "--replay and --watch exclude each other"),
        (["--replay", "x.json", "--seed", "1"], "--replay and --seed exclude each other"),
        (["--replay", "nowhere.json"], "There is no file 'nowhere.json'."),
        (["--replay", "README.md"], "README.md, line 1: not valid JSON"),
        (["--watch", "gradual", "--reference", "randm"], "Did you mean 'random'?"),
        (["--watch", "gradual", "--scenario", "Ladder"], "Ladder has neither prices nor words to show"),
        (["--watch", "gradual", "--scenario", "Laddr"], "Unknown scenario 'Laddr'. Did you mean 'Ladder'?"),
        (["--watch", "gradual", "--split", "tset"], "Unknown split 'tset'. Did you mean 'test'?"),
        (["--watch", "gradual", "--seed", "-1"], "Invalid value for '--seed'"),
        (
            ["--watch", "gradual", "--save", "game.pkl"],
            "game.pkl ends in '.pkl'; a game is saved as .json",
        ),
        (["--watch", "gradual", "--save", "README.md/game.json"], "README.md/game.json cannot be written"),
        (["--watch", "gradual", "--screenshot", "README.md"], "README.md exists already; give --force"),
        (
            ["--watch", "gradual", "--screenshot", "x.svg", "--size", "0", "5"],
            "--size is 0 5; the screen has at least 40",
        ),
        (["--watch", "gradual", "--screenshot", "x.svg", "--size", "80", "501"], "--size is 80 501; the screen has"),
        (["--watch", "gradual", "--screenshot", "x.svg", "--size", "80"], "--size"),
        (["--watch", "gradual", "--screenshot", "x.svg", "--size", "wide", "24"], "--size"),
        (["--screenshot", "x.svg"], "--screenshot needs --watch or --replay"),
        (["--text"], "--text needs --watch or --replay"),
        (["--no-such-option"], "No such option: --no-such-option. See {negoenv} play --help."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_in_one_sentence(command, call, sentence):
    status, out, err = command("play", *call)
    assert (status, out) == (2, "")
    assert sentence.format(negoenv=command_line()) in err
    assert err.count("\n") == 1
    assert not Path("x.svg").exists()


@pytest.mark.slow
@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace("{", "[", 1),
        lambda text: text.replace("OPEN", "\x1b[31mOPEN"),
        lambda text: text.replace('"seed": 11', '"seed": 1e400'),
        lambda text: "",
    ],
    ids=["half", "bracket", "escape", "infinite", "empty"],
)
def test_a_damaged_record_is_told_in_one_sentence(command, game, spoil):
    game.write_text(spoil(game.read_text()))
    status, out, err = command("play", "--replay", game)
    assert (status, out) == (2, "")
    assert err.startswith(str(game))
    assert err.count("\n") == 1
    assert "\x1b" not in err


def test_without_textual_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "textual", None)
    monkeypatch.delitem(sys.modules, "agents.playing.screen", raising=False)
    with pytest.raises(NegoenvError) as error:
        _screen(PlayOptions(watch="gradual"))
    needed = f"The screen needs textual, which is not installed: run {install_command('play')}, or give --text."
    assert str(error.value) == needed


@pytest.mark.slow
def test_the_extra_for_playing_is_enough():
    """Neither PyTorch nor what draws and tests comparisons is needed to play, watch and replay."""
    others = (
        "torch",
        "stable_baselines3",
        "sb3_contrib",
        "tensorboard",
        "safetensors",
        "scipy",
        "matplotlib",
        "jinja2",
    )
    program = f"""
import sys
for name in {(*others, "tqdm", "pygame")}:
    sys.modules[name] = None
from negoenv.__main__ import main
import agents.playing.screen
sys.argv = "negoenv play --watch gradual --seed 11".split()
main()
"""
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "uninformed" in done.stdout
