"""Load human price negotiations from their two CSV files; `load_shipped` loads those that come with the package.

The data: CraigslistBargain (He, Chen, Balakrishnan & Liang, EMNLP 2018), development split, as republished in an
Apache-2.0 repository (DialoGraph, ICLR 2021); the original data's own terms are unstated. Numbers and ids only.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError, shown, unknown_name
from negoenv.human.bargains import BUYER, SAME_PRICE, SELLER, Bargains

NEGOTIATION_COLUMNS = ("negotiation", "category", "buyer_target", "turns", "seconds", "outcome", "sale_price")
OFFER_COLUMNS = ("negotiation", "event", "role", "intent", "price")
OUTCOMES = ("agreement", "reject", "quit", "abandoned")
ROLES = {"seller": SELLER, "buyer": BUYER}
INTENTS = {
    "init": True,  # the first price named
    "counter": True,  # another price
    "insist": True,  # the same price again
    "offer": True,  # the formal offer button, usually after agreement in words
    "echo": False,  # repeats only the other side's price
    "ref_list": False,  # the buyer merely cites the list price
}
"""Whether an intent names a price of one's own."""

PLAUSIBLE = (0.15, 1.15)
"""Lowest and highest price that is believed, fractions of the list price; others are misread numbers."""

MAX_MISREAD = 0.2
"""The largest part of a column that is taken for misread; of the shipped prices 0.4% are. With more, the numbers are no
fractions of the list price."""

_LINES_NAMED = 5  # of those that are left out

Event = tuple[int, float]  # role, price


@dataclass(frozen=True, eq=False)
class HumanData:
    """The negotiations of one split.

    Attributes:
        ids: id of every negotiation, engaged or not, as text, shape ``(negotiations,)``.
        category: of the goods, shape ``(negotiations,)``.
        outcome: one of `OUTCOMES`, shape ``(negotiations,)``.
        turns: turns of the chat, shape ``(negotiations,)``.
        seconds: length of the chat in seconds, shape ``(negotiations,)``.
        bargains: the engaged ones; their ``row`` points into the arrays above.
        left_out: a sentence for each column of prices some of which were left out as misread: how many, and where.
    """

    ids: NDArray[np.str_]
    category: NDArray[np.str_]
    outcome: NDArray[np.str_]
    turns: NDArray[np.float64]
    seconds: NDArray[np.float64]
    bargains: Bargains
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """One line of a CSV file that knows where it stands."""

    path: Path
    number: int
    cells: dict[str, str]

    def where(self, column: str) -> str:
        """Return the words that say where a cell stands."""
        return f"{self.path}, line {self.number}, column {column!r}"

    def real(self, column: str) -> float:
        """Return a cell as a finite number."""
        text = self.cells[column]
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise NegoenvError(f"{self.where(column)}: {shown(text)} is not a number.")
        return value

    def name(self, column: str) -> str:
        """Return an id, which is text: as a number, one of 19 digits would be taken for its neighbours."""
        text = self.cells[column].strip()
        if not text:
            raise NegoenvError(f"{self.where(column)}: the id is missing.")
        return text

    def whole(self, column: str) -> int:
        """Return a cell as a whole number."""
        value = self.real(column)
        if not value.is_integer():
            raise NegoenvError(f"{self.where(column)}: {self.cells[column]!r} is not a whole number.")
        return int(value)

    def within(self, column: str, low: float, high: float) -> float:
        """Return a cell as a number between two bounds."""
        value = self.real(column)
        if not low <= value <= high:
            raise NegoenvError(f"{self.where(column)}: {self.cells[column]!r} is not between {low:g} and {high:g}.")
        return value

    def flag(self, column: str) -> bool:
        """Return a cell that is 0 or 1."""
        text = self.cells[column].strip()
        if text not in ("0", "1"):
            raise NegoenvError(f"{self.where(column)}: {shown(self.cells[column])} is neither 0 nor 1.")
        return text == "1"

    def one_of(self, column: str, accepted: tuple[str, ...]) -> str:
        """Return a cell that must be one of the ``accepted`` words."""
        text = self.cells[column]
        if text not in accepted:
            raise NegoenvError(f"{self.where(column)}: {unknown_name(column, text, accepted)}")
        return text


@dataclass(frozen=True)
class _Prices:
    """The prices of one column, of which some may be misread."""

    column: str  # name of the column
    told: list[Line] = field(default_factory=list)  # the lines that name one
    misread: list[Line] = field(default_factory=list)  # the lines of those that are not believed

    def read(self, line: Line) -> float:
        """Return the price in a line; NaN if it is not believed."""
        price = line.real(self.column)
        self.told.append(line)
        if PLAUSIBLE[0] <= price <= PLAUSIBLE[1]:
            return price
        self.misread.append(line)
        return math.nan

    def left_out(self) -> Iterator[str]:
        """Yield a sentence that says what was left out, if anything was.

        Raises:
            NegoenvError: if that is so much that the numbers are no fractions of the list price.
        """
        if not self.misread:
            return
        first = self.misread[:_LINES_NAMED]
        named = ", ".join(f"line {line.number}: {line.real(self.column):g}" for line in first)
        more = f" and {len(self.misread) - len(first)} more" if len(self.misread) > len(first) else ""
        found = (
            f"{first[0].path}, column {self.column!r}: {len(self.misread)} of {len(self.told)} prices lie outside "
            f"{PLAUSIBLE[0]} to {PLAUSIBLE[1]} ({named}{more})"
        )
        if len(self.misread) > MAX_MISREAD * len(self.told):
            raise NegoenvError(
                f"{found}, and would be left out; prices must be fractions of the list price, not amounts of money."
            )
        yield f"{found}, and were left out."


def load_csv(negotiations_path: str | Path, offers_path: str | Path) -> HumanData:
    """Read and clean the negotiations and the prices named in them.

    Cleaning: drop prices that only echo the other side's or cite the list price, drop implausible ones (`PLAUSIBLE`),
    take a formal offer of the other side's standing price as an acceptance, merge consecutive prices of one role into
    the last.

    Args:
        negotiations_path: CSV file with at least `NEGOTIATION_COLUMNS`, one row a negotiation.
        offers_path: CSV file with at least `OFFER_COLUMNS`, one row for each price named.

    Raises:
        NegoenvError: if a file or a column is missing, or a cell cannot be read; it says where. And if so many prices
            are implausible that they are no fractions of the list price.
    """
    rows = list(lines(Path(negotiations_path), NEGOTIATION_COLUMNS))
    place: dict[str, int] = {}
    for row in rows:
        negotiation = row.name("negotiation")
        if negotiation in place:
            raise NegoenvError(f"{row.where('negotiation')}: {shown(negotiation)} occurs twice.")
        place[negotiation] = len(place)
    outcome = [row.one_of("outcome", OUTCOMES) for row in rows]
    agreement = np.array([name == "agreement" for name in outcome], np.bool_)
    sales, targets, named = (_Prices(column) for column in ("sale_price", "buyer_target", "price"))
    sale_price = np.array([sales.read(row) if row.cells["outcome"] == "agreement" else math.nan for row in rows])
    target = np.array([targets.read(row) for row in rows])
    roles, prices = _padded(_own_prices(Path(offers_path), place, named))
    return HumanData(
        ids=np.array(list(place), np.str_),
        category=np.array([row.cells["category"] for row in rows], np.str_),
        outcome=np.array(outcome, np.str_),
        turns=np.array([row.real("turns") for row in rows]),
        seconds=np.array([row.real("seconds") for row in rows]),
        bargains=Bargains.from_events(roles, prices, agreement, sale_price, target),
        left_out=tuple(sentence for read in (sales, targets, named) for sentence in read.left_out()),
    )


def load_shipped() -> HumanData:
    """Read the negotiations that come with the package: 643, of which 523 are engaged."""
    with as_file(files("negoenv.human") / "data") as folder:
        return load_csv(folder / "human_bargaining_dev_negotiations.csv", folder / "human_bargaining_dev_offers.csv")


def lines(path: Path, columns: tuple[str, ...]) -> Iterator[Line]:
    """Yield the lines of a CSV file whose header must hold ``columns``."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise NegoenvError(f"{path}: column {missing[0]!r} is missing; needed: {', '.join(columns)}.")
            for cells in reader:
                yield Line(path, reader.line_num, cells)
    except IsADirectoryError:
        raise NegoenvError(f"{path} is a directory; name a file.") from None
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else str(error)
        raise NegoenvError(f"{path} cannot be read: {reason}.") from error


def _own_prices(path: Path, place: dict[str, int], named: _Prices) -> list[list[Event]]:
    """Return, for each negotiation, the prices that its sides named as their own, in order, up to an acceptance."""
    offers: list[list[tuple[int, Event, bool]]] = [[] for _ in place]
    for line in lines(path, OFFER_COLUMNS):
        negotiation = line.name("negotiation")
        if negotiation not in place:
            raise NegoenvError(f"{line.where('negotiation')}: {shown(negotiation)} is not among the negotiations.")
        role = ROLES[line.one_of("role", tuple(ROLES))]
        intent = line.one_of("intent", tuple(INTENTS))
        is_own = INTENTS[intent]
        event, price = line.whole("event"), named.read(line) if is_own else line.real("price")
        if is_own and math.isfinite(price):
            offers[place[negotiation]].append((event, (role, price), intent == "offer"))
    return [_until_accepted(sorted(offer, key=itemgetter(0))) for offer in offers]


def _until_accepted(offers: list[tuple[int, Event, bool]]) -> list[Event]:
    """Drop the formal offer that takes the other side's standing price, and what follows it."""
    named: list[Event] = []
    standing: dict[int, float] = {}
    for _, (role, price), formal in offers:
        other = standing.get(BUYER if role == SELLER else SELLER)
        if formal and other is not None and abs(price - other) <= SAME_PRICE:
            break
        standing[role] = price
        named.append((role, price))
    return named


def _padded(events: list[list[Event]]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return roles and prices of lists of events as arrays of shape ``(lists, longest)``."""
    shape = (len(events), max(map(len, events), default=0))
    roles, prices = np.full(shape, SELLER), np.full(shape, np.nan)
    for row, named in enumerate(events):
        for column, (role, price) in enumerate(named):
            roles[row, column], prices[row, column] = role, price
    return roles, prices
