"""The game on a terminal's whole screen.

Textual draws it: it is well kept, by the makers of rich, needs no mouse, follows NO_COLOR and the size of the terminal,
and a test can drive and draw it without one.
"""

import re
from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.pilot import Pilot
from textual.timer import Timer
from textual.widgets import Footer, Input, Static

from negoenv.errors import NegoenvError
from negoenv.viewer.transcript import Money

from ..reporting.files import write_text
from .moves import MovesPanel
from .panels import DARK_PALETTE, LIGHT_PALETTE, Palette
from .printed import session_transcript
from .results import PlayResult, References
from .saving import save_game
from .session import Session
from .widgets import Ending, Fitted, Help

PACE = 1.5  # seconds a move when moves come by themselves

_NARROW, _WIDE, _LOW, _TALL = 60, 124, 23, 34  # characters and lines from which the layout of screen.tcss changes


class PlayScreen(App[str]):
    """Prices and cues above, what was said below them, then the moves to choose from, and in their place the end.

    It returns "same" or "new" if the user wants another game, with the same supplier or a new one.

    Attributes:
        session: the game.
        references: whom its result is set beside.
        results: what those of them got that have played.
        saved: the files that the game was saved to.
        interrupted: whether the user pressed Ctrl-C.
        money: writes prices.
    """

    TITLE = "negoenv"
    CSS_PATH = "screen.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (_NARROW, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 - Textual types them
    VERTICAL_BREAKPOINTS = [(0, "-short"), (_LOW, "-low"), (_TALL, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "advance", "Next move"),
        Binding("p", "pace", "Play on / pause"),
        Binding("n", "again('new')", "New supplier"),
        Binding("a", "again('same')", "Same again"),
        Binding("s", "save", "Save"),
        Binding("question_mark", "help", "Help"),
        Binding("q", "quit", "Quit"),
        Binding("t", "theme", "Dark / light"),
        Binding("escape", "leave_input", "Back", show=False),
        Binding("ctrl+c", "interrupt", "Interrupt", show=False, priority=True),
    ]

    def __init__(
        self,
        session: Session,
        references: References,
        money: Money | None = None,
        light: bool = False,
        save_to: Path | None = None,
        force: bool = False,
    ) -> None:
        """Prepare the screen.

        Args:
            session: the talks, and who plays and advises.
            references: whom the result is set beside.
            money: writes prices.
            light: whether the terminal is light.
            save_to: where the game is saved as soon as it is over.
            force: overwrite that file if it exists.
        """
        super().__init__()
        self.session = session
        self.references = references
        self.results: list[PlayResult] = []
        self.saved: list[Path] = []
        self.interrupted = False
        self.money = money or Money()
        self.theme = "textual-light" if light else "textual-dark"
        self._save_to = save_to
        self._force = force
        self._timer: Timer | None = None

    @property
    def palette(self) -> Palette:
        """The colours that go with the theme."""
        return DARK_PALETTE if self.current_theme.dark else LIGHT_PALETTE

    def compose(self) -> ComposeResult:
        """Put the panels on the screen."""
        talks, money = self.session.negotiation, self.money
        yield Static(id="title")
        with Container(id="body"):
            with Container(id="table"):
                with Container(id="cues"):
                    yield Fitted(
                        lambda size: talks.price_panel(money, *size, self.palette),
                        id="prices",
                        classes="panel",
                    )
                    yield Fitted(
                        lambda size: talks.supplier_panel(self.palette),
                        id="supplier",
                        classes="panel",
                    )
                with VerticalScroll(id="transcript", classes="panel", can_focus=False):
                    yield Fitted(
                        lambda size: session_transcript(self.session, money, size.width, self.palette.good), id="words"
                    )
            with Container(id="choice"):
                yield MovesPanel(self.session, money, lambda: self.palette, id="panel", classes="panel")
                yield Ending(
                    self.session, self.references, self.results, money, lambda: self.palette, id="end", classes="panel"
                )
        yield Input(id="file", placeholder="file to save to: .json can be replayed, .txt is read, .png is seen")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Show the start of the talks."""
        self.query_one("#prices").border_title = "prices"
        self.query_one("#supplier").border_title = self.session.negotiation.counterpart
        self.query_one("#transcript").border_title = "what was said"
        self.screen.set_class(self.no_color, "-colourless")
        self._show()
        self.query_one(MovesPanel).focus()

    def _show(self) -> None:
        """Show how things stand."""
        talks = self.session.negotiation
        time, deal = talks.clock
        who = "" if self.session.by_hand else f"   played by {self.session.player}"
        self.query_one("#title", Static).update(
            Text.assemble((time, "bold"), "   ".join(["", *filter(None, [deal]), f"{talks.setting}{who}"]))
        )
        for panel in self.query(Fitted):
            panel.redraw()
        self.query_one("#transcript").scroll_end(animate=False)
        self.query_one(MovesPanel).relist()
        ending = self.query_one(Ending)
        if talks.over and not ending.revealed:
            self.pause()
            self.screen.add_class("-over")
            ending.reveal()
            if self._save_to is not None:
                self._save(self._save_to, self._force)
        self.refresh_bindings()

    # What a person does

    @on(MovesPanel.Chosen)
    def _chosen(self, event: MovesPanel.Chosen) -> None:
        """Play the chosen move, or the next one if somebody else chooses."""
        if not self.session.by_hand:
            self.action_advance()
        elif event.move in self.session.negotiation.legal:
            self.session.play(event.move)
            self._show()

    def action_advance(self) -> None:
        """Let whoever plays make the next move."""
        if self.session.advance():
            self._show()

    def action_pace(self) -> None:
        """Let moves come by themselves, or stop that."""
        if self._timer is not None:
            self.pause()
        elif not self.session.negotiation.over:
            self._timer = self.set_interval(PACE, self.action_advance)

    def pause(self) -> None:
        """Let moves no longer come by themselves."""
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def action_theme(self) -> None:
        """Change between dark and light."""
        self.theme = "textual-light" if self.current_theme.dark else "textual-dark"
        self._show()

    def action_help(self) -> None:
        """Show the help."""
        self.push_screen(Help(self.palette))

    def action_again(self, who: str) -> None:
        """Leave for another game, with the same supplier or a new one."""
        self.exit(who)

    def action_interrupt(self) -> None:
        """Leave as Ctrl-C leaves other programs."""
        self.interrupted = True
        self.exit()

    def action_save(self) -> None:
        """Ask for a file to save the game to."""
        file = self.query_one("#file", Input)
        file.value = f"negotiation-{self.session.negotiation.setting.seed}.json"
        file.display = True
        file.focus()

    def action_leave_input(self) -> None:
        """Go on without saving."""
        self.query_one("#file").display = False
        self.query_one(Ending if self.session.negotiation.over else MovesPanel).focus()

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        """Save the game to the file that was named."""
        if self._save(Path(event.value.strip())):
            self.action_leave_input()

    def _save(self, path: Path, force: bool = False) -> bool:
        """Save the game, and tell whether that worked."""
        try:
            save_game(self.session, path, force)
        except (NegoenvError, OSError) as error:
            self.notify(f"Not saved. {error}", severity="error", markup=False)
            return False
        self.saved.append(path)
        self.notify(f"Saved to {path}.", markup=False)
        return True

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what makes sense now."""
        over = self.session.negotiation.over
        if action in ("advance", "pace"):
            return not self.session.by_hand and not over
        if action == "again":
            return over and (parameters == ("same",) or not self.session.scripted)
        return over if action == "save" else True


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
