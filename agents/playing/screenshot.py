"""A picture of the game's screen, made without a terminal."""

import re
from pathlib import Path

from textual.pilot import Pilot

from ..reporting.files import write_text
from .screen import PlayScreen

_FONT = re.compile(r"@font-face\s*{.*?}", re.DOTALL)  # fetched from elsewhere; a viewer's own font does as well


def save_screenshot(screen: PlayScreen, path: Path, rounds: int | None, size: tuple[int, int]) -> None:
    """Write the screen as SVG, after some rounds of a game that nobody has to be asked about.

    Args:
        screen: the game, at its start.
        path: the file to write; overwritten if it exists.
        rounds: so many rounds are played before; ``None`` for all of them, and then the references.
        size: characters and lines of the screen.
    """

    async def act(pilot: Pilot[object]) -> None:
        await pilot.pause()
        while (rounds is None or len(screen.session.negotiation.moves) < rounds) and screen.session.next_move:
            screen.action_advance()
            await pilot.pause()
        await screen.workers.wait_for_complete()
        await pilot.pause()
        write_text(path, _FONT.sub("", screen.export_screenshot(title=screen.title)))
        screen.exit()

    screen.run(headless=True, size=size, auto_pilot=act)
