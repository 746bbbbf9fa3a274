"""The marketplace: measured buyers replayed against sellers fitted to human bargaining."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.arena import SEED, Floats
from negoenv.human import Bargains, Buyers, load_shipped
from negoenv.human.simulate import simulate
from negoenv.scenarios.presets import resolve

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
