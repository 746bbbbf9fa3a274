"""Powers in vector instructions, against the C library's."""

import math

import numpy as np
import pytest
from numba import njit

from negoenv.numerics.fast_math import exp2, log2, power

NUMBERS = np.random.default_rng(0)
BASES = np.exp(NUMBERS.uniform(math.log(1 / 400), 0.0, 20_000))  # a round of 200, before a deadline twice as far
EXPONENTS = NUMBERS.uniform(0.0, 12.0, BASES.size)


@njit
def _powers(bases, exponents, out):
    for i in range(len(out)):
        out[i] = power(bases[i], exponents[i])


def _compiled(bases, exponents):
    out = np.empty_like(bases)
    _powers(bases, exponents, out)
    return out


def test_powers_are_those_of_the_c_library():
    exact = [math.pow(base, exponent) for base, exponent in zip(BASES, EXPONENTS, strict=True)]
    np.testing.assert_allclose(_compiled(BASES, EXPONENTS), exact, rtol=1e-12, atol=0.0)


@pytest.mark.parametrize("exponent", [0.0, 0.5, 4.0, 12.0])
def test_one_to_any_power_is_exactly_one(exponent):
    assert power(1.0, exponent) == 1.0


def test_the_smallest_results_do_not_overflow():
    assert 0.0 < power(1e-300, 12.0) < 1e-290


def test_logarithm_and_exponential_undo_each_other():
    for base in BASES[:500]:
        assert log2(base) == pytest.approx(math.log2(base), abs=1e-13)
        assert exp2(log2(base)) == pytest.approx(base, rel=1e-12)


def test_a_power_is_the_same_alone_and_beside_others():
    together = _compiled(BASES, EXPONENTS)
    for i in range(0, BASES.size, 997):
        assert power(BASES[i], EXPONENTS[i]) == together[i]
