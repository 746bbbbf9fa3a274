"""What negoenv play calls: who plays, on which face, and what is kept of it."""

import os
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from negoenv.errors import NegoenvError

from ..reporting.files import require_writable
from ..reporting.tables import console as output
from .advice import Adviser
from .files import require_savable, save
from .negotiation import Negotiation, Setting
from .palette import DARK, LIGHT
from .printed import print_talks, print_verdict
from .record import Record
from .references import References, Result, usual_references
from .session import YOU, Session

if TYPE_CHECKING:
    from .screen import PlayScreen

_SEEDS = 1_000_000  # a seed that nobody chose is below this: short enough to be told

_LEAST, _MOST = 10, 500  # characters and lines of a screen that is drawn


@dataclass(frozen=True)
class PlayOptions:
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


def play(options: PlayOptions) -> None:
    """Play one negotiation as a user wishes.

    Raises:
        NegoenvError: for wishes that contradict each other, a name or file that is not what it should be, or a person
            who wants to play without a terminal.
    """
    _check(options)
    session, references = _seated(options)
    if options.screenshot is not None:
        from .screenshot import save_screenshot

        save_screenshot(_screen(options, session, references), options.screenshot, options.rounds, options.size)
        print(f"Screen: {options.screenshot}")
        return
    palette = LIGHT if options.light else DARK
    results: list[Result] = []
    if options.text or not _is_terminal():
        while session.advance():
            pass
        print_talks(output(), session, palette)
        results = list(_with_progress(references))
    else:
        screen = _screen(options, session, references)
        screen.run()
        if screen.return_code:  # the screen has printed what went wrong
            sys.exit(screen.return_code)
        results = screen.results
        print_talks(output(), session, palette)
    if not session.negotiation.over:
        print("The talks were left before their end; nothing is saved.", file=sys.stderr)
        return
    print_verdict(output(), session, results, palette)
    if options.save is not None:
        save(session, options.save, options.force)
        print(f"Saved: {options.save}")


def _check(options: PlayOptions) -> None:
    """Refuse wishes that contradict each other."""
    if options.watch is not None and options.advise is not None:
        raise NegoenvError("--watch and --advise exclude each other: who is watched shows its values anyway.")
    if options.replay is not None:
        for option in ("watch", "scenario", "split", "seed"):
            if getattr(options, option) is not None:
                raise NegoenvError(f"--replay and --{option} exclude each other: the record says what is played.")
    require_savable(options.save, options.force)
    require_writable(options.screenshot, options.force)
    if min(options.size) < _LEAST or max(options.size) > _MOST:
        raise NegoenvError(f"--size is {options.size[0]} {options.size[1]}; both numbers must be {_LEAST} to {_MOST}.")
    by_hand = options.watch is None and options.replay is None
    if by_hand and options.screenshot is not None:
        raise NegoenvError("--screenshot needs --watch or --replay: nobody is asked for moves while it is made.")
    if by_hand and options.text:
        raise NegoenvError("--text needs --watch or --replay: a person who plays needs the screen.")
    if by_hand and not _is_terminal():
        raise NegoenvError("Playing needs a terminal; without one, --watch POLICY and --replay FILE print the talks.")


def _is_terminal() -> bool:
    """Whether a whole screen can be drawn and keys be read."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _seated(options: PlayOptions) -> tuple[Session, References]:
    """Return the game at its start, and whom its result is set beside."""
    if options.replay is not None:
        record = Record.read(options.replay)
        record.check(str(options.replay))
        setting, player, script = record.setting, record.player, record.script
    else:
        seed = random.SystemRandom().randrange(_SEEDS) if options.seed is None else options.seed
        setting = Setting.named(options.scenario or "Procurement", options.split or "test", seed)
        player, script = YOU, None
    negotiation = Negotiation(setting)
    name = options.watch or options.advise
    adviser = Adviser.named(name, negotiation, options.any_scenario) if name else None
    if adviser is not None and options.watch:
        player = adviser.name
    names = [name for name in (*usual_references(setting), *options.references) if name != options.watch]
    references = References(setting, names, options.any_scenario)
    return Session(negotiation, player, adviser, watched=bool(options.watch), script=script), references


def _screen(options: PlayOptions, session: Session, references: References) -> "PlayScreen":
    """Return the screen, or say what it needs."""
    try:
        from .screen import PlayScreen
    except ImportError as error:
        raise NegoenvError(
            f'The screen needs {error.name}, which is not installed: run `pip install -e ".[play]"`, or give --text.'
        ) from None
    return PlayScreen(session, references, light=options.light)


def _with_progress(references: References) -> Sequence[Result]:
    """Return the results of the references; a terminal sees how far they are."""
    bar = Console(stderr=True)
    results = references.results()
    return list(
        track(results, "references", len(references.policies), console=bar, transient=True, disable=not bar.is_terminal)
    )
