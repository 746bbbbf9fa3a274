"""A learnt policy: a small network played greedily, without the library that trained it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Literal

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..policy import Actions, EpisodeStarts, Masks, Observations, Policy
from .memory import LastRounds, LongShortTerm, Memory
from .spec import SUBSTITUTE, PolicySpec

Layers = Sequence[tuple[Tensor, Tensor]]
"""Weight and bias of each layer, float32 of shapes ``(outputs, inputs)`` and ``(outputs,)``."""

_ACTIVATIONS: dict[str, Callable[[Tensor], Tensor]] = {"tanh": torch.tanh, "relu": functional.relu}


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
    them has learnt that a move which is not legal is a way to say HOLD, so HOLD is what it plays then: the second best
    would be a policy that nobody trained.

    Attributes:
        name: short name, as in tables.
        spec: what it was trained on, and the shape of its network.
        layers: its weights.
        lstm: the weights of the LSTM before them, as `agents.learning.memory.LongShortTerm` takes them; empty if it
            has none.
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
        activation = _ACTIVATIONS[self.spec.activation]
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
