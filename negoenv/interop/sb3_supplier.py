"""Stable-Baselines3 on the other side: a supplier learns against a buyer that stays as it is."""

from typing import Any

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Actor
from negoenv.engine.batch import coded
from negoenv.engine.two_sided import TwoSidedBatch
from negoenv.errors import unknown_name
from negoenv.interop.sb3_rows import RowsVecEnv
from negoenv.interop.supplier_agent import (
    LEAVE_TALKS,
    SUPPLIER_MOVES,
    answers_of,
    seen_by_suppliers,
    supplier_masks,
    supplier_space,
)
from negoenv.scenarios.scenario import Scenario

OBJECTIVES_OF_SUPPLIERS = {
    "profit": "its profit as a share of what lies between its cost and its first ask; 0 without a deal",
    "harm": "the buyer's return, negative; it may not leave",
}
"""What a supplier that learns may be after."""


class SupplierVecEnv(RowsVecEnv):
    """Negotiations side by side, with the supplier's moves as actions; the buyer's are part of the environment.

    An episode begins before the buyer's first move, where HOLD is all that is legal. Finished rows begin their next
    episode at once. ``infos`` are filled for finished rows only, with what became of them.

    Attributes:
        batch: the game.
        buyer: who buys.
    """

    render_mode = None

    def __init__(
        self, num_envs: int, scenario: Scenario, buyer: Actor, objective: str = "profit", split: str = "train"
    ) -> None:
        """Make the rows.

        Args:
            num_envs: number of negotiations side by side.
            scenario: the game, about a price alone.
            buyer: a policy; it stays as it is.
            objective: what is rewarded, of `OBJECTIVES_OF_SUPPLIERS`.
            split: where costs and traits of suppliers come from.

        Raises:
            NegoenvError: if there is no such objective, or the scenario has several issues.
        """
        if objective not in OBJECTIVES_OF_SUPPLIERS:
            raise unknown_name("objective of a supplier", objective, OBJECTIVES_OF_SUPPLIERS)
        self.batch, self.buyer = TwoSidedBatch(num_envs, scenario, split), buyer
        self._harms = objective == "harm"
        super().__init__(num_envs, supplier_space(), spaces.Discrete(len(SUPPLIER_MOVES)))

    def reset(self) -> NDArray[np.float32]:
        """Begin an episode in each row, with the seed that was set before."""
        every = np.ones(self.num_envs, np.bool_)
        if self._seeds[0] is not None:
            self.batch.seed(self._seeds[0])
        elif (self.batch.episodes < 0).all():
            self.batch.seed(0)
        self._reset_seeds()
        self._reset_options()
        self.batch.reset(every)
        self.buyer.reset(self.num_envs, 0)
        self._starts = every
        self._restart(slice(None))
        return seen_by_suppliers(self.batch)

    def step_wait(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_], list[dict[str, Any]]]:
        """Let the suppliers answer, and the buyer make its next move where the talks go on."""
        batch = self.batch
        answered = batch.waits.copy()
        batch.supplier_step(answers_of(np.asarray(self._actions, np.int64)), answered)
        gained = np.where(answered, self._gained(), 0.0)
        ended = answered & batch.terminated
        moves = self.buyer.act(batch.observations.copy(), batch.action_masks.copy(), self._starts)
        batch.buyer_step(np.asarray(moves, np.int64), ~ended)
        gained += np.where(ended, 0.0, self._gained())
        ended |= batch.terminated
        self._count(gained)
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        if ended.any():
            rows = np.flatnonzero(ended)
            reported = {name: column.tolist() for name, column in coded(batch.outcomes(rows)).items()}
            for place, (row, episode) in enumerate(zip(rows.tolist(), self._episodes(rows), strict=True)):
                infos[row] = {name: column[place] for name, column in reported.items()}
                infos[row] |= {"TimeLimit.truncated": False, "episode": episode}
            self._restart(rows)
            batch.reset(ended)
        self._starts = ended
        return seen_by_suppliers(batch), gained.astype(np.float32), ended, infos

    def _gained(self) -> NDArray[np.float64]:
        return -self.batch.rewards if self._harms else self.batch.profits

    def action_masks(self) -> NDArray[np.int8]:
        """Return 1 for each legal action, else 0, int8 of shape ``(num_envs, n)``."""
        masks = supplier_masks(self.batch)
        if self._harms:
            masks[:, LEAVE_TALKS] = 0
        return masks
