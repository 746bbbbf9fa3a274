"""The game on its screen, driven by keys as a person would, without a terminal."""

import asyncio

from textual.widgets import Static

from agents.playing.market import Market, new_negotiation
from agents.playing.moves import MoveList
from agents.playing.negotiation import Setting
from agents.playing.results import References
from agents.playing.screen import PlayScreen
from agents.playing.session import Adviser, Session
from negoenv.game.tactics import Move
from tests.test_playing import SETTING

SIZES = [(80, 24), (100, 36), (140, 40), (60, 20), (40, 16)]
USUAL_AND_ENDS = [SIZES[0], SIZES[2], SIZES[-1]]
"""For what does not move things about: where they are is looked at in all sizes, `tests/test_play_screen.py`."""


def screen(advise=None, watch=None, script=None, setting: Setting = SETTING, player="you", **options) -> PlayScreen:
    talks = new_negotiation(setting)
    policy = watch or advise
    adviser = None
    if policy is not None:
        adviser = Adviser.named(policy, talks) if isinstance(policy, str) else Adviser(policy, talks, any_scenario=True)
    session = Session(talks, adviser.name if watch else player, adviser, watched=watch is not None, script=script)
    names = ("squeeze" if isinstance(talks, Market) else "gradual", "random")
    return PlayScreen(session, References(setting, names), **options)


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


def simple(talks) -> list[str]:
    """Return the names of the legal moves that are an argument or an offer alone."""
    return [move.name for move in talks.legal if move.simple]


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
        if session.negotiation.confirmation(move):
            await pilot.press("enter")
    await pilot.press("enter")
    await until(pilot, lambda: len(session.negotiation.moves) > count)
    await pilot.pause()
