"""What the planner needs of the Ladder game: policies to go on with, and an exact belief about the supplier's type."""

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Batch
from negoenv.ladder import LadderBatch, LadderBelief, LadderMove, LadderTable
from negoenv.numerics.randomness import row_keys

from ..policy import Actions, EpisodeStarts, Masks, Observations, Policy
from .hypotheses import GOLDEN, Hypotheses, Indices, Keys, Purpose, stream_keys, unit_number

_PATIENCE = (1, 2, 3)  # levels of tension, out of 0 to 3


class Climber(Policy):
    """Climbs step by step to a rung, offers to settle there, and waits or steps down whenever the supplier is tense.

    Attributes:
        rung: the rung it aims at.
        patience: tension at which it waits, in levels.
    """

    def __init__(self, table: LadderTable, rung: int, patience: int) -> None:
        self.name = f"climber_{rung}_{patience}"
        self.rung = rung
        self.patience = patience
        states = table.states
        codes = np.arange(states.seen)
        here, tense = states.rung(codes), states.tension(codes) >= patience
        calm = np.where(here < rung, LadderMove.PRESS, LadderMove.CLOSE)
        strained = np.where(here > rung, LadderMove.CONCEDE, LadderMove.HOLD)
        self._moves = np.where(tense, strained, calm).astype(np.int64)

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Look its move up; observations are states or seen codes."""
        return np.asarray(self._moves[observations % len(self._moves)])


def climbers(game: LadderBatch) -> tuple[Policy, ...]:
    """Return a climber for each rung and patience: together a family of simple plans that a planner chooses among."""
    table = game.table
    return tuple(Climber(table, rung, patience) for rung in range(table.rules.rungs) for patience in _PATIENCE)


class LadderTypes(Hypotheses):
    """Both types, as probable as `LadderBelief` says after what was seen; one of them, where the game shows the type.

    It reads the observations and nothing else of the game.
    """

    def __init__(self, game: LadderBatch) -> None:
        self._known_type = game.known_type
        self._rules = game.table.rules
        self._seen_codes = game.table.states.seen
        self.reset(game.num_rows, 0)

    def reset(self, num_rows: int, seed: int) -> None:
        """Start from the prior."""
        self._belief = LadderBelief(num_rows, self._rules)
        self._codes = np.zeros(num_rows, np.int64)
        self._seeds: Keys = row_keys(seed, num_rows)
        self._updates = np.zeros(num_rows, np.int64)

    def update(
        self, observations: Observations, moves: Actions, episode_starts: EpisodeStarts, running: NDArray[np.bool_]
    ) -> None:
        """Update the belief by Bayes' rule."""
        if not self._known_type:
            self._belief.update(self._codes, moves, observations)
        self._codes = observations.copy()
        self._updates = np.where(episode_starts, 0, self._updates + 1)

    def place(self, model: Batch, rows: Indices, draws: Indices) -> None:
        """Give the types their shares of the draws, as evenly as can be."""
        assert isinstance(model, LadderBatch)
        if self._known_type:
            model.place(self._codes[rows])
            return
        start = unit_number(stream_keys(self._seeds[rows], self._updates[rows], np.zeros_like(rows), Purpose.DRAW))
        second = (start + GOLDEN * draws) % 1.0 < self._belief.probability[rows]
        model.place(self._codes[rows] + self._seen_codes * second)
