"""A model of Stable-Baselines3 loaded as that library does, which runs whatever code its zip holds."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from negoenv.errors import NegoenvError, printable

from ..policy import Actions, EpisodeStarts, Masks, Observations, Policy
from .algorithms import ALGORITHMS
from .bundle import opened_zip
from .sb3_zip import algorithm_of


class TrustedModel(Policy):
    """Plays what a model predicts, without exploration."""

    def __init__(self, name: str, model: Any, masked: bool) -> None:
        self.name = name
        self._model = model
        self._masked = masked
        self._state: Any = None

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Forget every row's episode."""
        self._state = None

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name a move for each row; one that is not legal is played as the game plays it, as HOLD.

        Raises:
            NegoenvError: if the model observes, or plays, something else.
        """
        model = self._model
        if model.observation_space.shape != observations.shape[1:] or model.action_space.n != action_masks.shape[1]:
            raise NegoenvError(f"The model {self.name!r} was not trained on observations and moves of this game.")
        memory = {"state": self._state, "episode_start": episode_starts}
        options = {"action_masks": action_masks} if self._masked else memory
        moves, self._state = model.predict(observations, deterministic=True, **options)
        return np.asarray(moves, np.int64)


def load_trusted(path: Path) -> TrustedModel:
    """Return the policy of a zip that a model's ``save`` has written. This runs what is pickled in it.

    Raises:
        NegoenvError: if it cannot be loaded.
    """
    with opened_zip(path) as archive:
        try:
            data = json.loads(archive.read("data"))
            name = algorithm_of(data) or "ppo"
        except (KeyError, ValueError, TypeError, AttributeError):
            raise NegoenvError(f"{path} is no model of Stable-Baselines3.") from None
    algorithm = ALGORITHMS[name]
    try:
        model = algorithm.load().load(path, device="cpu")
    except Exception as error:  # whatever its code does
        told = printable(str(error).strip().split("\n")[0])
        raise NegoenvError(f"{path} cannot be loaded as {algorithm.class_name}: {told}.") from error
    return TrustedModel(path.stem, model, algorithm.masked)
