"""A particle belief: which type and state the supplier may have, given what a buyer sees.

Each particle is a whole negotiation: a supplier drawn from the population, and a state that is carried on by the game's
own compiled step with the move that was really made. What the buyer sees is common to all particles of a row; what is
hidden differs. Weights follow the likelihood of what was seen (Gordon, Salmond & Smith 1993, *Novel approach to
nonlinear/non-Gaussian Bayesian state estimation*).
"""

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Batch
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.observation import COLUMNS, INDEX, ROUND_SCALE
from negoenv.game.state import STATE, Outcome
from negoenv.numerics.randomness import row_keys

from ..policy import Actions, EpisodeStarts, Observations
from .evidence import NOISELESS, Evidence
from .hypotheses import GOLDEN, Hypotheses, Indices, Keys, Numbers, Purpose, stream_keys, unit_number
from .smoothing import smooth

_WORN = 0.5  # share of effective particles below which they are drawn anew
_ROUND = STATE.names.index("round")
_DATES = {"deadline": "rounds_left", "need_date": "need_left"}  # what the buyer sees as rounds that are left
_WHOLE_UNITS = ("count", "rounds", "0 or 1")


class Particles(Hypotheses):
    """A cloud of particles for each real row. It reads observations, and nothing else of the game but its rules.

    Attributes:
        count: particles a row.
        cloud: the particles, those of row i from ``i * count``.
        weights: their probabilities, float64 of shape ``(rows, count)``.
    """

    def __init__(self, game: NegotiationBatch, count: int) -> None:
        self.count = count
        self.cloud = game.varied(game.num_rows * count, dict.fromkeys(NOISELESS, 0.0))
        self._evidence = Evidence(game)
        shown = [c for c in COLUMNS if c.name in STATE.by_name and game.visible[INDEX[c.name]]]
        self._columns = np.array([INDEX[column.name] for column in shown])
        self._fields = np.array([STATE.names.index(column.name) for column in shown])
        self._scales = np.array([column.scale for column in shown])
        self._whole = np.array([STATE.by_name[column.name].unit in _WHOLE_UNITS for column in shown])
        self._dates = [(field, column) for field, column in _DATES.items() if game.visible[INDEX[column]]]
        self.reset(game.num_rows, 0)

    def reset(self, num_rows: int, seed: int) -> None:
        """Forget what was seen."""
        self._seeds: Keys = row_keys(seed, num_rows)
        self._updates: Numbers = np.zeros(num_rows, np.int64)
        self._log_weights = np.zeros((num_rows, self.count))
        self.weights = np.full((num_rows, self.count), 1.0 / self.count)
        self._last = np.zeros((num_rows, len(self.cloud.columns)), np.float32)

    def update(
        self, observations: Observations, moves: Actions, episode_starts: EpisodeStarts, running: NDArray[np.bool_]
    ) -> None:
        """Carry the particles on with the moves made, weigh them by what is seen now, and share what is public."""
        self._updates = np.where(episode_starts, 0, self._updates + 1)
        begun, going = running & episode_starts, running & ~episode_starts
        if begun.any():
            self._begin(begun)
        if going.any():
            self._carry_on(going, moves)
            self._weigh(np.flatnonzero(going), observations)
        self._share(np.flatnonzero(running), observations)
        self._last = observations.copy()

    def place(self, model: Batch, rows: Indices, draws: Indices) -> None:
        """Copy particles, each as often as it is probable, as evenly as can be."""
        start = unit_number(stream_keys(self._seeds[rows], self._updates[rows], np.zeros_like(rows), Purpose.DRAW))
        picked = _pick(self.weights, rows, (start + GOLDEN * draws) % 1.0)
        model.copy_rows(self.cloud, rows * self.count + picked, np.arange(model.num_rows))

    def _keys(self, purpose: Purpose) -> Keys:
        """Return a key for each particle."""
        rows, count = self.weights.shape
        numbers = np.tile(np.arange(count), rows)
        return stream_keys(np.repeat(self._seeds, count), np.repeat(self._updates, count), numbers, purpose)

    def _begin(self, rows: NDArray[np.bool_]) -> None:
        """Draw suppliers from the population."""
        cloud = self.cloud
        every = np.repeat(rows, self.count)
        cloud.keys[every] = self._keys(Purpose.BEGIN)[every]
        cloud.episodes[every] = -1
        cloud.reset(every)
        self._log_weights[rows] = 0.0
        self.weights[rows] = 1.0 / self.count

    def _carry_on(self, rows: NDArray[np.bool_], moves: Actions) -> None:
        """Play the moves that were made."""
        cloud = self.cloud
        cloud.keys[:] = self._keys(Purpose.PARTICLE)
        cloud.step(np.repeat(moves, self.count), np.repeat(rows, self.count) & ~cloud.terminated)

    def _weigh(self, rows: Indices, observations: Observations) -> None:
        """Weigh the particles of ``rows``; where few are left that matter, draw them anew."""
        cloud = self.cloud
        shown = cloud.observations.reshape(*self.weights.shape, -1)[rows]
        alive = ~cloud.terminated.reshape(self.weights.shape)[rows]
        fit = self._evidence.log_likelihood(shown, self._last[rows], observations[rows])
        suppliers = cloud.supplier.reshape(self.weights.shape)[rows]
        fit = fit + self._evidence.topic_log_likelihood(suppliers, observations[rows])
        lost = ~alive.any(axis=1)
        self._revive(rows[lost])
        alive[lost] = True
        logs = np.where(alive, self._log_weights[rows] + fit, -np.inf)
        logs -= logs.max(axis=1, keepdims=True)
        weights = np.exp(logs)
        weights /= weights.sum(axis=1, keepdims=True)
        self._log_weights[rows], self.weights[rows] = logs, weights
        worn = (weights**2).sum(axis=1) * self.count * _WORN > 1.0
        if worn.any():
            self._resample(rows[worn])

    def _revive(self, rows: Indices) -> None:
        """Let particles go on that all came to an end, which the real negotiation did not."""
        places = (rows[:, None] * self.count + np.arange(self.count)).ravel()
        self.cloud.state["outcome"][places] = float(Outcome.OPEN)
        self.cloud.terminated[places] = False

    def _resample(self, rows: Indices) -> None:
        """Keep each particle of ``rows`` as often as its weight says, and move the suppliers apart a little."""
        count = self.count
        start = unit_number(stream_keys(self._seeds[rows], self._updates[rows], np.zeros_like(rows), Purpose.RESAMPLE))
        steps = (start[:, None] + np.arange(count)) / count
        every = np.repeat(rows, count)
        kept = every * count + _pick(self.weights, every, steps.ravel())
        places = (rows[:, None] * count + np.arange(count)).ravel()
        copies = self.cloud.resized(len(places))
        copies.copy_rows(self.cloud, kept, np.arange(len(places)))
        smooth(copies, count, self._keys(Purpose.JITTER)[places])
        self.cloud.copy_rows(copies, np.arange(len(places)), places)
        self._log_weights[rows] = 0.0
        self.weights[rows] = 1.0 / count

    def _share(self, rows: Indices, observations: Observations) -> None:
        """Write what is public into the particles of ``rows``."""
        seen = observations[rows][:, self._columns].astype(np.float64) / self._scales
        seen = np.where(self._whole, np.rint(seen), seen)
        numbers = self.cloud.state_matrix.reshape(*self.weights.shape, -1)
        numbers[rows[:, None, None], np.arange(self.count)[:, None], self._fields] = seen[:, None, :]
        for field, column in self._dates:
            left = np.rint(observations[rows, INDEX[column]].astype(np.float64) / ROUND_SCALE)
            numbers[rows, :, STATE.names.index(field)] = numbers[rows, :, _ROUND] + left[:, None]
        self.cloud.take_seen((rows[:, None] * self.count + np.arange(self.count)).ravel(), observations[rows])


def _pick(weights: NDArray[np.float64], rows: Indices, numbers: NDArray[np.float64]) -> Indices:
    """Return, for each number in [0, 1), the particle of its row in whose share of the weights it lies."""
    count = weights.shape[1]
    cumulative = np.cumsum(weights, axis=1)
    cumulative /= cumulative[:, -1:]
    ladder = (cumulative + np.arange(len(weights))[:, None]).ravel()
    return np.asarray(np.minimum(np.searchsorted(ladder, rows + numbers, side="right") - rows * count, count - 1))
