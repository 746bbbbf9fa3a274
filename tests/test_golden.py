"""Golden negotiations: text that a person can read, replayed move by move."""

import pytest

from negoenv.game.tactics import FAMILY_OF
from tests.regenerate_golden import FOLDER, PAGE, page, read, replay, text
from tests.situations import SITUATIONS

FILES = sorted(FOLDER.glob("*.txt"))
REMEDY = "run `python -m tests.regenerate_golden` and read the difference if the model was meant to change"


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_a_golden_negotiation_is_replayed(path):
    golden = read(path)
    talks = replay(golden)
    assert text(golden, talks).splitlines() == path.read_text(encoding="utf-8").splitlines(), REMEDY
    assert talks.over


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_it_still_shows_what_its_title_says(path):
    golden = read(path)
    assert golden.title == SITUATIONS[path.stem].title
    assert SITUATIONS[path.stem].shown(replay(golden)), REMEDY


def test_every_situation_has_its_file():
    assert {path.stem for path in FILES} == set(SITUATIONS), REMEDY


def test_the_page_shows_them_as_they_are():
    assert PAGE.read_text(encoding="utf-8") == page(), REMEDY


def test_together_they_play_every_family():
    played = {FAMILY_OF[move] for path in FILES for move in read(path).moves}
    assert played == set(FAMILY_OF.values())
