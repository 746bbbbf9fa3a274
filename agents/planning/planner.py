"""The planner: a rollout policy over copied states, told the truth or guessing at it, and the reference policies.

Sequential halving spends its budget of samples where it is hard to tell which choice is the best (Karnin, Koren &
Somekh 2013, *Almost optimal exploration in multi-armed bandits*, ICML). The budget is split evenly over some phases; in
each, all arms still in are sampled equally often, and then the worst are dropped. The arms of a row are sampled with
the same numbers of draws, so that a sampler can give them common random numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Batch
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.errors import NegoenvError
from negoenv.ladder import LadderBatch
from negoenv.numerics.randomness import row_keys
from negoenv.sourcing import SourcingBatch

from ..policy import Actions, EpisodeStarts, Masks, Observations, Policy
from ..scripted import make
from .hypotheses import Hypotheses, Indices, Purpose, Truth, stream_keys
from .ladder import LadderTypes, climbers
from .particles import Particles
from .rollouts import Portfolio, Rollouts

Sampler = Callable[[Indices, Indices, Indices], NDArray[np.float64]]
"""Given rows, arms and numbers of draws, each of shape ``(n,)``, returns a value for each."""


def best_arms(arms: NDArray[np.bool_], budget: int, phases: int, sample: Sampler) -> Indices:
    """Return the best arm of each row, shape ``(rows,)``.

    Args:
        arms: whether a row has an arm, bool of shape ``(rows, arms)``; each row has at least one.
        budget: samples a row, over all its arms; at least one an arm and phase are taken.
        phases: how often arms are dropped; as many as halvings would be needed is the original, fewer are faster.
        sample: draws values; the n-th draw of any two arms of a row may share its random numbers.
    """
    offered = arms.sum(axis=1)
    alive = arms.copy()
    totals = np.zeros(arms.shape)
    drawn = np.zeros(len(arms), np.intp)
    order = np.arange(arms.shape[1])
    for phase in range(phases):
        each = np.maximum(1, budget // (phases * alive.sum(axis=1)))
        rows, chosen = np.nonzero(alive)
        repeats = each[rows]
        first = np.repeat(np.cumsum(repeats) - repeats, repeats)
        number = np.arange(len(first)) - first + np.repeat(drawn[rows], repeats)
        values = sample(np.repeat(rows, repeats), np.repeat(chosen, repeats), number)
        totals[rows, chosen] += np.add.reduceat(values, np.cumsum(repeats) - repeats)
        drawn += each
        # The arms that stay are fewer by the same factor each time, and one in the end.
        keep = np.ceil(offered ** (1.0 - (phase + 1) / phases)).astype(np.intp)
        ranked = np.argsort(np.where(alive, -totals, np.inf), axis=1, kind="stable")
        ranks = np.empty_like(ranked)
        np.put_along_axis(ranks, ranked, np.broadcast_to(order, ranked.shape), axis=1)
        alive &= ranks < keep[:, None]
    return np.asarray(alive.argmax(axis=1))


_MAX_EFFORT = 2**20  # far beyond what brings anything: docs/planning.md


@dataclass(frozen=True)
class Effort:
    """How much a planner thinks."""

    rollouts: int = 2048  # rollouts a decision, over all moves and base policies
    phases: int = 3  # of the sequential halving that shares them out
    capacity: int = 8192  # most rollouts played side by side; changes speed and memory, not the moves

    def __post_init__(self) -> None:
        for name in ("rollouts", "phases", "capacity"):
            if not 1 <= getattr(self, name) <= _MAX_EFFORT:
                raise NegoenvError(
                    f"{name} is {getattr(self, name)}; it must be at least 1, and at most {_MAX_EFFORT:,}."
                )


class Planner(Policy):
    """Tries each legal move on copies of the negotiation, plays them on with some base policies, and takes the best.

    One step of policy improvement over the best of the base policies in each state (the rollout algorithm of Tesauro &
    Galperin 1996; with several bases, parallel rollout: Chang, Givan & Chong 2004). All moves meet the same hypotheses
    and the same random numbers, which are not those of the real episode.

    A planner needs the game for its model: `negoenv.benchmark.evaluation.evaluate` shows it by `attach`; in a loop of
    one's own call ``planner.attach(env.unwrapped.batch)`` after the first reset of the environment.

    Attributes:
        effort: how much it thinks.
        bases_for: returns the base policies that it has for a game.
    """

    most_rows = 256  # a thousand particles take 0.8 MB

    def __init__(
        self,
        name: str,
        hypotheses: Callable[[Batch], Hypotheses],
        bases: Callable[[Batch], tuple[Policy, ...]],
        effort: Effort | None = None,
    ) -> None:
        """Make a planner that knows no game yet.

        Args:
            name: short name, as in tables.
            hypotheses: makes what it takes the hidden truth to be, when it is shown a game.
            bases: names the base policies, when it is shown a game.
            effort: how much it thinks.
        """
        self.name = name
        self.effort = effort or Effort()
        self._make_hypotheses = hypotheses
        self.bases_for = bases
        self._game: Batch | None = None

    def attach(self, batch: Batch) -> None:
        """Take ``batch``, the very rows that it is going to play, for the game."""
        self._game = batch
        self._hypotheses = self._make_hypotheses(batch)
        self._bases = Portfolio(self.bases_for(batch))
        self._rollouts = Rollouts(batch, self.effort.capacity)
        self.reset(batch.num_rows)

    def played(self, moves: Actions) -> None:
        """Learn what was played since it last named a move, int64 of shape ``(rows,)``, where somebody else decides."""
        self._moves = np.asarray(moves, np.int64)

    def _attached(self) -> Batch:
        if self._game is None:
            raise NegoenvError(
                f"The policy {self.name!r} plans ahead and has not been shown the game: call attach(batch) first."
            )
        return self._game

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Forget all episodes; row i imagines what a single row seeded with ``seed + i`` imagines.

        Raises:
            NegoenvError: if it has not been shown a game of ``num_rows`` rows.
        """
        game = self._attached()
        if num_rows != game.num_rows:
            raise NegoenvError(
                f"The policy {self.name!r} was shown a game of {game.num_rows} rows; it cannot play {num_rows}."
            )
        self._seeds = row_keys(seed, num_rows)
        self._decisions = np.zeros(num_rows, np.int64)
        self._moves = np.zeros(num_rows, np.int64)
        self._hypotheses.reset(num_rows, seed)
        self._bases.reset(num_rows, seed)

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name the best move found in each row that has not ended."""
        running = ~self._attached().terminated
        self._decisions[episode_starts] = 0
        self._hypotheses.update(observations, self._moves, episode_starts, running)
        moves = self._bases.choose(observations, action_masks, episode_starts).copy()
        rows = np.flatnonzero(running)
        at_once = max(1, self.effort.capacity * self.effort.phases // self.effort.rollouts)
        for first in range(0, len(rows), at_once):
            some = rows[first : first + at_once]
            moves[some] = self._search(some, action_masks[some] == 1)
        self._decisions += 1
        self._moves = moves
        return moves

    def _search(self, rows: Indices, legal: NDArray[np.bool_]) -> Actions:
        """Return the best first move of each of ``rows``; an arm is a first move and the base that goes on after it."""
        bases, moves = len(self._bases.policies), legal.shape[1]

        def sample(row: Indices, arm: Indices, draw: Indices) -> NDArray[np.float64]:
            values = np.empty(len(row))
            for first in range(0, len(row), self.effort.capacity):
                part = slice(first, first + self.effort.capacity)
                values[part] = self._play(rows[row[part]], arm[part] % moves, arm[part] // moves, draw[part])
            return values

        arms = best_arms(np.tile(legal, bases), self.effort.rollouts, self.effort.phases, sample)
        return np.asarray(arms % moves, np.int64)

    def _play(self, rows: Indices, moves: Actions, members: Indices, draws: Indices) -> NDArray[np.float64]:
        """Return what a rollout from each of ``rows`` earns."""
        model = self._rollouts.model(len(rows))
        self._hypotheses.place(model, rows, draws)
        keys = stream_keys(self._seeds[rows], self._decisions[rows], draws, Purpose.ROLLOUT)
        model.keys[:] = keys
        return self._rollouts.returns(model, moves, self._bases.players(rows, members, keys))


_SCRIPTED_BASE = "gradual"
_BASE_ON_TERMS = "logroller"
_SOURCING_BASES = ("squeeze", "loyal")
PARTICLES = 1024
"""Particles a row, unless told otherwise."""


def default_bases(game: Batch) -> tuple[Policy, ...]:
    """Return the policies that a planner goes on with unless others are named."""
    if isinstance(game, LadderBatch):
        return climbers(game)
    if isinstance(game, SourcingBatch):
        return tuple(make(name) for name in _SOURCING_BASES)
    several = isinstance(game, NegotiationBatch) and game.scenario.issues is not None
    return (make(_SCRIPTED_BASE), make(_BASE_ON_TERMS)) if several else (make(_SCRIPTED_BASE),)


def guesses(game: Batch) -> Hypotheses:
    """Return what can be known of a game's hidden truth by playing it."""
    if isinstance(game, LadderBatch):
        return LadderTypes(game)
    if not isinstance(game, NegotiationBatch):
        raise NegoenvError("'uninformed' plans with one supplier only; 'informed' plans with several, too.")
    return Particles(game, PARTICLES)


REFERENCES: dict[str, Callable[[Batch], Hypotheses]] = {"informed": Truth, "uninformed": guesses}
"""The kinds of planner by name, and how each makes its hypotheses."""


def planners_of(game: Batch) -> tuple[str, ...]:
    """Return the kinds of planner that can plan a game: of several suppliers, only the one that is told the truth."""
    return tuple(REFERENCES)[:1] if isinstance(game, SourcingBatch) else tuple(REFERENCES)


def make_reference(kind: str, bases: tuple[Policy, ...] = (), effort: Effort | None = None) -> Planner:
    """Return a planner.

    Args:
        kind: a name of `REFERENCES`.
        bases: base policies; those of `default_bases` unless given.
        effort: how much it thinks.
    """
    name = ":".join([kind, "+".join(base.name for base in bases)]) if bases else kind
    return Planner(name, REFERENCES[kind], (lambda game: bases) if bases else default_bases, effort)
