"""Load human price negotiations from their two CSV files; `load_shipped` loads those that come with the package.

The data: CraigslistBargain (He, Chen, Balakrishnan & Liang, EMNLP 2018), development split, as republished in an
Apache-2.0 repository (DialoGraph, ICLR 2021); the original data's own terms are unstated. Numbers and ids only.
"""

import csv
import math
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from operator import itemgetter
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError, unknown_name
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

Event = tuple[int, float]  # role, price


@dataclass(frozen=True, eq=False)
class HumanData:
    """The negotiations of one split.

    Attributes:
        ids: id of every negotiation, engaged or not, int64 of shape ``(negotiations,)``.
        category: of the goods, shape ``(negotiations,)``.
        outcome: one of `OUTCOMES`, shape ``(negotiations,)``.
        turns: turns of the chat, shape ``(negotiations,)``.
        seconds: length of the chat in seconds, shape ``(negotiations,)``.
        bargains: the engaged ones; their ``row`` points into the arrays above.
    """

    ids: NDArray[np.int64]
    category: NDArray[np.str_]
    outcome: NDArray[np.str_]
    turns: NDArray[np.float64]
    seconds: NDArray[np.float64]
    bargains: Bargains


@dataclass(frozen=True)
class _Line:
    """One line of a CSV file that knows where it stands."""

    path: Path
    number: int
    cells: dict[str, str]

    def where(self, column: str) -> str:
        return f"{self.path}, line {self.number}, column {column!r}"

    def real(self, column: str) -> float:
        text = self.cells[column]
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise NegoenvError(f"{self.where(column)}: {text!r} is not a number.")
        return value

    def whole(self, column: str) -> int:
        value = self.real(column)
        if not value.is_integer():
            raise NegoenvError(f"{self.where(column)}: {self.cells[column]!r} is not a whole number.")
        return int(value)

    def one_of(self, column: str, accepted: tuple[str, ...]) -> str:
        text = self.cells[column]
        if text not in accepted:
            raise NegoenvError(f"{self.where(column)}: {unknown_name(column, text, accepted)}")
        return text


def load(negotiations_path: str | Path, offers_path: str | Path) -> HumanData:
    """Read and clean the negotiations and the prices named in them.

    Cleaning: drop prices that only echo the other side's or cite the list price, drop implausible ones, take a formal
    offer of the other side's standing price as an acceptance, merge consecutive prices of one role into the last.

    Args:
        negotiations_path: CSV file with at least `NEGOTIATION_COLUMNS`, one row a negotiation.
        offers_path: CSV file with at least `OFFER_COLUMNS`, one row for each price named.

    Raises:
        NegoenvError: if a file or a column is missing, or a cell cannot be read; it says where.
    """
    rows = list(_lines(Path(negotiations_path), NEGOTIATION_COLUMNS))
    place: dict[int, int] = {}
    for row in rows:
        negotiation = row.whole("negotiation")
        if negotiation in place:
            raise NegoenvError(f"{row.where('negotiation')}: {negotiation} occurs twice.")
        place[negotiation] = len(place)
    outcome = [row.one_of("outcome", OUTCOMES) for row in rows]
    agreement = np.array([name == "agreement" for name in outcome], np.bool_)
    sale_price = np.array([row.real("sale_price") if row.cells["outcome"] == "agreement" else math.nan for row in rows])
    sale_price[(sale_price < PLAUSIBLE[0]) | (sale_price > PLAUSIBLE[1])] = math.nan
    roles, prices = _padded(_own_prices(Path(offers_path), place))
    target = np.array([row.real("buyer_target") for row in rows])
    return HumanData(
        ids=np.array(list(place), np.int64),
        category=np.array([row.cells["category"] for row in rows], np.str_),
        outcome=np.array(outcome, np.str_),
        turns=np.array([row.real("turns") for row in rows]),
        seconds=np.array([row.real("seconds") for row in rows]),
        bargains=Bargains.from_events(roles, prices, agreement, sale_price, target),
    )


def load_shipped() -> HumanData:
    """Read the negotiations that come with the package: 643, of which 523 are engaged."""
    with as_file(files("negoenv.human") / "data") as folder:
        return load(folder / "human_bargaining_dev_negotiations.csv", folder / "human_bargaining_dev_offers.csv")


def _lines(path: Path, columns: tuple[str, ...]) -> Iterator[_Line]:
    """Yield the lines of a CSV file whose header must hold ``columns``."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file, restval="")
            missing = [name for name in columns if name not in (reader.fieldnames or ())]
            if missing:
                raise NegoenvError(f"{path}: column {missing[0]!r} is missing; needed: {', '.join(columns)}.")
            for cells in reader:
                yield _Line(path, reader.line_num, cells)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        reason = "there is no such file" if isinstance(error, FileNotFoundError) else str(error)
        raise NegoenvError(f"{path} cannot be read: {reason}.") from error


def _own_prices(path: Path, place: dict[int, int]) -> list[list[Event]]:
    """Return, for each negotiation, the prices that its sides named as their own, in order, up to an acceptance."""
    offers: list[list[tuple[int, Event, bool]]] = [[] for _ in place]
    for line in _lines(path, OFFER_COLUMNS):
        negotiation = line.whole("negotiation")
        if negotiation not in place:
            raise NegoenvError(f"{line.where('negotiation')}: {negotiation} is not among the negotiations.")
        role = ROLES[line.one_of("role", tuple(ROLES))]
        intent = line.one_of("intent", tuple(INTENTS))
        event, price = line.whole("event"), line.real("price")
        if INTENTS[intent] and PLAUSIBLE[0] <= price <= PLAUSIBLE[1]:
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
