"""What the experiments are made of: the same suppliers and the same random numbers, met by different moves.

Row i of two talks with the same seed has the same supplier and draws the same numbers, so what differs between two arms
of an experiment is what was done differently, and their differences are paired. On the marketplace measured buyers are
replayed against sellers that were fitted to human bargaining.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Interval
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from negoenv.human import Bargains, Buyers, load_shipped
from negoenv.human.simulate import simulate, step_at
from negoenv.scenarios.presets import resolve

Floats = NDArray[np.float64]

SEED = 2026
"""Seed of the first supplier."""

KEPT = {"tolerance": 5.0, "exit_rate": 0.0, "decisiveness": 0.0}
"""Suppliers that neither leave nor accept, so that the demands of all of them can be compared to the end."""

FIRM = {"readiness": -10.0, "midpoint_affinity": 0.0}
"""Suppliers that repeat their ask, so that all deals are at the same price."""

PATIENT = {"exit_waiting": 0.0}
"""Constants with which nobody leaves for having been kept waiting, so that who is silent and who speaks compare."""

_GRAIN = 0.005  # fractions of the gap are rounded to a multiple of this, so that rows can be stepped in groups


@dataclass(frozen=True)
class Open:
    """The first offer at any fraction of the benchmark; the game's moves have three."""

    fraction: float


@dataclass(frozen=True)
class Give:
    """A concession of any fraction of the gap; the game's moves have three."""

    fraction: float


@dataclass(frozen=True)
class Offer:
    """A concession that leads to just this price (fraction of the first ask), whatever the gap is."""

    price: float


Step = Move | Open | Give | Offer


_BUYER_AT_EASE = {"patience": {"low": 1.0, "high": 1.0}, "delay_cost": {"low": 0.0, "high": 0.0}}
"""Facts are about the supplier: rounds are counted from one deadline, and returns are not those of a delay."""


class Negotiations:
    """Negotiations side by side, all met by the same moves.

    Attributes:
        batch: the negotiations.
        returns: what the buyer has earned so far, float64 of shape ``(episodes,)``.
    """

    def __init__(
        self,
        episodes: int,
        scenario: str = "Procurement",
        constants: Mapping[str, float] | None = None,
        supplier: Mapping[str, Any] | None = None,
        context: Mapping[str, Any] | None = None,
        seed: int = SEED,
    ) -> None:
        """Begin.

        Args:
            episodes: number of suppliers.
            scenario: name of the preset whose training population they come from.
            constants: constants of the model that differ, by name.
            supplier: fields of the hidden type that are fixed, by name; the conditions of an experiment.
            context: fields of the state at the start that are fixed, by name.
            seed: of the first supplier.
        """
        changes = {"base": scenario, "constants": dict(constants or {}), **_BUYER_AT_EASE}
        self.batch = NegotiationBatch(episodes, resolve(changes))
        self.batch.seed(seed)
        options = {"supplier": supplier or {}, "context": context or {}}
        self.batch.reset(np.ones(episodes, np.bool_), options)
        self.returns = np.zeros(episodes)

    def play(self, moves: Iterable[Step]) -> "Negotiations":
        """Play one move after the other where the talks are still open."""
        for move in moves:
            rows = ~self.batch.terminated
            if isinstance(move, Open):
                self._dose("opening", Move.OPEN_MODERATE, np.full(len(rows), move.fraction), rows)
            elif isinstance(move, Give):
                self._dose("concession", Move.CONCEDE_MODERATE, np.full(len(rows), move.fraction), rows)
            elif isinstance(move, Offer):
                ask = self["ask"]
                base = np.where(self["offer"] > 0.0, self["offer"], np.minimum(self["benchmark"], ask))
                share = (move.price - base) / np.maximum(ask - base, _GRAIN)
                share = np.clip(np.round(share / _GRAIN) * _GRAIN, 0.0, 1.0 - _GRAIN)
                self._dose("concession", Move.CONCEDE_MODERATE, share, rows)
            else:
                self._step(move, rows)
        return self

    def _dose(self, effect: str, move: Move, doses: Floats, rows: NDArray[np.bool_]) -> None:
        """Play ``move`` with its ``effect`` set to the dose of each row; a dose of 0 is HOLD."""
        dosed = rows & (doses > 0.0)
        self._step(Move.HOLD, rows & ~dosed)
        step_at(self.batch, effect, move, doses, dosed)
        self.returns[dosed] += self.batch.rewards[dosed]

    def _step(self, move: Move, rows: NDArray[np.bool_]) -> None:
        self.batch.step(np.full(len(rows), move, np.int64), rows)
        self.returns[rows] += self.batch.rewards[rows]

    def __getitem__(self, field: str) -> Floats:
        """Return a copy of a field of the state, by name, float64 of shape ``(episodes,)``."""
        values: Floats = self.batch.state[field].copy()
        return values

    def ended(self, *outcomes: Outcome) -> Floats:
        """Return 1 where the talks ended in one of these ways, else 0."""
        return np.isin(self["outcome"], outcomes).astype(np.float64)

    @property
    def deal(self) -> Floats:
        """1 where there is a deal, else 0."""
        return self.ended(Outcome.DEAL)

    @property
    def breakdown(self) -> Floats:
        """1 where the supplier left, else 0."""
        return self.ended(Outcome.BREAKDOWN)

    @property
    def price(self) -> Floats:
        """Price of the deal, NaN without one."""
        return np.where(self.deal == 1.0, self["price"], np.nan)

    @property
    def worth(self) -> Floats:
        """The buyer's share of the surplus, 0 without a deal."""
        return np.nan_to_num(self.after("surplus_share"))

    def after(self, name: str) -> Floats:
        """Return what a deal did, by the names of `NegotiationBatch.outcomes`; NaN without a deal."""
        values: Floats = self.batch.outcomes()[name].astype(np.float64)
        return values

    @property
    def suppliers(self) -> dict[str, Floats]:
        """The hidden types by field, to meet the same suppliers again."""
        return {name: values for name, values in self.batch.revealed().items() if name != "archetype"}


def meet(episodes: int, moves: Iterable[Step], **conditions: Any) -> Negotiations:
    """Return talks begun under ``conditions`` (the arguments of `Negotiations`) after the given moves."""
    return Negotiations(episodes, **conditions).play(moves)


_MIN_REPLAYS = 8  # fewer say little about their own spread
_TIMES = 10  # negotiations for each episode
_APART = 100_000  # seeds between two replays, more than there are negotiations in one


@lru_cache(maxsize=1)
def measured() -> Bargains:
    """Return the human negotiations that come with the package."""
    return load_shipped().bargains


def drawn_first_offers(episodes: int) -> Floats:
    """Return first offers as human buyers spread them, fractions of the list price."""
    return measured().first_price[np.random.default_rng(SEED).integers(len(measured()), size=episodes)]


@lru_cache(maxsize=1)
def replays(episodes: int) -> tuple[Bargains, ...]:
    """Return independent replays of all measured buyers, each with new sellers.

    Few negotiations go beyond the first answer, so there are more of them than episodes elsewhere.
    """
    count = max(_MIN_REPLAYS, _TIMES * episodes // len(measured()))
    return tuple(simulate(resolve("Marketplace"), Buyers.of(measured()), 1, SEED + _APART * k) for k in range(count))


def by_replay(episodes: int, measure: Callable[[Bargains], float]) -> Interval:
    """Return the mean of a measure over independent replays.

    The interval is that of the model given the buyers of the data: it knows nothing of other buyers.
    """
    return Interval.of(np.array([measure(replay) for replay in replays(episodes)]))
