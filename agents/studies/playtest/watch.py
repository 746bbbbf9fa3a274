"""A policy watched while it plays: what it knew when it moved, and what is hidden from it."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Episodes, evaluate
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.tactics import FAMILY_OF, Family, Move

from ...policy import Policy
from ...reporting.report import EVALUATION_SEED
from .subject import Subject

_EMOTION = np.array([FAMILY_OF[move] == Family.EMOTION for move in Move])
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Watched:
    """What was seen of some episodes, an entry each.

    Attributes:
        episodes: what is reported of any evaluation.
        zone: whether there was a zone of agreement: the supplier's reservation price below the buyer's.
        emotion: moves of emotional pressure.
        emotion_known: those of them that were made after the weakness was known.
        goodwill_after_first: goodwill after the first deal, whether or not a second followed; NaN without a deal.
    """

    episodes: Episodes
    zone: NDArray[np.bool_]
    emotion: Floats
    emotion_known: Floats
    goodwill_after_first: Floats


class _Watcher:
    """Lets a policy play and looks at the batch before each move."""

    def __init__(self, policy: Policy, batch: NegotiationBatch) -> None:
        self.policy, self.batch = policy, batch
        self.emotion, self.known = np.zeros(batch.num_rows), np.zeros(batch.num_rows)
        self.goodwill = np.full(batch.num_rows, np.nan)

    def reset(self, num_rows: int, seed: int = 0) -> None:
        """Begin, as the policy does."""
        self.policy.reset(num_rows, seed)
        self._first_goodwill = self.batch.state["goodwill"].copy()

    def act(self, observation: NDArray[Any], action_mask: NDArray[np.int8], starts: NDArray[np.bool_]) -> Any:
        """Return the policy's moves."""
        state, running = self.batch.state, ~self.batch.terminated
        moves = np.asarray(self.policy.act(observation, action_mask, starts))
        legal = action_mask[np.arange(len(moves)), moves] == 1
        angry = running & legal & _EMOTION[moves]
        self.emotion += angry
        self.known += angry & (state["weakness_known"] == 1.0)
        new = running & np.isnan(self.goodwill) & (state["goodwill"] != self._first_goodwill)
        self.goodwill[new] = state["goodwill"][new]
        return moves


def watch(subject: Subject, policy: Policy, game: dict[str, Any] | None = None) -> Watched:
    """Play a policy on the held-out suppliers, and look."""
    batch = subject.batch(game=game)
    watcher = _Watcher(policy, batch)
    episodes = evaluate(watcher, batch, EVALUATION_SEED)
    no_second = np.isnan(watcher.goodwill)  # so the deal that ended the episode was the first
    watcher.goodwill[no_second] = episodes.values()["goodwill"][no_second]
    zone = batch.supplier["reservation_price"] < batch.state["limit"]
    return Watched(episodes, zone, watcher.emotion, watcher.known, watcher.goodwill)
