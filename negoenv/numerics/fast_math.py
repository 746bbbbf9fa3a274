"""Powers of numbers between 0 and 1, and whole numbers as floats, in arithmetic that becomes vector instructions.

It stands apart because it reads and writes the bits of numbers; a rule of the game says `power` and need not know how.
The power of the C library is one call a number, and its last digit depends on the system, so that games would, too. A
conversion of whole numbers has no instruction in AVX2, so that the loop that draws random numbers would not become
vector instructions. What both are worth is in docs/speed.md.

The formulas are textbook ones (Muller 2016, *Elementary Functions*, 3rd ed., ch. 3 and 5): the logarithm as the series
of the inverse hyperbolic tangent, the exponential as its Taylor series, both over one factor of 2 around 1.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from negoenv.numerics.compiled import compiled

BASE = 2.0**52
"""From here up to twice as much a float64 counts in ones: its lower bits are a whole number."""

_BASE_BITS = np.uint64(0x433) << np.uint64(52)  # those of `BASE`, below which a whole number has its place
_DIGITS = np.uint64(52)  # of a float64, below its exponent
_MANTISSA = np.uint64(2**52 - 1)
_ONE = np.uint64(0x3FF) << _DIGITS  # the bits of 1.0
_ROUNDING = 1.5 * BASE  # a number to which this is added loses its fraction
_ROOT = math.sqrt(2.0)
_BIAS = np.uint64(1023)
_MIN = -1000.0  # binary logarithm of the smallest result


@compiled
def base_plus(word: Any) -> float:
    """Return `BASE` and a whole number below it together, exactly; ``word`` is a uint64."""
    number: float = np.uint64(word | _BASE_BITS).view(np.float64)
    return number


def polynomial(coefficients: list[float]) -> Callable[[float], float]:
    """Return the polynomial with these coefficients, as many as an even number, lowest first, as a compiled function.

    Its even and its odd half are evaluated side by side, since each product waits for the one before.
    """
    pairs = np.array(coefficients).reshape(-1, 2)[::-1].copy()

    @compiled
    def value(x: float) -> float:
        square = x * x
        even = odd = 0.0
        for pair in range(len(pairs)):
            even = even * square + pairs[pair, 0]
            odd = odd * square + pairs[pair, 1]
        return even + x * odd

    return value


_log2_by_z = polynomial([2.0 / math.log(2.0) / (2 * n + 1) for n in range(8)])
_exp2_around_0 = polynomial([math.log(2.0) ** n / math.factorial(n) for n in range(12)])


@compiled
def log2(x: float) -> float:
    """Return the binary logarithm of a normal number above 0, with an error below 1e-13."""
    bits = np.float64(x).view(np.uint64)
    exponent = base_plus(bits >> _DIGITS) - (BASE + 1023.0)
    mantissa = np.uint64((bits & _MANTISSA) | _ONE).view(np.float64)  # 1 to 2
    if mantissa > _ROOT:
        mantissa *= 0.5
        exponent += 1.0
    z = (mantissa - 1.0) / (mantissa + 1.0)
    return exponent + z * _log2_by_z(z * z)


@compiled
def exp2(y: float) -> float:
    """Return 2 to the power of ``y``, -1000 to 1000, with a relative error below 1e-13."""
    rounded = y + _ROUNDING
    rest = y - (rounded - _ROUNDING)
    scale: float = np.uint64((np.float64(rounded).view(np.uint64) + _BIAS) << _DIGITS).view(np.float64)
    return _exp2_around_0(rest) * scale


@compiled
def power(base: float, exponent: float) -> float:
    """Return ``base`` to the power of ``exponent``, with a relative error below 1e-12.

    Args:
        base: above 0, at most 1.
        exponent: 0 to 12.
    """
    return exp2(max(_MIN, exponent * log2(base)))
