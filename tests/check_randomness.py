"""Test the random numbers as those are used: along seeds, episodes, steps and blocks, and between seeds.

    python -m tests.check_randomness                   10^9 draws
    python -m tests.check_randomness --draws 1e7

Chi-square of high and of low bits, serial tests of pairs and triples, collisions, birthday spacings (Knuth, *The Art of
Computer Programming* 2, 3.3.2; L'Ecuyer & Simard 2007, TestU01), and correlation between seeds and between streams. It
prints a p-value each and exits with 1 if one is smaller than .001 divided by their number, at either end. It is no part
of the tests, which do it with fewer draws (tests/test_randomness.py).
"""

import argparse
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray
from scipy import stats

from negoenv.numerics.randomness import philox, row_keys

AXES = ("keys", "episodes", "steps", "blocks", "as a negotiation draws them")
CHUNK = 2**20  # words that are drawn at once
LEVEL = 0.001  # probability that a sound generator fails at all

_BIRTHDAYS, _DAYS = 2**12, 2**32
_BALLS, _URNS = 2**14, 2**20

Words = NDArray[np.uint32]


@njit
def _fill(words: Any, key: Any, axis: int, first: int) -> None:
    """Draw words along an axis, four a counter, from counter ``first`` on."""
    for i in range(len(words) // 4):
        counter = first + i
        k, episode, step, block = key, 0, 0, 0
        if axis == 0:
            k = key + np.uint64(counter)
        elif axis == 1:
            episode = counter
        elif axis == 2:
            step = counter
        elif axis == 3:
            block = counter
        else:
            k = key + np.uint64(counter >> 7)
            step, block = counter >> 3 & 15, counter & 7
        drawn = philox(k, np.uint64(episode), np.uint64(step), np.uint64(block), np.uint64(0))
        for j in range(4):
            words[4 * i + j] = drawn[j]


def drawn(key: int, axis: int, chunk: int) -> Words:
    """Return `CHUNK` words along an axis."""
    words = np.empty(CHUNK, np.uint32)
    _fill(words, np.uint64(key), axis, chunk * (CHUNK // 4))
    return words


@dataclass
class Cells:
    """How often each of many cells was hit: chi-square."""

    cell: Callable[[Words], NDArray[Any]]  # numbers of the cells that words fall into
    number: int
    counts: NDArray[np.int64] = field(init=False)

    def __post_init__(self) -> None:
        self.counts = np.zeros(self.number, np.int64)

    def add(self, words: Words) -> None:
        """Count."""
        self.counts += np.bincount(self.cell(words), minlength=self.number)

    def p_value(self) -> float:
        """Return the probability of counts that differ as much, or more."""
        return float(stats.chisquare(self.counts).pvalue)


@dataclass
class Repeats:
    """How often something occurs again in samples, which is Poisson distributed."""

    size: int  # words of a sample
    repeats: Callable[[Words], int]  # in one sample
    mean: float  # of one sample
    found: int = 0
    samples: int = 0

    def add(self, words: Words) -> None:
        """Count."""
        for sample in words[: len(words) // self.size * self.size].reshape(-1, self.size):
            self.found += self.repeats(sample)
            self.samples += 1

    def p_value(self) -> float:
        """Return the probability of as many, or fewer."""
        return float(stats.poisson.cdf(self.found, self.mean * self.samples))


def _pairs(words: Words) -> NDArray[Any]:
    return (words[0::2] >> 24 << 8 | words[1::2] >> 24).astype(np.int64)


def _next_counter(words: Words) -> NDArray[Any]:
    first, second = words.reshape(-1, 2, 4).transpose(1, 0, 2)
    return (first >> 24 << 8 | second >> 24).ravel().astype(np.int64)


def _triples(words: Words) -> NDArray[Any]:
    one, two, three = words[: len(words) // 3 * 3].reshape(-1, 3).T >> 27
    return (one << 10 | two << 5 | three).astype(np.int64)


def _same_spacings(words: Words) -> int:
    spacings = np.sort(np.diff(np.sort(words)))
    return int((spacings[1:] == spacings[:-1]).sum())


def _collisions(words: Words) -> int:
    return _BALLS - len(np.unique(words >> 12))


def tests_of_words() -> dict[str, Cells | Repeats]:
    """Return the tests of one sequence of words."""
    return {
        "high bits": Cells(lambda words: (words >> 16).astype(np.int64), 2**16),
        "low bits": Cells(lambda words: (words & 0xFFFF).astype(np.int64), 2**16),
        "pairs": Cells(_pairs, 2**16),
        "counters one after the other": Cells(_next_counter, 2**16),
        "triples": Cells(_triples, 2**15),
        "collisions": Repeats(_BALLS, _collisions, _BALLS - _URNS * (1 - (1 - 1 / _URNS) ** _BALLS)),
        "birthday spacings": Repeats(_BIRTHDAYS, _same_spacings, _BIRTHDAYS**3 / (4 * _DAYS)),
    }


def correlation(key: int, other: int, chunks: int) -> float:
    """Return the probability of a correlation of two keys' numbers as large, or larger."""
    total = 0.0
    for chunk in range(chunks):
        one, two = (drawn(k, 2, chunk) * 2.0**-32 - 0.5 for k in (key, other))
        total += float(one @ two)
    return float(2 * stats.norm.sf(abs(total) * 12 / np.sqrt(chunks * CHUNK)))


def battery(draws: int, seed: int = 0) -> Iterator[tuple[str, float]]:
    """Yield the name and the p-value of each test.

    Args:
        draws: words in all: half of them along the five axes, half of them for correlations.
        seed: of the keys.
    """
    keys = [int(key) for key in row_keys(seed, 3)]
    along = max(1, draws // 2 // len(AXES) // CHUNK)
    for axis, name in enumerate(AXES):
        tests = tests_of_words()
        for chunk in range(along):
            words = drawn(keys[0], axis, chunk)
            for test in tests.values():
                test.add(words)
        for what, test in tests.items():
            yield f"{name}: {what}", test.p_value()
    others = {"the next seed": keys[1], "the seed after": keys[2]}
    others |= {f"stream {stream}": int(row_keys(seed, 1, stream)[0]) for stream in (1, 2)}
    for name, other in others.items():
        yield f"correlation with {name}", correlation(keys[0], other, max(1, draws // 4 // len(others) // CHUNK))


def sound(p_values: list[float]) -> bool:
    """Return whether no p-value is nearer to 0 or 1 than chance explains."""
    return all(LEVEL / len(p_values) < min(p, 1 - p) * 2 for p in p_values)


def main() -> None:
    """Run the battery and print a line a test."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--draws", type=lambda text: int(float(text)), default=10**9)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    found = []
    for name, p in battery(options.draws, options.seed):
        print(f"{p:.4f}  {name}", flush=True)
        found.append(p)
    verdict = "sound" if sound(found) else "NOT SOUND"
    print(f"{len(found)} tests on {options.draws:,} draws, p from {min(found):.4f} to {max(found):.4f}: {verdict}.")
    sys.exit(not sound(found))


if __name__ == "__main__":
    main()
