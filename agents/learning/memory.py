"""What a learnt policy remembers of each row's episode: the last rounds, or the state of an LSTM."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor


class Memory(Protocol):
    """Turns what is seen now into what the network reads, row by row."""

    def forget(self) -> None:
        """Forget every row."""

    def see(self, inputs: Tensor, episode_starts: Tensor) -> Tensor:
        """Take in one observation a row and return what the first layer reads.

        Args:
            inputs: float32 of shape ``(rows, inputs)``.
            episode_starts: where an episode has just begun, so that nothing is remembered; bool of shape ``(rows,)``.
        """


class LastRounds:
    """The network reads the last observations side by side, the newest last; zeros before the episode.

    What `stable_baselines3.common.vec_env.VecFrameStack` shows in training.
    """

    def __init__(self, rounds: int) -> None:
        self._rounds = rounds
        self.forget()

    def forget(self) -> None:
        """Forget every row."""
        self._seen = torch.zeros(0, 0)

    def see(self, inputs: Tensor, episode_starts: Tensor) -> Tensor:
        """Return the last observations, float32 of shape ``(rows, rounds * inputs)``."""
        rows, columns = inputs.shape
        if len(self._seen) != rows:
            self._seen = torch.zeros(rows, self._rounds * columns)
        kept = torch.where(episode_starts[:, None], 0.0, self._seen[:, columns:])
        self._seen = torch.cat([kept, inputs], dim=1)
        return self._seen


class LongShortTerm:
    """The network reads the output of one LSTM layer, as in sb3-contrib's RecurrentPPO.

    Attributes:
        weights: input and recurrent weights, then their biases, as in `torch.nn.LSTM`.
    """

    def __init__(self, weights: Sequence[Tensor]) -> None:
        self.weights = weights
        self.forget()

    def forget(self) -> None:
        """Forget every row."""
        self._state = self._blank(0)

    def _blank(self, num_rows: int) -> tuple[Tensor, Tensor]:
        size = self.weights[1].shape[1]
        return torch.zeros(num_rows, size), torch.zeros(num_rows, size)

    def see(self, inputs: Tensor, episode_starts: Tensor) -> Tensor:
        """Return the layer's output, float32 of shape ``(rows, size)``."""
        if len(self._state[0]) != len(inputs):
            self._state = self._blank(len(inputs))
        kept = [torch.where(episode_starts[:, None], 0.0, part) for part in self._state]
        self._state = torch.lstm_cell(inputs, kept, *self.weights)
        return self._state[0]
