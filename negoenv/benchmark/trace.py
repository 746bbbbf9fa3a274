"""What happened move by move in evaluated episodes, light enough to keep beside the results."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.batch import Batch, Mask

OVER = -1
"""What stands for a move once an episode is over."""


@dataclass(frozen=True)
class Trace:
    """The moves of each episode and what the buyer saw before each of them.

    Attributes:
        moves: the move that was asked for, legal or not; int8 of shape ``(rounds, episodes)``, `OVER` once an episode
            is over.
        columns: what `Batch.traced` told before that move, float32 of shape ``(rounds, episodes)``, NaN once over.
    """

    moves: NDArray[np.int8]
    columns: Mapping[str, NDArray[np.float32]]

    @classmethod
    def joined(cls, parts: Sequence["Trace"]) -> "Trace":
        """Return traces of different episodes side by side; the shorter ones are over for the rest."""
        rounds = max(len(part.moves) for part in parts)

        def side_by_side(arrays: list[NDArray[Any]], over: float) -> NDArray[Any]:
            filled = [np.pad(a, ((0, rounds - len(a)), (0, 0)), constant_values=over) for a in arrays]
            return np.concatenate(filled, axis=1)

        moves = side_by_side([part.moves for part in parts], OVER)
        names = parts[0].columns
        return cls(moves, {name: side_by_side([part.columns[name] for part in parts], np.nan) for name in names})

    @property
    def running(self) -> NDArray[np.bool_]:
        """Where a move was made, bool of shape ``(rounds, episodes)``."""
        running: NDArray[np.bool_] = self.moves != OVER
        return running

    def moves_of(self, episode: int) -> NDArray[np.int64]:
        """Return the moves of one episode, in order; played again on its seed they replay it."""
        moves: NDArray[np.int64] = self.moves[self.running[:, episode], episode].astype(np.int64)
        return moves


class Tracer:
    """Takes down a trace while a batch is played."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._moves: list[NDArray[np.int8]] = []
        self._columns: dict[str, list[NDArray[np.float32]]] = {name: [] for name in batch.traced()}

    def note(self, actions: NDArray[Any], running: Mask) -> None:
        """Note the actions that are about to be played in the rows that are ``running``."""
        self._moves.append(np.where(running, actions, OVER).astype(np.int8))
        for name, values in self._batch.traced().items():
            self._columns[name].append(np.where(running, values, np.nan).astype(np.float32))

    def trace(self) -> Trace:
        """Return what was noted."""
        return Trace(np.stack(self._moves), {name: np.stack(noted) for name, noted in self._columns.items()})
