"""The random numbers: the generator against its authors' vectors, and the numbers against what uniform means."""

import math

import numpy as np
import pytest

from negoenv.numerics.randomness import philox, row_keys, triangular, uniforms, unit
from tests import check_randomness

# Known answers for philox4x32-10: counter, key, output. From kat_vectors of Random123 (Salmon et al. 2011).
KNOWN = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
DRAWS = 40_000


def _words(text):
    return [np.uint64(int(word, 16)) for word in text.split()]


def _many(keys=(0,), episodes=(0,), steps=(0,), blocks=(0,)):
    """Return the uniforms of every combination, shape ``(combinations, 4)``."""
    return np.array([uniforms(np.uint64(k), e, s, b) for k in keys for e in episodes for s in steps for b in blocks])


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN)
def test_published_vectors(counter, key, output):
    low, high = _words(key)
    assert list(philox(low | high << np.uint64(32), *_words(counter))) == _words(output)


@pytest.mark.parametrize(("counter", "key", "output"), KNOWN)
def test_published_vectors_without_the_compiler(counter, key, output):
    low, high = _words(key)
    assert list(philox.py_func(low | high << np.uint64(32), *_words(counter))) == _words(output)


def test_the_extreme_words_stay_inside_the_open_interval():
    smallest, largest = unit(np.uint64(0)), unit(np.uint64(2**32 - 1))
    assert smallest == 0.5 * 2.0**-32
    assert largest == (2**32 - 0.5) * 2.0**-32
    assert 0.0 < smallest < largest < 1.0
    drawn = _many(steps=range(1000))
    assert drawn.min() > 0.0
    assert drawn.max() < 1.0


@pytest.mark.parametrize("axis", ["keys", "episodes", "steps", "blocks"])
def test_moments_are_those_of_a_uniform(axis):
    drawn = _many(**{axis: range(DRAWS // 4)}).ravel()
    error = 1.0 / math.sqrt(DRAWS)
    for power in (1, 2, 3, 4):
        spread = math.sqrt(1 / (2 * power + 1) - 1 / (power + 1) ** 2)
        assert np.mean(drawn**power) == pytest.approx(1 / (power + 1), abs=4 * spread * error)


@pytest.mark.parametrize("axis", ["keys", "episodes", "steps", "blocks"])
def test_neighbours_are_not_correlated(axis):
    drawn = _many(**{axis: range(DRAWS // 4)})
    bound = 4.5 / math.sqrt(len(drawn))
    words = np.corrcoef(drawn.T)
    assert np.abs(words - np.eye(4)).max() < bound, "the four words of a block go together"
    for lag in (1, 2, 7):
        between = np.corrcoef(drawn[:-lag].T, drawn[lag:].T)[:4, 4:]
        assert np.abs(between).max() < bound, f"words {lag} apart go together"


def test_cells_are_filled_evenly():
    counts, _ = np.histogram(_many(keys=range(DRAWS // 4)), bins=64, range=(0, 1))
    expected = DRAWS / 64
    chi_squared = float(((counts - expected) ** 2 / expected).sum())
    assert 63 - 4 * math.sqrt(126) < chi_squared < 63 + 4 * math.sqrt(126)


def test_no_two_draws_share_their_numbers():
    drawn = _many(keys=range(6), episodes=range(6), steps=[*range(6), 0xFFFFFFFF], blocks=range(6))
    assert len(np.unique(drawn, axis=0)) == len(drawn)


def test_the_setup_has_a_step_of_its_own():
    assert uniforms(np.uint64(3), 1, -1, 0) == uniforms(np.uint64(3), 1, 0xFFFFFFFF, 0)


def test_a_draw_is_a_function_of_its_arguments():
    once = _many(keys=range(50), steps=range(5))
    assert np.array_equal(once, _many(keys=range(50), steps=range(5)))


def test_keys_use_all_64_bits():
    drawn = _many(keys=[1 << bit for bit in range(64)])
    assert len(np.unique(drawn, axis=0)) == 64


def test_triangular_has_its_mean_spread_and_range():
    drawn = _many(steps=range(DRAWS // 4))
    values = np.array([triangular(u, v) for u, v in drawn[:, :2]])
    assert values.mean() == pytest.approx(0.0, abs=0.02)
    assert values.std() == pytest.approx(1 / math.sqrt(6), rel=0.03)
    assert np.abs(values).max() < 1.0


def test_row_keys_count_up_and_wrap_around():
    assert row_keys(5, 3).tolist() == [5, 6, 7]
    assert row_keys(2**62 - 1, 2).tolist() == [2**62 - 1, 0]
    assert row_keys(2**64 + 3, 2).tolist() == [3, 4]
    assert row_keys(0, 1).dtype == np.uint64


@pytest.mark.parametrize("stream", range(4))
@pytest.mark.parametrize("seed", [0, 1_000_000, 2**62 - 2, 2**62, 2**63 + 5, 2**64 - 1, 2**100 + 7])
def test_no_key_of_one_stream_is_one_of_another(stream, seed):
    assert (row_keys(seed, 5, stream) >> np.uint64(62)).tolist() == [stream] * 5
    assert (row_keys(seed, 5, stream) % np.uint64(2**62)).tolist() == row_keys(seed, 5).tolist()


# The battery; `tests.check_randomness` runs it on 10^9 draws


@pytest.mark.slow
def test_the_battery_finds_nothing():
    assert check_randomness.sound([p for _, p in check_randomness.battery(2**24)])


BROKEN = {
    # what the battery must find, as words made of sound ones; and which test finds it
    "a bit that is always 0": (lambda words: words & 0x7FFFFFFF, "high bits"),
    "a low bit that is always 1": (lambda words: words | 1, "low bits"),
    "each word twice": (lambda words: np.repeat(words[::2], 2), "pairs"),
    "each counter twice": (lambda words: np.repeat(words.reshape(-1, 2, 4)[:, :1], 2, 1).ravel(), "counters one"),
    "words of too few values": (lambda words: words & 0xFFFF8000, "birthday spacings"),
    "a sample that does not repeat": (lambda words: np.arange(len(words), dtype=np.uint32) << 12, "collisions"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_the_battery_can_fail(fault):
    spoil, finder = BROKEN[fault]
    words = check_randomness.drawn(7, 2, 0)
    (test,) = (test for name, test in check_randomness.tests_of_words().items() if name.startswith(finder))
    test.add(spoil(words))
    assert not check_randomness.sound([test.p_value()])


def test_correlated_streams_are_found():
    assert check_randomness.correlation(7, 7, 1) < 1e-9
