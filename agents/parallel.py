"""Long work in processes side by side."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any


def in_parallel(work: Callable[..., Any], calls: Sequence[tuple[Any, ...]], processes: int) -> Iterator[int]:
    """Call ``work`` with each tuple of arguments, and yield the number of each call when it is done.

    Args:
        work: a function of a module, whose result is not wanted.
        calls: arguments, which can be pickled.
        processes: how many run side by side; with 1, or with one call, they run here.

    Raises:
        Exception: what ``work`` raised; no other call is begun then.
    """
    if processes == 1 or len(calls) < 2:
        for number, arguments in enumerate(calls):
            work(*arguments)
            yield number
        return
    context = multiprocessing.get_context("spawn")  # a fork would copy the threads of torch and Numba as they stand
    with ProcessPoolExecutor(min(processes, len(calls)), context) as pool:
        futures = {pool.submit(work, *arguments): number for number, arguments in enumerate(calls)}
        try:
            for future in as_completed(futures):
                future.result()
                yield futures[future]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
