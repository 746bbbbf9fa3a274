"""Turns of buyers and what sellers replied to each: what the prices named do not show, turns without a concession.

The data: CraigslistBargain (He et al. 2018), development split as in DialoGraph's repository (Apache-2.0) and
validation split as in AgreeMate's (MIT); the original data's own terms are unstated. Numbers and ids only.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError
from negoenv.human.bargains import SAME_PRICE, Floats
from negoenv.human.csv_files import lines
from negoenv.human.moments import mean, slope

Mask = NDArray[np.bool_]

TURN_COLUMNS = (
    "dialogue", "first_price", "ask", "gap", "buyer_concession", "replied", "seller_fraction", "accepted",
)  # fmt: skip
SMALLEST_GAP = 0.01
"""Below this distance of offer and ask a share of the gap means nothing (fraction of the list price)."""


@dataclass(frozen=True, eq=False)
class Turns:
    """Turns of buyers that were replied to, over a gap of `SMALLEST_GAP` or more; arrays of shape ``(turns,)``."""

    dialogue: NDArray[np.int64]  # whose turn it is; the turns of a dialogue lie side by side
    first: Mask  # the buyer named its first price
    conceded: Floats  # share of the gap that it closed in this turn, 0 if it gave nothing
    moved: Mask  # the seller had lowered its ask before, since the buyer's first price
    given: Floats  # share of the gap that the seller gave in reply, 1 if it accepted
    accepted: Mask  # it took the offer

    def __len__(self) -> int:
        return len(self.dialogue)

    def take(self, dialogues: NDArray[np.int64]) -> "Turns":
        """Return the turns of whole dialogues, one for each number in ``dialogues``, places among those there are."""
        _, starts, counts = np.unique(self.dialogue, return_index=True, return_counts=True)
        lengths = counts[dialogues]
        numbered = np.repeat(np.arange(len(dialogues)), lengths)
        before = np.cumsum(lengths) - lengths  # turns of the dialogues that were chosen before each
        chosen = np.arange(len(numbered)) + np.repeat(starts[dialogues] - before, lengths)
        return Turns(
            numbered,
            self.first[chosen],
            self.conceded[chosen],
            self.moved[chosen],
            self.given[chosen],
            self.accepted[chosen],
        )

    def resampled(self, rng: np.random.Generator) -> "Turns":
        """Return the turns of as many dialogues, drawn with replacement."""
        return self.take(rng.integers(self.dialogues, size=self.dialogues))

    @property
    def dialogues(self) -> int:
        """How many dialogues there are."""
        return len(np.unique(self.dialogue))


def load_turns(path: str | Path) -> Turns:
    """Read the turns of buyers from a CSV file with at least `TURN_COLUMNS`, the turns of a dialogue in order.

    Raises:
        NegoenvError: if the file or a column is missing, or a cell cannot be read; it says where.
    """
    rows: list[tuple[float, ...]] = []
    names: dict[str, int] = {}
    last_ask: dict[int, float] = {}
    moved: dict[int, bool] = {}
    for line in lines(Path(path), TURN_COLUMNS):
        dialogue = names.setdefault(line.name("dialogue"), len(names))
        ask, gap = line.real("ask"), line.real("gap")
        moved[dialogue] = moved.get(dialogue, False) or ask < last_ask.get(dialogue, ask) - SAME_PRICE
        last_ask[dialogue] = ask
        if line.whole("replied") == 0 or gap <= SMALLEST_GAP or not line.cells["seller_fraction"].strip():
            continue
        conceded, given = max(0.0, line.real("buyer_concession")), line.real("seller_fraction")
        first, accepted = line.whole("first_price") == 1, line.whole("accepted") == 1
        rows.append((dialogue, first, conceded, moved[dialogue], given, accepted))
    if not rows:
        raise NegoenvError(f"{path} holds no turn that was replied to over an open gap.")
    table = np.array(rows, np.float64)
    table = table[np.argsort(table[:, 0], kind="stable")]
    first_price, had_moved, took = (table[:, column] == 1.0 for column in (1, 3, 5))
    return Turns(table[:, 0].astype(np.int64), first_price, table[:, 2], had_moved, table[:, 4], took)


def load_shipped_turns() -> Turns:
    """Read the turns that come with the package: 2,130 in 862 dialogues, of which 1,429 were replied to."""
    with as_file(files("negoenv.human") / "data") as folder:
        return load_turns(folder / "craigslist_buyer_turns_dev.csv")


@dataclass(frozen=True)
class TurnMoment:
    """One number of a set of turns."""

    name: str  # key in `TURN_MOMENTS`
    of: Callable[[Turns], float]  # computes it; NaN where there is nothing to compute it of
    meaning: str  # what it is


def _silent(t: Turns) -> Mask:
    silent: Mask = ~t.first & (t.conceded == 0.0)
    return silent


def _gave(t: Turns) -> Mask:
    gave: Mask = ~t.first & (t.conceded > 0.0)
    return gave


def _share(of: Callable[[Turns], Mask], what: str) -> Callable[[Turns], float]:
    return lambda t: mean(np.asarray(getattr(t, what), np.float64)[of(t)])


_REPLIES: dict[str, tuple[Callable[[Turns], Mask], str]] = {
    "first": (lambda t: t.first, "a first offer"),
    "silent": (_silent, "a turn without a concession"),
    "silent_moved": (lambda t: _silent(t) & t.moved, "the same, where the seller had moved before"),
    "gave": (_gave, "a turn with a concession"),
    "gave_moved": (lambda t: _gave(t) & t.moved, "the same, where the seller had moved before"),
}


def _table() -> Iterator[TurnMoment]:
    for name, (of, what) in _REPLIES.items():
        yield TurnMoment(f"given_{name}", _share(of, "given"), f"share of the gap in reply to {what}")
        yield TurnMoment(f"taken_{name}", _share(of, "accepted"), f"accepted in reply to {what}")
    meaning = "slope of the share of the gap on the buyer's concession"
    yield TurnMoment("given_slope", lambda t: slope(t.conceded[_gave(t)], t.given[_gave(t)]), meaning)


TURN_MOMENTS: dict[str, TurnMoment] = {moment.name: moment for moment in _table()}
"""Every moment of turns by name; all of them are fitted."""


def turn_moments_of(turns: Turns) -> dict[str, float]:
    """Return every moment of turns by name."""
    return {name: float(moment.of(turns)) for name, moment in TURN_MOMENTS.items()}


def turn_errors(turns: Turns, resamples: int = 300, seed: int = 0) -> dict[str, float]:
    """Return the bootstrap standard error of every moment of turns; whole dialogues are resampled."""
    rng = np.random.default_rng(seed)
    draws = [turn_moments_of(turns.resampled(rng)) for _ in range(resamples)]
    return {name: float(np.nanstd([draw[name] for draw in draws], ddof=1)) for name in TURN_MOMENTS}
