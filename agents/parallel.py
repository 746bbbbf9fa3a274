"""Long work in processes side by side."""

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from typing import Any


def in_parallel(work: Callable[..., Any], calls: Sequence[tuple[Any, ...]], processes: int) -> Iterator[int]:
    """Call ``work`` with each tuple of arguments, and yield the number of each call when it is done.

    Args:
        work: a function of a module, whose result is not wanted.
        calls: arguments, which can be pickled.
        processes: how many run side by side; with 1, or with one call, they run here.

    Raises:
        BaseException: what ``work`` raised, or Ctrl-C; what runs beside it is ended then, and no other call is begun.
    """
    if processes == 1 or len(calls) < 2:
        for number, arguments in enumerate(calls):
            work(*arguments)
            yield number
        return
    others = multiprocessing.active_children()
    context = multiprocessing.get_context("spawn")  # a fork would copy the threads of torch and Numba as they stand
    with ProcessPoolExecutor(min(processes, len(calls)), context) as pool:
        try:
            with _no_interrupts_inherited():
                futures = {pool.submit(work, *arguments): number for number, arguments in enumerate(calls)}
            for future in as_completed(futures):
                future.result()
                yield futures[future]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                if process not in others:
                    process.terminate()
            raise


@contextmanager
def _no_interrupts_inherited() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach, even while they import: this one is told, and ends them.

    A terminal sends it to all of them, and each would print where it was.
    """
    if not hasattr(signal, "pthread_sigmask"):  # not on Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)  # and what came meanwhile is told now
