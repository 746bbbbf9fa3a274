"""Golden negotiations: text that a person can read, replayed move by move; and in what state a long run ends."""

import json

import numpy as np
import pytest

from negoenv.game.tactics import FAMILY_OF
from tests import recorded_run
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


@pytest.mark.parametrize("game", recorded_run.GAMES)
def test_the_state_after_a_thousand_steps_is_the_one_that_was_recorded(game):
    """On any machine, to 1e-9; in a game that has begun and ended many times since."""
    recorded, now = json.loads(recorded_run.FILE.read_text(encoding="utf-8"))[game], recorded_run.end(game)
    assert min(now["episodes"]) > 50
    assert list(now) == list(recorded), REMEDY
    for name, values in now.items():
        np.testing.assert_allclose(
            values, recorded[name], rtol=0.0, atol=recorded_run.TOLERANCE, err_msg=f"{name}: {REMEDY}"
        )
