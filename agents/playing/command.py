"""What scripts/play.py calls: who plays, on which face, and what is kept of it."""

import os
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from agents.playing.advice import Adviser
from agents.playing.files import require_savable, save
from agents.playing.negotiation import Negotiation, Setting
from agents.playing.palette import DARK, LIGHT
from agents.playing.printed import print_talks, print_verdict
from agents.playing.record import Record
from agents.playing.references import References, Result, usual_references
from agents.playing.session import YOU, Session
from agents.reporting.files import require_writable
from agents.reporting.tables import console as output
from negoenv.errors import NegoenvError

if TYPE_CHECKING:
    from agents.playing.screen import PlayScreen

_SEEDS = 1_000_000  # a seed that nobody chose is below this: short enough to be told

_LEAST, _MOST = 10, 500  # characters and lines of a screen that is drawn


@dataclass(frozen=True)
class Wish:
    """What a user asks for.

    Attributes:
        scenario: the game; ``None`` for Procurement, or what the record says.
        split: "train" or "test"; ``None`` for "test", or what the record says.
        seed: of the supplier; ``None`` for any, or what the record says.
        watch: the policy that plays instead of a person.
        advise: the policy that advises.
        replay: the record that is played again.
        references: policies that the result is set beside, besides the scripted ones.
        any_scenario: accept policies that were trained on another scenario.
        save: where the finished game is saved.
        force: overwrite that file if it exists.
        text: print instead of taking the whole screen.
        light: the terminal is light.
        screenshot: draw the screen into this SVG file instead of showing it.
        rounds: after so many rounds.
        size: characters and lines of the screen that is drawn.
    """

    scenario: str | None = None
    split: str | None = None
    seed: int | None = None
    watch: str | None = None
    advise: str | None = None
    replay: Path | None = None
    references: Sequence[str] = ()
    any_scenario: bool = False
    save: Path | None = None
    force: bool = False
    text: bool = False
    light: bool = False
    screenshot: Path | None = None
    rounds: int | None = None
    size: tuple[int, int] = (100, 36)


def play(wish: Wish) -> None:
    """Play one negotiation as a user wishes.

    Raises:
        NegoenvError: for wishes that contradict each other, a name or file that is not what it should be, or a person
            who wants to play without a terminal.
    """
    _check(wish)
    session, references = _seated(wish)
    if wish.screenshot is not None:
        from agents.playing.photograph import photograph

        photograph(_screen(wish, session, references), wish.screenshot, wish.rounds, wish.size)
        print(f"Screen: {wish.screenshot}")
        return
    palette = LIGHT if wish.light else DARK
    results: list[Result] = []
    if wish.text or not _is_terminal():
        while session.advance():
            pass
        print_talks(output(), session, palette)
        results = list(_with_progress(references))
    else:
        screen = _screen(wish, session, references)
        screen.run()
        if screen.return_code:  # the screen has printed what went wrong
            sys.exit(screen.return_code)
        results = screen.results
        print_talks(output(), session, palette)
    if not session.negotiation.over:
        print("The talks were left before their end; nothing is saved.", file=sys.stderr)
        return
    print_verdict(output(), session, results, palette)
    if wish.save is not None:
        save(session, wish.save, wish.force)
        print(f"Saved: {wish.save}")


def _check(wish: Wish) -> None:
    """Refuse wishes that contradict each other."""
    if wish.watch is not None and wish.advise is not None:
        raise NegoenvError("--watch and --advise exclude each other: who is watched shows its values anyway.")
    if wish.replay is not None:
        for option in ("watch", "scenario", "split", "seed"):
            if getattr(wish, option) is not None:
                raise NegoenvError(f"--replay and --{option} exclude each other: the record says what is played.")
    require_savable(wish.save, wish.force)
    require_writable(wish.screenshot, wish.force)
    if min(wish.size) < _LEAST or max(wish.size) > _MOST:
        raise NegoenvError(f"--size is {wish.size[0]} {wish.size[1]}; both numbers must be {_LEAST} to {_MOST}.")
    by_hand = wish.watch is None and wish.replay is None
    if by_hand and wish.screenshot is not None:
        raise NegoenvError("--screenshot needs --watch or --replay: nobody is asked for moves while it is made.")
    if by_hand and wish.text:
        raise NegoenvError("--text needs --watch or --replay: a person who plays needs the screen.")
    if by_hand and not _is_terminal():
        raise NegoenvError("Playing needs a terminal; without one, --watch POLICY and --replay FILE print the talks.")


def _is_terminal() -> bool:
    """Whether a whole screen can be drawn and keys be read."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _seated(wish: Wish) -> tuple[Session, References]:
    """Return the game at its start, and whom its result is set beside."""
    if wish.replay is not None:
        record = Record.read(wish.replay)
        record.check(str(wish.replay))
        setting, player, script = record.setting, record.player, record.script
    else:
        seed = random.SystemRandom().randrange(_SEEDS) if wish.seed is None else wish.seed
        setting = Setting.named(wish.scenario or "Procurement", wish.split or "test", seed)
        player, script = YOU, None
    negotiation = Negotiation(setting)
    name = wish.watch or wish.advise
    adviser = Adviser.named(name, negotiation, wish.any_scenario) if name else None
    if adviser is not None and wish.watch:
        player = adviser.name
    names = [name for name in (*usual_references(setting), *wish.references) if name != wish.watch]
    references = References(setting, names, wish.any_scenario)
    return Session(negotiation, player, adviser, watched=bool(wish.watch), script=script), references


def _screen(wish: Wish, session: Session, references: References) -> "PlayScreen":
    """Return the screen, or say what it needs."""
    try:
        from agents.playing.screen import PlayScreen
    except ImportError as error:
        raise NegoenvError(
            f'The screen needs {error.name}, which is not installed: run `pip install -e ".[play]"`, or give --text.'
        ) from None
    return PlayScreen(session, references, light=wish.light)


def _with_progress(references: References) -> Sequence[Result]:
    """Return the results of the references; a terminal sees how far they are."""
    bar = Console(stderr=True)
    results = references.results()
    return list(
        track(results, "references", len(references.policies), console=bar, transient=True, disable=not bar.is_terminal)
    )
