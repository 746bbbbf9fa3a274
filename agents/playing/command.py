"""What negoenv play calls: it seats who plays, shows the game, and keeps what is asked for; then the next game."""

import random
import sys
from collections.abc import Iterable
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from negoenv.errors import NegoenvError
from negoenv.installation import install_command

from ..terminal import console
from .advice import Adviser
from .files import save
from .negotiation import Negotiation, Setting
from .options import PlayOptions
from .palette import DARK, LIGHT
from .printed import print_talks, print_verdict
from .record import Record
from .references import References, Result, usual_references
from .session import YOU, Session

if TYPE_CHECKING:
    from .screen import PlayScreen

_SEEDS = 1_000_000  # a seed that nobody chose is below this: short enough to be told


def play(options: PlayOptions) -> None:
    """Play one negotiation, or on a terminal as many as the user likes.

    Raises:
        NegoenvError: for options that contradict each other, a name or file that is not what it should be, or a
            terminal that is missing or too small.
        KeyboardInterrupt: if the user interrupted the game.
    """
    options.check()
    if options.on_screen:
        following = _play_on_screen(options)
        while following is not None:
            following = _play_on_screen(replace(following, save=_another(options.save)))
    elif options.screenshot is not None:
        from .screenshot import save_screenshot

        save_screenshot(_screen(options), options.screenshot, options.rounds, options.size)
        print(f"Screen: {options.screenshot}")
    else:
        session, references = prepare(options)
        while session.advance():
            pass
        if options.save is not None:  # before anything is printed, which may fail
            save(session, options.save, options.force)
        _print(options, session, _with_progress(references))
        if options.save is not None:
            print(f"Saved: {options.save}")


def _play_on_screen(options: PlayOptions) -> PlayOptions | None:
    """Play one negotiation on the whole terminal; return the options of the next one if the user wants another."""
    screen = _screen(options)
    again = screen.run()
    if screen.interrupted:
        raise KeyboardInterrupt
    if screen.return_code:  # the screen has printed what went wrong
        sys.exit(screen.return_code)
    session = screen.session
    if options.save is not None and session.negotiation.over and not screen.saved:  # the screen could not
        save(session, options.save, options.force)
        screen.saved.append(options.save)
    _print(options, session, screen.results)
    for path in screen.saved:
        print(f"Saved: {path}")
    if again is None:
        return None
    same = session.negotiation.setting.seed if again == "same" and options.replay is None else None
    return replace(options, seed=same, light=not screen.current_theme.dark)


def _another(path: Path | None) -> Path | None:
    """Return a file for the next game that does not exist yet: after game.json game-2.json, game-3.json, ..."""
    if path is None:
        return None
    places = (path.with_name(f"{path.stem}-{number}{path.suffix}") for number in count(2))
    return next(place for place in places if not place.exists())


def prepare(options: PlayOptions) -> tuple[Session, References]:
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
    names = [*filter(None, [options.advise]), *usual_references(setting), *options.references]
    references = References(setting, [name for name in names if name != options.watch], options.any_scenario)
    return Session(negotiation, player, adviser, watched=bool(options.watch), script=script), references


def _screen(options: PlayOptions) -> "PlayScreen":
    """Return the screen at the start of a game, or say what it needs."""
    try:
        from .screen import PlayScreen
    except ModuleNotFoundError as error:
        text = "" if options.by_hand else ", or give --text"
        raise NegoenvError(
            f"The screen needs {error.name}, which is not installed: run {install_command('play')}{text}."
        ) from None
    session, references = prepare(options)
    return PlayScreen(session, references, light=options.light, save_to=options.save, force=options.force)


def _print(options: PlayOptions, session: Session, results: Iterable[Result]) -> None:
    """Print the talks, and once they are over who the supplier was and what others got from it."""
    palette = LIGHT if options.light else DARK
    print_talks(console(), session, palette)
    if session.negotiation.over:
        print_verdict(console(), session, list(results), palette)
    else:
        print("The talks were left before their end; nothing is saved.", file=sys.stderr)


def _with_progress(references: References) -> Iterable[Result]:
    """Yield the results of the references; a terminal sees how far they are."""
    bar = Console(stderr=True)
    return track(
        references.results(),
        "references",
        len(references.policies),
        console=bar,
        transient=True,
        disable=not bar.is_terminal,
    )
