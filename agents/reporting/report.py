"""One policy's held-out episodes, and what is reported of them: in tables, in JSON and in TensorBoard."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from enum import IntEnum
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Episodes, Interval, Planning, evaluate
from negoenv.benchmark.scores import Reference, reference
from negoenv.errors import NegoenvError, printable
from negoenv.game.effects import Family
from negoenv.game.tactics import Move, families_of
from negoenv.game.term_moves import ALL_MOVES
from negoenv.ladder.rules import LadderMove
from negoenv.make import game_name, make_batch
from negoenv.scenarios.presets import Named
from negoenv.scenarios.splits import UNSEEN
from negoenv.sourcing import SourcingAction
from negoenv.sourcing.moves import action_kinds

from ..learning.spec import Training
from ..policy import Policy
from ..registry import another_game, require_fit, training_info
from .robustness import Robustness, robustness
from .tags import FAMILY_TAGS, OUTCOME_TAGS, TEST

_NEGOTIATIONS = {len(Move): tuple(Move), len(ALL_MOVES): ALL_MOVES}
_GAMES: dict[int, Sequence[IntEnum]] = {
    **_NEGOTIATIONS,
    len(LadderMove): tuple(LadderMove),
    len(SourcingAction): tuple(SourcingAction),
}


def move_names(episodes: Episodes) -> list[str]:
    """Return the names of the game's moves, in order, as a person reads them."""
    count = episodes.uses.shape[1]
    return [_readable(move.name) for move in _GAMES[count]] if count in _GAMES else [str(m) for m in range(count)]


def move_groups(episodes: Episodes) -> tuple[list[str], NDArray[np.int64]]:
    """Return the names of the groups of moves, and the group of each move: families, or each move its own."""
    moves = _NEGOTIATIONS.get(episodes.uses.shape[1], ())
    if moves:
        there = {family for move in moves for family in families_of(move)}
        groups = [_readable(family.name) for family in Family if family in there]  # numbered without a gap
        return groups, np.array([move.tactic.effects.family for move in moves], np.int64)
    if episodes.uses.shape[1] == len(SourcingAction):
        kinds, of_action = action_kinds()
        return [_readable(kind) for kind in kinds], of_action
    return move_names(episodes), np.arange(episodes.uses.shape[1])


def move_shares(episodes: Episodes, by_group: bool) -> NDArray[np.float64]:
    """Return the share of each move, or group, among the moves of each round; shape ``(moves or groups, rounds)``.

    Of the episodes that are over by then nothing is counted.
    """
    assert episodes.trace is not None
    moves = episodes.trace.moves.astype(np.int64)
    names, group = move_groups(episodes) if by_group else (move_names(episodes), np.arange(episodes.uses.shape[1]))
    codes = np.where(moves < 0, -1, group[moves])
    counts = np.array([(codes == code).sum(axis=1) for code in range(len(names))], np.float64)
    shares: NDArray[np.float64] = counts / np.maximum(1.0, episodes.trace.running.sum(axis=1))
    return shares


MOST_MOVES = 30
"""Moves that are shown one by one."""


def played_moves(episodes: Episodes) -> tuple[list[str], NDArray[np.float64], NDArray[np.int64]]:
    """Return what was played, group by group: names, `move_shares` of shape ``(rows, rounds)``, and groups.

    Where more than `MOST_MOVES` moves were played, those that were played least are one row, the last.
    """
    names, group, shares = move_names(episodes), move_groups(episodes)[1], move_shares(episodes, by_group=False)
    uses = episodes.uses.sum(axis=0)
    ranked = np.argsort(-uses, kind="stable")[: np.count_nonzero(uses)]
    kept, others = ranked[:MOST_MOVES], ranked[MOST_MOVES:]
    kept = kept[np.lexsort((kept, group[kept]))]
    rows, groups = shares[kept], group[kept]
    found = [names[move] for move in kept]
    if len(others):
        found.append(f"{len(others)} others")
        rows, groups = np.vstack([rows, shares[others].sum(axis=0)]), np.append(groups, -1)
    return found, rows, groups


def _readable(name: str) -> str:
    return name.lower().replace("_", " ")


EVALUATION_SEED = 1_000_000
"""Seed of the first held-out episode; far from the small seeds that training uses."""


def scalars(episodes: Episodes) -> dict[str, float]:
    """Return the mean over the episodes of each tag that the game has and that is a number."""
    means = {name: interval.mean for name, interval in episodes.metrics().items()}
    means |= {f"use_{family}": use for family, use in episodes.family_use().items()}
    return {tag: means[tag] for tag in (*OUTCOME_TAGS, *FAMILY_TAGS) if not np.isnan(means.get(tag, np.nan))}


@dataclass(frozen=True)
class Report:
    """What a policy achieved.

    Attributes:
        policy: its name; what a terminal would obey in it is escaped (`negoenv.errors.printable`).
        scenario: name of the scenario.
        split: "train", "validation", "test" or "unseen".
        episodes: what happened.
        reference: what its score is normalised by; None where nothing is recorded for the game.
        source: where the policy is from, as `agents.registry.load_policy` takes it; empty if that is not known.
        no_score: a sentence on why there is no score; empty where there is one.
        training: how a learned policy was trained; None for another one.
        steps: environment steps of training that made a learned policy.
        another_game: how the game that a learned policy was trained on differs from this one, see
            `agents.learning.spec.Game.differences`; nothing if it does not.
        unseen: mean return against suppliers of kinds that training never shows; None where it was not asked for.
        against: what it achieves against opponents in the place of the suppliers, one after the other.
    """

    policy: str
    scenario: str
    split: str
    episodes: Episodes
    source: str = ""
    reference: Reference | None = None
    no_score: str = ""
    training: Training | None = None
    steps: int = 0
    another_game: tuple[str, ...] = ()
    unseen: Interval | None = None
    against: tuple[Robustness, ...] = ()

    def __post_init__(self) -> None:
        """Escape the name in one place: directories and files that policies come from may be called anything."""
        object.__setattr__(self, "policy", printable(self.policy))

    @property
    def score(self) -> Interval | None:
        """The mean return between the random policy (0) and the best known reference (1), with its interval."""
        return self.reference.score(self.episodes.metrics()["return"]) if self.reference else None

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain data: each metric with its 95% interval, and the use of each family."""
        return {
            "policy": self.policy,
            "scenario": self.scenario,
            "split": self.split,
            "episodes": len(self.episodes.returns),
            "seed": self.episodes.seed,
            "metrics": {name: asdict(interval) for name, interval in self.episodes.metrics().items()},
            "return_on_unseen_kinds": asdict(self.unseen) if self.unseen else None,
            **({"against_opponents": [asdict(one) for one in self.against]} if self.against else {}),
            "family_use": self.episodes.family_use(),
            "trained_on_another_game": list(self.another_game),
            **self._training_dict(),
            **self._score_dict(),
        }

    def _training_dict(self) -> dict[str, Any]:
        """Return how the policy was trained as plain data; nothing if it was not."""
        return {} if self.training is None else {"training": {"steps": self.steps, **self.training.model_dump()}}

    def _score_dict(self) -> dict[str, Any]:
        """Return the normalised score and its ends as plain data; nothing where there is none."""
        if self.reference is None or self.score is None:
            return {}
        return {"score": asdict(self.score), "reference": self.reference.model_dump()}


def require_interval(episodes: int) -> None:
    """Refuse fewer episodes than an interval needs.

    Raises:
        NegoenvError: if there are fewer than two.
    """
    if episodes < 2:
        raise NegoenvError(f"episodes is {episodes}; an interval needs at least 2.")


def report_on(
    policy: Policy,
    scenario: Named,
    split: str = "test",
    episodes: int = 4096,
    seed: int = EVALUATION_SEED,
    any_scenario: bool = False,
    trace: bool = False,
    progress: Callable[[int], None] | None = None,
    unseen: bool = False,
    opponents: Sequence[str] = (),
) -> Report:
    """Play a policy once against each of some suppliers.

    Args:
        policy: any policy.
        scenario: as in `negoenv.make.make_batch`.
        split: the population that suppliers come from; "test" is held out of training.
        episodes: number of suppliers, one episode each.
        seed: of the first supplier; with the same seed two policies meet the same suppliers.
        any_scenario: accept a learned policy that was trained on another scenario with the same observation and moves.
        trace: whether to keep what happened move by move, which figures and transcripts are made of.
        progress: called after each step with the number of episodes that have ended so far.
        unseen: whether to play as many of the split "unseen", too, where the split is "test"; planners, whose
            every move takes milliseconds, are spared that.
        opponents: who takes the place of the suppliers once more, see `agents.reporting.robustness.robustness`.

    Raises:
        NegoenvError: if an argument is out of range or the policy does not fit the scenario.
    """
    require_interval(episodes)
    game = make_batch(1, scenario, split, 1)
    require_fit(policy, game, any_scenario)
    played = _play(policy, scenario, split, episodes, seed, trace, progress)
    others = None
    if unseen and split == TEST and not isinstance(policy, Planning):
        others = Interval.of(_play(policy, scenario, UNSEEN, episodes, seed).returns)
    name = game_name(scenario)
    ends = reference(name, split, game)
    found, missing = (ends, "") if isinstance(ends, Reference) else (None, str(ends))
    return Report(
        policy.name, name, split, played, reference=found, no_score=missing, training=training_info(policy),
        steps=getattr(policy, "steps", 0), another_game=another_game(policy, game), unseen=others,
        against=robustness(policy, scenario, split, played, opponents, any_scenario),
    )  # fmt: skip


def _play(
    policy: Policy,
    scenario: Named,
    split: str,
    episodes: int,
    seed: int,
    trace: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Episodes:
    """Play as many episodes as are asked for, at most so many at a time as the policy takes."""
    parts = []
    for first in range(0, episodes, policy.most_rows):
        batch = make_batch(min(policy.most_rows, episodes - first), scenario, split, 1)
        ended = None if progress is None else partial(_ended_after, progress, first)
        parts.append(evaluate(policy, batch, seed + first, None, trace, ended))
    return Episodes.joined(parts)


def _ended_after(progress: Callable[[int], None], before: int, ended: int) -> None:
    """Report the episodes that ended in this part and ``before`` it."""
    progress(before + ended)
