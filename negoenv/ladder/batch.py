"""Rows of Ladder episodes, sampled from the transition table."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.engine.batch import Batch, Mask
from negoenv.errors import unknown_name
from negoenv.ladder.rules import DEFAULT_RULES, LadderEnd, LadderMove, LadderRules
from negoenv.ladder.table import TERM_NAMES, ladder_table
from negoenv.numerics.compiled import compiled_entry
from negoenv.numerics.randomness import uniforms
from negoenv.scenarios.splits import stream_of

OPTIONS = ("supplier",)
"""What ``reset`` accepts: the name of the supplier's type, instead of one drawn from the prior."""

_SETUP = 0xFFFFFFFF  # the step whose random numbers set an episode up
_HOLD = int(LadderMove.HOLD)


Array = NDArray[Any]


@compiled_entry
def _begin_rows(
    rows: Array, keys: Array, episodes: Array, second_probability: float, starts: Array, codes: Array
) -> None:
    """Begin the next episode in each of ``rows``, with a supplier of a type drawn at random."""
    for row in range(len(rows)):
        if rows[row]:
            episodes[row] += 1
            draw = uniforms(keys[row], episodes[row], _SETUP, 0)[0]
            codes[row] = starts[1] if draw < second_probability else starts[0]


@compiled_entry
def _step_rows(
    rows: Array, actions: Array, keys: Array, episodes: Array, table: tuple[Array, ...], codes: Array, before: Array,
    rounds: Array, illegal: Array, rewards: Array, terms: Array, terminated: Array,
) -> None:  # fmt: skip
    """Play one move in each of ``rows``: draw what follows it and look up what that is worth."""
    probabilities, successors, table_rewards, table_terms, table_terminated, legal = table
    for row in range(len(rows)):
        if rows[row]:
            code = codes[row]
            move = actions[row]
            if not 0 <= move < legal.shape[1] or legal[code, move] == 0:
                illegal[row] += 1
                move = _HOLD
            draw = uniforms(keys[row], episodes[row], rounds[row], 0)[0] - probabilities[code, move, 0]
            branch = 0
            while draw >= 0.0 and branch + 1 < probabilities.shape[2]:
                branch += 1
                draw -= probabilities[code, move, branch]
            before[row] = code
            codes[row] = successors[code, move, branch]
            rounds[row] += 1
            rewards[row] = table_rewards[code, move, branch]
            terms[row] = table_terms[code, move, branch]
            terminated[row] = table_terminated[code, move, branch]


@compiled_entry
def _show_rows(rows: Array, codes: Array, distinct: int, legal: Array, observations: Array, masks: Array) -> None:
    """Write the observation and the mask of each of ``rows``; only ``distinct`` codes are told apart."""
    for row in range(len(rows)):
        if rows[row]:
            observations[row] = codes[row] % distinct
            masks[row] = legal[codes[row]]


class LadderBatch(Batch):
    """Rows of the Ladder game.

    An observation is one integer: the state, or with a hidden type its seen code (`LadderStates` decodes both).
    A move that is not legal (a climb past the top rung, a concession on the lowest) is played as HOLD and counted.

    Attributes:
        table: the transition table; ``table.P`` is the game in the convention of Gymnasium's toy-text games.
        known_type: whether observations tell the type of the supplier.
    """

    reward_names = TERM_NAMES
    row_arrays = (*Batch.row_arrays, "_codes", "_before", "_rounds", "_illegal")

    def __init__(
        self, num_rows: int, known_type: bool = True, rules: LadderRules = DEFAULT_RULES, split: str = "train"
    ) -> None:
        self.stream = stream_of(split)
        self.table = table = ladder_table(rules)
        self.known_type = known_type
        states = table.states
        self._distinct = states.count if known_type else states.seen
        self.observation_space = spaces.Discrete(self._distinct)
        self.action_space = spaces.Discrete(len(LadderMove))
        super().__init__(num_rows)
        self._codes = np.zeros(self.num_rows, np.int64)  # the state each row is in
        self._before = np.zeros(self.num_rows, np.int64)  # the state it was in before its last move
        self._rounds = np.zeros(self.num_rows, np.int64)
        self._illegal = np.zeros(self.num_rows, np.int64)
        self._arrays = (
            table.probabilities, table.successors, table.rewards, table.terms, table.terminated, table.legal
        )  # fmt: skip
        self._outcomes = np.array([""] * states.running + [end.name.lower() for end in LadderEnd])

    def reset(self, mask: Mask, options: dict[str, Any] | None = None) -> None:
        """Start the next episode in the rows of ``mask``, with a supplier drawn from the prior or named in ``options``.

        Raises:
            NegoenvError: if an option or the supplier is unknown.
        """
        probability = self._second_probability(options or {})
        _begin_rows(mask, self.keys, self.episodes, probability, self.table.starts, self._codes)
        for cleared in (self._rounds, self._illegal, self.rewards, self.reward_terms, self.terminated):
            cleared[mask] = 0
        self.refresh(mask)

    def check_options(self, mask: Mask, options: dict[str, Any]) -> None:
        """Raise what `reset` would raise for these options; change nothing."""
        self._second_probability(options)

    def _second_probability(self, options: dict[str, Any]) -> float:
        """Return the probability of a supplier of the second type; 0 or 1 where the options name one."""
        rules = self.table.rules
        for option in options:
            if option not in OPTIONS:
                raise unknown_name("Ladder option", option, OPTIONS)
        return float(rules.supplier_code(options["supplier"])) if "supplier" in options else rules.second_probability

    def step(self, actions: NDArray[np.int64], mask: Mask) -> None:
        """Play one move in each row of ``mask``; a number that is no move counts as one that is not legal."""
        _step_rows(
            mask, actions, self.keys, self.episodes, self._arrays, self._codes, self._before, self._rounds,
            self._illegal, self.rewards, self.reward_terms, self.terminated,
        )  # fmt: skip
        self.refresh(mask)

    def place(self, codes: NDArray[np.int64]) -> None:
        """Put every row into the state of this code, as if its episode had come there; int64 of shape ``(rows,)``."""
        self._codes[:] = codes
        self._rounds[:] = self.table.states.round(codes)
        self.terminated[:] = codes % self.table.states.seen >= self.table.states.running
        self.refresh(np.ones(self.num_rows, np.bool_))

    def refresh(self, mask: Mask) -> None:
        """Write observations and masks anew in the rows of ``mask``."""
        _show_rows(mask, self._codes, self._distinct, self.table.legal, self.observations, self.action_masks)

    def rules(self) -> Mapping[str, Any]:
        """Return the constants of the game, and whether the type of the supplier is observed."""
        return {"rules": asdict(self.table.rules), "known_type": self.known_type}

    def outcomes(self, index: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return how each row ended.

        Returns:
            ``outcome``: ``"deal"``, ``"breakdown"``, ``"walked_away"`` or ``"deadline"``, and ``""`` before the end;
            ``rung``: the rung of pressure at the last move; ``surplus_share``: the buyer's fraction of the surplus, NaN
            without a deal; ``rounds``: moves made; ``illegal_moves``: how many of them were not legal.
        """
        chosen = slice(None) if index is None else index
        states = self.table.states
        seen = self._codes[chosen] % states.seen
        rung = states.rung(self._before[chosen])
        deal = seen == states.encode_end(0, LadderEnd.DEAL)
        return {
            "outcome": self._outcomes[seen],
            "rung": rung,
            "surplus_share": np.where(deal, np.array(self.table.rules.shares)[rung], np.nan),
            "rounds": self._rounds[chosen].copy(),
            "illegal_moves": self._illegal[chosen].copy(),
        }

    def revealed(self, index: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return the name of each row's type of supplier."""
        chosen = slice(None) if index is None else index
        return {"supplier": np.array(self.table.rules.supplier_names)[self._codes[chosen] // self.table.states.seen]}

    def traced(self) -> dict[str, NDArray[Any]]:
        """Return the rung as pressure and the level of tension as strain."""
        states = self.table.states
        return {"pressure": states.rung(self._codes), "strain": states.tension(self._codes)}
