"""The benchmark protocol: one episode for each of thousands of held-out suppliers, metrics with intervals, paired
comparison on the same suppliers."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from negoenv.arguments import checked_seed
from negoenv.benchmark.trace import Trace, Tracer
from negoenv.engine.actions import take_actions
from negoenv.engine.batch import Batch
from negoenv.errors import NegoenvError
from negoenv.game.effects import Family
from negoenv.game.state import Outcome
from negoenv.game.tactics import MOVES, families_of
from negoenv.game.term_moves import ALL_MOVES

Z95 = 1.959963984540054  # standard normal quantile of a two-sided 95% interval

OUTCOMES = tuple(outcome.name.lower() for outcome in Outcome if outcome is not Outcome.OPEN)


class Actor(Protocol):
    """What is evaluated; `agents.policy.Policy` is one."""

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Prepare for ``num_rows`` episodes side by side."""

    def act(self, observation: NDArray[Any], action_mask: NDArray[np.int8], episode_starts: NDArray[np.bool_]) -> Any:
        """Name a move for each row."""


@runtime_checkable
class Planning(Protocol):
    """An actor that plans: it is shown the game before it plays, as a model of what its moves lead to."""

    def attach(self, batch: Batch) -> None:
        """Take ``batch``, the very rows that it is going to play, for the game."""


@dataclass(frozen=True)
class Interval:
    """A mean with its 95% interval.

    Attributes:
        mean: the estimate.
        low: lower end.
        high: upper end.
    """

    mean: float
    low: float
    high: float

    @classmethod
    def of(cls, values: NDArray[np.float64]) -> "Interval":
        """Return mean and normal-theory interval of independent values; NaNs are left out, an empty set gives NaN."""
        kept = values[~np.isnan(values)]
        if kept.size == 0:
            return cls(np.nan, np.nan, np.nan)
        mean = float(kept.mean())
        half = Z95 * float(kept.std(ddof=1)) / math.sqrt(kept.size) if kept.size > 1 else math.inf
        return cls(mean, mean - half, mean + half)

    def __str__(self) -> str:
        return f"{self.mean:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True)
class Episodes:
    """What happened in a set of evaluated episodes; row i is the supplier of seed ``seed + i``.

    Attributes:
        returns: undiscounted return of each episode, float64 of shape ``(episodes,)``.
        outcomes: what `Batch.outcomes` reported, arrays of shape ``(episodes,)``.
        uses: how often each move was played, int64 of shape ``(episodes, moves)``.
        terms: summed reward terms by name, float64 of shape ``(episodes,)``.
        seed: seed of row 0.
        suppliers: the kind of supplier that each episode met, str of shape ``(episodes,)``; empty if nobody noted it.
        trace: what happened move by move, if it was asked for.
    """

    returns: NDArray[np.float64]
    outcomes: Mapping[str, NDArray[Any]]
    uses: NDArray[np.int64]
    terms: Mapping[str, NDArray[np.float64]]
    seed: int
    suppliers: NDArray[np.str_] = field(default_factory=lambda: np.array([], np.str_))
    trace: Trace | None = None

    def values(self) -> dict[str, NDArray[np.float64]]:
        """Return every metric as one number an episode (NaN where it does not apply), each of shape ``(episodes,)``."""
        values: dict[str, NDArray[np.float64]] = {"return": self.returns}
        for name in OUTCOMES:
            values[f"{name}_rate"] = (self.outcomes["outcome"] == name).astype(np.float64)
        for name, column in self.outcomes.items():
            if name != "outcome" and np.issubdtype(column.dtype, np.number):
                values[name] = column.astype(np.float64)
        return values

    @classmethod
    def joined(cls, parts: Sequence["Episodes"]) -> "Episodes":
        """Return episodes that were played one part after the other, as if they had been played at once."""
        return cls(
            returns=np.concatenate([part.returns for part in parts]),
            outcomes={name: np.concatenate([part.outcomes[name] for part in parts]) for name in parts[0].outcomes},
            uses=np.concatenate([part.uses for part in parts]),
            terms={name: np.concatenate([part.terms[name] for part in parts]) for name in parts[0].terms},
            seed=parts[0].seed,
            suppliers=np.concatenate([part.suppliers for part in parts]),
            trace=Trace.joined([part.trace for part in parts if part.trace is not None]) if parts[0].trace else None,
        )

    def metrics(self) -> dict[str, Interval]:
        """Return each metric's mean over the episodes with its 95% interval."""
        return {name: Interval.of(column) for name, column in self.values().items()}

    def by_supplier(self, metric: str = "return") -> dict[str, Interval]:
        """Return a metric's mean for each kind of supplier, by name in alphabetical order."""
        values = self.values()[metric]
        return {str(kind): Interval.of(values[self.suppliers == kind]) for kind in np.unique(self.suppliers)}

    def family_use(self) -> dict[str, float]:
        """Return the mean number of moves of each family in an episode (negotiations only)."""
        moves = ALL_MOVES[: self.uses.shape[1]]
        if len(moves) not in (MOVES, len(ALL_MOVES)):
            return {}
        used = {family for move in moves for family in families_of(move)}
        use = dict.fromkeys((family.name.lower() for family in Family if family in used), 0.0)
        for move in moves:
            use[move.tactic.effects.family.name.lower()] += float(self.uses[:, move].mean())
        return use


def evaluate(
    actor: Actor,
    batch: Batch,
    seed: int = 0,
    options: dict[str, Any] | None = None,
    trace: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Episodes:
    """Play one episode in each row of ``batch``.

    Args:
        actor: the policy.
        batch: the game, with as many rows as episodes are wanted.
        seed: row i is seeded with ``seed + i``, so two actors with one seed meet the same suppliers.
        options: as in ``reset``.
        trace: whether to keep what happened move by move (some 20 bytes a move).
        progress: called after each step with the number of episodes that have ended so far.

    Raises:
        NegoenvError: if the seed is none, or the actor names what is not in the action space.
    """
    seed = checked_seed(seed, batch.num_rows)
    batch.seed(seed)
    running = np.ones(batch.num_rows, np.bool_)
    batch.reset(running, options)
    if isinstance(actor, Planning):
        actor.attach(batch)
    actor.reset(batch.num_rows, seed)
    returns = np.zeros(batch.num_rows)
    terms = np.zeros_like(batch.reward_terms)
    uses = np.zeros(batch.action_masks.shape, np.int64)
    episode_starts = np.ones(batch.num_rows, np.bool_)
    tracer = Tracer(batch) if trace else None
    actions = np.zeros(batch.num_rows, np.int64)
    while running.any():
        take_actions(
            actor.act(batch.observations.copy(), batch.action_masks.copy(), episode_starts), batch.moves, actions
        )
        if tracer is not None:
            tracer.note(actions, running)
        batch.step(actions, running)
        returns[running] += batch.rewards[running]
        terms[running] += batch.reward_terms[running]
        uses[running, actions[running]] += 1
        running &= ~batch.terminated
        episode_starts = np.zeros(batch.num_rows, np.bool_)
        if progress is not None:
            progress(int(batch.num_rows - running.sum()))
    named_terms = {name: terms[:, column] for column, name in enumerate(batch.reward_names)}
    kept = tracer.trace() if tracer is not None else None
    return Episodes(returns, batch.outcomes(), uses, named_terms, seed, _kinds(batch), kept)


def _kinds(batch: Batch) -> NDArray[np.str_]:
    """Return the name of each row's kind of supplier; empty for a game that has none."""
    names = (column for column in batch.revealed().values() if column.dtype.kind == "U")
    return next(names, np.array([], np.str_))


def paired_difference(a: Episodes, b: Episodes, metric: str = "return") -> Interval:
    """Return the mean of a's metric less b's over the same suppliers, with its 95% interval.

    Raises:
        NegoenvError: if the two were not played with the same seeds.
    """
    if a.seed != b.seed or a.returns.shape != b.returns.shape:
        raise NegoenvError("A paired difference needs the same seed and the same number of episodes on both sides.")
    return Interval.of(a.values()[metric] - b.values()[metric])


def interquartile_mean(values: NDArray[np.float64]) -> float:
    """Return the mean of the middle half (Agarwal et al. 2021, *Deep RL at the edge of the precipice*)."""
    cut = values.size // 4
    parted = np.partition(values, (cut, values.size - cut - 1))  # half the time of sorting, and the middle is the same
    return float(parted[cut : values.size - cut].mean())
