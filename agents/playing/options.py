"""What a user of negoenv play asks for, and what of it contradicts itself."""

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from negoenv.errors import NegoenvError

from ..reporting.files import require_writable
from .files import require_savable

MIN_SIZE = (40, 16)
"""Columns and lines that the screen needs."""

MAX_SIZE = 500
"""Columns or lines of the largest screen that is drawn into a file."""

_NEEDED = f"{MIN_SIZE[0]} columns and {MIN_SIZE[1]} lines"


@dataclass(frozen=True)
class PlayOptions:
    """How one negotiation is played, shown and kept.

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
        size: columns and lines of the screen that is drawn.
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
