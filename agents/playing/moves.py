"""The panel of the moves: a list that scrolls, and below it, always in view, the moves that close."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from negoenv.game.tactics import Move
from negoenv.viewer.money import Money

from .choices import CLOSING, advice_heading, choices, confirmation
from .palette import Palette
from .session import Session

_MARGIN = 2  # columns beside the lines of a list
_PAGE = 5  # moves that page up and page down go


class MoveList(OptionList, can_focus=False):
    """Some of the moves; keys go to the panel, so that the two lists are one to them."""


class Moves(Vertical, can_focus=True):
    """The moves, of which one is marked: that which comes next, or that which the person goes to with the arrow keys.

    Attributes:
        marked: the marked move.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "go(-1)", show=False),
        Binding("down", "go(1)", show=False),
        Binding("pageup", f"page(-{_PAGE})", show=False),
        Binding("pagedown", f"page({_PAGE})", show=False),
        Binding("home", "mark(0)", show=False),
        Binding("end", "mark(-1)", show=False),
        Binding("enter", "choose", show=False),
    ]

    @dataclass
    class Chosen(Message):
        """A move was chosen, and confirmed where it is asked for twice.

        Attributes:
            move: which.
        """

        move: Move

    def __init__(self, session: Session, money: Money, palette: Callable[[], Palette], **names: str) -> None:
        """Wait for a size.

        Args:
            session: the game.
            money: writes prices.
            palette: returns the colours of now.
            names: Textual's ``id`` and ``classes``.
        """
        super().__init__(**names)  # type: ignore[arg-type]  # Textual types each name of its own
        self.marked: Move | None = None
        self._session = session
        self._money = money
        self._palette = palette
        self._asked: Move | None = None
        self.border_title = Text("your move" if session.by_hand else f"what {session.player} does now")

    def compose(self) -> ComposeResult:
        """Hold both lists."""
        yield MoveList(id="moves", compact=True)
        yield MoveList(id="closing", compact=True)

    def on_resize(self) -> None:
        """List the moves for the new width."""
        self.relist()

    def relist(self) -> None:
        """List the moves that are legal now, and mark one."""
        talks, advice = self._session.negotiation, self._session.current_advice
        width = self.query_one("#moves").scrollable_content_region.width - _MARGIN
        lines = choices(talks, self._money, advice, width, self._palette(), self._asked)
        for moves, closing in zip(self.query(MoveList), (False, True), strict=True):
            moves.clear_options()
            moves.add_options(
                Option(line, id=move.name, disabled=move not in talks.legal)
                for move, line in lines.items()
                if (move in CLOSING) is closing
            )
        self.border_subtitle = advice_heading(advice)
        wanted = self._session.next_move or self.marked
        self._mark(wanted if wanted in talks.legal else next(iter(talks.legal), None))

    def _mark(self, move: Move | None) -> None:
        """Mark a move here, and no other one."""
        self.marked = move
        for moves in self.query(MoveList):
            names = [option.id for option in moves.options]
            moves.highlighted = names.index(move.name) if move is not None and move.name in names else None
        if self._asked not in (None, move):  # marking another move withdraws it
            self._asked = None
            self.relist()

    def action_mark(self, place: int) -> None:
        """Mark the legal move at a place: 0 for the first, -1 for the last."""
        if legal := self._session.negotiation.legal:
            self._mark(legal[place])

    def action_go(self, steps: int) -> None:
        """Mark a move further down or up; the first comes after the last."""
        if (legal := self._session.negotiation.legal) and self.marked in legal:
            self._mark(legal[(legal.index(self.marked) + steps) % len(legal)])

    def action_page(self, steps: int) -> None:
        """Mark a move some way down or up, at most the last or the first."""
        if (legal := self._session.negotiation.legal) and self.marked in legal:
            self._mark(legal[max(0, min(len(legal) - 1, legal.index(self.marked) + steps))])

    def action_choose(self) -> None:
        """Choose the marked move; one that ends the talks badly is asked for twice."""
        move = self.marked
        if move is None:
            return
        question = self._session.by_hand and confirmation(self._session.negotiation, move)
        if question and self._asked is not move:
            self._asked = move
            self.relist()
        else:
            self._asked = None
            self.post_message(self.Chosen(move))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        """Choose a move with the mouse."""
        event.stop()
        self._mark(Move[str(event.option.id)])
        self.action_choose()
