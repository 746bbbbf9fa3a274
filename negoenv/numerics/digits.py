"""Whole numbers written into the digits of a float64, where AVX2 has no instruction that converts them."""

from typing import Any

import numpy as np

from negoenv.numerics.compiled import compiled

LEAST = 2.0**52
"""From here up to twice as much the last digit of a float64 counts in ones."""

_UPPER = np.uint64(0x433) << np.uint64(52)  # the upper bits of these numbers


@compiled
def above_min(word: Any) -> float:
    """Return `LEAST` and a whole number below it together, exactly; ``word`` is a uint64."""
    number: float = np.uint64(word | _UPPER).view(np.float64)
    return number
