"""The Ladder game as a transition table: the codes of its states, and the one place where its rules are applied."""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property, lru_cache
from math import comb
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from negoenv.errors import NegoenvError
from negoenv.ladder.rules import DEFAULT_RULES, LadderEnd, LadderMove, LadderRules, LadderSupplier


class LadderState(NamedTuple):
    """A negotiation that goes on."""

    supplier: int  # code of the type: 0 or 1
    round: int  # rounds played, 0 to deadline - 1
    rung: int  # rung of pressure, 0 to rungs - 1
    tension: int  # level, 0 to tensions - 1


class LadderStates:
    """The codes: what is seen has one code whatever the type, and a state is ``supplier * seen + seen code``.

    Attributes:
        running: number of seen codes of a negotiation that goes on; the four ends follow them.
        seen: number of all seen codes, the size of the observation space when the type is hidden.
        count: number of states, the size of the observation space when the type is known.
    """

    def __init__(self, rules: LadderRules) -> None:
        self._shape = (rules.deadline, rules.rungs, rules.tensions)
        self.running = rules.deadline * rules.rungs * rules.tensions
        self.seen = self.running + len(LadderEnd)
        self.count = len(rules.suppliers) * self.seen

    def encode(self, state: LadderState) -> int:
        """Return the code of a negotiation that goes on.

        Raises:
            NegoenvError: if a part of the state is out of its range.
        """
        supplier, *parts = state
        sizes = (self.count // self.seen, *self._shape)
        if not all(0 <= part < size for part, size in zip(state, sizes, strict=True)):
            raise NegoenvError(f"{state} does not exist; its parts must lie below {sizes}, in that order.")
        return supplier * self.seen + int(np.ravel_multi_index(tuple(parts), self._shape))

    def encode_end(self, supplier: int, end: LadderEnd) -> int:
        """Return the code of a negotiation that has ended."""
        return supplier * self.seen + self.running + end

    def decode(self, code: int) -> LadderState | LadderEnd:
        """Return what a code stands for; a seen code reads as the state with supplier 0.

        Raises:
            NegoenvError: if there is no such code.
        """
        if not 0 <= code < self.count:
            raise NegoenvError(f"Ladder state {code} does not exist; states are 0 to {self.count - 1}.")
        supplier, seen = divmod(int(code), self.seen)
        if seen >= self.running:
            return LadderEnd(seen - self.running)
        return LadderState(supplier, *(int(part) for part in np.unravel_index(seen, self._shape)))

    def rung(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rung of each code of a negotiation that goes on, in the shape of ``codes``."""
        _, rungs, tensions = self._shape
        return codes % self.seen // tensions % rungs

    def round(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the rounds played at each code of a negotiation that goes on, in the shape of ``codes``."""
        _, rungs, tensions = self._shape
        return codes % self.seen // (tensions * rungs)

    def tension(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the level of tension at each code of a negotiation that goes on, in the shape of ``codes``."""
        return codes % self.seen % self._shape[-1]


TERM_NAMES = ("deal", "breakdown", "round")
"""The components of the reward: the buyer's share, the penalty of a breakdown, the cost of the round."""

Transitions = dict[int, dict[int, list[tuple[float, int, float, bool]]]]


@dataclass(frozen=True, eq=False)
class LadderTable:
    """What can follow every move in every state, as arrays; unused branches have probability 0.

    Attributes:
        rules: the constants it was made from.
        states: the integer codes.
        probabilities: float64 of shape ``(states, moves, branches)``; sums to 1 over the branches.
        successors: codes of the next states, int64 of the same shape.
        terms: components of the reward, float64 of shape ``(states, moves, branches, 3)``, named by `TERM_NAMES`.
        terminated: whether the branch ends the episode, bool of shape ``(states, moves, branches)``.
        legal: 1 where a move is legal, int8 of shape ``(states, moves)``; one that is not is played as HOLD.
    """

    rules: LadderRules
    states: LadderStates
    probabilities: NDArray[np.float64]
    successors: NDArray[np.int64]
    terms: NDArray[np.float64]
    terminated: NDArray[np.bool_]
    legal: NDArray[np.int8]

    @cached_property
    def rewards(self) -> NDArray[np.float64]:
        """Reward of each branch, float64 of shape ``(states, moves, branches)``: the sum of its terms."""
        return np.asarray(self.terms.sum(axis=-1))

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Code of the first state with each type of supplier, shape ``(2,)``."""
        return np.array([self.states.encode(LadderState(supplier, 0, 0, 0)) for supplier in (0, 1)])

    @cached_property
    def prior(self) -> NDArray[np.float64]:
        """Probability of each type, shape ``(2,)``."""
        return np.array([1.0 - self.rules.second_probability, self.rules.second_probability])

    @cached_property
    def P(self) -> Transitions:  # noqa: N802 - the name that Gymnasium's toy-text games give it
        """``P[state][move]``: a list of ``(probability, next state, reward, terminated)``."""
        return {
            state: {int(move): self._listed(state, move) for move in LadderMove} for state in range(self.states.count)
        }

    def _listed(self, state: int, move: int) -> list[tuple[float, int, float, bool]]:
        columns: tuple[NDArray[Any], ...] = (self.probabilities, self.successors, self.rewards, self.terminated)
        possible = self.probabilities[state, move] > 0
        return list(zip(*(column[state, move, possible].tolist() for column in columns), strict=True))


@lru_cache(maxsize=8)
def ladder_table(rules: LadderRules = DEFAULT_RULES) -> LadderTable:
    """Return the table of the game with these rules: the same read-only object each time."""
    states = LadderStates(rules)
    shape = (states.count, len(LadderMove), rules.tensions + 2)  # every tension, a breakdown and a deal
    probabilities = np.zeros(shape)
    successors = np.zeros(shape, np.int64)
    terms = np.zeros((*shape, len(TERM_NAMES)))
    legal = np.ones(shape[:2], np.int8)
    for code in range(states.count):
        state = states.decode(code)
        if isinstance(state, LadderEnd):  # stays where it is, for nothing
            probabilities[code, :, 0] = 1.0
            successors[code] = code
            continue
        for move in LadderMove:
            legal[code, move] = 0 <= state.rung + move.climb < rules.rungs
            played = move if legal[code, move] else LadderMove.HOLD
            for branch, (after, probability) in enumerate(_outcomes(rules, state, played).items()):
                probabilities[code, move, branch] = probability
                successors[code, move, branch] = (
                    states.encode_end(state.supplier, after) if isinstance(after, LadderEnd) else states.encode(after)
                )
                terms[code, move, branch] = _terms(rules, state, after)
    terminated = successors % states.seen >= states.running
    for array in (probabilities, successors, terms, terminated, legal):
        array.flags.writeable = False
    return LadderTable(rules, states, probabilities, successors, terms, terminated, legal)


def _outcomes(rules: LadderRules, state: LadderState, move: LadderMove) -> dict[LadderState | LadderEnd, float]:
    """Return the probability of everything that a legal move can lead to."""
    if move is LadderMove.WALK_AWAY:
        return {LadderEnd.WALKED_AWAY: 1.0}
    supplier = rules.suppliers[state.supplier]
    outcomes: dict[LadderState | LadderEnd, float] = defaultdict(float)
    if move is LadderMove.CLOSE:
        outcomes[LadderEnd.DEAL] = supplier.acceptance_probability(state.rung, state.tension)
    goes_on = 1.0 - outcomes[LadderEnd.DEAL]
    for change, probability in _tension_changes(rules, supplier, move).items():
        tension = min(max(state.tension + change, 0), rules.tensions - 1)
        leaves = rules.breakdown_probability(supplier, tension)
        after: LadderState | LadderEnd = LadderEnd.DEADLINE
        if state.round + 1 < rules.deadline:
            after = LadderState(state.supplier, state.round + 1, state.rung + move.climb, tension)
        outcomes[LadderEnd.BREAKDOWN] += goes_on * probability * leaves
        outcomes[after] += goes_on * probability * (1.0 - leaves)
    return {after: probability for after, probability in outcomes.items() if probability > 0.0}


def _tension_changes(rules: LadderRules, supplier: LadderSupplier, move: LadderMove) -> dict[int, float]:
    """Return the probability of each change of tension, in levels, that a move brings if no deal ends the game."""
    if move is LadderMove.HOLD:
        return {-rules.hold_relief: 1.0}
    if move is LadderMove.CONCEDE:
        return {-rules.concede_relief: 1.0}
    occasions = 1 if move is LadderMove.CLOSE else move.climb**2
    offence = supplier.offence_probability
    return {n: comb(occasions, n) * offence**n * (1.0 - offence) ** (occasions - n) for n in range(occasions + 1)}


def _terms(rules: LadderRules, state: LadderState, after: LadderState | LadderEnd) -> tuple[float, float, float]:
    """Return the components of the reward for one transition, in fractions of the surplus."""
    deal = rules.shares[state.rung] if after is LadderEnd.DEAL else 0.0
    breakdown = -rules.breakdown_penalty if after is LadderEnd.BREAKDOWN else 0.0
    cost = 0.0 if after is LadderEnd.WALKED_AWAY else -rules.round_cost
    return deal, breakdown, cost
