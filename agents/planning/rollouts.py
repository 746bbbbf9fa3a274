"""Rollouts: copies of episodes played to their end, the first move given, the others a base policy's."""

from typing import Self

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Batch

from ..policy import Actions, EpisodeStarts, Masks, Observations, Policy

Values = NDArray[np.float64]
_SPARSE = 0.5  # below this share of running rows the others are left behind


class Rollouts:
    """Two buffers of model rows and the loop that plays them.

    Attributes:
        capacity: most rows that can be played at once.
    """

    def __init__(self, game: Batch, capacity: int) -> None:
        """Allocate the buffers; nothing of the game's rows is kept."""
        self.capacity = capacity
        self._buffers = game.resized(capacity), game.resized(capacity)

    def model(self, num_rows: int) -> Batch:
        """Return ``num_rows`` model rows, to be filled with copies of episodes; the last ones returned are lost."""
        return self._buffers[0].first_rows(num_rows)

    def returns(self, model: Batch, moves: Actions, base: Policy) -> Values:
        """Play every row of ``model`` to its end and return what it earned, float64 of shape ``(rows,)``.

        Args:
            model: rows from `model`, in which nothing has ended.
            moves: the first move of each row.
            base: names all later moves; its rows are those of ``model``.
        """
        total = np.zeros(model.num_rows)
        places = np.arange(model.num_rows)  # whose return each row of the model, now perhaps a smaller one, adds to
        running = np.ones(model.num_rows, np.bool_)
        spare = self._buffers[1]
        while True:
            model.step(moves, running)
            total[places[running]] += model.rewards[running]
            running &= ~model.terminated
            alive = np.flatnonzero(running)
            if not alive.size:
                return total
            if alive.size < _SPARSE * model.num_rows:
                smaller = spare.first_rows(len(alive))
                smaller.copy_rows(model, alive, np.arange(len(alive)))
                spare = self._buffers[0] if spare is self._buffers[1] else self._buffers[1]
                model, places, running = smaller, places[alive], np.ones(len(alive), np.bool_)
                base = base.branch(alive, model.keys)
            moves = base.choose(model.observations, model.action_masks, np.zeros(model.num_rows, np.bool_))


class Portfolio(Policy):
    """Several policies side by side, one of which plays each row.

    While it follows real episodes every policy watches every row; a branch of it plays.

    Attributes:
        policies: its members.
    """

    name = "portfolio"

    def __init__(self, policies: tuple[Policy, ...]) -> None:
        self.policies = policies

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Prepare every member."""
        for policy in self.policies:
            policy.reset(num_rows, seed)

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Let every member watch; return the first one's moves."""
        moves = [policy.choose(observations, action_masks, episode_starts) for policy in self.policies]
        return moves[0]

    def players(self, index: NDArray[np.intp], members: NDArray[np.intp], keys: NDArray[np.uint64]) -> "Players":
        """Return a branch in which row i goes on from ``rows[i]``, played by the member of number ``members[i]``."""
        parts = []
        for number, policy in enumerate(self.policies):
            places = np.flatnonzero(members == number)
            if places.size:
                parts.append((places, policy.branch(index[places], keys[places])))
        return Players(parts)


class Players(Policy):
    """Policies that share the rows of a batch among themselves.

    Attributes:
        parts: the rows that a policy plays, ascending, and the policy, whose own rows are just these.
    """

    name = "players"

    def __init__(self, parts: list[tuple[NDArray[np.intp], Policy]]) -> None:
        self.parts = parts

    def branch(self, index: NDArray[np.intp], keys: NDArray[np.uint64]) -> Self:
        """Return the same for copies of the rows ``index``, whose numbers must ascend."""
        parts = []
        for places, policy in self.parts:
            mine = np.flatnonzero(np.isin(index, places, assume_unique=True))
            if mine.size:
                parts.append((mine, policy.branch(np.searchsorted(places, index[mine]), keys[mine])))
        return type(self)(parts)

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Let each policy name the moves in its rows."""
        if len(self.parts) == 1:
            return self.parts[0][1].choose(observations, action_masks, episode_starts)
        moves = np.empty(len(action_masks), np.int64)
        for places, policy in self.parts:
            moves[places] = policy.choose(observations[places], action_masks[places], episode_starts[places])
        return moves
