"""A learned policy: a small network played greedily, without the library that trained it, and what it remembers."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, Protocol

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..policy import Actions, EpisodeStarts, Masks, Observations, Policy
from .spec import SUBSTITUTE, PolicySpec


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


class MemoryTrace:
    """The network reads the observation and, beside it, a moving average of all observations of the episode.

    What `agents.learning.traces.TracedObservations` shows in training.
    """

    def __init__(self, decay: float) -> None:
        self._decay = decay
        self.forget()

    def forget(self) -> None:
        """Forget every row."""
        self._trace = torch.zeros(0, 0)

    def see(self, inputs: Tensor, episode_starts: Tensor) -> Tensor:
        """Return the observations with their traces, float32 of shape ``(rows, 2 * inputs)``."""
        if len(self._trace) != len(inputs):
            self._trace = inputs
        average = self._decay * self._trace + (1 - self._decay) * inputs
        self._trace = torch.where(episode_starts[:, None], inputs, average)
        return torch.cat([inputs, self._trace], dim=1)


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


Layers = Sequence[tuple[Tensor, Tensor]]
"""Weight and bias of each layer, float32 of shapes ``(outputs, inputs)`` and ``(outputs,)``."""

ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {"tanh": torch.tanh, "relu": functional.relu}


@contextmanager
def torch_threads(threads: int) -> Iterator[None]:
    """Limit PyTorch's threads for a while: networks this small lose more by waiting for each other than they win."""
    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


class NetworkPolicy(Policy):
    """Plays the move that its network scores highest, as far as it is legal.

    An algorithm that knows of masks never saw another move, so the highest legal one counts. One that does not know of
    them has learned that a move which is not legal is a way to say HOLD, so HOLD is what it plays then: the second best
    would be a policy that nobody trained.

    Attributes:
        name: short name, as in tables.
        spec: what it was trained on, and the shape of its network.
        layers: its weights.
        lstm: the weights of the LSTM before them, as `LongShortTerm` takes them; empty if it has none.
        steps: environment steps of training that made it; 0 if that is not known.
    """

    def __init__(
        self, name: str, spec: PolicySpec, layers: Layers, lstm: Sequence[Tensor] = (), steps: int = 0
    ) -> None:
        self.name = name
        self.spec = spec
        self.layers = layers
        self.lstm = lstm
        self.steps = steps
        self._substitute = spec.game.moves.index(SUBSTITUTE)
        self._memories: list[Memory] = []
        if spec.stack > 1:
            self._memories.append(LastRounds(spec.stack))
        if spec.trace:
            self._memories.append(MemoryTrace(spec.trace))
        if spec.lstm:
            self._memories.append(LongShortTerm(lstm))

    def kept_as(self, kept: Literal["best", "checkpoint"]) -> "NetworkPolicy":
        """Return the same policy, saying of itself that it is not the last one of its training."""
        training = self.spec.training.model_copy(update={"kept": kept})
        spec = self.spec.model_copy(update={"training": training})
        return NetworkPolicy(self.name, spec, self.layers, self.lstm, self.steps)

    def is_finite(self) -> bool:
        """Return whether all weights are finite numbers; training can diverge."""
        return all(bool(torch.isfinite(part).all()) for layer in (self.lstm, *self.layers) for part in layer)

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Forget every row's episode; nothing here is random, so ``seed`` does not matter."""
        for memory in self._memories:
            memory.forget()

    @torch.no_grad()
    def scores(self, observations: Observations, episode_starts: EpisodeStarts) -> Tensor:
        """Return logits or action values, float32 of shape ``(rows, moves)``, and remember what was seen."""
        hidden = torch.as_tensor(observations)
        if self.spec.game.states:
            hidden = functional.one_hot(hidden.long(), self.spec.game.states)
        hidden = hidden.float()
        for memory in self._memories:
            hidden = memory.see(hidden, torch.as_tensor(episode_starts))
        activation = ACTIVATIONS[self.spec.activation]
        *inner, (weight, bias) = self.layers
        for inner_weight, inner_bias in inner:
            hidden = activation(functional.linear(hidden, inner_weight, inner_bias))
        return functional.linear(hidden, weight, bias)

    def choose(self, observations: Observations, action_masks: Masks, episode_starts: EpisodeStarts) -> Actions:
        """Name a legal move for each row."""
        with torch_threads(1):
            return self.best(self.scores(observations, episode_starts), action_masks)

    def best(self, scores: Tensor, action_masks: Masks) -> Actions:
        """Name the legal move that scores highest in each row, or what stands for one that is not legal."""
        legal, numbers = action_masks == 1, scores.numpy()
        if self.spec.masked:
            return np.asarray(np.where(legal, numbers, -np.inf).argmax(axis=1), np.int64)
        best = numbers.argmax(axis=1)
        is_legal = np.take_along_axis(legal, best[:, None], axis=1)[:, 0]
        return np.asarray(np.where(is_legal, best, self._substitute), np.int64)
