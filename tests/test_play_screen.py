"""The game on its screen, driven by keys as a person would, without a terminal."""

import asyncio
from itertools import combinations
from pathlib import Path

import pytest
from rich.console import Console
from textual.containers import VerticalScroll
from textual.widgets import Input, Static

from agents.playing.moves import CLOSING, MoveList, MovesPanel, confirmation
from agents.playing.results import References
from agents.playing.saving import GameRecord
from agents.playing.screen import PlayScreen
from agents.playing.session import Adviser, Negotiation, Session, Setting
from agents.playing.widgets import KEYS, PANELS, Ending, Help, help_text
from negoenv.game.tactics import Move
from tests.test_playing import SETTING, learnt

SIZES = [(80, 24), (100, 36), (140, 40), (60, 20), (40, 16)]


def screen(advise=None, watch=None, script=None, setting: Setting = SETTING, player="you", **options) -> PlayScreen:
    talks = Negotiation(setting)
    policy = watch or advise
    adviser = None
    if policy is not None:
        adviser = Adviser.named(policy, talks) if isinstance(policy, str) else Adviser(policy, talks, any_scenario=True)
    session = Session(talks, adviser.name if watch else player, adviser, watched=watch is not None, script=script)
    return PlayScreen(session, References(setting, ("gradual", "random")), **options)


def drive(app, act, size=(80, 24)):
    """Run ``act(pilot)`` on the app."""

    async def run():
        async with app.run_test(size=size) as pilot:
            await pilot.pause()
            await act(pilot)
            await app.workers.wait_for_complete()

    asyncio.run(run())


def shown(app, name) -> str:
    """Return the text of a panel."""
    return str(app.query_one(name, Static).content)


def listed(app) -> list[str]:
    """Return the names of the moves that can be chosen, in order."""
    return [option.id for moves in app.query(MoveList) for option in moves.options if not option.disabled]


def lines(app) -> dict[str, str]:
    """Return the line of each move that is listed."""
    return {option.id: str(option.prompt) for moves in app.query(MoveList) for option in moves.options}


def marked(app) -> list[str]:
    return [moves.highlighted_option.id for moves in app.query(MoveList) if moves.highlighted_option]


async def until(pilot, condition):
    """Wait until something is so; a test that waits in vain ends by its time limit."""
    while not condition():
        await pilot.pause()


async def go_to(pilot, move: Move):
    """Go to a move with the arrow keys."""
    await pilot.press("home", *["down"] * listed(pilot.app).index(move.name))
    assert marked(pilot.app) == [move.name]


async def choose(pilot, move: Move):
    """Go to a move, take it, and confirm it if it is asked for twice."""
    session = pilot.app.session
    count = len(session.negotiation.moves)
    if session.by_hand:
        await go_to(pilot, move)
        if confirmation(session.negotiation, move):
            await pilot.press("enter")
    await pilot.press("enter")
    await until(pilot, lambda: len(session.negotiation.moves) > count)
    await pilot.pause()


def test_a_person_plays_a_whole_game(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    app = screen()

    async def act(pilot):
        talks = app.session.negotiation
        assert listed(app) == [move.name for move in talks.legal]
        for move in (Move.OPEN_MODERATE, Move.PROBE, Move.CITE_COMPETITORS, Move.HOLD):
            await choose(pilot, move)
            assert talks.moves[-1] is move
            assert listed(app) == [legal.name for legal in talks.legal]
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


@pytest.mark.parametrize("size", SIZES)
def test_advice_stands_beside_ones_own_choice(size):
    app = screen(advise=learnt("maskable_ppo", masked=True))

    async def act(pilot):
        advice = app.session.current_advice
        told = lines(app)
        assert [name for name, line in told.items() if line.startswith("▸")] == [advice.move.name]
        assert all(f"{advice.values[Move[name]]:+.2f}" in told[name] for name in listed(app))
        assert app.query_one(MovesPanel).border_subtitle == f"▸ learnt: {advice.move.name} (probability, logit)"
        other = next(move for move in app.session.negotiation.legal if move is not advice.move)
        await choose(pilot, other)
        assert f"(learnt: {advice.move.name})" in " ".join(shown(app, "#words").split())
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


# MovesPanel that end the talks


@pytest.mark.parametrize("size", SIZES)
def test_the_moves_that_end_the_talks_are_always_in_view(size):
    app = screen()

    async def act(pilot):
        assert [*lines(app)][-2:] == [move.name for move in CLOSING] == ["ACCEPT", "WALK_AWAY"]
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


@pytest.mark.parametrize("size", SIZES)
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
        for name in (*KEYS, *PANELS, *Move.__members__):
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


def test_a_game_that_cannot_be_saved_can_be_saved_elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    app = screen(save_to=tmp_path / "file" / "game.json")

    async def act(pilot):
        await choose(pilot, Move.WALK_AWAY)
        assert [note.severity for note in app._notifications] == ["error"]
        assert app.saved == []
        await pilot.press("s", "enter")
        await pilot.pause()

    drive(app, act)
    assert app.saved == [Path("negotiation-11.json")]


# Names


@pytest.mark.parametrize(("name", "seen"), [("run[seed=1]", "run[seed=1]"), ("[/x]\x1b[31m", "[/x]\\x1b[31m")])
def test_names_are_shown_as_they_are_and_obeyed_by_nobody(name, seen):
    policy = learnt("maskable_ppo", masked=True)
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
        drawn = app.export_screenshot().replace("&#160;", " ")
        assert drawn.count(seen) >= 3
        assert "\x1b" not in drawn

    drive(app, act, (140, 60))


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
