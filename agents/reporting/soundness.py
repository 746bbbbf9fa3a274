"""Whether arrays that were read from a file can be evaluated episodes at all."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import OUTCOMES, Episodes
from negoenv.benchmark.trace import OVER, Trace
from negoenv.errors import NegoenvError

_MAX_KINDS = 64  # of supplier: the archetypes that a population may have
_SEEDS = 2**64  # seeds are below


def require_sound(episodes: Episodes, where: str) -> None:
    """Refuse episodes that no evaluation gives, so that what draws and tells them needs no doubts of its own.

    Args:
        episodes: what was read.
        where: what a message begins with, for example the file's name.

    Raises:
        NegoenvError: for the first thing that is wrong.
    """
    for wrong in _faults(episodes):
        raise NegoenvError(f"{where}: {wrong}; write the comparison anew.")


def _faults(episodes: Episodes) -> Iterator[str]:
    """Yield what is wrong; what is asked later relies on what was asked before."""
    count = len(episodes.returns) if episodes.returns.ndim == 1 else 0
    if count < 2 or episodes.returns.dtype.kind != "f" or not np.isfinite(episodes.returns).all():
        yield "the returns of at least two episodes are expected, all of them finite numbers"
    if not 0 <= episodes.seed <= _SEEDS - count:
        yield f"the seed is {episodes.seed}"
    if episodes.uses.ndim != 2 or len(episodes.uses) != count or episodes.uses.shape[1] == 0:
        yield "the uses of moves do not belong to the episodes"
    if episodes.uses.dtype.kind not in "iu" or episodes.uses.min() < 0:
        yield "the uses of moves are no counts"
    if episodes.suppliers.dtype.kind != "U" or episodes.suppliers.shape not in ((count,), (0,)):
        yield "the kinds of supplier do not belong to the episodes"
    if len(np.unique(episodes.suppliers)) > _MAX_KINDS:
        yield f"there are more than {_MAX_KINDS} kinds of supplier"
    yield from _wrong_columns(episodes, count)
    if episodes.trace is not None:
        yield from _wrong_trace(episodes, episodes.trace, count)


def _wrong_columns(episodes: Episodes, count: int) -> Iterator[str]:
    outcomes = dict(episodes.outcomes)
    ends = outcomes.pop("outcome", np.array(0))
    if ends.shape != (count,) or not np.isin(ends, OUTCOMES).all():
        yield f"an outcome is expected of each episode, one of {', '.join(OUTCOMES)}"
    for name, column in (outcomes | dict(episodes.terms)).items():
        if column.shape != (count,) or column.dtype.kind not in "fiub" or _infinite(column):
            yield f"the array {name!r} does not belong to the episodes"


def _wrong_trace(episodes: Episodes, trace: Trace, count: int) -> Iterator[str]:
    moves, kinds = trace.moves, episodes.uses.shape[1]
    if moves.dtype.kind != "i" or moves.ndim != 2 or moves.shape[1] != count:
        yield "the moves do not belong to the episodes"
    if not len(moves) or moves.min() < OVER or moves.max() >= kinds:
        yield f"moves are expected from 0 to {kinds - 1}, and {OVER} after the end"
    running = trace.running
    if not running[0].all() or (running[1:] & ~running[:-1]).any():
        yield "an episode has no beginning, or moves after its end"
    counted = np.stack([(moves == move).sum(axis=0) for move in range(kinds)], axis=1)
    if not np.array_equal(counted, episodes.uses):
        yield "the moves are not those whose uses were counted"
    if not np.array_equal(episodes.outcomes.get("rounds", np.array(0)), running.sum(axis=0)):
        yield "the moves are not as many as the rounds"
    for name, column in trace.columns.items():
        if column.shape != moves.shape or column.dtype.kind != "f" or _infinite(column):
            yield f"the array {name!r} does not belong to the moves"
        elif not np.array_equal(np.isnan(column), ~running):
            yield f"the array {name!r} lacks numbers, or has some after the end"


def _infinite(column: NDArray[np.generic]) -> bool:
    return bool(column.dtype.kind == "f" and np.isinf(column).any())
