"""The field: everybody who played a scenario on the same held-out suppliers, and how they compare."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from negoenv.benchmark.evaluation import Interval
from negoenv.game.tactics import Family, Move

from ...reporting.statistics import SeedNoise
from .played import Played, difference, share_of_span
from .subject import NAMES

RANDOM, REPEATED, SEQUENCE = "random", "best repeated move", "best fixed sequence"
ZERO, BASELINE = RANDOM, NAMES["maskable_ppo"]
REFERENCES = ("informed", "uninformed")
"""Planners, by their names in `agents.registry`: one is told the supplier's type, the other is not."""

LEFT_OUT = (
    *(f.name for f in (Family.STRONG, Family.THIRD_PARTY, Family.ULTIMATUM, Family.EMOTION, Family.CONCESSION)),
    Move.PROBE.name,
    Move.HOLD.name,
)
"""The tactics, and the two moves, that must earn their place."""


def without(name: str) -> str:
    """Return what the policy trained without a move or family is called."""
    return f"{BASELINE} without {name}"


@dataclass(frozen=True)
class Field:
    """Everybody, on the same suppliers.

    Attributes:
        players: by name, in the order of playing.
        noise: what the seeds of trainings do.
    """

    players: Mapping[str, Played]
    noise: SeedNoise

    @property
    def zero(self) -> Played:
        """The random policy: 0 of the normalised score."""
        return self.players[ZERO]

    @cached_property
    def best(self) -> Played:
        """The single policy with the highest mean return of all that were run: 1 of the normalised score."""
        return self.best_among(self.players.values())

    def best_among(self, players: Iterable[Played]) -> Played:
        """Return the best single run of some players."""
        return max((player.best_run for player in players), key=lambda run: float(run.returns.mean()))

    def score(self, player: Played) -> Interval:
        """Return the normalised score of a player."""
        return share_of_span(player, None, self.zero, self.best, self.noise)

    def gain(self, a: Played, b: Played) -> Interval:
        """Return the return of a less that of b."""
        return difference(a, b, self.noise)

    def gain_share(self, a: Played, b: Played) -> Interval:
        """Return the same in units of the normalised score."""
        return share_of_span(a, b, self.zero, self.best, self.noise)
