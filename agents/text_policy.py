"""A policy that is a function from text to text, such as a call of a language model."""

from collections.abc import Callable

import numpy as np

from negoenv.errors import NegoenvError, whole_number
from negoenv.game.tactics import Move
from negoenv.interop.text import RULES, parse_move, told_moves, told_observation

from .policy import Actions, EpisodeStarts, Masks, Observations, Policy


class TextPolicy(Policy):
    """Tells each situation in words, asks a function for its answer, and plays the move that the answer names.

    The function is asked again, with what was wrong, when its answer names no legal move; after the last time HOLD is
    played. Its answers stand in one table with those of all other policies: the same suppliers, seeds and scores.

    Attributes:
        asked: how often the function was asked since `reset`.
        misunderstood: how many of its answers named no legal move.
    """

    most_rows = 4096

    def __init__(self, answer: Callable[[str], str], name: str = "", attempts: int = 3) -> None:
        """Take a function.

        Args:
            answer: takes the prompt, returns the answer.
            name: as in tables; that of the function unless given.
            attempts: how often it is asked about one move.

        Raises:
            NegoenvError: if ``attempts`` is no whole number of at least 1.
        """
        self._answer = answer
        self._attempts = whole_number("attempts", attempts)
        self.name = name or getattr(answer, "__name__", type(answer).__name__)
        self.asked = self.misunderstood = 0

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Forget what was counted."""
        self.asked = self.misunderstood = 0

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name a move for each row.

        Raises:
            NegoenvError: for observations of another game than one about a price.
        """
        rows = zip(observations, action_masks, strict=True)
        return np.array([self._one(observation, mask) for observation, mask in rows], np.int64)

    def _one(self, observation: Observations, mask: Masks) -> int:
        prompt = f"{RULES}\n\n{told_observation(observation)}\n\n{told_moves(observation, mask)}"
        problem = ""
        for _ in range(self._attempts):
            self.asked += 1
            try:
                return int(parse_move(self._answer(prompt + problem), mask))
            except NegoenvError as error:
                self.misunderstood += 1
                problem = f"\n\n{error}"
        return int(Move.HOLD)
