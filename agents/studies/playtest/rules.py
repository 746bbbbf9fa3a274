"""Lists of rules without memory, and the search for the best: found on training suppliers, scored by others.

A rule is "if this column is at least (or below) that number, and that one too, play this action"; the first rule of the
list that holds and whose action is legal is played, and HOLD if there is none. Such a list is what a careful person
would write down (decision lists: Rivest 1987, *Learning decision lists*). The search is an evolution strategy: the best
of each generation are crossed rule by rule, and rules are changed, moved and drawn anew.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Batch
from negoenv.make import make_batch
from negoenv.numerics.compiled import compiled_entry

from ...learning.spec import Game
from ...policy import Actions, EpisodeStarts, Masks, Observations, Policy
from .candidates import CandidateEvaluator
from .sequences import SEARCH_SEED
from .settings import Settings

RULES = 6
_HOLD = "HOLD"
_CONDITIONS = 2  # a rule
_FRESH = 100_000  # seeds between the suppliers of two generations, so that no list is fitted to a few
_ELITE = 0.05  # share of a generation that the next one comes from
_DECISIVE = 8  # times as many suppliers where the last ones are compared
_CHANGED = 0.15  # chance that a part of a rule is drawn anew
_FREE = 0.5  # chance that a condition always holds
_SEEN = 256  # episodes of random play whose observations thresholds are taken from


_KINDS = {"columns": np.int64, "thresholds": np.float32, "signs": np.int64, "actions": np.int64}


@dataclass(frozen=True)
class RuleLists:
    """Several lists of rules.

    Attributes:
        columns: of the observation, int64 of shape ``(lists, RULES, 2)``.
        thresholds: what each is compared with, float32 of that shape.
        signs: 1 where the column must be at least that, -1 where below, 0 where the condition always holds; int64.
        actions: what each rule plays, int64 of shape ``(lists, RULES)``.
    """

    columns: NDArray[np.int64]
    thresholds: NDArray[np.float32]
    signs: NDArray[np.int64]
    actions: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.actions)

    def __getitem__(self, index: Any) -> Self:
        return type(self)(*(getattr(self, field.name)[index] for field in fields(self)))

    def joined(self, other: Self) -> Self:
        """Return these lists, and those of the other after them."""
        names = [field.name for field in fields(self)]
        return type(self)(*(np.concatenate([getattr(self, name), getattr(other, name)]) for name in names))

    def choose(self, observations: Observations, masks: Masks, rows: int, otherwise: int) -> Actions:
        """Return what each list plays, for ``rows`` rows of each, which stand side by side; int64."""
        actions = np.empty(len(observations), np.int64)
        _choose(observations, masks, self.columns, self.thresholds, self.signs, self.actions, rows, otherwise, actions)
        return actions


@compiled_entry
def _choose(
    observations: NDArray[Any], masks: NDArray[Any], columns: NDArray[Any], thresholds: NDArray[Any],
    signs: NDArray[Any], actions: NDArray[Any], rows: int, otherwise: int, chosen: NDArray[Any],
) -> None:  # fmt: skip
    for row in range(len(observations)):
        which = row // rows
        chosen[row] = otherwise
        for rule in range(actions.shape[1]):
            holds = masks[row, actions[which, rule]] == 1
            for k in range(columns.shape[2]):
                seen = observations[row, columns[which, rule, k]]
                at_least = seen >= thresholds[which, rule, k]
                sign = signs[which, rule, k]
                holds = holds and (sign == 0 or (sign > 0) == at_least)
            if holds:
                chosen[row] = actions[which, rule]
                break


class RulePolicy(Policy):
    """Plays one list of rules in one game, and HOLD where none holds.

    Attributes:
        name: "rules".
        lists: one list.
    """

    name = "rules"

    def __init__(self, lists: RuleLists, game: Game) -> None:
        self.lists = lists
        self._game = game

    @property
    def words(self) -> str:
        """The rules as text."""
        return rules_in_words(self.lists, self._game.columns, self._game.moves)

    def as_dict(self) -> dict[str, Any]:
        """Return the rules as plain data."""
        return {field.name: getattr(self.lists, field.name).tolist() for field in fields(self.lists)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], scenario: Mapping[str, Any] | str) -> Self:
        """Return a policy from what `as_dict` returned, for a game as in `negoenv.make.make_batch`."""
        lists = RuleLists(*(np.array(data[name], kind) for name, kind in _KINDS.items()))
        return cls(lists, Game.of(make_batch(1, scenario)))

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Begin anew; nothing is remembered and nothing is random."""

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name an action for each row."""
        return self.lists.choose(observations, action_masks, len(observations), self._game.moves.index(_HOLD))


class RuleSearch(CandidateEvaluator):
    """The search for the best list in one game.

    Args:
        scenario: the game.
        seed: keys the search.
    """

    def __init__(self, scenario: Mapping[str, Any] | str, seed: int = 0) -> None:
        super().__init__(scenario)
        self.game = Game.of(self.batch)
        self._hold = self.game.moves.index(_HOLD)
        self._generator = np.random.default_rng(seed)
        self._seen, self._legal = self._random_play()

    def _random_play(self) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Return observations of random play, and the actions that were ever legal in it."""
        seen: list[NDArray[np.float32]] = []
        legal = np.zeros(self.batch.action_masks.shape[1], np.bool_)
        generator = np.random.default_rng(0)

        def choose(_: int, batch: Batch) -> NDArray[np.int64]:
            seen.append(batch.observations.copy())
            legal[:] |= (batch.action_masks == 1).any(axis=0)
            draws = generator.random(batch.action_masks.shape)
            return np.asarray(np.where(batch.action_masks == 1, draws, -1.0).argmax(axis=1), np.int64)

        self.played(choose, 1, _SEEN, SEARCH_SEED - 2 * _FRESH)
        return np.concatenate(seen), np.flatnonzero(legal)

    def _drawn(self, lists: int) -> RuleLists:
        shape = (lists, RULES, _CONDITIONS)
        columns = self._generator.integers(self._seen.shape[1], size=shape)
        thresholds = self._seen[self._generator.integers(len(self._seen), size=shape), columns]
        signs = np.where(self._generator.random(shape) < _FREE, 0, self._generator.choice((-1, 1), shape))
        return RuleLists(columns, thresholds, signs, self._generator.choice(self._legal, shape[:2]))

    def _children(self, elite: RuleLists, count: int) -> RuleLists:
        """Return new lists: each rule of one of two parents, some at another place, some parts drawn anew."""
        draw = self._generator
        parents = draw.integers(len(elite), size=(count, 2))
        who = parents[np.arange(count)[:, None], draw.integers(2, size=(count, RULES))]
        place = np.tile(np.arange(RULES), (count, 1))
        swapped = np.flatnonzero(draw.random(count) < 2 * _CHANGED)
        one, other = draw.integers(RULES, size=(2, len(swapped)))
        place[swapped, one], place[swapped, other] = other, one
        child, fresh = elite[who, place], self._drawn(count)
        conditions = draw.random(child.columns.shape) < _CHANGED
        moved = draw.random(child.columns.shape) < _CHANGED  # the same column, another threshold
        thresholds = self._seen[draw.integers(len(self._seen), size=child.columns.shape), child.columns]
        return RuleLists(
            np.where(conditions, fresh.columns, child.columns),
            np.where(conditions, fresh.thresholds, np.where(moved, thresholds, child.thresholds)),
            np.where(conditions, fresh.signs, child.signs),
            np.where(draw.random(child.actions.shape) < _CHANGED, fresh.actions, child.actions),
        )

    def mean_returns(self, lists: RuleLists, suppliers: int, seed: int) -> NDArray[np.float64]:
        """Return the mean return of each list, float64 of shape ``(lists,)``."""

        def play(part: RuleLists) -> NDArray[np.float64]:
            return self.played(
                lambda _, batch: part.choose(batch.observations, batch.action_masks, suppliers, self._hold),
                len(part), suppliers, seed,
            )  # fmt: skip

        size = self.at_once(suppliers)
        return np.concatenate([play(lists[first : first + size]) for first in range(0, len(lists), size)])

    def best(self, settings: Settings, tick: Callable[[], object] = lambda: None) -> RuleLists:
        """Return the best list that is found.

        Args:
            settings: how many candidates, generations and suppliers; these are others in each generation.
            tick: called after each generation.
        """
        lists = elite = self._drawn(settings.candidates)
        for generation in range(settings.rule_generations):
            returns = self.mean_returns(lists, settings.suppliers, SEARCH_SEED + _FRESH * (1 + generation))
            elite = lists[np.argsort(-returns, kind="stable")[: max(2, round(_ELITE * len(lists)))]]
            lists = elite.joined(self._children(elite, settings.candidates - len(elite)))
            tick()
        returns = self.mean_returns(elite, _DECISIVE * settings.suppliers, SEARCH_SEED - _FRESH)
        return elite[[int(returns.argmax())]]


def best_rules(
    scenario: Mapping[str, Any] | str, settings: Settings, tick: Callable[[], object] = lambda: None
) -> RulePolicy:
    """Return the best list of rules that is found in a game.

    Args:
        scenario: the game, as in `negoenv.make.make_batch`.
        settings: how many candidates, generations and suppliers.
        tick: called after each generation.
    """
    search = RuleSearch(scenario)
    return RulePolicy(search.best(settings, tick), search.game)


def rules_in_words(rules: RuleLists, columns: Sequence[str], actions: Sequence[str]) -> str:
    """Return one list as text, a rule after the other.

    Args:
        rules: one list.
        columns: their names.
        actions: their names.
    """
    signs = {1: "at least", -1: "below"}
    words = []
    for rule in range(RULES):
        conditions = [
            f"{columns[rules.columns[0, rule, k]]} {signs[sign]} {rules.thresholds[0, rule, k]:.3g}"
            for k, sign in enumerate(rules.signs[0, rule].tolist())
            if sign
        ]
        condition = f"if {' and '.join(conditions)} " if conditions else ""
        words.append(f"{condition}{actions[rules.actions[0, rule]]}")
    return "; ".join(words)
