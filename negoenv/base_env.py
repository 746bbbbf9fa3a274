"""The Gymnasium environments of any `Batch`: one episode, or many with autoreset. No rule of a game is here."""

import reprlib
from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from negoenv.arguments import (
    checked_autoreset_mode,
    checked_limit,
    checked_options,
    checked_seed,
    random_seed,
    require_no_render_mode,
)
from negoenv.engine.actions import Actions, Discrete
from negoenv.engine.batch import Batch, Mask, coded
from negoenv.errors import NegoenvError
from negoenv.infos import METADATA, of_every_step, report
from negoenv.specs import PlainSpec

_ALL = np.ones(1, np.bool_)
_FIRST = np.zeros(1, np.intp)


class SingleEnv(PlainSpec, gym.Env[NDArray[Any], np.int64]):
    """One episode at a time: a batch of one row.

    Attributes:
        batch: the game.
        reveal: whether the hidden truth goes into ``info`` at the end of an episode.
    """

    metadata: dict[str, Any] = METADATA

    def __init__(self, batch: Batch, reveal: bool = False, actions: Actions | None = None) -> None:
        self.batch = batch
        self.reveal = reveal
        self._space = actions or Discrete(batch)
        self.observation_space = batch.observation_space
        self.action_space = self._space.space
        self._move = np.zeros(1, np.int64)
        self._seeded = False
        self._running = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[Any], dict[str, Any]]:
        """Start an episode. A seed keys the stream of episodes; ``None`` continues it with the next one.

        Raises:
            NegoenvError: for a seed that is no whole number of 64 bits, or an option that the game does not have;
                then nothing has changed.
        """
        chosen = checked_options(options)
        if chosen:
            self.batch.check_options(_ALL, chosen)
        if seed is not None:
            seed = checked_seed(seed)
        super().reset(seed=seed)
        if seed is not None or not self._seeded:
            self.batch.seed(random_seed() if seed is None else seed)
            self._seeded = True
        self.batch.reset(_ALL, chosen)
        self._running = True
        self._record(None)
        return self._observation(), {"action_mask": self.action_masks()}

    def step(self, action: np.int64) -> tuple[NDArray[Any], float, bool, bool, dict[str, Any]]:
        """Play one move; see the class for what it returns.

        Raises:
            NegoenvError: if no episode is running, or the action is not in the action space.
        """
        batch = self.batch
        if not self._running:
            raise NegoenvError(
                "The episode is over: call reset() before the next step()."
                if self._seeded
                else "No episode has begun: call reset() before the first step()."
            )
        self._space.take_one(action, self._move)
        self._play()
        info: dict[str, Any] = {
            "action_mask": self.action_masks(),
            "reward_terms": dict(zip(batch.reward_names, batch.reward_terms.tolist()[0], strict=True)),
        }
        terminated = batch.terminated.item()
        if terminated:
            self._running = False
            reported = {name: values.item() for name, values in coded(batch.outcomes(_FIRST)).items()}
            info |= {name: value for name, value in reported.items() if value == value}  # NaN: does not apply
            if self.reveal:
                info["hidden"] = {name: values.item() for name, values in batch.revealed().items()}
        self._record(int(self._move[0]))
        return self._observation(), batch.rewards.item(), terminated, False, info

    def _play(self) -> None:
        """Let the game play the move."""
        self.batch.step(self._move, _ALL)

    def _record(self, move: int | None) -> None:
        """Take down for `render` what the move came to; ``None`` begins an episode."""

    def _observation(self) -> Any:
        return self._shown(self.batch.observations.copy()[0])

    def _shown(self, observation: NDArray[Any]) -> Any:
        """Return an observation in the form that the caller asked for."""
        return observation

    def action_masks(self) -> NDArray[np.int8]:
        """Return 1 for each legal action, else 0, int8 of shape ``(n,)``; the name is sb3-contrib's."""
        masks: NDArray[np.int8] = self._space.masks(self.batch.action_masks.copy())[0]
        return masks


class BatchVectorEnv(PlainSpec, VectorEnv[NDArray[Any], NDArray[Any], NDArray[Any]]):
    """Many episodes side by side, with any of Gymnasium's autoreset modes.

    Row i replays bit for bit what the single environment gives for ``seed + i``.

    Attributes:
        batch: the game.
        autoreset_mode: NEXT_STEP, SAME_STEP or DISABLED.
        max_episode_steps: after so many steps an episode is truncated; ``None``: never.
        reveal: whether the hidden truth goes into the infos at the end of an episode.
    """

    metadata: dict[str, Any] = METADATA

    def __init__(
        self,
        batch: Batch,
        autoreset_mode: AutoresetMode | str,
        reveal: bool = False,
        max_episode_steps: int | None = None,
        render_mode: str | None = None,
        actions: Actions | None = None,
    ) -> None:
        self.autoreset_mode = checked_autoreset_mode(autoreset_mode)
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}
        require_no_render_mode(render_mode, "a vector environment")
        self.max_episode_steps = checked_limit(max_episode_steps)
        self.batch = batch
        self.reveal = reveal
        self.num_envs = batch.num_rows
        self.single_observation_space = batch.observation_space
        self._space = actions or Discrete(batch)
        self.single_action_space = self._space.space
        self.observation_space = batch_space(batch.observation_space, batch.num_rows)
        self.action_space = batch_space(self.single_action_space, batch.num_rows)
        self._all = np.ones(batch.num_rows, np.bool_)
        self._seeded = False
        self._begun = False  # an episode in every row
        self._over: Mask | None = None  # rows whose episode the last step ended, if there are any and nobody reset them
        self._actions = np.zeros(batch.num_rows, np.int64)
        self._steps = np.zeros(batch.num_rows, np.int64)  # in the episode of each row, if there may be so many only

    def reset(
        self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[Any], dict[str, Any]]:
        """Start episodes.

        Args:
            seed: row i is seeded with ``seed + i``; a list seeds each row by itself; ``None`` continues the streams.
            options: those of the game, and ``"reset_mask"``, bool of shape ``(num_envs,)``, for the rows to reset.

        Raises:
            NegoenvError: for a seed that is no whole number of 64 bits, or an option that the game does not have;
                then nothing has changed.
        """
        chosen = checked_options(options)
        rows = self._reset_mask(chosen.pop("reset_mask", None))
        if chosen:
            self.batch.check_options(rows, chosen)
        self._seed(seed, rows)
        self.batch.copy_buffers()
        self.batch.reset(rows, chosen)
        if rows is not self._all:
            # The caller has, and may have changed, what the last step wrote in the other rows.
            self.batch.refresh(~rows & (self.batch.episodes >= 0))
        self._begun = bool((self.batch.episodes >= 0).all())
        self._steps[rows] = 0
        if self._over is not None:
            self._over &= ~rows
            self._over = self._over if self._over.any() else None
        masks = self._space.masks(self.batch.action_masks)
        return self._shown(self.batch.observations), {"action_mask": masks, "_action_mask": rows.copy()}

    def _shown(self, observations: NDArray[Any]) -> Any:
        """Return observations, of one row or of all, in the form that the caller asked for."""
        return observations

    def _seed(self, seed: Any, mask: Mask) -> None:
        """Seed the rows of ``mask``, which are reset, all of them or each by itself."""
        if isinstance(seed, (list, tuple, np.ndarray)) and np.ndim(seed) > 0:
            if len(seed) != self.num_envs:
                raise NegoenvError(f"seed lists {len(seed)} seeds; there are {self.num_envs} environments.")
            seeds = [None if one is None else checked_seed(one) for one in seed]
            if not self._seeded:
                self.batch.seed(random_seed())
            self.batch.seed_each([one if begins else None for one, begins in zip(seeds, mask, strict=True)])
        else:
            seed = None if seed is None else checked_seed(seed, self.num_envs)
            super().reset(seed=seed)
            if seed is not None or not self._seeded:
                self.batch.seed(random_seed() if seed is None else seed, mask if self._seeded else None)
        self._seeded = True

    def _reset_mask(self, chosen: Any) -> Mask:
        if chosen is None:
            return self._all
        mask: NDArray[Any] = np.array(chosen)
        if mask.dtype != np.bool_ or mask.shape != (self.num_envs,) or not mask.any():
            raise NegoenvError(
                f"reset_mask has dtype {mask.dtype} and shape {mask.shape}; a bool array of shape ({self.num_envs},) "
                "with at least one True is expected."
            )
        return mask

    def step(
        self, actions: NDArray[Any]
    ) -> tuple[NDArray[Any], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Play one move in each row; the arrays returned are fresh.

        Raises:
            NegoenvError: if there are rows without an episode that runs, or an action is not in the action space.
        """
        batch, over = self.batch, self._over
        if not self._begun or (over is not None and self.autoreset_mode == AutoresetMode.DISABLED):
            raise self._not_running()
        self._space.take(actions, self._actions)
        batch.new_buffers()
        if over is None:
            batch.step(self._actions, self._all)
        else:
            batch.step_or_reset(self._actions, over)
        terminated = batch.terminated.copy()
        truncated = self._truncated(over)
        ended = terminated if self.max_episode_steps is None else terminated | truncated
        infos: dict[str, Any] = {}
        played = np.ones(self.num_envs, np.bool_) if over is None else ~over
        self._over = None
        if ended.any():
            if ended is terminated or terminated.any():
                infos = report(batch, terminated, self.reveal)
            if self.autoreset_mode == AutoresetMode.SAME_STEP:
                infos |= of_every_step(batch, self._space, ended, ended)
                infos["action_mask"] = infos["action_mask"].copy()  # the next episode is about to be written over it
                infos = {"final_info": infos, "_final_info": ended, "_final_obs": ended}
                infos["final_obs"] = self._final_observations(ended)
                self._steps[ended] = 0
                played &= ~ended
                batch.autoreset(ended)
            else:
                self._over = ended.copy()
        infos |= of_every_step(batch, self._space, played, np.ones(self.num_envs, np.bool_))
        return self._shown(batch.observations), batch.rewards, terminated, truncated, infos

    def _not_running(self) -> NegoenvError:
        """Return what is wrong with a step while some rows have no episode that runs."""
        if not self._seeded:
            return NegoenvError("No episode has begun: call reset() before the first step().")
        over = np.zeros(self.num_envs, np.bool_) if self._over is None else self._over
        rows = np.flatnonzero(over | (self.batch.episodes < 0)).tolist()
        return NegoenvError(
            f"Episodes in rows {reprlib.repr(rows)} are over or have not begun; reset these rows with "
            'reset(options={"reset_mask": ...}) before the next step.'
        )

    def _truncated(self, begun: Mask | None) -> Mask:
        """Count the step, in all rows but those that it has ``begun``; return where the episode reached its limit."""
        if self.max_episode_steps is None:
            return np.zeros(self.num_envs, np.bool_)
        self._steps += 1
        if begun is not None:
            self._steps[begun] = 0
        return self._steps >= self.max_episode_steps

    def _final_observations(self, ended: Mask) -> NDArray[np.object_]:
        final = np.full(self.num_envs, None, dtype=object)
        rows = ended.nonzero()[0]
        for row, observation in zip(rows.tolist(), self.batch.observations[rows], strict=True):
            final[row] = self._shown(observation)
        return final

    def action_masks(self) -> NDArray[np.int8]:
        """Return 1 for each legal action, else 0, int8 of shape ``(num_envs, n)``."""
        self.batch.copy_buffers()  # the caller may have changed those that it was handed
        self.batch.refresh(self.batch.episodes >= 0)
        return self._space.masks(self.batch.action_masks.copy())
