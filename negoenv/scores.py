"""Normalised scores: 0 is the random policy, 1 the best known reference.

What both are worth is measured (`scripts/references.py` of a clone), and recorded beside this file with where it comes
from. A record holds for the game that it was measured on, and for no other: it carries the game's fingerprint.
"""

import hashlib
import json
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, model_validator

from negoenv.batch import Batch
from negoenv.config import validated
from negoenv.errors import NegoenvError
from negoenv.evaluation import Interval

RECORDS = Path(__file__).parent / "references"
"""One JSON file a scenario."""

_EPISODES = 256  # episodes that a fingerprint is taken of
_DECIMALS = 6  # to which their numbers must agree: platforms differ in the last bits of exp and pow
_LEAST_SPAN = 1e-6  # below it nothing can be normalised


class Reference(BaseModel):
    """What the two ends of a scenario's normalised score are, and where that comes from.

    Attributes:
        scenario: name of the scenario.
        split: population of suppliers.
        fingerprint: of the game that was played, see `fingerprint`.
        random: mean return of the random policy, the 0.
        best: mean return of the best known reference, the 1.
        policy: name of that reference.
        seed: of the first supplier.
        episodes: number of suppliers; 0 where both means are exact.
        version: of negoenv.
        command: what was run to measure it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    scenario: str
    split: str
    fingerprint: str
    random: float
    best: float
    policy: str
    seed: int
    episodes: int
    version: str
    command: str

    @model_validator(mode="after")
    def _has_span(self) -> "Reference":
        if self.best - self.random < _LEAST_SPAN:
            raise NegoenvError(f"the best reference ({self.best:g}) is no better than random ({self.random:g})")
        return self

    def score(self, returns: Interval) -> Interval:
        """Return a mean return with its interval on the scale from 0 (random) to 1 (the reference).

        The ends are taken as exact: the interval is that of the policy alone.
        """
        span = self.best - self.random
        return Interval(*((value - self.random) / span for value in (returns.mean, returns.low, returns.high)))


def fingerprint(game: Batch) -> str:
    """Return a hash of a game: of its numbers, and of what happens in some of its episodes under random moves.

    So it changes with any constant and with the rules, and stays while only the code is written another way.
    """
    digest = hashlib.sha256()
    for numbers in game.rules():
        digest.update(np.ascontiguousarray(numbers).tobytes())
    batch = game.resized(_EPISODES)
    running = np.ones(_EPISODES, np.bool_)
    batch.seed(0)
    batch.begin(running)
    generator = np.random.default_rng(0)
    while running.any():
        wishes = generator.random(batch.action_masks.shape) * batch.action_masks
        batch.step(wishes.argmax(axis=1), running)
        running &= ~batch.terminated
        for numbers in (batch.observations, batch.rewards, batch.action_masks):
            digest.update((np.round(numbers, _DECIMALS) + 0.0).tobytes())  # no negative zeros
    return digest.hexdigest()[:16]


def record_path(scenario: str, folder: Path | None = None) -> Path:
    """Return where the record of a scenario lies in ``folder`` or `RECORDS`, whether it exists or not."""
    return (folder or RECORDS) / f"{scenario}.json"


def reference(scenario: str, split: str, game: Batch) -> Reference | None:
    """Return what is recorded for a game; None if nothing is, or it was another game of that name.

    Args:
        scenario: name of the scenario.
        split: population of suppliers.
        game: the game; nothing is played in its rows.

    Raises:
        NegoenvError: if the record is damaged.
    """
    path = record_path(scenario)
    if not path.is_file():
        return None
    try:
        found = validated(Reference, json.loads(path.read_text(encoding="utf-8")), str(path))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, TypeError) as error:
        raise NegoenvError(f"{path} is not a readable JSON file with an object: {error}.") from None
    return found if (found.scenario, found.split, found.fingerprint) == (scenario, split, fingerprint(game)) else None
