"""The end: who the supplier was, and the result beside what others got from the very same one."""

from collections.abc import Mapping, Sequence

from rich.table import Table
from rich.text import Text

from negoenv.errors import printable
from negoenv.game.state import Outcome
from negoenv.game.supplier import SUPPLIER
from negoenv.viewer import wrapped
from negoenv.viewer.money import Money

from .negotiation import Negotiation
from .palette import Palette
from .references import Result
from .session import Session

_TOLD = (
    "receptive_strong",
    "receptive_third_party",
    "receptive_ultimatum",
    "receptive_emotion",
    "weakness",
    "reciprocity",
    "opportunism",
    "tolerance",
    "pride",
    "power",
    "gullibility",
    "informedness",
    "patience",
)
"""The fields of the hidden type that explain a result, in the order in which they are told."""

_COLUMNS: Mapping[int, tuple[str, ...]] = {
    70: ("outcome", "price", "share", "goodwill", "rounds", "return"),
    48: ("outcome", "price", "return"),
    0: ("price", "return"),
}
"""What is shown of a result from so many characters a line on."""


def revealed(negotiation: Negotiation, money: Money, width: int) -> Text:
    """Return who the supplier was, in lines of ``width`` characters."""
    kind, hidden = negotiation.archetype, negotiation.hidden_type
    name = printable(kind.name).replace("_", " ")
    floor = f"It would never have sold below {money(hidden['reservation_price'])}."
    told = " ".join(filter(None, (f"The supplier was: {name}.", printable(kind.meaning), floor)))
    text = Text(wrapped(told, width, money.currency))
    text.highlight_words([name], "bold")
    return text


def hidden_type(negotiation: Negotiation, palette: Palette) -> Table:
    """Return the fields of the hidden type that explain a result."""
    table = Table(box=None, padding=(0, 1, 0, 0), show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(style=palette.pale)
    hidden = negotiation.hidden_type
    for name in _TOLD:
        field = SUPPLIER.by_name[name]
        table.add_row(name.replace("_", " "), f"{hidden[name]:.2f}", field.meaning)
    return table


def ranking(own: Result, references: Sequence[Result], money: Money, palette: Palette, width: int) -> Table:
    """Return the result among the references, the best first; with fewer columns where there is little room."""
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, header_style=palette.pale)
    table.add_column("", no_wrap=True)
    table.add_column("who", overflow="fold")
    shown = next(headings for least, headings in _COLUMNS.items() if width >= least)
    for heading in shown:
        table.add_column(heading, justify="left" if heading == "outcome" else "right", no_wrap=True)
    for result in sorted([own, *references], key=lambda result: -result.value):
        cells = {
            "outcome": _outcome(result),
            "price": "-" if result.price is None else money.number(result.price),
            "share": "-" if result.surplus_share is None else f"{result.surplus_share:.0%}",
            "goodwill": "-" if result.goodwill is None else f"{result.goodwill:.0%}",
            "rounds": str(result.rounds),
            "return": f"{result.value:+.2f}",
        }
        table.add_row(
            "▸" if result is own else "",
            Text(result.player),  # a name, and no markup
            *(cells[heading] for heading in shown),
            style=f"bold {palette.good}" if result is own else "",
        )
    return table


def _outcome(result: Result) -> str:
    """Return how it ended, and how many deals there were if there was more than one."""
    last = result.outcome.replace("_", " ")
    if result.deals < 2:
        return last
    return f"{result.deals} deals" if last == Outcome.DEAL.name.lower() else f"{result.deals} deals, {last}"


def agreement(session: Session) -> str:
    """Return how often the player did what the adviser said; nothing without an adviser, or if that played."""
    if session.adviser is None or session.adviser.name == session.player:
        return ""
    rounds = len(session.negotiation.moves)
    who = session.player.capitalize() if session.by_hand else session.player
    return f"{who} and {session.adviser.name} chose the same move in {session.agreements} of {rounds} rounds."
