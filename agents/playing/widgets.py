"""The parts of the screen: text that fits its room, the panel of the end, the help."""

from collections.abc import Callable, Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.screen import ModalScreen
from textual.widgets import Static
from textual.worker import get_current_worker

from negoenv.game.tactics import FAMILY_OF, SIMPLE
from negoenv.viewer.meanings import FAMILIES, PURPOSES
from negoenv.viewer.transcript import Money

from .panels import Palette
from .printed import outcome_text
from .results import PlayResult, References, agreement, hidden_type, ranking
from .session import Session


class Fitted(Static):
    """Text whose lines depend on the room there is."""

    def __init__(self, draw: Callable[[Size], RenderableType], **names: str) -> None:
        """Wait for a size.

        Args:
            draw: returns the text for a size in characters and lines.
            names: Textual's ``id`` and ``classes``.
        """
        super().__init__(**names)  # type: ignore[arg-type]  # Textual types each name of its own
        self._draw = draw

    def on_resize(self) -> None:
        """Draw the text for the new size; once that is settled, since the text may make the widget higher."""
        self.call_after_refresh(self.redraw)

    def redraw(self) -> None:
        """Draw the text anew."""
        if self.content_size.width:
            self.update(self._draw(self.content_size))


class Ending(VerticalScroll):
    """How finished talks ended."""

    def __init__(
        self,
        session: Session,
        references: References,
        results: list[PlayResult],
        money: Money,
        palette: Callable[[], Palette],
        **names: str,
    ) -> None:
        """Wait for the end.

        Args:
            session: the game.
            references: whom the result is set beside.
            results: takes theirs as they come.
            money: writes prices.
            palette: returns the colours of now.
            names: Textual's ``id`` and ``classes``.
        """
        super().__init__(**names)  # type: ignore[arg-type]  # Textual types each name of its own
        self._session = session
        self._references = references
        self._results = results
        self._money = money
        self._own: PlayResult | None = None
        self._note = ""
        self._palette = palette

    def compose(self) -> ComposeResult:
        """Hold the text."""
        yield Fitted(self._drawn)

    @property
    def revealed(self) -> bool:
        """Whether the end has come."""
        return self._own is not None

    def reveal(self) -> None:
        """Reveal the supplier, and let the references meet it."""
        self._own = PlayResult.of(self._session.negotiation, self._session.player)
        self.border_title = "the end"
        self.focus()
        self._meet_references()

    @work(thread=True, exclusive=True)
    def _meet_references(self) -> None:
        """Play the references, one after the other, and show each result as it comes."""
        worker, app = get_current_worker(), self.app

        def note(name: str) -> None:
            app.call_from_thread(self._add, None, f"{name} meets the same supplier ...")

        for reference in self._references.results(note):
            if worker.is_cancelled:
                return
            app.call_from_thread(self._add, reference, "")

    def _add(self, reference: PlayResult | None, note: str) -> None:
        """Add the result of a reference to the ranking."""
        if reference is not None:
            self._results.append(reference)
        self._note = note
        self.query_one(Fitted).redraw()

    def _drawn(self, size: Size) -> RenderableType:
        """Return how it ended, once it has."""
        if self._own is None:
            return ""
        talks, palette = self._session.negotiation, self._palette()
        said = [outcome_text(self._session, self._money, size.width), agreement(self._session)]
        return Group(
            *filter(None, said),
            talks.revealed(self._money, size.width),
            Text(self._note, palette.pale),
            ranking(self._own, self._results, self._money, palette, size.width),
            Text("\nIts hidden type:", "bold"),
            hidden_type(talks, palette),
        )


KEYS: Mapping[str, str] = {
    "up, down, Home, End": "Choose a move. End goes to WALK_AWAY.",
    "Enter": "Play it. WALK_AWAY, and ACCEPT above your limit, ask for Enter again. Watching: the next move.",
    "+": "List every legal move, or no longer those that join an argument and an offer: REVEAL_BUDGET+CONCEDE_SMALL.",
    "p": "Watching: let the moves come by themselves, or stop that.",
    "n, a": "At the end: a new supplier; the same supplier again.",
    "s": "At the end: save the game.",
    "t": "Dark or light.",
    "?": "This help; Escape goes back.",
    "q, Ctrl-C": "Leave.",
}
"""What each key does."""

PANELS: Mapping[str, str] = {
    "prices": "Every price you know, on one scale: the supplier's ask and your offer, with where they were before; "
    "the market price; your limit, above which your outside option is better; your budget, above which you cannot pay; "
    "a rival's quote; your estimate of the supplier's cost.",
    "the supplier": "What you notice of it, with some error. Strain: when the bar is full, it is about to "
    "leave. Reaction to pressure: to the right it works, to the left it offends. Worn: tactics work less the more they "
    "are used, and recover while you use others.",
    "what was said": "The talks so far.",
    "your move": "The moves that are legal now, each with its meaning and, where it sets one, its price; with + those "
    "of an argument and an offer at once, too. An adviser's choice has the mark ▸ and is always listed.",
}
"""What each panel shows."""


def help_text(palette: Palette) -> RenderableType:
    """Return the help."""
    families = {
        FAMILIES[family]: f"{purpose} {', '.join(move.name for move in SIMPLE if FAMILY_OF[move] is family)}."
        for family, purpose in PURPOSES.items()
    }
    goal = Text(
        "You are the buyer. Close a deal below your limit, and leave the supplier a profit: your share of the gain "
        "counts, and so does its goodwill. What moves this supplier is hidden until the end."
    )
    sections = (("Keys", KEYS), ("Panels", PANELS), ("MovesPanel", families))
    parts = [(Text(f"\n{heading}", "bold"), _rows(rows, palette)) for heading, rows in sections]
    return Group(goal, *(part for section in parts for part in section))


def _rows(rows: Mapping[str, str], palette: Palette) -> Table:
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False, pad_edge=False)
    table.add_column(style=palette.good, max_width=13)
    table.add_column()
    for name, meaning in rows.items():
        table.add_row(Text(name), Text(meaning))
    return table


class Help(ModalScreen[None]):
    """The help, over the game."""

    BINDINGS = [("escape,question_mark,q,enter", "dismiss", "Back")]  # noqa: RUF012 - as Textual has it

    def __init__(self, palette: Palette) -> None:
        super().__init__()
        self._palette = palette

    def compose(self) -> ComposeResult:
        """Hold the text."""
        with VerticalScroll(id="help", classes="panel") as panel:
            panel.border_title = "help"
            panel.border_subtitle = "up, down; Escape goes back"
            yield Static(help_text(self._palette))
