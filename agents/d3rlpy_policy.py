"""d3rlpy: a recorded data set as its replay buffer, and what it has learned from that as a policy.

It pins an old Gymnasium, of which it needs nothing here, so that it is installed first and on its own: `make
neighbours-d3rlpy`. Nothing of it is imported before `replay_buffer` is called.
"""

import importlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from negoenv.errors import NegoenvError

from .policy import Actions, EpisodeStarts, Masks, Observations, Policy


def replay_buffer(episodes: Iterable[Any], moves: int) -> Any:
    """Return episodes as a ``d3rlpy.dataset.ReplayBuffer``.

    Args:
        episodes: with observations, actions, rewards and terminations, as Minari's ``iterate_episodes`` yields them.
        moves: number of moves of the game, which may be more than were ever played.

    Raises:
        NegoenvError: if d3rlpy is missing.
    """
    try:
        data = importlib.import_module("d3rlpy.dataset")
        discrete = importlib.import_module("d3rlpy").ActionSpace.DISCRETE
    except ImportError as error:
        raise NegoenvError(f"d3rlpy cannot be imported ({error}); set it up apart: make neighbours-d3rlpy") from None
    found = [
        data.Episode(
            one.observations[: len(one.actions)].astype(np.float32),
            one.actions[:, None],
            one.rewards[:, None].astype(np.float32),
            bool(one.terminations[-1]),
        )
        for one in episodes
    ]
    return data.ReplayBuffer(data.InfiniteBuffer(), episodes=found, action_space=discrete, action_size=moves)


class D3rlpyPolicy(Policy):
    """Plays the legal move that a d3rlpy algorithm with discrete actions values most.

    The algorithm itself knows no masks; it is asked for the value of each move.
    """

    def __init__(self, algorithm: Any, name: str = "d3rlpy") -> None:
        """Take an algorithm that was fitted, for example ``DiscreteCQL``."""
        self._algorithm, self.name = algorithm, name

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name a move for each row."""
        rows, moves = action_masks.shape
        seen = np.repeat(np.asarray(observations, np.float32), moves, axis=0)
        values = self._algorithm.predict_value(seen, np.tile(np.arange(moves), rows)).reshape(rows, moves)
        chosen: Actions = np.where(action_masks == 1, values, -np.inf).argmax(axis=1)
        return chosen
