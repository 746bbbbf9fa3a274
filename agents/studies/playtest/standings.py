"""Part 1: who wins. Part 2: what each family is worth. Both read off the pool."""

from dataclasses import dataclass

from negoenv.benchmark.evaluation import Interval

from ...planning.planner import REFERENCES
from .played import LEFT_OUT, REPEATED, RULE_LIST, SEQUENCE, PlayerPool, widened, without
from .under_test import PPO, RECURRENT, WITH_TRACE

MEASURES = ("deal_rate", "breakdown_rate", "walked_away_rate", "price", "goodwill", "rounds")


@dataclass(frozen=True)
class Standing:
    """One player."""

    name: str  # who
    kind: str  # "fixed", "random", "scripted", "learned" or "reference"
    returned: Interval  # mean return on held-out suppliers
    score: Interval  # the same, 0 for the random policy and 1 for the best known one
    runs: tuple[float, ...]  # mean return of each training
    means: dict[str, float]  # mean of each metric, and moves of each family an episode
    detail: str  # what else is to be said


@dataclass(frozen=True)
class Gain:
    """How much more one player returns than another, paired by supplier."""

    winner: str
    loser: str
    returned: Interval
    score: Interval


@dataclass(frozen=True)
class Standings:
    """Part 1.

    Attributes:
        rows: the players, the best first.
        best: the single policy that normalised scores call 1.
        ends: mean return of the random policy, which they call 0, and of that one.
        seed_deviation: standard deviation of a policy's return between seeds of its training; 0 if nothing is known.
        learning: PPO against the best scripted policy.
        room: the best policy that is not PPO's against PPO.
        memory: each policy with memory against PPO.
        hidden: the planner that is told the type against the one that is not; None without them.
    """

    rows: tuple[Standing, ...]
    best: str
    ends: tuple[float, float]
    seed_deviation: float
    learning: Gain
    room: Gain
    memory: tuple[Gain, ...]
    hidden: Gain | None

    def score(self, name: str) -> Interval:
        """Return the normalised score of a player."""
        return next(row.score for row in self.rows if row.name == name)

    @property
    def repeated(self) -> Interval:
        """Normalised score of the best repeated move."""
        return self.score(REPEATED)

    @property
    def sequence(self) -> Interval:
        """Normalised score of the best fixed sequence."""
        return self.score(SEQUENCE)

    @property
    def rules(self) -> Interval:
        """Normalised score of the best list of rules."""
        return self.score(RULE_LIST)


def standings(pool: PlayerPool) -> Standings:
    """Return who wins."""
    players = pool.players
    rows = [
        Standing(
            player.name,
            player.kind,
            widened(Interval.of(player.returns), pool.noise, player),
            pool.score(player),
            tuple(float(run.returns.mean()) for run in player.runs) if player.kind == "learned" else (),
            player.metrics(),
            player.detail,
        )
        for player in players.values()
    ]
    scripted = pool.best_among(p for p in players.values() if p.kind in ("scripted", "random"))
    others = pool.best_among(p for p in players.values() if p.name != PPO)
    remembering = [name for name in (WITH_TRACE, RECURRENT) if name in players]
    informed = all(name in players for name in REFERENCES)
    return Standings(
        tuple(sorted(rows, key=lambda row: -row.returned.mean)),
        pool.best.name,
        (float(pool.zero.returns.mean()), float(pool.best.returns.mean())),
        pool.noise.variance**0.5,
        gain(pool, PPO, scripted.name),
        Gain(others.name, PPO, pool.gain(others, players[PPO]), pool.gain_share(others, players[PPO])),
        tuple(gain(pool, name, PPO) for name in remembering),
        gain(pool, *REFERENCES) if informed else None,
    )


def gain(pool: PlayerPool, winner: str, loser: str) -> Gain:
    """Return how much more one player returns than another, by their names."""
    a, b = pool.players[winner], pool.players[loser]
    return Gain(winner, loser, pool.gain(a, b), pool.gain_share(a, b))


def worth_of_families(pool: PlayerPool) -> dict[str, Gain]:
    """Return what is lost without each family, by its name: the same algorithm, steps and seeds with and without."""
    return {name: gain(pool, PPO, without(name)) for name in LEFT_OUT if without(name) in pool.players}
