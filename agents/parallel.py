"""Long work in processes side by side, which says how far it is, and of which one call may fail without the others."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from typing import Any

from negoenv.errors import NegoenvError

Arguments = tuple[Any, ...]
Ended = tuple[int, BaseException | None]
"""The number of a call that has ended, and what it raised."""

Told = Callable[[Mapping[int, int]], None]
"""What is called with how much each call under way has done, by its number."""

_SECONDS = 0.5  # between two looks at how far the calls are
_BROKEN = "Its process was ended from outside, perhaps for want of memory"

_tell: Callable[[int], None] = lambda amount: None  # noqa: E731 - replaced where somebody listens


def tell_done(amount: int) -> None:
    """Say how much of the call under way is done, for whoever has begun it; it costs next to nothing."""
    _tell(amount)


def in_parallel(
    work: Callable[..., Any], calls: Sequence[Arguments], processes: int, told: Told | None = None
) -> Iterator[int]:
    """Call ``work`` with each tuple of arguments, and yield the number of each call when it is done.

    Args:
        work: a function of a module, whose result is not wanted.
        calls: arguments, which can be pickled.
        processes: how many run side by side; with 1, or with one call, they run here.
        told: see `Told`; now and then.

    Raises:
        BaseException: what ``work`` raised, or Ctrl-C; what runs beside it is ended then, and no other call is begun.
    """
    with closing(all_outcomes(work, calls, 1 if len(calls) < 2 else processes, told)) as ended:
        for number, error in ended:
            if error is not None:
                raise error
            yield number


def all_outcomes(
    work: Callable[..., Any], calls: Iterable[Arguments], processes: int, told: Told | None = None
) -> Generator[Ended, None, None]:
    """Call ``work`` with each tuple of arguments, and yield the number of each call when it has ended, and its error.

    A call is taken from ``calls`` when a process is free for it and what ended before has been yielded. Each process
    serves many calls, since importing what they need takes seconds; of one that dies, another takes the place.

    The arguments are those of `in_parallel`.

    Raises:
        KeyboardInterrupt: on Ctrl-C; what runs is ended then.
    """
    if processes == 1:
        yield from _here(work, calls, told)
        return
    others = multiprocessing.active_children()
    waiting, idle, ending = enumerate(calls), list[_Worker](), True
    busy: dict[Future[None], tuple[int, _Worker]] = {}
    try:
        while True:
            while len(busy) < processes and (call := next(waiting, None)) is not None:
                worker = idle.pop() if idle else _Worker()
                busy[worker.begin(work, call[1])] = call[0], worker
            if not busy:
                ending = False
                return
            ended, _ = wait(busy, _SECONDS if told else None, FIRST_COMPLETED)
            if told:
                told({number: worker.done.value for number, worker in busy.values()})
            for future in ended:
                number, worker = busy.pop(future)
                error = future.exception()
                if isinstance(error, BrokenProcessPool):
                    worker.end()
                    error = NegoenvError(f"{_BROKEN}.")
                else:
                    idle.append(worker)
                yield number, error
    finally:
        for worker in (*idle, *(worker for _, worker in busy.values())):
            worker.end()
        for process in multiprocessing.active_children() if ending else ():
            if process not in others:
                process.terminate()


def _here(work: Callable[..., Any], calls: Iterable[Arguments], told: Told | None) -> Iterator[Ended]:
    """Do as `all_outcomes` in this process."""
    for number, arguments in enumerate(calls):
        try:
            with listened((lambda amount, number=number: told({number: amount})) if told else _tell):  # type: ignore[misc]
                work(*arguments)
        except Exception as error:
            yield number, error
        else:
            yield number, None


@contextmanager
def listened(tell: Callable[[int], None]) -> Iterator[None]:
    """Let ``tell`` be called in this process with what `tell_done` says."""
    global _tell
    before, _tell = _tell, tell
    try:
        yield
    finally:
        _tell = before


class _Worker:
    """A process that does one call after the other.

    Attributes:
        done: how much it has done of the one under way: memory that both sides see, without a lock, so that nobody
            waits for a process that was killed.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy the threads of torch and Numba as they stand
        self.done = context.RawValue("q", 0)
        self._pool = ProcessPoolExecutor(1, context, _listened_to, (self.done,))

    def begin(self, work: Callable[..., Any], arguments: Arguments) -> "Future[None]":
        """Begin a call."""
        self.done.value = 0
        with _no_interrupts_inherited():
            return self._pool.submit(work, *arguments)

    def end(self) -> None:
        """End the process when the call under way has ended."""
        self._pool.shutdown(wait=False, cancel_futures=True)


def _listened_to(done: Any) -> None:
    """Let this process write into ``done`` what it tells, and end with the one that began it, however that ends."""
    global _tell
    _tell = lambda amount: setattr(done, "value", amount)  # noqa: E731
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """Wait for the end of the process that began this one; what this one was writing is whole or not there."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


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
