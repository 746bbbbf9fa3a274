"""Help: the keys, what the panels show, and what the moves are for."""

from collections.abc import Mapping

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from negoenv.game.tactics import FAMILY_OF, Move
from negoenv.viewer.meanings import FAMILIES, PURPOSES

from .palette import Palette

KEYS: Mapping[str, str] = {
    "up, down, Home, End": "Choose a move. End goes to WALK_AWAY.",
    "Enter": "Play it. WALK_AWAY, and ACCEPT above your limit, ask for Enter again. Watching: the next move.",
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
    "your move": "The moves that are legal now, each with its meaning and, where it sets one, its price. An adviser's "
    "choice has the mark ▸.",
}
"""What each panel shows."""


def help_text(palette: Palette) -> RenderableType:
    """Return the help."""
    families = {
        FAMILIES[family]: f"{purpose} {', '.join(move.name for move in Move if FAMILY_OF[move] is family)}."
        for family, purpose in PURPOSES.items()
    }
    goal = Text(
        "You are the buyer. Close a deal below your limit, and leave the supplier a profit: your share of the gain "
        "counts, and so does its goodwill. What moves this supplier is hidden until the end."
    )
    sections = (("Keys", KEYS), ("Panels", PANELS), ("Moves", families))
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
