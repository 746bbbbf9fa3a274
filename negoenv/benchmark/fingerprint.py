"""One number by which a game is known again: the same for the same game, however its code is written."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Batch

_EPISODES = 256  # in which moves are played
_DECIMALS = 6  # to which what they lead to must agree: platforms differ in the last bits of exp and pow
_LETTERS = 16  # of a fingerprint, in hexadecimal


def fingerprint(*games: Batch) -> str:
    """Return a hash of games: of their numbers by name, and of some episodes under random moves.

    It changes with any constant, weight, effect, trait or range, and with the rules. It stays while only the code is
    written another way: the order, the type and the place in memory of named numbers do not count. Nothing is played in
    the rows of the games.
    """
    digest = hashlib.sha256()
    for game in games:
        digest.update(json.dumps(_plain(game.rules()), sort_keys=True).encode())
        for numbers in _play(game):
            digest.update((np.round(numbers.astype("<f8"), _DECIMALS) + 0.0).tobytes())  # no negative zeros
    return digest.hexdigest()[:_LETTERS]


def _plain(value: Any) -> Any:
    """Return nested numbers and names with every number as text, to 12 digits, whatever its type."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str) else f"{float(value) + 0.0:.12g}"


def _play(game: Batch) -> Iterator[NDArray[Any]]:
    """Yield what the steps of some episodes lead to."""
    batch = game.resized(_EPISODES)
    running = np.ones(_EPISODES, np.bool_)
    batch.seed(0)
    batch.reset(running)
    generator = np.random.default_rng(0)
    while running.any():
        wishes = generator.random(batch.action_masks.shape) * batch.action_masks
        batch.step(wishes.argmax(axis=1), running)
        running &= ~batch.terminated
        yield from (batch.observations, batch.rewards, batch.action_masks)
