"""The parts of the screen that draw themselves anew when their size changes."""

from collections.abc import Callable

from rich.console import RenderableType
from textual.geometry import Size
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from negoenv.viewer.money import Money

from .choices import advice_heading, choices
from .palette import Palette
from .session import Session

_MARGIN = 2  # columns beside the lines of a list


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
        """Draw the text for the new size."""
        self.redraw()

    def redraw(self) -> None:
        """Draw the text anew."""
        if self.content_size.width:
            self.update(self._draw(self.content_size))


class Moves(OptionList):
    """The legal moves. The one that comes next is marked, or else the one that the person had marked."""

    def __init__(self, session: Session, money: Money, palette: Callable[[], Palette], **names: str) -> None:
        """Wait for a size.

        Args:
            session: the game.
            money: writes prices.
            palette: returns the colours of now.
            names: Textual's ``id`` and ``classes``.
        """
        super().__init__(compact=True, **names)  # type: ignore[arg-type]  # Textual types each name of its own
        self._session = session
        self._money = money
        self._palette = palette
        self.border_title = "your move" if session.by_hand else f"what {session.player} does now"

    def on_resize(self) -> None:
        """List the moves for the new width."""
        self.relist()

    def relist(self) -> None:
        """List the moves that are legal now."""
        session, marked = self._session, self.highlighted_option
        wanted = session.next_move.name if session.next_move else marked.id if marked else None
        width = self.scrollable_content_region.width - _MARGIN
        lines = choices(session.negotiation, self._money, session.current_advice, width, self._palette())
        self.clear_options()
        self.add_options(Option(line, id=move.name) for move, line in lines.items())
        names = [move.name for move in lines]
        self.highlighted = names.index(wanted) if wanted in names else 0 if names else None
        self.border_subtitle = advice_heading(session.current_advice)
