"""What negoenv play calls: it checks what is asked for, shows one game after another, and keeps what is to be kept."""

import os
import random
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from negoenv.errors import NegoenvError
from negoenv.installation import install_command

from ..reporting.files import require_writable
from ..terminal import console
from .market import new_negotiation
from .negotiation import Setting
from .panels import DARK_PALETTE, LIGHT_PALETTE
from .printed import print_talks, print_verdict
from .results import PlayResult, References, usual_references
from .saving import GameRecord, require_kept, require_savable, save_game
from .session import YOU, Adviser, Session

MIN_SIZE = (40, 16)
"""Columns and lines that the screen needs."""

MAX_SIZE = 500
"""Columns or lines of the largest screen that is drawn into a file."""

_NEEDED = f"{MIN_SIZE[0]} columns and {MIN_SIZE[1]} lines"


@dataclass(frozen=True)
class PlayOptions:
    """How one negotiation is played, shown and kept."""

    scenario: str | None = None  # the game; ``None`` for Procurement, or what the record says
    split: str | None = None  # "train" or "test"; ``None`` for "test", or what the record says
    seed: int | None = None  # of the supplier; ``None`` for any, or what the record says
    watch: str | None = None  # the policy that plays instead of a person
    advise: str | None = None  # the policy that advises
    replay: Path | None = None  # the record that is played again
    references: Sequence[str] = ()  # policies that the result is set beside, besides the scripted ones
    any_scenario: bool = False  # accept policies that were trained on another scenario
    trust: bool = False  # load zips of Stable-Baselines3 as that does
    save: Path | None = None  # where the finished game is saved
    force: bool = False  # overwrite that file if it exists
    text: bool = False  # print instead of taking the whole screen
    light: bool = False  # the terminal is light
    screenshot: Path | None = None  # draw the screen into this SVG file instead of showing it
    rounds: int | None = None  # after so many rounds
    size: tuple[int, int] = (100, 36)  # columns and lines of the screen that is drawn

    @property
    def by_hand(self) -> bool:
        """Whether a person chooses the moves."""
        return self.watch is None and self.replay is None

    @property
    def on_screen(self) -> bool:
        """Whether the game takes the whole terminal."""
        return not self.text and self.screenshot is None and is_terminal()

    def check(self) -> None:
        """Refuse options that exclude each other, and a terminal or file that will not do.

        Raises:
            NegoenvError: with what is wrong, and what is accepted.
        """
        if self.watch is not None and self.advise is not None:
            raise NegoenvError("--watch and --advise exclude each other: who is watched shows its values anyway.")
        if self.replay is not None:
            for option in ("watch", "scenario", "split", "seed"):
                if getattr(self, option) is not None:
                    raise NegoenvError(f"--replay and --{option} exclude each other: the record says what is played.")
        require_savable(self.save, self.force)
        require_writable(self.screenshot, self.force)
        if not _fits(self.size) or max(self.size) > MAX_SIZE:
            drawn = f"--size is {self.size[0]} {self.size[1]}"
            raise NegoenvError(f"{drawn}; the screen has at least {_NEEDED}, and at most {MAX_SIZE} of either.")
        self._check_terminal()

    def _check_terminal(self) -> None:
        """Refuse a game that cannot be shown, or whose moves nobody could choose."""
        if self.by_hand and self.screenshot is not None:
            raise NegoenvError("--screenshot needs --watch or --replay: nobody is asked for moves while it is made.")
        if self.by_hand and self.text:
            raise NegoenvError("--text needs --watch or --replay: a person who plays needs the screen.")
        if self.by_hand and not is_terminal():
            raise NegoenvError(
                "Playing needs a terminal; without one, --watch POLICY and --replay FILE print the talks."
            )
        size = shutil.get_terminal_size()
        if self.on_screen and not _fits(size):
            remedy = "" if self.by_hand else ", or give --text"
            raise NegoenvError(
                f"The game needs {_NEEDED}; this terminal has {size[0]} and {size[1]}: enlarge it{remedy}."
            )


def is_terminal() -> bool:
    """Return whether a whole screen can be drawn and keys be read."""
    return sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _fits(size: tuple[int, int]) -> bool:
    """Return whether the screen fits into so many columns and lines."""
    return size[0] >= MIN_SIZE[0] and size[1] >= MIN_SIZE[1]


if TYPE_CHECKING:
    from .screen import PlayScreen

_SEEDS = 1_000_000  # a seed that nobody chose is below this: short enough to be told


def play_games(options: PlayOptions) -> None:
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
        from .screen import save_screenshot

        save_screenshot(_screen(options), options.screenshot, options.rounds, options.size)
        print(f"Screen: {options.screenshot}")
    else:
        session, references = prepare(options)
        while session.advance():
            pass
        if options.save is not None:  # before anything is printed, which may fail
            save_game(session, options.save, options.force)
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
        save_game(session, options.save, options.force)
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
        record = GameRecord.read(options.replay)
        record.check(str(options.replay))
        setting, player, script = record.setting, record.player, record.script
    else:
        seed = random.SystemRandom().randrange(_SEEDS) if options.seed is None else options.seed
        setting = Setting.named(options.scenario or "Procurement", options.split or "test", seed)
        player, script = YOU, None
    negotiation = new_negotiation(setting)
    if options.save is not None:
        require_kept(negotiation, options.save)
    name = options.advise if options.watch is None else options.watch
    adviser = None if name is None else Adviser.named(name, negotiation, options.any_scenario, options.trust)
    if adviser is not None and options.watch is not None:
        player = adviser.name
    names = [*filter(None, [options.advise]), *usual_references(setting), *options.references]
    names = [name for name in names if name != options.watch]
    references = References(setting, names, options.any_scenario, options.trust)
    return Session(negotiation, player, adviser, watched=options.watch is not None, script=script), references


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


def _print(options: PlayOptions, session: Session, results: Iterable[PlayResult]) -> None:
    """Print the talks, and once they are over who the supplier was and what others got from it."""
    palette = LIGHT_PALETTE if options.light else DARK_PALETTE
    print_talks(console(), session, palette)
    if session.negotiation.over:
        print_verdict(console(), session, list(results), palette)
    else:
        print("The talks were left before their end; nothing is saved.", file=sys.stderr)


def _with_progress(references: References) -> Iterable[PlayResult]:
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
