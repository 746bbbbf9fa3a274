"""The product of two small matrices in compiled code, whose last bits no library and no thread changes."""

import numpy as np
from numpy.typing import NDArray

from negoenv.numerics.compiled import compiled_sums

Floats = NDArray[np.float32]


@compiled_sums
def add_product(one: Floats, other: Floats, total: Floats) -> None:
    """Add the matrix product of the first two to the third, of shapes ``(n, m)``, ``(m, k)`` and ``(n, k)``.

    Four rows and four columns of the first matrix at a time: sixteen products for twelve numbers that are read or
    written, side by side in vector instructions.
    """
    rows, inner = one.shape
    width = other.shape[1]
    for four in range(rows // 4):  # counted so, the compiler finds the vectors
        i = 4 * four
        for other_four in range(inner // 4):
            k = 4 * other_four
            a0, a1, a2, a3 = one[i, k], one[i, k + 1], one[i, k + 2], one[i, k + 3]
            b0, b1, b2, b3 = one[i + 1, k], one[i + 1, k + 1], one[i + 1, k + 2], one[i + 1, k + 3]
            c0, c1, c2, c3 = one[i + 2, k], one[i + 2, k + 1], one[i + 2, k + 2], one[i + 2, k + 3]
            d0, d1, d2, d3 = one[i + 3, k], one[i + 3, k + 1], one[i + 3, k + 2], one[i + 3, k + 3]
            for j in range(width):
                x0, x1, x2, x3 = other[k, j], other[k + 1, j], other[k + 2, j], other[k + 3, j]
                total[i, j] += a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3
                total[i + 1, j] += b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3
                total[i + 2, j] += c0 * x0 + c1 * x1 + c2 * x2 + c3 * x3
                total[i + 3, j] += d0 * x0 + d1 * x1 + d2 * x2 + d3 * x3
    for i in range(rows):  # what is left over
        for k in range(inner - inner % 4 if i < rows - rows % 4 else 0, inner):
            a0 = one[i, k]
            for j in range(width):
                total[i, j] += a0 * other[k, j]
