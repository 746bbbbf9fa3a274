"""The moves to choose from: what each means, what an adviser thinks of it, and the panel that lists them."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from rich.cells import cell_len
from rich.text import Text
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from negoenv.game.tactics import SIMPLE
from negoenv.viewer.meanings import FAMILIES
from negoenv.viewer.transcript import Money

from .negotiation import PlayedNegotiation
from .panels import Palette
from .session import Advice, Session

_NAME = max(len(move.name) for move in SIMPLE) + 1  # a longer name takes room from its meaning
_FAMILY = max(map(len, FAMILIES.values())) + 1
_ADVICE = 14  # characters of the columns that show advice
_MEANING = 46  # characters of a move's meaning that make room for its family


def move_lines(
    negotiation: PlayedNegotiation,
    moves: Collection[IntEnum],
    money: Money,
    advice: Advice | None,
    width: int,
    palette: Palette,
    asked: IntEnum | None = None,
) -> dict[IntEnum, Text]:
    """Return a line for each of some moves, and for those that close: its name, its meaning, the adviser's opinion.

    Args:
        negotiation: the talks.
        moves: legal moves to list.
        money: writes prices.
        advice: what the adviser says, if there is one.
        width: characters a line; the family is left out where there is little room.
        palette: the colours.
        asked: the move that awaits its confirmation, if any does.
    """
    legal = negotiation.legal
    room = width - 2 - _NAME - (_ADVICE if advice and advice.values else 0)
    with_family = room >= _FAMILY + _MEANING
    left = room - (_FAMILY if with_family else 0)
    lines: dict[IntEnum, Text] = {}
    last_group = ""
    for move in [*(move for move in moves if move not in negotiation.closing), *negotiation.closing]:
        group = negotiation.group(move)
        line = Text(no_wrap=True, overflow="ellipsis", style="" if move in legal else palette.pale)
        line.append("▸ " if advice and advice.move is move else "  ", palette.good)
        if with_family:
            line.append(f"{group if group != last_group else '':<{_FAMILY}}", palette.pale)
        name = f"{_cut(move.name, _NAME + left - 1):<{_NAME - 1}} "
        room = left + _NAME - len(name)
        line.append(name, "bold" if move in legal else "")
        meaning = _meaning(negotiation, move, money, room)
        if move is asked:
            meaning = _cut(f"Enter again: {negotiation.confirmation(move)}", room)
        line.append(meaning, f"bold {palette.ask}" if move is asked else "")
        if advice and move in advice.values:
            line.append(" " * max(1, room - cell_len(meaning) + 1)).append(_opinion(advice, move), palette.good)
        lines[move] = line
        last_group = group
    return lines


def _meaning(negotiation: PlayedNegotiation, move: IntEnum, money: Money, room: int) -> str:
    """Return what a move means, or where there is no room for that its price."""
    meaning, price = negotiation.meaning(move, money)
    return price if price and cell_len(meaning) > room >= cell_len(price) else _cut(meaning, room)


def _cut(text: str, room: int) -> str:
    return text if cell_len(text) <= room else (text[: room - 1] + "…")[: max(0, room)]


def _opinion(advice: Advice, move: IntEnum) -> str:
    """Return what the adviser thinks of a move, at most 13 characters."""
    probability = f"{advice.probabilities[move]:4.0%} " if advice.probabilities else ""
    return f"{probability}{advice.values[move]:+8.2f}".rjust(_ADVICE - 1)


def advice_heading(advice: Advice | None) -> Text:
    """Return what the adviser would play, which may be out of view, and what its columns are."""
    if advice is None:
        return Text()
    columns = f" ({'probability, ' if advice.probabilities else ''}{advice.kind})" if advice.values else ""
    return Text(f"▸ {advice.policy}: {advice.move.name}{columns}")


_MARGIN = 2  # columns beside the lines of a list
_PAGE = 5  # moves that page up and page down go


class MoveList(OptionList, can_focus=False):
    """Some of the moves; keys go to the panel, so that the two lists are one to them."""


class MovesPanel(Vertical, can_focus=True):
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
        Binding("plus", "combine", "All moves"),
    ]

    @dataclass
    class Chosen(Message):
        """A move was chosen, and confirmed where it is asked for twice."""

        move: IntEnum  # which

    def __init__(self, session: Session, money: Money, palette: Callable[[], Palette], **names: str) -> None:
        """Wait for a size.

        Args:
            session: the game.
            money: writes prices.
            palette: returns the colours of now.
            names: Textual's ``id`` and ``classes``.
        """
        super().__init__(**names)  # type: ignore[arg-type]  # Textual types each name of its own
        self.marked: IntEnum | None = None
        self._session = session
        self._money = money
        self._palette = palette
        self._asked: IntEnum | None = None
        self._all = False
        self._listed: tuple[IntEnum, ...] = ()
        self.border_title = Text("your move" if session.by_hand else f"what {session.player} does now")

    def compose(self) -> ComposeResult:
        """Hold both lists."""
        yield MoveList(id="moves", compact=True)
        yield MoveList(id="closing", compact=True)

    def on_resize(self) -> None:
        """List the moves for the new width."""
        self.relist()

    def relist(self) -> None:
        """List the moves that are legal now, of combined ones only those in question unless all are wanted."""
        talks, advice = self._session.negotiation, self._session.current_advice
        wanted = self._session.next_move or self.marked
        kept = (wanted, advice and advice.move)
        self._listed = tuple(move for move in talks.legal if self._all or talks.simple(move) or move in kept)
        width = self.query_one("#moves").scrollable_content_region.width - _MARGIN
        lines = move_lines(talks, self._listed, self._money, advice, width, self._palette(), self._asked)
        for moves, closing in zip(self.query(MoveList), (False, True), strict=True):
            moves.clear_options()
            moves.add_options(
                Option(line, id=move.name, disabled=move not in talks.legal)
                for move, line in lines.items()
                if (move in talks.closing) is closing
            )
        self.border_subtitle = advice_heading(advice)
        self._mark(wanted if wanted in self._listed else next(iter(self._listed), None))

    def _mark(self, move: IntEnum | None) -> None:
        """Mark a move here, and no other one."""
        self.marked = move
        for moves in self.query(MoveList):
            names = [option.id for option in moves.options]
            moves.highlighted = names.index(move.name) if move is not None and move.name in names else None
        if self._asked not in (None, move):  # marking another move withdraws it
            self._asked = None
            self.relist()

    def action_mark(self, place: int) -> None:
        """Mark the listed move at a place: 0 for the first, -1 for the last."""
        if self._listed:
            self._mark(self._listed[place])

    def action_go(self, steps: int) -> None:
        """Mark a move further down or up; the first comes after the last."""
        if self.marked in self._listed:
            self._mark(self._listed[(self._listed.index(self.marked) + steps) % len(self._listed)])

    def action_page(self, steps: int) -> None:
        """Mark a move some way down or up, at most the last or the first."""
        if self.marked in self._listed:
            self._mark(self._listed[max(0, min(len(self._listed) - 1, self._listed.index(self.marked) + steps))])

    def action_combine(self) -> None:
        """List every legal move, or no longer those of an argument and an offer at once."""
        self._all = not self._all
        self.relist()

    def action_choose(self) -> None:
        """Choose the marked move; one that ends the talks badly is asked for twice."""
        move = self.marked
        if move is None:
            return
        question = self._session.by_hand and self._session.negotiation.confirmation(move)
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
        self._mark(next(move for move in self._listed if move.name == event.option.id))
        self.action_choose()
