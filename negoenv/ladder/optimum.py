"""Exact solutions of the Ladder game, with the type of the supplier seen or hidden; exact values of policies; beliefs.

With a hidden type a plan is worth a line over the belief b in the second type, a pair of its heights at b = 0 and at
b = 1. Lines that are nowhere the highest are plans that nobody needs (Smallwood & Sondik 1973).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from negoenv.errors import NegoenvError
from negoenv.ladder.rules import DEFAULT_RULES, LadderMove, LadderRules
from negoenv.ladder.table import LadderTable, ladder_table


class LadderBelief:
    """A Bayes filter: the probability that the supplier is of the second type, for each of some negotiations.

    Attributes:
        probability: float64 of shape ``(rows,)``.
    """

    def __init__(self, num_rows: int = 1, rules: LadderRules = DEFAULT_RULES) -> None:
        self._table = ladder_table(rules)
        self.probability = np.full(num_rows, rules.second_probability)

    def update(self, seen: ArrayLike, moves: ArrayLike, seen_after: ArrayLike) -> None:
        """Learn from one transition in each row; the arguments are integers or arrays of shape ``(rows,)``.

        The first observation of an episode is never seen again in it, so a row that shows it is back at the prior:
        ``seen`` and ``moves`` do not matter there, and any kind of autoreset is followed.

        Raises:
            NegoenvError: if one of the transitions is impossible.
        """
        before, after = np.asarray(seen), np.asarray(seen_after)
        first, second = (_likelihood(self._table, before, np.asarray(moves), after, supplier) for supplier in (0, 1))
        begun = after == self._table.starts[0]
        prior = self._table.rules.second_probability
        joint = np.where(begun, prior, self.probability * second)
        evidence = np.where(begun, 1.0, (1.0 - self.probability) * first + joint)
        if not np.all(evidence > 0.0):
            raise NegoenvError(f"No Ladder supplier leads from {before} to {after} by the moves {moves!r}.")
        self.probability = joint / evidence


def _likelihood(
    table: LadderTable, seen: NDArray[Any], moves: NDArray[Any], after: NDArray[Any], supplier: int
) -> NDArray[np.float64]:
    """Return the probability that a supplier of this type leads from ``seen`` to ``after``, shape ``(rows,)``."""
    offset = supplier * table.states.seen
    branches = table.successors[seen + offset, moves] == np.asarray(after + offset)[..., None]
    return np.asarray((table.probabilities[seen + offset, moves] * branches).sum(axis=-1))


Lines = NDArray[np.float64]
"""Heights at 0 and at 1, shape ``(n, 2)``."""

_ROUNDING = 1e-12  # slopes and crossings that differ by less are the same


def upper_envelope(lines: Lines) -> NDArray[np.int64]:
    """Return the indices of the lines that are highest somewhere on [0, 1], from left to right."""
    left, right = lines.T
    best = int(np.lexsort((right, left))[-1])
    kept = [best]
    while True:
        lag = left[best] - left
        steeper = lag + right - right[best]
        crossing = np.full(len(lines), np.inf)
        np.divide(lag, steeper, out=crossing, where=steeper > _ROUNDING)
        nearest = crossing.min()
        if nearest >= 1.0 - _ROUNDING:
            return np.array(kept)
        best = int(np.where(crossing <= nearest + _ROUNDING, steeper, 0.0).argmax())
        kept.append(best)


def envelope_sum(first: Lines, second: Lines) -> Lines:
    """Return the upper envelope of all sums of one line of each of two envelopes, from left to right."""
    cuts = np.sort(np.concatenate([[0.0], _crossings(first), _crossings(second), [1.0]]))
    middles = (cuts[1:] + cuts[:-1]) / 2.0
    beliefs = np.stack([1.0 - middles, middles])
    sums = first[(first @ beliefs).argmax(axis=0)] + second[(second @ beliefs).argmax(axis=0)]
    return np.asarray(sums[upper_envelope(sums)])


def _crossings(envelope: Lines) -> NDArray[np.float64]:
    """Return where each line of an envelope gives way to the next, shape ``(n - 1,)``."""
    steps = np.diff(envelope, axis=0)
    return np.asarray(-steps[:, 0] / (steps[:, 1] - steps[:, 0]))


@dataclass(frozen=True, eq=False)
class LadderSolution:
    """An optimal policy that sees the type of the supplier.

    Attributes:
        value: expected return of an episode, over both types.
        values: expected return from each state, float64 of shape ``(states,)``.
        action_values: expected return of each move and optimal play after it, float64 of shape ``(states, moves)``.
        policy: an optimal legal move in each state, int64 of shape ``(states,)``.
    """

    value: float
    values: NDArray[np.float64]
    action_values: NDArray[np.float64]
    policy: NDArray[np.int64]


def known_type_optimum(rules: LadderRules = DEFAULT_RULES) -> LadderSolution:
    """Solve the game by value iteration, which is exact after as many sweeps as there are rounds."""
    table = ladder_table(rules)
    values = np.zeros(table.states.count)
    for _ in range(rules.deadline):
        action_values = _backup(table, values)
        values = action_values.max(axis=1)
    # A move that is not legal ties with HOLD, the first move, so that argmax never takes it.
    policy = action_values.argmax(axis=1)
    return LadderSolution(float(table.prior @ values[table.starts]), values, action_values, policy)


@dataclass(frozen=True, eq=False)
class HiddenSolution:
    """An optimal policy that does not see the type, as the upper envelope of what plans are worth.

    A plan is worth one number with each type; with belief b in the second type it is worth their mean, so that the
    best plan of a seen code is the highest of some lines at b (Smallwood & Sondik 1973).

    Attributes:
        value: expected return of an episode at the prior.
        plans: value of each plan with each type, float64 of shape ``(seen, plans, 2)``; short lists repeat a plan.
        first_moves: the move each plan begins with, int64 of shape ``(seen, plans)``.
    """

    value: float
    plans: NDArray[np.float64]
    first_moves: NDArray[np.int64]

    def moves(self, seen: ArrayLike, belief: ArrayLike) -> NDArray[np.int64]:
        """Return the best move for each seen code and probability of the second type, in the shape of both."""
        best = self._worth(seen, belief).argmax(axis=-1)
        return np.asarray(self.first_moves[np.asarray(seen), best])

    def values(self, seen: ArrayLike, belief: ArrayLike) -> NDArray[np.float64]:
        """Return the expected return for each seen code and probability of the second type, in the shape of both."""
        return np.asarray(self._worth(seen, belief).max(axis=-1))

    def _worth(self, seen: ArrayLike, belief: ArrayLike) -> NDArray[np.float64]:
        """Return the expected return of each plan, in the shape of both and ``(plans,)``."""
        second = np.asarray(belief)[..., None]
        plans = self.plans[np.asarray(seen)]
        return np.asarray((1.0 - second) * plans[..., 0] + second * plans[..., 1])


def hidden_type_optimum(rules: LadderRules = DEFAULT_RULES) -> HiddenSolution:
    """Solve the game with a hidden type by backward induction over the seen codes, exactly."""
    table = ladder_table(rules)
    seen = table.states.seen
    plans: list[NDArray[np.float64]] = [np.zeros((1, 2))] * seen
    first_moves: list[NDArray[np.int64]] = [np.zeros(1, np.int64)] * seen
    for code in reversed(range(table.states.running)):  # rounds are the slowest part of the code: the last come first
        moves: list[int] = np.flatnonzero(table.legal[code]).tolist()
        candidates = [_plans_after(table, code, move, plans) for move in moves]
        owners = np.repeat(moves, [len(candidate) for candidate in candidates])
        worth = np.concatenate(candidates)
        kept = upper_envelope(worth)
        plans[code], first_moves[code] = worth[kept], owners[kept]
    start = table.starts[0]
    width = max(len(plan) for plan in plans)
    return HiddenSolution(
        float((plans[start] @ table.prior).max()),
        np.stack([np.resize(plan, (width, 2)) for plan in plans]),
        np.stack([np.resize(move, width) for move in first_moves]),
    )


def policy_value(policy: NDArray[Any], rules: LadderRules = DEFAULT_RULES) -> float:
    """Return the exact expected return of a policy, over both types.

    Args:
        policy: a move for each state or for each seen code, integers of shape ``(states,)`` or ``(seen,)``; or the
            probability of each move, floats of shape ``(states, moves)`` or ``(seen, moves)``.
        rules: the constants of the game.

    Raises:
        NegoenvError: if the shape is none of these.
    """
    table = ladder_table(rules)
    chances = np.eye(len(LadderMove))[policy] if np.asarray(policy).ndim == 1 else np.asarray(policy)
    if len(chances) == table.states.seen:
        chances = np.concatenate([chances, chances])
    if chances.shape != table.legal.shape:
        raise NegoenvError(
            f"policy has shape {np.shape(policy)}; its first axis must have {table.states.seen} (type hidden) "
            f"or {table.states.count} (type known) entries, its second, if any, {len(LadderMove)}."
        )
    values = np.zeros(table.states.count)
    for _ in range(rules.deadline):
        values = (chances * _backup(table, values)).sum(axis=1)
    return float(table.prior @ values[table.starts])


def random_value(rules: LadderRules = DEFAULT_RULES) -> float:
    """Return the exact expected return of moves drawn uniformly from the legal ones."""
    legal = ladder_table(rules).legal
    return policy_value(legal / legal.sum(axis=1, keepdims=True), rules)


def _backup(table: LadderTable, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the expected return of each move when ``values`` is that of the states, shape ``(states, moves)``."""
    following = np.where(table.terminated, 0.0, values[table.successors])
    return np.asarray((table.probabilities * (table.rewards + following)).sum(axis=-1))


def _plans_after(table: LadderTable, code: int, move: int, plans: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Return the worth of the best plans that begin with ``move``, one continuation for each successor: ``(n, 2)``."""
    offsets = np.array([0, table.states.seen])
    successors = table.successors[code + offsets, move] - offsets[:, None]
    probabilities = table.probabilities[code + offsets, move]
    rewards = table.rewards[code + offsets, move]
    worth = np.zeros((1, 2))
    for after in np.unique(successors[probabilities > 0.0]):
        here = (successors == after) & (probabilities > 0.0)
        probability = np.where(here, probabilities, 0.0).sum(axis=1)
        reward = rewards[here][0]  # the same for both types
        branch = probability * (reward + plans[after])
        worth = envelope_sum(worth, branch[upper_envelope(branch)])
    return worth
