"""Two small networks, actor and critic, compiled: moves for rows, and the gradient of PPO's loss for a minibatch.

A few rows at a time pass through both networks, forward and back, and stay in the processor's cache.
"""

import math
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import nn

from negoenv.numerics.compiled import compiled_sums
from negoenv.numerics.fast_math import exp2, log2
from negoenv.numerics.matrix_product import Floats, add_product

BLOCK = 64
"""Rows that pass through the networks together: as many as stay in the first two levels of a processor's cache."""

_LN2 = math.log(2.0)
_PER_LN2 = 1.0 / _LN2
_MOST = 1000.0  # binary logarithm of the largest power of two that is computed
_VECTOR = 32  # numbers that the compiler's loops take at a time


class Network(NamedTuple):
    """One network of fully connected layers, and the memory that a block of rows passes through; all float32.

    Weights and slopes of weights are views of one vector each, which hold both networks.
    """

    weights: tuple[Floats, ...]  # of each layer, shape ``(outputs, inputs)``
    transposed: tuple[Floats, ...]  # the same, ``(inputs, outputs)``, the last filled up with zeros; copies
    biases: tuple[Floats, ...]  # shape ``(outputs,)``
    weight_slopes: tuple[Floats, ...]  # derivatives of the loss by the weights
    bias_slopes: tuple[Floats, ...]  # ... by the biases
    values: tuple[Floats, ...]  # what enters, and what each layer makes of it, shape ``(BLOCK, width)``
    slopes: tuple[Floats, ...]  # derivatives of the loss by these


class Terms(NamedTuple):
    """The weights of the parts of the loss, and its limits."""

    entropy: float  # weight of the entropy bonus
    value: float  # weight of the critic's squared error
    clip: float  # how far the ratio of probabilities may be from 1
    value_clip: float  # how far an estimate may be from the old one; infinity for no limit


class Experience(NamedTuple):
    """What was seen, done and found; a row each, float32 but for the actions."""

    inputs: Floats
    masks: Floats  # 1 for each legal move, else 0
    actions: NDArray[np.int64]
    log_probs: Floats  # of the actions, when they were chosen
    values: Floats  # what the critic expected then
    advantages: Floats
    returns: Floats


STATISTICS = ("policy_gradient_loss", "value_loss", "entropy_loss", "approx_kl", "clip_fraction")
"""What `add_gradients` sums up over the rows, by the names of Stable-Baselines3's curves."""


@compiled_sums
def forward(network: Network, relu: bool, inputs: Floats, places: NDArray[np.int64]) -> None:
    """Compute each layer's values for some rows of ``inputs``, at most `BLOCK`; zeros enter below them."""
    block = network.values[0]
    for row in range(len(places)):
        for j in range(block.shape[1]):
            block[row, j] = inputs[places[row], j]
    block[len(places) :] = 0.0
    layers = len(network.biases)
    for layer in range(layers):
        out, bias = network.values[layer + 1], network.biases[layer]
        for row in range(BLOCK):
            for j in range(len(bias)):
                out[row, j] = bias[j]
        add_product(network.values[layer], network.transposed[layer], out)
        if layer == layers - 1:
            break
        for row in range(BLOCK):
            for j in range(len(bias)):
                x = out[row, j]
                if relu:
                    out[row, j] = max(x, np.float32(0.0))
                else:  # tanh
                    power = exp2(min(max(2.0 * _PER_LN2 * x, -_MOST), _MOST))
                    out[row, j] = 1.0 - 2.0 / (power + 1.0)


@compiled_sums
def backward(network: Network, relu: bool) -> None:
    """Add to the slopes of the weights what those of the last layer's values come to."""
    for layer in range(len(network.biases) - 1, -1, -1):
        upper, values, bias_slopes = network.slopes[layer + 1], network.values[layer], network.bias_slopes[layer]
        add_product(upper.T, values, network.weight_slopes[layer])
        for row in range(BLOCK):
            for j in range(len(bias_slopes)):
                bias_slopes[j] += upper[row, j]
        if layer == 0:
            break
        lower = network.slopes[layer]
        lower[:] = 0.0
        add_product(upper, network.weights[layer], lower)
        for row in range(BLOCK):
            for j in range(lower.shape[1]):
                x = values[row, j]
                if relu:
                    lower[row, j] = lower[row, j] if x > 0.0 else np.float32(0.0)
                else:
                    lower[row, j] *= np.float32(1.0) - x * x


@compiled_sums
def weigh_moves(logits: Floats, row: int, masks: Floats, place: int, weights: NDArray[np.float64]) -> float:
    """Write the exponentials of the legal moves' logits, 0 for the others, and return their sum.

    In float64, whose range makes the usual shift by the largest unnecessary.
    """
    total = 0.0
    for move in range(len(weights)):
        power = exp2(min(max(_PER_LN2 * logits[row, move], -_MOST), _MOST))
        weights[move] = power * masks[place, move]
        total += weights[move]
    return total


@compiled_sums
def sample_rows(
    actor: Network, critic: Network, relu: bool, inputs: Floats, masks: Floats, chances: NDArray[np.float64],
    actions: NDArray[np.int64], log_probs: Floats, values: Floats,
) -> None:  # fmt: skip
    """Draw a move for each row, as ``chances`` (uniform numbers, 0 to 1) say; write what `Experience` keeps of it."""
    weights = np.empty(masks.shape[1])
    everywhere = np.arange(len(inputs))
    for first in range(0, len(inputs), BLOCK):
        places = everywhere[first : first + BLOCK]
        forward(actor, relu, inputs, places)
        forward(critic, relu, inputs, places)
        logits = actor.values[-1]
        for row in range(len(places)):
            place = places[row]
            total = weigh_moves(logits, row, masks, place, weights)
            left, chosen = chances[place] * total, 0
            for move in range(len(weights)):
                if weights[move] > 0.0:
                    chosen = move
                    left -= weights[move]
                    if left < 0.0:
                        break
            actions[place] = chosen
            log_probs[place] = logits[row, chosen] - _LN2 * log2(total)
            values[place] = critic.values[-1][row, 0]


@compiled_sums
def add_gradients(
    actor: Network, critic: Network, relu: bool, batch: Experience, chosen: NDArray[np.int64], advantages: Floats,
    terms: Terms, statistics: NDArray[np.float64],
) -> None:  # fmt: skip
    """Add the derivatives of a minibatch's mean loss to the networks' slopes, and its sums to ``statistics``.

    The minibatch is the rows ``chosen`` of a batch, with ``advantages`` of their own.

    The loss of a row is ``-min(ratio * advantage, clipped ratio * advantage) - entropy bonus + squared error of the
    critic`` (Schulman et al. 2017, *Proximal policy optimization algorithms*, eq. 7 and 9).
    """
    weights = np.empty(batch.masks.shape[1])
    each = 1.0 / len(chosen)
    for first in range(0, len(chosen), BLOCK):
        places = chosen[first : first + BLOCK]
        forward(actor, relu, batch.inputs, places)
        forward(critic, relu, batch.inputs, places)
        actor.slopes[-1][:] = 0.0
        critic.slopes[-1][:] = 0.0
        logits, slopes = actor.values[-1], actor.slopes[-1]
        for row in range(len(places)):
            place = places[row]
            action, advantage = batch.actions[place], advantages[first + row]
            total = weigh_moves(logits, row, batch.masks, place, weights)
            log_total = _LN2 * log2(total)
            mean_logit = 0.0
            for move in range(len(weights)):
                weights[move] /= total  # now they are probabilities
                mean_logit += weights[move] * logits[row, move]
            entropy = log_total - mean_logit
            log_ratio = logits[row, action] - log_total - batch.log_probs[place]
            ratio = exp2(min(max(_PER_LN2 * log_ratio, -_MOST), _MOST))
            free = ratio * advantage
            clipped = min(max(ratio, 1.0 - terms.clip), 1.0 + terms.clip) * advantage
            by_log_prob = -free * each if free <= clipped else 0.0
            bonus = terms.entropy * each
            for move in range(len(weights)):  # derivatives of the log probability of a move, and of the entropy
                by_logit = bonus * (logits[row, move] - mean_logit) - by_log_prob
                slopes[row, move] = weights[move] * by_logit
            slopes[row, action] += by_log_prob

            value, old = critic.values[-1][row, 0], batch.values[place]
            moved = min(max(value - old, -terms.value_clip), terms.value_clip)
            error = (old + moved if moved != value - old else value) - batch.returns[place]
            critic.slopes[-1][row, 0] = 2.0 * terms.value * error * each if moved == value - old else 0.0

            statistics[0] -= min(free, clipped)
            statistics[1] += error * error
            statistics[2] -= entropy
            statistics[3] += ratio - 1.0 - log_ratio
            statistics[4] += 1.0 if abs(ratio - 1.0) > terms.clip else 0.0
        backward(actor, relu)
        backward(critic, relu)


def make_network(modules: list[nn.Module], slopes: dict[Any, Floats]) -> Network:
    """Return the linear layers among some modules with the memory that they need."""
    layers = [module for module in modules if isinstance(module, nn.Linear)]
    widths = [layers[0].in_features, *(layer.out_features for layer in layers)]
    padded = [*widths[:-1], -(-widths[-1] // _VECTOR) * _VECTOR]  # the last layer is as wide as there are moves
    return Network(
        tuple(layer.weight.detach().numpy() for layer in layers),
        tuple(np.zeros(shape, np.float32) for shape in pairwise(padded)),
        tuple(layer.bias.detach().numpy() for layer in layers),
        tuple(slopes[layer.weight] for layer in layers),
        tuple(slopes[layer.bias] for layer in layers),
        tuple(np.zeros((BLOCK, width), np.float32) for width in padded),
        tuple(np.zeros((BLOCK, width), np.float32) for width in widths),
    )
