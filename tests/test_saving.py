"""A finished game on disk: replayed, refused where it is not what it was, read and seen."""

import json
import re

import pytest
from rich.console import Console

from agents.playing.negotiation import Negotiation, Setting
from agents.playing.panels import DARK_PALETTE
from agents.playing.results import PlayResult, ranking
from agents.playing.saving import GameRecord, save_game
from agents.playing.session import Session
from negoenv import NegoenvError
from negoenv.game.tactics import Move
from negoenv.viewer import render_ansi
from tests.test_playing import MONEY, PARTNERS, SETTING, watched

# The record


@pytest.fixture
def game(tmp_path):
    """A finished game on disk."""
    path = tmp_path / "game.json"
    save_game(watched(), path)
    return path


def test_a_record_replays(game):
    record = GameRecord.read(game)
    record.check("game")
    assert record.player == "gradual"
    talks = Negotiation(record.setting)
    session = Session(talks, record.player, script=record.script)
    while session.advance():
        pass
    assert render_ansi(talks.events) == render_ansi(watched().negotiation.events)


def test_a_record_holds_what_was_said_and_offered_at_once(tmp_path):
    talks = Negotiation(SETTING)
    names = ("OPEN_MODERATE", "CITE_COMPETITORS+CONCEDE_SMALL", "OFFER_100", "ULTIMATUM+OFFER_105", "WALK_AWAY")
    for name in names:
        talks.play(Move[name])
    assert all(event.legal for event in talks.steps)
    save_game(Session(talks), tmp_path / "game.json")
    record = GameRecord.read(tmp_path / "game.json")
    record.check("game")
    assert record.moves == names


def test_a_record_holds_scenarios_of_ones_own(tmp_path):
    (tmp_path / "mine.yaml").write_text("{name: Mine, deadline: 7, weights: {goodwill: 0.9}}")
    setting = Setting.named(str(tmp_path / "mine.yaml"), "train", 3)
    GameRecord.of(watched("boulware", setting).negotiation, "boulware").write(tmp_path / "game.json")
    record = GameRecord.read(tmp_path / "game.json")
    record.check("game")
    assert record.scenario.model_dump() == setting.scenario.model_dump()


COLUMNS = ("moves", "asks", "offers", "rewards")


def change(**changes):
    return lambda content: content | changes


MISTAKES = {
    "ask": (lambda content: content | {"asks": [0.5, *content["asks"][1:]]}, "after round 1, asks was 0.500000"),
    "outcome": (change(outcome="bribed"), "outcome was bribed and is"),
    "unfinished": (
        lambda content: content | {name: content[name][:-1] for name in COLUMNS},
        "and is open",
    ),
    "too long": (
        lambda content: content | {name: content[name] + content[name][-1:] for name in COLUMNS},
        "moves was another move and is the end of the talks",
    ),
    "other seed": (change(seed=12), "does not go the same way now"),
    "unknown move": (lambda content: content | {"moves": ["OPEN_LOW", "BRIBE"]}, "Unknown move 'BRIBE'"),
    "lengths": (lambda content: content | {"offers": []}, "there are 0 offers for"),
    "unknown key": (change(sed=1), "unknown key 'sed'"),
    "negative seed": (change(seed=-1), "key 'seed' is -1"),
    "split": (change(split="tset"), "key 'split' is 'tset'"),
    "format": (change(format=2), "key 'format' is 2"),
    "not finite": (lambda content: content | {"asks": [float("nan"), *content["asks"][1:]]}, "is no finite number"),
    "scenario": (lambda content: content | {"scenario": content["scenario"] | {"deadline": 0}}, "deadline"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_record_that_is_not_what_it_was_is_refused(game, mistake):
    spoil, sentence = MISTAKES[mistake]
    game.write_text(json.dumps(spoil(json.loads(game.read_text()))))
    with pytest.raises(NegoenvError, match=re.escape(sentence)) as error:
        GameRecord.read(game).check(str(game))
    assert str(error.value).startswith(str(game))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("content", "sentence"), [("{", "not valid JSON"), ("[1]", "an object"), ("[" * 100_000, "levels deep")]
)
def test_a_file_that_is_no_record_is_refused(tmp_path, content, sentence):
    path = tmp_path / "game.json"
    path.write_text(content)
    with pytest.raises(NegoenvError, match=sentence):
        GameRecord.read(path)


def test_a_large_file_is_not_read(tmp_path):
    path = tmp_path / "game.json"
    path.write_bytes(b" " * 5_000_000)
    with pytest.raises(NegoenvError, match="larger than"):
        GameRecord.read(path)


def test_several_deals_are_one_record(tmp_path):
    session = watched("gradual", PARTNERS)
    assert [event.number for event in session.negotiation.events if event.move is None] == [1, 2, 3, 4]
    save_game(session, tmp_path / "game.json")
    record = GameRecord.read(tmp_path / "game.json")
    record.check("game")
    assert len(record.moves) == len(record.asks) == len(session.negotiation.steps)
    own = PlayResult.of(session.negotiation, "gradual")
    assert own.deals == 4
    table = Console(width=100, color_system=None)
    with table.capture() as shown:
        table.print(ranking(own, [], MONEY, DARK_PALETTE, 100))
    assert "4 deals" in shown.get()


# Saving


def test_a_game_is_saved_to_be_read_and_to_be_seen(tmp_path):
    session = watched()
    save_game(session, tmp_path / "game.txt")
    save_game(session, tmp_path / "game.png")
    text = (tmp_path / "game.txt").read_text()
    assert not any(line.endswith(" ") for line in text.splitlines())
    assert text.startswith("Procurement, test split, seed 11, played by gradual\n")
    assert "It would never have sold below EUR" in text.replace("\n", " ")
    assert "\x1b" not in text
    assert max(map(len, text.splitlines())) <= 100
    assert (tmp_path / "game.png").read_bytes().startswith(b"\x89PNG")


def test_nothing_is_overwritten(game):
    before = game.read_text()
    with pytest.raises(NegoenvError, match="exists already; give --force"):
        save_game(watched("boulware"), game)
    assert game.read_text() == before
    save_game(watched("boulware"), game, force=True)
    assert GameRecord.read(game).player == "boulware"


def test_an_unfinished_game_is_not_saved(tmp_path):
    with pytest.raises(NegoenvError, match="not over"):
        save_game(Session(Negotiation(SETTING)), tmp_path / "game.json")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "sentence"), [("game.pkl", "ends in '.pkl'"), ("file/game.json", "cannot be written")]
)
def test_files_that_a_game_cannot_be_saved_to(tmp_path, name, sentence):
    (tmp_path / "file").touch()
    with pytest.raises(NegoenvError, match=sentence):
        save_game(watched(), tmp_path / name)
