"""The panel of the end: the supplier revealed, and the result beside those of the references as they come in."""

from collections.abc import Callable

from rich.console import Group, RenderableType
from rich.text import Text
from textual import work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.worker import get_current_worker

from negoenv.viewer.money import Money

from . import verdict
from .palette import Palette
from .references import References, Result
from .session import Session
from .story import result
from .widgets import Fitted


class Ending(VerticalScroll):
    """How finished talks ended."""

    def __init__(
        self,
        session: Session,
        references: References,
        results: list[Result],
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
        self._own: Result | None = None
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
        self._own = Result.of(self._session.negotiation, self._session.player)
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

    def _add(self, reference: Result | None, note: str) -> None:
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
        said = [result(self._session, self._money, size.width), verdict.agreement(self._session)]
        return Group(
            *filter(None, said),
            verdict.revealed(talks, self._money, size.width),
            Text(self._note, palette.pale),
            verdict.ranking(self._own, self._results, self._money, palette, size.width),
            Text("\nIts hidden type:", "bold"),
            verdict.hidden_type(talks, palette),
        )
