"""Runs of numbers that lie side by side, moved at once.

The compiler cannot know that two arrays do not overlap, and moves one number after the other, each loaded, changed and
stored before the next. These functions load the whole run before they store any of it: 5% of a step. The numbers of a
run lie side by side, and all of them must be there; nothing checks it.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils, config
from numba.extending import intrinsic

_BYTE = 1  # all that is known of where a run begins in memory


def copier(count: int) -> Callable[..., None]:
    """Return ``copy(out, i, k, source, j)`` for compiled code: ``out[i, k:k + count] = source[j, :count]``."""

    def copy(typing: Any, out: Any, i: Any, k: Any, source: Any, j: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            out, i, k, source, j = arguments
            kinds = signature.args
            first = context.get_constant(types.intp, 0)
            run = _load(context, builder, kinds[3], source, (j, first), count)
            return _store(context, builder, kinds[0], out, (i, k), run)

        return types.void(out, types.intp, types.intp, source, types.intp), generate

    def copy_in_python(out: Any, i: int, k: int, source: Any, j: int) -> None:
        out[i, k : k + count] = source[j, :count]

    return _inlined(copy, copy_in_python)


def scaler(count: int) -> Callable[..., None]:
    """Return ``scale(out, i, k, numbers, n, factors)`` for compiled code, which copies ``count`` float64 as float32.

    It does ``out[i, k:k + count] = numbers[n:n + count] * factors[:count]``.
    """

    def scale(typing: Any, out: Any, i: Any, k: Any, numbers: Any, n: Any, factors: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            out, i, k, numbers, n, factors = arguments
            kinds = signature.args
            first = context.get_constant(types.intp, 0)
            product = builder.fmul(
                _load(context, builder, kinds[3], numbers, (n,), count),
                _load(context, builder, kinds[5], factors, (first,), count),
            )
            run = builder.fptrunc(product, ir.VectorType(ir.FloatType(), count))
            return _store(context, builder, kinds[0], out, (i, k), run)

        return types.void(out, types.intp, types.intp, numbers, types.intp, factors), generate

    def scale_in_python(out: Any, i: int, k: int, numbers: Any, n: int, factors: Any) -> None:
        out[i, k : k + count] = numbers[n : n + count] * factors[:count]

    return _inlined(scale, scale_in_python)


def _inlined(generator: Callable[..., Any], in_python: Callable[..., None]) -> Callable[..., None]:
    """Return what compiled code calls; without compilation (NUMBA_DISABLE_JIT) its counterpart in Python."""
    disabled: bool = config.DISABLE_JIT  # type: ignore[attr-defined]
    inlined: Callable[..., None] = in_python if disabled else intrinsic(generator)
    return inlined


def _load(context: Any, builder: Any, kind: Any, array: Any, index: tuple[Any, ...], count: int) -> Any:
    place = _place(context, builder, kind, array, index)
    run = ir.VectorType(context.get_data_type(kind.dtype), count)
    return builder.load(builder.bitcast(place, run.as_pointer()), align=_BYTE)


def _store(context: Any, builder: Any, kind: Any, array: Any, index: tuple[Any, ...], run: Any) -> Any:
    place = _place(context, builder, kind, array, index)
    builder.store(run, builder.bitcast(place, run.type.as_pointer()), align=_BYTE)
    return context.get_dummy_value()


def _place(context: Any, builder: Any, kind: Any, array: Any, index: tuple[Any, ...]) -> Any:
    """Return the address of an element of an array."""
    whole = context.make_array(kind)(context, builder, array)
    return cgutils.get_item_pointer(context, builder, kind, whole, index)  # type: ignore[no-untyped-call]
