"""What is on the screen of the game, at any size and in any colour, and what keys do to it."""

from itertools import combinations

import pytest
from textual.widgets import Input

from agents.playing.moves import MovesPanel
from agents.playing.saving import GameRecord
from agents.playing.widgets import Ending
from negoenv.game.tactics import Move
from tests.screens import SIZES, USUAL_AND_ENDS, choose, drive, lines, listed, marked, screen, shown, simple, until
from tests.test_playing import learned


@pytest.mark.slow
def test_a_person_plays_a_whole_game(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = screen()

    async def act(pilot):
        talks = app.session.negotiation
        assert listed(app) == simple(talks)
        for move in (Move.OPEN_MODERATE, Move.PROBE, Move.CITE_COMPETITORS, Move.HOLD):
            await choose(pilot, move)
            assert talks.moves[-1] is move
            assert listed(app) == simple(talks)
        assert "round 4 of" in shown(app, "#title")
        assert "Round 4. You" in shown(app, "#words")
        assert app.query_one(MovesPanel).border_title == "your move"
        assert not app.query_one(Ending).display
        await choose(pilot, Move.WALK_AWAY)
        assert talks.over
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.query_one(Ending).display
        assert [result.player for result in app.results] == ["gradual", "random"]
        await pilot.press("s")
        await pilot.pause()
        assert app.query_one("#file", Input).value == "negotiation-11.json"
        await pilot.press("enter")
        await pilot.pause()
        assert not app.query_one("#file").display

    drive(app, act)
    record = GameRecord.read(tmp_path / "negotiation-11.json")
    record.check("the game")
    assert record.script[-1] is Move.WALK_AWAY


@pytest.mark.slow
def test_a_file_that_exists_is_not_overwritten(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "negotiation-11.json").write_text("mine")
    app = screen()

    async def act(pilot):
        await choose(pilot, Move.WALK_AWAY)
        await pilot.press("s", "enter")
        await pilot.pause()
        assert [note.severity for note in app._notifications] == ["error"]
        assert app.query_one("#file").display, "another name can be given"
        await pilot.press("escape")
        await pilot.pause()
        assert not app.query_one("#file").display

    drive(app, act)
    assert (tmp_path / "negotiation-11.json").read_text() == "mine"


def test_a_game_is_saved_only_when_it_is_over(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = screen()

    async def act(pilot):
        await pilot.press("s", "enter")
        await pilot.pause()
        assert not app.query_one("#file").display

    drive(app, act)
    assert not list(tmp_path.iterdir())


def test_a_policy_is_watched_move_by_move():
    app = screen(watch="gradual")

    async def act(pilot):
        talks = app.session.negotiation
        for number in range(3):
            expected = app.session.next_move
            assert marked(app) == [expected.name]
            await pilot.press("enter" if number else "space")
            await until(pilot, lambda: len(talks.moves) == number + 1)  # noqa: B023 - waited for at once
            assert talks.moves[-1] is expected
        await pilot.press("up", "enter")  # whatever is marked, the policy chooses
        await until(pilot, lambda: len(talks.moves) == 4)
        assert app.session.agreements == len(talks.moves) == 4
        assert "played by gradual" in shown(app, "#title")

    drive(app, act)


@pytest.mark.slow
def test_moves_come_by_themselves_until_they_are_stopped(monkeypatch):
    monkeypatch.setattr("agents.playing.screen.PACE", 0.001)
    app = screen(watch="gradual")

    async def act(pilot):
        await pilot.press("p")
        await until(pilot, lambda: app.session.negotiation.over)
        assert app._timer is None
        await pilot.press("p", "enter")  # harmless after the end

    drive(app, act)


def test_moves_that_come_by_themselves_can_be_stopped():
    app = screen(watch="gradual")

    async def act(pilot):
        await pilot.press("p")
        assert app._timer is not None
        await pilot.press("p")
        assert app._timer is None

    drive(app, act)


@pytest.mark.slow
@pytest.mark.parametrize("size", USUAL_AND_ENDS)
def test_advice_stands_beside_ones_own_choice(size):
    app = screen(advise=learned("maskable_ppo", masked=True))

    async def act(pilot):
        advice = app.session.current_advice
        told = lines(app)
        assert [name for name, line in told.items() if line.startswith("▸")] == [advice.move.name]
        assert all(f"{advice.values[Move[name]]:+.2f}" in told[name] for name in listed(app))
        assert app.query_one(MovesPanel).border_subtitle == f"▸ learned: {advice.move.name} (probability, logit)"
        other = next(move for move in app.session.negotiation.legal if move is not advice.move)
        await choose(pilot, other)
        assert f"(learned: {advice.move.name})" in " ".join(shown(app, "#words").split())
        if not app.session.negotiation.over:
            await choose(pilot, Move.WALK_AWAY)
        assert app.session.negotiation.over

    drive(app, act, size)


def test_a_record_is_replayed_with_somebody_else_s_advice():
    script = (Move.OPEN_LOW, Move.SILENCE, Move.WALK_AWAY)
    app = screen(advise="gradual", script=script)

    async def act(pilot):
        for move in script:
            await choose(pilot, move)
        assert tuple(app.session.negotiation.moves) == script
        assert "(gradual:" in shown(app, "#words")

    drive(app, act)


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_every_panel_is_on_the_screen_at_any_size(size):
    app = screen(watch="gradual")

    async def act(pilot):
        for number in range(5):
            await pilot.press("enter")
            await until(pilot, lambda: len(app.session.negotiation.moves) > number)  # noqa: B023
        await pilot.pause()
        least = {"#title": 1, "#prices": 3, "#supplier": 3, "#transcript": 2, "#moves": 3, "#closing": 2}
        regions = {name: app.query_one(name).region for name in least}
        for name, region in regions.items():
            assert region.height >= least[name], name
            assert app.screen.region.contains_region(region), name
        for one, other in combinations(regions, 2):
            assert not regions[one].overlaps(regions[other]), (one, other)
        while app.session.advance():
            pass
        app._show()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert app.screen.region.contains_region(app.query_one("#end").region)
        assert app.query_one("#end").region.height >= 8

    drive(app, act, size)


def test_the_terminal_may_change_its_size():
    app = screen()

    async def act(pilot):
        assert "EUR" not in shown(app, "#prices")
        await pilot.resize_terminal(140, 40)
        await until(pilot, lambda: app.screen.has_class("-wide") and "EUR" in shown(app, "#prices"))
        assert "╌" * 20 in shown(app, "#prices").replace("┊", "╌")

    drive(app, act, (60, 20))


def test_dark_and_light():
    app = screen()

    async def act(pilot):
        assert app.current_theme.dark
        dark = app.palette
        await pilot.press("t")
        await pilot.pause()
        assert not app.current_theme.dark
        assert app.palette != dark

    drive(app, act)


def test_without_colour_the_marked_move_is_still_marked(monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    app = screen()

    async def act(pilot):
        assert app.no_color
        style = app.query_one("#moves").get_component_rich_style("option-list--option-highlighted")
        assert style.bgcolor != app.query_one("#moves").rich_style.bgcolor
        assert app.screen.has_class("-colourless")

    drive(app, act)


def test_the_game_can_be_left_at_any_time():
    app = screen()

    async def act(pilot):
        await choose(pilot, Move.OPEN_FAIR)
        await pilot.press("q")

    drive(app, act)
    assert not app.session.negotiation.over
    assert app.return_code == 0
