"""Stable-Baselines3 on the other seat: a supplier learns against a buyer that stays as it is."""

import time
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray
from stable_baselines3.common.vec_env import VecEnv
from stable_baselines3.common.vec_env.base_vec_env import VecEnvIndices

from negoenv.benchmark.evaluation import Actor
from negoenv.engine.batch import coded
from negoenv.engine.two_sided import TwoSidedBatch
from negoenv.errors import unknown_name
from negoenv.interop.supplier_seat import (
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

_MASKS = "action_masks"


class SupplierVecEnv(VecEnv):
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
        """Seat the buyer.

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
        self._returns, self._lengths = np.zeros(num_envs), np.zeros(num_envs, np.int64)
        self._born = time.time()
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
        self._returns[:], self._lengths[:] = 0.0, 0
        return seen_by_suppliers(self.batch)

    def step_async(self, actions: NDArray[Any]) -> None:
        """Keep the actions for `step_wait`."""
        self._moves = np.asarray(actions, np.int64)

    def step_wait(self) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.bool_], list[dict[str, Any]]]:
        """Let the suppliers answer, and the buyer make its next move where the talks go on."""
        batch = self.batch
        answered = batch.waits.copy()
        batch.take(answers_of(self._moves), answered)
        gained = np.where(answered, self._gained(), 0.0)
        ended = answered & batch.terminated
        moves = self.buyer.act(batch.observations.copy(), batch.action_masks.copy(), self._starts)
        batch.hear(np.asarray(moves, np.int64), ~ended)
        gained += np.where(ended, 0.0, self._gained())
        ended |= batch.terminated
        self._returns += gained
        self._lengths += 1
        infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        if ended.any():
            seconds = round(time.time() - self._born, 6)
            rows = np.flatnonzero(ended)
            reported = {name: column.tolist() for name, column in coded(batch.outcomes(rows)).items()}
            for place, row in enumerate(rows.tolist()):
                episode = {"r": float(self._returns[row]), "l": int(self._lengths[row]), "t": seconds}
                infos[row] = {name: column[place] for name, column in reported.items()}
                infos[row] |= {"TimeLimit.truncated": False, "episode": episode}
            self._returns[ended], self._lengths[ended] = 0.0, 0
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

    def env_method(self, method_name: str, *args: Any, indices: VecEnvIndices = None, **kwargs: Any) -> list[Any]:
        """Return the action mask of each row; rows have no other method.

        Raises:
            NegoenvError: for another method.
        """
        if method_name != _MASKS:
            raise unknown_name("method of a row", method_name, [_MASKS])
        return list(self.action_masks()[list(self._get_indices(indices))])

    def get_attr(self, attr_name: str, indices: VecEnvIndices = None) -> list[Any]:
        """Return an attribute, once for each row."""
        return [getattr(self, attr_name) for _ in self._get_indices(indices)]

    def set_attr(self, attr_name: str, value: Any, indices: VecEnvIndices = None) -> None:
        """Set an attribute of all rows."""
        setattr(self, attr_name, value)

    def env_is_wrapped(
        self, wrapper_class: type[gym.Wrapper[Any, Any, Any, Any]], indices: VecEnvIndices = None
    ) -> list[bool]:
        """Say that rows are not wrapped."""
        return [False for _ in self._get_indices(indices)]

    def close(self) -> None:
        """Free nothing: there is nothing to free."""
