"""The keys of the game's screen: moves, help, another game, saving and leaving; and names as they are."""

from pathlib import Path

import pytest
from rich.console import Console
from textual.containers import VerticalScroll

from agents.playing.moves import MoveList
from agents.playing.negotiation import Negotiation, Setting
from agents.playing.saving import GameRecord
from agents.playing.widgets import KEYS, PANELS, Help, help_text
from negoenv.game.tactics import SIMPLE, Move
from tests.screens import USUAL_AND_ENDS, choose, drive, go_to, lines, listed, marked, screen, shown, until
from tests.test_playing import SETTING, learned

# MovesPanel that end the talks


@pytest.mark.slow
@pytest.mark.parametrize("size", USUAL_AND_ENDS)
def test_the_moves_that_end_the_talks_are_always_in_view(size):
    app = screen()

    async def act(pilot):
        assert [*lines(app)][-2:] == [move.name for move in Negotiation.closing] == ["ACCEPT", "WALK_AWAY"]
        closing = app.query_one("#closing")
        for keys in ((), ("down",) * 12, ("end",)):
            await pilot.press(*keys)
            assert closing.scroll_y == 0
            assert closing.region.height == 2
            assert app.screen.region.contains_region(closing.region)

    drive(app, act, size)


def test_an_ask_above_the_budget_is_shown_and_cannot_be_taken():
    app = screen()

    async def act(pilot):
        assert "ACCEPT" not in listed(app)
        assert "is above your budget" in lines(app)["ACCEPT"]
        await pilot.press("end", "up")
        assert marked(app) == [listed(app)[-2]], "the arrow keys leave it out"

    drive(app, act)


def test_arrow_keys_lead_through_all_moves_and_round():
    app = screen()

    async def act(pilot):
        names = listed(app)
        for name in [*names, names[0]]:
            assert marked(app) == [name]
            await pilot.press("down")
        await pilot.press("up", "up")
        assert marked(app) == [names[-1]]
        await pilot.press("home", "pagedown")
        assert marked(app) == [names[5]]
        await pilot.press("pagedown", "pagedown", "pagedown", "pagedown", "pageup")
        assert marked(app) == [names[-6]]

    drive(app, act)


def test_leaving_is_asked_twice():
    app = screen()

    async def act(pilot):
        await pilot.press("end", "enter")
        await pilot.pause()
        assert not app.session.negotiation.moves
        assert "Enter again: leave without a deal." in lines(app)["WALK_AWAY"]
        await pilot.press("t")
        assert "Enter again" in lines(app)["WALK_AWAY"], "as long as it is asked, it is shown"
        await pilot.press("up")
        await pilot.pause()
        assert "Enter again" not in lines(app)["WALK_AWAY"], "whoever goes elsewhere has thought better of it"
        await pilot.press("down", "enter")
        await pilot.pause()
        assert not app.session.negotiation.moves
        await pilot.press("enter")
        await until(pilot, lambda: app.session.negotiation.over)
        assert app.session.negotiation.moves == [Move.WALK_AWAY]

    drive(app, act)


@pytest.mark.slow
@pytest.mark.parametrize(("limit", "times"), [(0.9, 2), (1.2, 1)])
def test_an_ask_above_the_limit_is_asked_about(limit, times):
    scenario = {"budget_slack": 0.5, "limit": {"low": limit, "high": limit}}
    app = screen(setting=Setting.named(scenario, "test", 11))

    async def act(pilot):
        await go_to(pilot, Move.ACCEPT)
        for number in range(times):
            assert not app.session.negotiation.moves
            assert ("take an ask above your limit" in lines(app)["ACCEPT"]) == (number == 1)
            await pilot.press("enter")
            await pilot.pause()
        assert app.session.negotiation.moves == [Move.ACCEPT]

    drive(app, act)


# Help, another game, and leaving


@pytest.mark.slow
@pytest.mark.parametrize("size", USUAL_AND_ENDS)
def test_help_tells_keys_panels_and_moves(size):
    app = screen()

    async def act(pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        assert isinstance(app.screen, Help)
        panel = app.screen.query_one(VerticalScroll)
        assert app.screen.region.contains_region(panel.region)
        drawn = Console(width=panel.content_size.width, color_system=None)
        with drawn.capture() as told:
            drawn.print(help_text(app.palette))
        words = " ".join(told.get().split())
        for name in (*KEYS, *PANELS, *(move.name for move in SIMPLE)):
            assert name.split()[0] in words
        await pilot.press("down", "end", "escape")
        await pilot.pause()
        assert not isinstance(app.screen, Help)
        await choose(pilot, Move.OPEN_LOW)
        await pilot.press("question_mark", "q")
        await pilot.pause()
        assert app.is_running
        assert app.session.negotiation.moves == [Move.OPEN_LOW], "q left the help, not the game"

    drive(app, act, size)


@pytest.mark.slow
@pytest.mark.parametrize(("key", "wish"), [("n", "new"), ("a", "same"), ("q", None)])
def test_another_game_is_offered_at_the_end(key, wish):
    app = screen()

    async def act(pilot):
        if key != "q":
            await pilot.press(key)
            assert app.is_running, "not before the end"
        await choose(pilot, Move.WALK_AWAY)
        await pilot.press(key)

    drive(app, act)
    assert app.return_value == wish


def test_a_record_is_played_again_with_its_own_supplier_only():
    app = screen(script=(Move.WALK_AWAY,))

    async def act(pilot):
        await choose(pilot, Move.WALK_AWAY)
        await pilot.press("n")
        assert app.is_running
        await pilot.press("a")

    drive(app, act)
    assert app.return_value == "same"


@pytest.mark.slow
@pytest.mark.parametrize("before", [(), ("question_mark",)])
def test_ctrl_c_leaves_from_anywhere(before):
    app = screen()

    async def act(pilot):
        await pilot.press(*before, "ctrl+c")

    drive(app, act)
    assert app.interrupted
    assert not app.is_running


def test_a_game_is_saved_as_soon_as_it_is_over(tmp_path):
    path = tmp_path / "game.json"
    app = screen(save_to=path)

    async def act(pilot):
        await choose(pilot, Move.OPEN_LOW)
        assert not path.exists()
        await choose(pilot, Move.WALK_AWAY)
        assert GameRecord.read(path).moves == ("OPEN_LOW", "WALK_AWAY")
        assert app.saved == [path]

    drive(app, act)


@pytest.mark.slow
def test_a_game_that_cannot_be_saved_can_be_saved_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    app = screen(save_to=tmp_path / "file" / "game.json")

    async def act(pilot):
        await choose(pilot, Move.WALK_AWAY)
        await pilot.pause()
        assert [note.severity for note in app._notifications] == ["error"]
        assert app.saved == []
        await pilot.press("s", "enter")
        await pilot.pause()

    drive(app, act)
    assert app.saved == [Path("negotiation-11.json")]


# Names


@pytest.mark.slow
@pytest.mark.parametrize(("name", "seen"), [("run[seed=1]", "run[seed=1]"), ("[/x]\x1b[31m", "[/x]\\x1b[31m")])
def test_names_are_shown_as_they_are_and_obeyed_by_nobody(name, seen):
    policy = learned("maskable_ppo", masked=True)
    policy.name = name
    app = screen(watch=policy, setting=SETTING)
    app.references.policies.append(policy)

    async def act(pilot):
        assert seen in shown(app, "#title")
        drawn = app.export_screenshot().replace("&#160;", " ")
        assert f"what {seen} does now" in drawn
        assert f"▸ {seen}: {app.session.current_advice.move.name} (probability, logit)" in drawn
        while app.session.advance():
            pass
        app._show()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert [result.player for result in app.results][-1] == seen
        for _ in range(100):  # a busy machine draws the ranks some moments after they are known
            drawn = app.export_screenshot().replace("&#160;", " ")
            if drawn.count(seen) >= 3:
                break
            await pilot.pause(0.05)
        assert drawn.count(seen) >= 3
        assert "\x1b" not in drawn

    drive(app, act, (140, 60))


@pytest.mark.slow
@pytest.mark.parametrize("name", [Move.OPEN_FAIR.name, Move.WALK_AWAY.name])
def test_moves_can_be_clicked(name):
    app = screen()

    async def act(pilot):
        moves = app.query_one("#closing" if name == "WALK_AWAY" else "#moves", MoveList)
        place = [option.id for option in moves.options].index(name)
        await pilot.click(moves, offset=(5, place))
        if name == "WALK_AWAY":
            await pilot.pause()
            assert marked(app) == [name]
            assert not app.session.negotiation.moves
            await pilot.click(moves, offset=(5, place))
        await until(pilot, lambda: app.session.negotiation.moves == [Move[name]])

    drive(app, act)
