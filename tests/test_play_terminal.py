"""negoenv play at a real terminal, of which the test is the other end."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios

import pytest

from agents.playing.saving import GameRecord
from tests.test_commands import ROOT
from tests.test_play_command import COMMAND, ENVIRONMENT, REVEALED


class Terminal:
    """A program on a pseudo-terminal of its own."""

    def __init__(self, *arguments, rows=24, columns=80, **environment):
        self._screen, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        surroundings = {
            name: value for name, value in os.environ.items() if name not in ("NO_COLOR", "COLUMNS", "LINES")
        }
        self._program = subprocess.Popen(
            [*COMMAND, *map(str, arguments)],
            cwd=ROOT,
            env=surroundings | ENVIRONMENT | environment,
            stdin=inner,
            stdout=inner,
            stderr=inner,
            start_new_session=True,
        )
        os.close(inner)
        self.output = ""

    def read_until(self, words: str) -> None:
        """Read what is drawn until some words were; fails if the program ends before."""
        start = len(self.output)
        while words not in self.output[start:]:
            assert self._read(), f"{words!r} was never shown:\n{self.output[start:]}"

    def press(self, *keys: str) -> None:
        """Press keys."""
        os.write(self._screen, "".join(keys).encode())

    def finish(self) -> int:
        """Read to the end, and return the exit status."""
        while self._read():
            pass
        return self._program.wait()

    def _read(self) -> bool:
        select.select([self._screen], [], [])
        try:
            piece = os.read(self._screen, 65536)
        except OSError:  # how Linux says that the other end is closed
            return False
        self.output += piece.decode(errors="replace")
        return bool(piece)

    def close(self) -> None:
        """End the program, if it still runs."""
        if self._program.poll() is None:
            self._program.kill()
            self._program.wait()
        os.close(self._screen)


@pytest.fixture
def terminal():
    """Return a function that starts negoenv play on a pseudo-terminal."""
    started = []

    def start(*arguments, **surroundings):
        started.append(Terminal(*arguments, **surroundings))
        return started[-1]

    yield start
    for program in started:
        program.close()


END, ENTER, CTRL_C = "\x1b[F", "\r", "\x03"


@pytest.mark.slow
def test_a_person_plays_at_a_terminal(terminal, tmp_path):
    file = tmp_path / "game.json"
    program = terminal("--advise", "gradual", "--save", file)
    program.read_until("your move")
    program.press(ENTER)  # the first legal move: OPEN_LOW
    program.read_until("round 1 of")
    program.press(END, ENTER)  # the last one: WALK_AWAY
    program.read_until("Enter again")
    program.press(ENTER)
    program.read_until("the end")
    program.press("?")
    program.read_until("Escape goes back")
    program.press("q", "q")
    assert program.finish() == 0
    after = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", program.output.rpartition("\x1b[?1049l")[2])  # the screen is gone
    assert "Procurement, test split, seed 11, played by you" in after
    assert REVEALED in " ".join(after.split())
    assert f"Saved: {file}" in after.replace("\r\n", "")
    record = GameRecord.read(file)
    record.check("the game")
    assert record.moves == ("OPEN_LOW", "WALK_AWAY")


@pytest.mark.slow
def test_a_game_that_is_left_early_is_not_saved(terminal, tmp_path):
    file = tmp_path / "game.json"
    program = terminal("--save", file, NO_COLOR="1", rows=16, columns=40)
    program.read_until("your move")
    program.press("q")
    assert program.finish() == 0
    assert "nothing is saved" in program.output
    assert not file.exists()
    assert not re.search(r"\x1b\[[0-9;]*38;5;[1-7]m", program.output)


@pytest.mark.slow
def test_a_person_plays_again(terminal, tmp_path):
    program = terminal("--save", tmp_path / "game.json")
    for number in range(2):
        program.read_until("your move")
        program.press(END, ENTER)
        program.read_until("Enter again")
        program.press(ENTER)
        program.read_until("the end")
        program.press("q" if number else "n")
    assert program.finish() == 0
    first, second = GameRecord.read(tmp_path / "game.json"), GameRecord.read(tmp_path / "game-2.json")
    assert first.seed == 11 != second.seed
    assert program.output.count("Saved: ") == 2


@pytest.mark.slow
def test_ctrl_c_ends_the_game_with_one_line(terminal):
    program = terminal()
    program.read_until("your move")
    program.press(CTRL_C)
    assert program.finish() == 130
    after = re.sub(r"\x1b(\[[0-9;?<>=]*[a-zA-Z]|[=>])", "", program.output.rpartition("\x1b[?1049l")[2])
    assert after.strip() == "Interrupted."


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--watch", "gradual")])
def test_a_tiny_terminal_is_told(terminal, options):
    program = terminal(*options, rows=10, columns=39)
    assert program.finish() == 2
    told = " ".join(program.output.split())
    assert told.startswith("The game needs 40 columns and 16 lines; this terminal has 39 and 10: enlarge it")
    assert ("--text" in told) == bool(options)
    assert program.output.count("\n") == 1


@pytest.mark.slow
def test_a_dumb_terminal_is_told(terminal):
    program = terminal(TERM="dumb")
    assert program.finish() == 2
    assert program.output.startswith("Playing needs a terminal; without one, --watch POLICY and --replay FILE print")
