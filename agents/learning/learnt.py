"""A learnt policy: a small network played greedily, without the library that trained it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from agents.learning.spec import SUBSTITUTE, PolicySpec
from agents.policy import Actions, Masks, Observations, Policy, Starts

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


class LearntPolicy(Policy):
    """Plays the move that its network scores highest, as far as it is legal.

    An algorithm that knows of masks never saw another move, so the highest legal one counts. One that does not know of
    them has learnt that a move which is not legal is a way to say HOLD, so HOLD is what it plays then: the second best
    would be a policy that nobody trained.

    Attributes:
        name: short name, as in tables.
        spec: what it was trained on, and the shape of its network.
        layers: its weights.
    """

    def __init__(self, name: str, spec: PolicySpec, layers: Layers) -> None:
        self.name = name
        self.spec = spec
        self.layers = layers
        self._substitute = spec.game.moves.index(SUBSTITUTE)

    def scores(self, observations: Observations) -> Tensor:
        """Return logits or action values, float32 of shape ``(rows, moves)``."""
        hidden = torch.as_tensor(observations)
        if self.spec.game.states:
            hidden = functional.one_hot(hidden.long(), self.spec.game.states)
        hidden = hidden.float()
        activation = _ACTIVATIONS[self.spec.activation]
        *inner, (weight, bias) = self.layers
        for inner_weight, inner_bias in inner:
            hidden = activation(functional.linear(hidden, inner_weight, inner_bias))
        return functional.linear(hidden, weight, bias)

    def choose(self, observations: Observations, action_masks: Masks, starts: Starts) -> Actions:
        """Name a legal move for each row."""
        legal = action_masks == 1
        with torch.no_grad(), torch_threads(1):
            scores = self.scores(observations).numpy()
        if self.spec.masked:
            return np.asarray(np.where(legal, scores, -np.inf).argmax(axis=1), np.int64)
        best = scores.argmax(axis=1)
        is_legal = np.take_along_axis(legal, best[:, None], axis=1)[:, 0]
        return np.asarray(np.where(is_legal, best, self._substitute), np.int64)
