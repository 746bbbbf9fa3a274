"""The parts of the screen that draw themselves anew when their size changes."""

from collections.abc import Callable

from rich.console import RenderableType
from textual.geometry import Size
from textual.widgets import Static


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
