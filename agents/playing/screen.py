"""The game on a terminal's whole screen.

Textual draws it: it is well kept, by the makers of rich, needs no mouse, follows NO_COLOR and the size of the terminal,
and a test can drive and draw it without one.
"""

from pathlib import Path
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.timer import Timer
from textual.widgets import Footer, Input, OptionList, Static

from negoenv.errors import NegoenvError
from negoenv.tactics import Move
from negoenv.viewer import Event
from negoenv.viewer.money import Money

from . import panels
from .ending import Ending
from .files import save
from .palette import DARK, LIGHT, Palette
from .references import References, Result
from .session import Session
from .story import story
from .widgets import Fitted, Moves

PACE = 1.5  # seconds a move when moves come by themselves

_NARROW, _WIDE, _TALL = 60, 124, 34  # characters and lines from which the layout of screen.tcss changes


class PlayScreen(App[None]):
    """The table: prices and cues above, what was said below them, the moves to choose from, and the verdict.

    Attributes:
        session: the game.
        references: whom its result is set beside.
        results: what those of them got that have played.
        money: writes prices.
    """

    TITLE = "negoenv"
    CSS_PATH = "screen.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-slim"), (_NARROW, "-narrow"), (_WIDE, "-wide")]  # noqa: RUF012 - Textual types them
    VERTICAL_BREAKPOINTS = [(0, "-low"), (_TALL, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "advance", "Next move", show=True),
        Binding("p", "pace", "Play on / pause"),
        Binding("s", "save", "Save"),
        Binding("t", "theme", "Dark / light"),
        Binding("escape", "leave_input", "Back", show=False),
        Binding("q,ctrl+c", "quit", "Quit"),
    ]

    def __init__(self, session: Session, references: References, money: Money | None = None, light: bool = False):
        """Lay the table.

        Args:
            session: the talks, and who plays and advises.
            references: whom the result is set beside.
            money: writes prices.
            light: whether the terminal is light.
        """
        super().__init__()
        self.session = session
        self.references = references
        self.results: list[Result] = []
        self.money = money or Money()
        self.theme = "textual-light" if light else "textual-dark"
        self._timer: Timer | None = None

    @property
    def palette(self) -> Palette:
        """The colours that go with the theme."""
        return DARK if self.current_theme.dark else LIGHT

    def compose(self) -> ComposeResult:
        """Put the panels on the screen."""
        talks, money = self.session.negotiation, self.money
        yield Static(id="title")
        with Container(id="body"):
            with Container(id="table"):
                with Container(id="cues"):
                    yield Fitted(
                        lambda size: panels.prices(talks.events, money, *size, self.palette),
                        id="prices",
                        classes="panel",
                    )
                    yield Fitted(
                        lambda size: panels.supplier(talks.events[-1], self.palette), id="supplier", classes="panel"
                    )
                with VerticalScroll(id="story", classes="panel", can_focus=False):
                    yield Fitted(lambda size: story(self.session, money, size.width, self.palette.good), id="words")
            with Container(id="choice"):
                yield Moves(self.session, money, lambda: self.palette, id="moves", classes="panel")
                yield Ending(
                    self.session, self.references, self.results, money, lambda: self.palette, id="end", classes="panel"
                )
        yield Input(id="file", placeholder="file to save to: .json can be replayed, .txt is read, .png is seen")
        yield Footer(compact=True)

    def on_mount(self) -> None:
        """Show the start of the talks."""
        self.query_one("#prices").border_title = "prices"
        self.query_one("#supplier").border_title = "the supplier"
        self.query_one("#story").border_title = "what was said"
        self.screen.set_class(self.no_color, "-colourless")
        self.query_one(Moves).focus()
        self._show()

    def _show(self) -> None:
        """Show how things stand."""
        talks = self.session.negotiation
        now = talks.events[-1]
        who = "" if self.session.by_hand else f"  played by {self.session.player}"
        self.query_one("#title", Static).update(
            Text.assemble((str(talks.setting), "bold"), who, _deal(now), f"   round {now.round} of {now.deadline}")
        )
        for panel in self.query(Fitted):
            panel.redraw()
        self.query_one("#story").scroll_end(animate=False)
        self.query_one(Moves).relist()
        ending = self.query_one(Ending)
        if talks.over and not ending.revealed:
            self.pause()
            self.screen.add_class("-over")
            ending.reveal()
        self.refresh_bindings()

    # What a person does

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        """Play the chosen move, or the next one if somebody else chooses."""
        if not self.session.by_hand:
            self.action_advance()
        elif event.option.id is not None:
            self.session.play(Move[event.option.id])
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

    def action_save(self) -> None:
        """Ask for a file to save the game to."""
        file = self.query_one("#file", Input)
        file.value = f"negotiation-{self.session.negotiation.setting.seed}.json"
        file.display = True
        file.focus()

    def action_leave_input(self) -> None:
        """Go on without saving."""
        self.query_one("#file").display = False
        self.query_one(Ending if self.session.negotiation.over else Moves).focus()

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        """Save the game to the file that was named."""
        path = Path(event.value.strip())
        try:
            save(self.session, path)
        except (NegoenvError, OSError) as error:
            self.notify(str(error), severity="error", markup=False)
            return
        self.notify(f"Saved to {path}.", markup=False)
        self.action_leave_input()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer only what makes sense now."""
        over = self.session.negotiation.over
        if action in ("advance", "pace"):
            return not self.session.by_hand and not over
        return over if action == "save" else True


def _deal(event: Event) -> str:
    """Return which deal the talks are about, where there may be several."""
    most = event.number + event.deals_left
    return f"   deal {event.number} of {most}" if most > 1 else ""
