"""Counter-based random numbers: every draw is a pure function of (seed, episode, step, block).

The generator is Philox4x32-10 (Salmon, Moraes, Dror & Shaw 2011, *Parallel random numbers: as easy as 1, 2, 3*, SC'11),
checked in the tests against the authors' published vectors. There is no state to carry: a row of a batch draws the same
numbers alone, beside others and on any thread, and a copied negotiation can be replayed with common random numbers.
"""

import math
from typing import Any

import numpy as np

from negoenv.numerics.compiled import compiled
from negoenv.numerics.fast_math import BASE, base_plus

Key = Any  # np.uint64 in Python, uint64 in compiled code
Tile = Any  # one record of `tile_dtype`
SEED_MODULUS = 2**62
"""Seeds are taken modulo this; the two bits of a key that are left name its stream."""


_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_ROUNDS = 10
_UNIT = 2.0**-32

TILE = 256
"""Rows whose numbers are drawn together: enough that some of them begin an episode, few enough for the cache."""
_PADDING = 8  # numbers between two lines of a tile, so that not all of them fall on the same places of the cache


@compiled
def philox(key: Key, c0: Key, c1: Key, c2: Key, c3: Key) -> tuple[Key, Key, Key, Key]:
    """Return four 32-bit words (each in a uint64) for a 64-bit key and a counter of four 32-bit words."""
    k0 = key & _MASK
    k1 = key >> _SHIFT
    for _ in range(_ROUNDS):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> _SHIFT) ^ c1 ^ k0,
            product_1 & _MASK,
            (product_0 >> _SHIFT) ^ c3 ^ k1,
            product_0 & _MASK,
        )
        k0 = (k0 + _WEYL_0) & _MASK
        k1 = (k1 + _WEYL_1) & _MASK
    return c0, c1, c2, c3


@compiled
def unit(word: Key) -> float:
    """Return a 32-bit word as a number in the open interval (0, 1): a half more than it is, times 2**-32.

    Converted by `base_plus`, and in one subtraction with the half.
    """
    return (base_plus(word) - (BASE - 0.5)) * _UNIT


@compiled
def uniforms(key: Key, episode: int, step: int, block: int) -> tuple[float, float, float, float]:
    """Return four independent uniform numbers in the open interval (0, 1).

    Args:
        key: the seed of the row, a uint64.
        episode: how many episodes the row has begun since it was seeded (first: 0).
        step: the step within the episode; -1 while the episode is being set up.
        block: which four of the step's numbers, so that each mechanism has its own.
    """
    w0, w1, w2, w3 = philox(
        key,
        np.uint64(episode) & _MASK,
        np.uint64(step) & _MASK,
        np.uint64(block) & _MASK,
        np.uint64(0),
    )
    return unit(w0), unit(w1), unit(w2), unit(w3)


def tile_dtype(blocks: int, *others: str) -> np.dtype[np.void]:
    """Return the type of the memory in which the numbers of a tile of rows are drawn, ``blocks`` blocks at most.

    ``others`` name what else is evaluated for all rows of a tile at once, a float64 for each.

    It is one record because compiled code counts references to arrays that it hands on, and none to a record: an
    atomic operation on memory that threads share, for each row and call.
    """
    counters = [(name, np.uint64, (TILE,)) for name in ("key", "episode", "step")]
    lines = [(name, np.float64, (TILE,)) for name in others]
    numbers = ("numbers", np.float64, (4 * blocks, TILE + _PADDING))
    return np.dtype([*counters, ("row", np.int64, (TILE,)), *lines, numbers])


@compiled
def draw_tile(tile: Tile, num_rows: int, first: int, blocks: int, place: int) -> None:
    """Write what `uniforms` gives for each of the first ``num_rows`` rows of a tile.

    The compiler makes vector instructions of the inner loop, but only while each of the four outputs is a row of one
    matrix and named before that loop.

    Args:
        tile: its fields ``key``, ``episode`` and ``step`` say whose numbers; they go into ``numbers``.
        num_rows: how many rows, at most `TILE`.
        first: the first block.
        blocks: how many blocks.
        place: the block of ``numbers`` that the first one becomes.
    """
    keys, episodes, steps, out = tile.key, tile.episode, tile.step, tile.numbers
    for block in range(blocks):
        line = 4 * (place + block)
        out_0, out_1, out_2, out_3 = out[line], out[line + 1], out[line + 2], out[line + 3]
        for row in range(num_rows):
            w0, w1, w2, w3 = philox(keys[row], episodes[row], steps[row], np.uint64(first + block), np.uint64(0))
            out_0[row] = unit(w0)
            out_1[row] = unit(w1)
            out_2[row] = unit(w2)
            out_3[row] = unit(w3)


@compiled
def drawn(tile: Tile, block: int, row: int) -> tuple[float, float, float, float]:
    """Return the four numbers of a block of ``numbers`` for a row of the tile."""
    first, numbers = 4 * block, tile.numbers
    return numbers[first, row], numbers[first + 1, row], numbers[first + 2, row], numbers[first + 3, row]


@compiled
def triangular(u: float, v: float) -> float:
    """Turn two uniforms into a symmetric triangular number in (-1, 1): mean 0, standard deviation 1/sqrt(6)."""
    return u + v - 1.0


@compiled
def triangular_from(u: float) -> float:
    """Turn one uniform into such a number: the inverse of its distribution function."""
    return math.sqrt(2.0 * u) - 1.0 if u < 0.5 else 1.0 - math.sqrt(2.0 * (1.0 - u))


def row_keys(seed: int, num_rows: int, stream: int = 0) -> np.ndarray:
    """Return the keys of a batch, uint64 of shape ``(rows,)``: row i has ``seed + i``, as in SyncVectorEnv.

    Args:
        seed: of the first row, taken modulo `SEED_MODULUS`.
        num_rows: how many.
        stream: 0 to 3; no key of one stream is a key of another, whatever the seeds.
    """
    counted = np.arange(num_rows, dtype=np.uint64) + np.uint64(seed % SEED_MODULUS)
    return counted % np.uint64(SEED_MODULUS) + np.uint64(stream * SEED_MODULUS)
