"""Turns of buyers and what sellers replied to each: what the prices named do not show, turns without a concession.

The data: CraigslistBargain (He et al. 2018), development split as in DialoGraph's repository (Apache-2.0) and
validation split as in AgreeMate's (MIT); the original data's own terms are unstated. Numbers and ids only.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache, partial
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError
from negoenv.human.bargains import SAME_PRICE, Floats
from negoenv.human.csv_files import PLAUSIBLE, lines
from negoenv.human.moments import mean, partial_effects, slope
from negoenv.human.words import WORDS, Mask, TurnKind, WordHabits

TURN_COLUMNS = (
    "dialogue", "named_price", "first_price", "ask", "gap", "buyer_concession", "replied", "seller_fraction",
    "accepted", *(f"t_{word}" for word in WORDS),
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
    gap: Floats  # of offer and ask when it replied, fraction of the list price
    named: Mask  # the buyer named a price in this turn
    words: Mask  # what it said, shape ``(turns, len(WORDS))``

    def __len__(self) -> int:
        return len(self.dialogue)

    @cached_property
    def kinds(self) -> NDArray[np.int64]:
        """The `TurnKind` of each turn, shape ``(turns,)``."""
        silent = np.where(self.named, TurnKind.INSISTS, TurnKind.TALKS)
        later = np.where(self.conceded > 0.0, TurnKind.GAVE, silent)
        return np.where(self.first, TurnKind.FIRST, later).astype(np.int64)

    @cached_property
    def habits(self) -> WordHabits:
        """How often people say what at turns of each kind."""
        return WordHabits.of(self.kinds, self.words)

    @cached_property
    def word_effects(self) -> Floats:
        """What goes with each of `WORDS` in the reply: share of the gap, and acceptance; shape ``(2, len(WORDS))``.

        Coefficients of a linear regression on all words, the kind of turn, the concession, the gap, and whether the
        seller had moved before. Of people they are associations, not effects: nobody drew at random who says what. NaN
        where nobody, or everybody, said it.
        """
        kinds = [self.kinds == kind for kind in (TurnKind.GAVE, TurnKind.INSISTS, TurnKind.TALKS)]
        others = np.column_stack([*kinds, np.where(self.first, 0.0, self.conceded), self.gap, self.moved])
        return partial_effects(self.words, others, np.column_stack([self.given, self.accepted]))

    def take(self, dialogues: NDArray[np.int64]) -> "Turns":
        """Return the turns of whole dialogues, one for each number in ``dialogues``, places among those there are."""
        _, starts, counts = np.unique(self.dialogue, return_index=True, return_counts=True)
        lengths = counts[dialogues]
        numbered = np.repeat(np.arange(len(dialogues)), lengths)
        before = np.cumsum(lengths) - lengths  # turns of the dialogues that were chosen before each
        chosen = np.arange(len(numbered)) + np.repeat(starts[dialogues] - before, lengths)
        return Turns(numbered, *(getattr(self, field.name)[chosen] for field in fields(self)[1:]))

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
    said: list[list[bool]] = []
    names: dict[str, int] = {}
    last_ask: dict[int, float] = {}
    moved: dict[int, bool] = {}
    for line in lines(Path(path), TURN_COLUMNS):
        dialogue = names.setdefault(line.name("dialogue"), len(names))
        ask, gap = line.within("ask", *PLAUSIBLE), line.within("gap", -1.0, 1.0)
        moved[dialogue] = moved.get(dialogue, False) or ask < last_ask.get(dialogue, ask) - SAME_PRICE
        last_ask[dialogue] = ask
        first, named, replied = (line.flag(column) for column in ("first_price", "named_price", "replied"))
        words = [line.flag(f"t_{word}") for word in WORDS]
        if not replied or gap <= SMALLEST_GAP or not line.cells["seller_fraction"].strip():
            continue
        conceded = max(0.0, line.within("buyer_concession", -1.0, 1.0))
        given, accepted = line.within("seller_fraction", 0.0, 1.0), line.flag("accepted")
        rows.append((dialogue, first, conceded, moved[dialogue], given, accepted, gap, named))
        said.append(words)
    if not rows:
        raise NegoenvError(f"{path} holds no turn that was replied to over an open gap.")
    table = np.array(rows, np.float64)
    order = np.argsort(table[:, 0], kind="stable")
    dialogues, first_price, conceded_by, had_moved, given_by, took, gaps, priced = table[order].T
    flags = (first_price == 1.0, conceded_by, had_moved == 1.0, given_by, took == 1.0, gaps, priced == 1.0)
    return Turns(dialogues.astype(np.int64), *flags, np.array(said, np.bool_)[order])


@lru_cache(maxsize=1)
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
    fitted: bool = True  # whether a calibration aims at it; otherwise it is only reported


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


CONTRASTS = ("budget", "competitor", "disparage", "final", "anger", "side", "friendly", "probe")
"""The words whose effects are moments; that one needs the thing is a covariate only: no tactic of the game says it."""

FITTED_CONTRASTS = ("budget", "competitor", "disparage", "final", "friendly")
"""The words that the game has a mechanism for in its fitted sellers."""

_WITH_WORDS = {
    "given_with": "share of the gap in reply, with such words less without",
    "taken_with": "accepted in reply, with such words less without",
}


def _table() -> Iterator[TurnMoment]:
    for name, (of, what) in _REPLIES.items():
        yield TurnMoment(f"given_{name}", _share(of, "given"), f"share of the gap in reply to {what}")
        yield TurnMoment(f"taken_{name}", _share(of, "accepted"), f"accepted in reply to {what}")
    meaning = "slope of the share of the gap on the buyer's concession"
    yield TurnMoment("given_slope", lambda t: slope(t.conceded[_gave(t)], t.given[_gave(t)]), meaning)
    for word in CONTRASTS:
        for reply, (what, meaning) in enumerate(_WITH_WORDS.items()):
            measure = partial(_word_effect, reply=reply, place=WORDS.index(word))
            yield TurnMoment(f"{what}_{word}", measure, f"{meaning}: {word}", word in FITTED_CONTRASTS)


def _word_effect(t: Turns, reply: int, place: int) -> float:
    return float(t.word_effects[reply, place])


TURN_MOMENTS: dict[str, TurnMoment] = {moment.name: moment for moment in _table()}
"""Every moment of turns by name."""


def turn_moments_of(turns: Turns) -> dict[str, float]:
    """Return every moment of turns by name."""
    return {name: float(moment.of(turns)) for name, moment in TURN_MOMENTS.items()}


def turn_errors(turns: Turns, resamples: int = 300, seed: int = 0) -> dict[str, float]:
    """Return the bootstrap standard error of every moment of turns; whole dialogues are resampled."""
    rng = np.random.default_rng(seed)
    draws = [turn_moments_of(turns.resampled(rng)) for _ in range(resamples)]
    return {name: float(np.nanstd([draw[name] for draw in draws], ddof=1)) for name in TURN_MOMENTS}
