"""Whole dialogues: what the buyer's target, drawn at random, does, and how the words of the buyer go with a deal.

The data: CraigslistBargain (He et al. 2018), development split as in DialoGraph's repository (Apache-2.0) and
validation split as in AgreeMate's (MIT); the original data's own terms are unstated. Numbers and ids only. The target
is the one cause in the data; words are associations.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import cached_property, lru_cache, partial
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError, shown
from negoenv.human.bargains import Floats
from negoenv.human.csv_files import PLAUSIBLE, lines
from negoenv.human.moments import partial_effects, target_effect
from negoenv.human.simulate import RESTATES, TALKS, Buyers, Moves, Replay
from negoenv.human.turns import Turns
from negoenv.human.words import WORDS, Mask

DIALOGUE_COLUMNS = (
    "dialogue", "target", "agreement", "sale_price", "first_buyer", "turns", *(f"t_{word}" for word in WORDS),
)  # fmt: skip

LONGEST = 1000
"""Turns beyond which a dialogue is believed misread."""

TURNS_A_ROUND = 2
"""A round of the game is a turn of each side."""


@dataclass(frozen=True, eq=False)
class Dialogues:
    """Engaged dialogues (the buyer named a price), prices as fractions of the list price; shapes ``(dialogues,)``."""

    target: Floats  # the price that the buyer hopes for, drawn at random by the experimenters
    agreement: Mask  # whether a deal was made
    price: Floats  # of the deal; NaN without one or if misread
    first_price: Floats  # the first that the buyer named
    turns: Floats  # of both sides
    words: Mask  # what the buyer ever said, shape ``(dialogues, len(WORDS))``

    def __len__(self) -> int:
        return len(self.target)

    def take(self, rows: NDArray[np.int64]) -> "Dialogues":
        """Return the dialogues in ``rows``; one may occur more than once."""
        return Dialogues(*(getattr(self, field.name)[rows] for field in fields(self)))

    @cached_property
    def word_effects(self) -> Floats:
        """What goes with each of `WORDS`: share of deals, all else equal; shape ``(len(WORDS),)``.

        Coefficients of a linear regression on all words, target, first price and turns. NaN where nobody said it.
        """
        others = np.column_stack([self.target, self.first_price, self.turns])
        table = partial_effects(self.words, others, np.asarray(self.agreement, np.float64)[:, None])
        return table.reshape(-1)

    def buyers(self, moves: Moves, turns: Turns) -> Buyers:
        """Return buyers with these targets and first prices, who go on with such moves and speak as at these turns.

        The list price stands when they name their first price, as it did in .91 of these dialogues.
        """
        unknown = np.full(len(self), np.nan)
        return Buyers(self.first_price, unknown, self.target, moves, TALKS, RESTATES, turns.habits)

    def simulated(self, replay: Replay, elsewhere: Floats, seed: int) -> "Dialogues":
        """Return the dialogues of these buyers, one each, as they were simulated.

        Args:
            replay: what came of them.
            elsewhere: chance of each of `WORDS` apart from the turns that are simulated; shape ``(len(WORDS),)``.
            seed: keys what is said there.
        """
        draws = np.random.Generator(np.random.Philox(key=seed)).random((len(self), len(WORDS)))
        found = replay.bargains
        return Dialogues(
            self.target,
            found.agreement,
            found.sale_price,
            self.first_price,
            TURNS_A_ROUND * replay.rounds.astype(np.float64),
            replay.said | (draws < elsewhere),
        )


def said_elsewhere(dialogues: Dialogues, replay: Replay) -> Floats:
    """Return the chance of each of `WORDS` apart from the turns that are simulated, shape ``(len(WORDS),)``.

    As large as makes as many dialogues hold such words as in the data; whatever comes of the dialogue, an assumption.
    """
    measured, simulated = dialogues.words.mean(axis=0), replay.said.mean(axis=0)
    chance: Floats = np.clip((measured - simulated) / np.maximum(1.0 - simulated, 1e-9), 0.0, 1.0)
    return chance


def load_dialogues(path: str | Path) -> Dialogues:
    """Read the engaged dialogues of a CSV file with at least `DIALOGUE_COLUMNS`, one row a dialogue.

    Raises:
        NegoenvError: if the file or a column is missing, or a cell cannot be read; it says where.
    """
    rows: list[tuple[float, ...]] = []
    said: list[list[bool]] = []
    known: set[str] = set()
    for line in lines(Path(path), DIALOGUE_COLUMNS):
        name = line.name("dialogue")
        if name in known:
            raise NegoenvError(f"{line.where('dialogue')}: {shown(name)} occurs twice.")
        known.add(name)
        target, agreement = line.within("target", *PLAUSIBLE), line.flag("agreement")
        price = line.real("sale_price") if agreement and line.cells["sale_price"].strip() else math.nan
        turns, words = line.within("turns", 0, LONGEST), [line.flag(f"t_{word}") for word in WORDS]
        if not line.cells["first_buyer"].strip():
            continue
        believed = price if PLAUSIBLE[0] <= price <= PLAUSIBLE[1] else math.nan
        rows.append((target, agreement, believed, line.within("first_buyer", *PLAUSIBLE), turns))
        said.append(words)
    if not rows:
        raise NegoenvError(f"{path} holds no dialogue in which the buyer named a price.")
    targets, agreed, prices, first, length = np.array(rows, np.float64).T
    return Dialogues(targets, agreed == 1.0, prices, first, length, np.array(said, np.bool_))


@lru_cache(maxsize=1)
def load_shipped_dialogues() -> Dialogues:
    """Read the dialogues that come with the package: 1,103, of which 862 are engaged."""
    with as_file(files("negoenv.human") / "data") as folder:
        return load_dialogues(folder / "craigslist_dialogues_dev.csv")


@dataclass(frozen=True)
class DialogueMoment:
    """One number of a set of dialogues; none is fitted."""

    name: str  # key in `DIALOGUE_MOMENTS`
    of: Callable[[Dialogues], float]  # computes it
    meaning: str  # what it is


AGREEMENT_WORDS = ("side", "friendly", "final", "budget")
"""The words whose part in agreement is a moment."""

_EFFECTS = {
    "first_price": "first price of the buyer, as replayed",
    "agreement": "share of deals",
    "price": "price of the deals",
    "turns": "turns of both sides",
}


def _table() -> Iterator[DialogueMoment]:
    for name, what in _EFFECTS.items():
        measure = partial(_target_effect, name=name)
        yield DialogueMoment(f"low_target_{name}", measure, f"{what}, buyers of a low target less those of a high one")
    for word in AGREEMENT_WORDS:
        place = WORDS.index(word)
        measure = partial(_word_effect, place=place)
        yield DialogueMoment(f"agreement_with_{word}", measure, f"share of deals, with such words less without: {word}")


def _target_effect(d: Dialogues, name: str) -> float:
    return target_effect(d.target, getattr(d, name))


def _word_effect(d: Dialogues, place: int) -> float:
    return float(d.word_effects[place])


DIALOGUE_MOMENTS: dict[str, DialogueMoment] = {moment.name: moment for moment in _table()}
"""Every moment of dialogues by name."""


def dialogue_moments_of(dialogues: Dialogues) -> dict[str, float]:
    """Return every moment of dialogues by name."""
    return {name: float(moment.of(dialogues)) for name, moment in DIALOGUE_MOMENTS.items()}


def dialogue_errors(dialogues: Dialogues, resamples: int = 300, seed: int = 0) -> dict[str, float]:
    """Return the bootstrap standard error of every moment of dialogues; whole dialogues are resampled."""
    rng, n = np.random.default_rng(seed), len(dialogues)
    draws = [dialogue_moments_of(dialogues.take(rng.integers(n, size=n))) for _ in range(resamples)]
    return {name: float(np.nanstd([draw[name] for draw in draws], ddof=1)) for name in DIALOGUE_MOMENTS}
