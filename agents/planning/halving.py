"""Sequential halving: spend a budget of samples where it is hard to tell which choice is the best.

Karnin, Koren & Somekh 2013, *Almost optimal exploration in multi-armed bandits* (ICML). The budget is split evenly over
some phases; in each, all arms still in are sampled equally often, and then the worst are dropped. The arms of a row are
sampled with the same numbers of draws, so that a sampler can give them common random numbers.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Indices = NDArray[np.intp]
Sampler = Callable[[Indices, Indices, Indices], NDArray[np.float64]]
"""Given rows, arms and numbers of draws, each of shape ``(n,)``, returns a value for each."""


def best_arms(arms: NDArray[np.bool_], budget: int, phases: int, sample: Sampler) -> Indices:
    """Return the best arm of each row, shape ``(rows,)``.

    Args:
        arms: whether a row has an arm, bool of shape ``(rows, arms)``; each row has at least one.
        budget: samples a row, over all its arms; at least one an arm and phase are taken.
        phases: how often arms are dropped; as many as halvings would be needed is the original, fewer are faster.
        sample: draws values; the n-th draw of any two arms of a row may share its random numbers.
    """
    offered = arms.sum(axis=1)
    alive = arms.copy()
    totals = np.zeros(arms.shape)
    drawn = np.zeros(len(arms), np.intp)
    order = np.arange(arms.shape[1])
    for phase in range(phases):
        each = np.maximum(1, budget // (phases * alive.sum(axis=1)))
        rows, chosen = np.nonzero(alive)
        repeats = each[rows]
        first = np.repeat(np.cumsum(repeats) - repeats, repeats)
        number = np.arange(len(first)) - first + np.repeat(drawn[rows], repeats)
        values = sample(np.repeat(rows, repeats), np.repeat(chosen, repeats), number)
        totals[rows, chosen] += np.add.reduceat(values, np.cumsum(repeats) - repeats)
        drawn += each
        # The arms that stay are fewer by the same factor each time, and one in the end.
        keep = np.ceil(offered ** (1.0 - (phase + 1) / phases)).astype(np.intp)
        ranked = np.argsort(np.where(alive, -totals, np.inf), axis=1, kind="stable")
        ranks = np.empty_like(ranked)
        np.put_along_axis(ranks, ranked, np.broadcast_to(order, ranked.shape), axis=1)
        alive &= ranks < keep[:, None]
    return np.asarray(alive.argmax(axis=1))
