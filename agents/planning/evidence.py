"""How well what a particle shows agrees with what the buyer saw: the likelihood of an observation, column by column.

Particles are stepped without the noise of the cues, so that the noise, whose distribution is known, can be taken from
the difference to what was seen. A supplier's answer in price has no noise, so particles whose answer comes close count
(approximate Bayesian computation: Beaumont, Zhang & Balding 2002). Counts and flags must agree. How probable the topic
of an answer was with each supplier is known exactly.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.observation import COLUMNS, INDEX
from negoenv.numerics.layout import Records

Numbers = NDArray[Any]

NOISELESS = ("cue_noise", "probe_noise")
"""Constants of the model that are 0 for particles."""

_CUES = ("reaction", "strain")
_OUTSIDE = ("limit", "budget", "benchmark", "quote", "counter")
"""What tells nothing of the supplier, or nothing that the ask does not tell."""
_TOPICS = tuple(column.name for column in COLUMNS if column.name.startswith("topic_"))  # one for each of `TOPICS`
_SAME = 1e-4  # flags and counts, scaled, are the same if they differ by less
_MIN = 1e-2  # likelihood, relative to the best, of what a particle cannot explain: particles are few
_SLACK = 0.03  # what the noise of a cue is widened by, because particles are few, cue units
_STILL = 0.004  # how near an ask must come, fraction of the first ask ...
_MOVED = 0.15  # ... and how much nearer for each unit that the supplier moved
_OTHER = 0.02  # how near any other number must come, in its own unit
_WHOLE = ("count", "rounds", "0 or 1")


def _is_whole(unit: str) -> bool:
    return unit.startswith(_WHOLE)


class Evidence:
    """Compares observations of particles with those of the buyer.

    Args:
        game: the game, whose constants say how noisy the cues are.
    """

    def __init__(self, game: NegotiationBatch) -> None:
        shown = [
            column for column in COLUMNS if game.visible[INDEX[column.name]] and column.name not in _OUTSIDE + _TOPICS
        ]
        self._whole = np.array([INDEX[column.name] for column in shown if _is_whole(column.unit)])
        self._rest = [column for column in shown if not _is_whole(column.unit)]
        cue_noise, probe_noise = (float(game.constants[name][0]) for name in NOISELESS)
        self._cue_width = cue_noise + _SLACK
        self._probe_noise = probe_noise
        self._topics = [INDEX[name] for name in _TOPICS if game.visible[INDEX[name]]]
        self._topic_chance = float(game.constants["topic_chance"][0])
        self._probes = next(column.scale for column in COLUMNS if column.name == "probes")

    def topic_log_likelihood(self, suppliers: Records, seen: Numbers) -> Numbers:
        """Return the logarithm of the probability of the topic seen, 0 where there is none; ``(rows, particles)``.

        Args:
            suppliers: those of the particles, one record each, shape ``(rows, particles)``.
            seen: what the buyer saw after the move, shape ``(rows, columns)``.
        """
        if len(self._topics) < len(_TOPICS):  # where some are hidden, an answer without one tells little
            return np.zeros(suppliers.shape)
        keys = np.concatenate([suppliers["receptive"], suppliers["matching"][..., None]], axis=2)
        weights = keys + self._topic_chance * (1.0 - seen[:, INDEX["last_probe"]].reshape(-1, 1, 1))
        topics = seen[:, self._topics]
        chosen = (weights * topics.reshape(len(topics), 1, -1)).sum(axis=2) / np.maximum(weights.sum(axis=2), _SAME)
        return np.where(topics.any(axis=1, keepdims=True), np.log(np.maximum(_MIN, chosen)), 0.0)

    def log_likelihood(self, particles: Numbers, before: Numbers, seen: Numbers) -> Numbers:
        """Return that of all but the topic, but for a constant of each row; shape ``(rows, particles)``.

        Args:
            particles: observations of the particles after the move, shape ``(rows, particles, columns)``.
            before: what the buyer saw before the move, shape ``(rows, columns)``.
            seen: what it saw after it, shape ``(rows, columns)``.
        """
        off = np.abs(particles[:, :, self._whole] - seen[:, None, self._whole]) > _SAME
        total: Numbers = off.sum(axis=2) * np.log(_MIN)
        for column in self._rest:
            index = INDEX[column.name]
            distance = np.abs(particles[:, :, index] - seen[:, None, index])
            if column.name in _CUES:
                edge = (seen[:, index] <= column.low) | (seen[:, index] >= column.high)
                closeness = np.maximum(0.0, 1.0 - distance / self._cue_width)
                # At the edge of its range a cue says only that the truth and its noise lay beyond.
                total += np.log(np.maximum(_MIN, np.where(edge[:, None], closeness**2, closeness)))
                continue
            width = self._width(column.name, before, seen)
            total += np.log(np.maximum(_MIN, 1.0 - distance / width[:, None]))
        return total

    def _width(self, name: str, before: Numbers, seen: Numbers) -> Numbers:
        """Return how far a particle may be off in a column, shape ``(rows,)``."""
        if name == "ask":
            return np.asarray(_STILL + _MOVED * np.abs(seen[:, INDEX[name]] - before[:, INDEX[name]]))
        if name == "cost_estimate":  # the mean of all readings, so the last one counts for its share
            probes = seen[:, INDEX["probes"]] / self._probes
            return np.asarray((self._probe_noise + _STILL) / np.maximum(1.0, probes))
        return np.full(len(seen), _OTHER)
