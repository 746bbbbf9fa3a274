"""Upper envelopes of straight lines over a probability: what a choice is worth that may depend on a belief.

A line is the worth of a plan as a function of the belief b in the second of two types: a pair of its heights at
b = 0 and at b = 1. Lines that are nowhere the highest are plans that nobody needs (Smallwood & Sondik 1973).
"""

import numpy as np
from numpy.typing import NDArray

Lines = NDArray[np.float64]
"""Heights at 0 and at 1, shape ``(n, 2)``."""

_ROUNDING = 1e-12  # slopes and crossings that differ by less are the same


def upper_envelope(lines: Lines) -> NDArray[np.int64]:
    """Return the indices of the lines that are highest somewhere on [0, 1], from left to right."""
    left, right = lines.T
    best = int(np.lexsort((right, left))[-1])
    kept = [best]
    while True:
        lag = left[best] - left
        steeper = lag + right - right[best]
        crossing = np.full(len(lines), np.inf)
        np.divide(lag, steeper, out=crossing, where=steeper > _ROUNDING)
        nearest = crossing.min()
        if nearest >= 1.0 - _ROUNDING:
            return np.array(kept)
        best = int(np.where(crossing <= nearest + _ROUNDING, steeper, 0.0).argmax())
        kept.append(best)


def envelope_sum(first: Lines, second: Lines) -> Lines:
    """Return the upper envelope of all sums of one line of each of two envelopes, from left to right."""
    cuts = np.sort(np.concatenate([[0.0], _crossings(first), _crossings(second), [1.0]]))
    middles = (cuts[1:] + cuts[:-1]) / 2.0
    beliefs = np.stack([1.0 - middles, middles])
    sums = first[(first @ beliefs).argmax(axis=0)] + second[(second @ beliefs).argmax(axis=0)]
    return np.asarray(sums[upper_envelope(sums)])


def _crossings(envelope: Lines) -> NDArray[np.float64]:
    """Return where each line of an envelope gives way to the next, shape ``(n - 1,)``."""
    steps = np.diff(envelope, axis=0)
    return np.asarray(-steps[:, 0] / (steps[:, 1] - steps[:, 0]))
