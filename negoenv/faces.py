"""The two Gymnasium faces of any `Batch`: one episode, or many with autoreset. No rule of a game is here."""

from typing import Any

import gymnasium as gym
import numpy as np
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from negoenv.batch import Batch, Rows, over_all_rows
from negoenv.errors import NegoenvError, unknown_name

_ALL = np.ones(1, np.bool_)
_FIRST = np.zeros(1, np.intp)
_NOT_BEGUN = "No episode has begun: call reset() before the first step()."


def _random_seed() -> int:
    """Return a fresh seed from the operating system, for an environment that nobody seeded."""
    return int(seeding.np_random(None)[1]) % 2**64


def _checked_seed(seed: int) -> int:
    if not isinstance(seed, (int, np.integer)) or seed < 0:
        raise NegoenvError(f"seed is {seed!r}; it must be a whole number of at least 0, or None.")
    return int(seed)


class SingleEnv(gym.Env[NDArray[Any], np.int64]):
    """One episode at a time: a batch of one row.

    Attributes:
        batch: the game.
        reveal: whether the hidden truth goes into ``info`` at the end of an episode.
    """

    def __init__(self, batch: Batch, reveal: bool = False) -> None:
        self.batch = batch
        self.reveal = reveal
        self.observation_space = batch.observation_space
        self.action_space = batch.action_space
        self._action = np.zeros(1, np.int64)
        self._seeded = False

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[Any], dict[str, Any]]:
        """Start an episode. A seed keys the stream of episodes; ``None`` continues it with the next one."""
        if seed is not None:
            seed = _checked_seed(seed)
        super().reset(seed=seed)
        if seed is not None or not self._seeded:
            self.batch.seed(_random_seed() if seed is None else seed)
            self._seeded = True
        self.batch.begin(_ALL, options)
        return self._observation(), {"action_mask": self.action_masks()}

    def step(self, action: np.int64) -> tuple[NDArray[Any], float, bool, bool, dict[str, Any]]:
        """Play one move; see the class for what it returns."""
        batch = self.batch
        if not self._seeded:
            raise NegoenvError(_NOT_BEGUN)
        self._action[0] = action
        batch.step(self._action, _ALL)
        info: dict[str, Any] = {
            "action_mask": batch.action_masks.copy()[0],
            "reward_terms": dict(zip(batch.reward_names, batch.reward_terms.tolist()[0])),  # noqa: B905 - 0.1 us
        }
        terminated = batch.terminated.item()
        if terminated:
            reported = {name: values.item() for name, values in batch.outcomes(_FIRST).items()}
            info |= {name: value for name, value in reported.items() if value == value}  # NaN: does not apply
            if self.reveal:
                info["hidden"] = {name: values.item() for name, values in batch.revealed().items()}
        return self._observation(), batch.rewards.item(), terminated, False, info

    def _observation(self) -> Any:
        return self.batch.observations.copy()[0]

    def action_masks(self) -> NDArray[np.int8]:
        """Return 1 for each legal action, else 0, int8 of shape ``(n,)``; the name is sb3-contrib's."""
        masks: NDArray[np.int8] = self.batch.action_masks.copy()[0]
        return masks


class BatchVectorEnv(VectorEnv[NDArray[Any], NDArray[Any], NDArray[Any]]):
    """Many episodes side by side, with any of Gymnasium's autoreset modes.

    Row i replays bit for bit what the single environment gives for ``seed + i``.

    Attributes:
        batch: the game.
        autoreset_mode: NEXT_STEP, SAME_STEP or DISABLED.
        reveal: whether the hidden truth goes into the infos at the end of an episode.
    """

    def __init__(self, batch: Batch, autoreset_mode: AutoresetMode | str, reveal: bool = False) -> None:
        modes = [mode.value for mode in AutoresetMode]
        value = autoreset_mode.value if isinstance(autoreset_mode, AutoresetMode) else autoreset_mode
        if value not in modes and value not in AutoresetMode.__members__:
            raise unknown_name("autoreset mode", autoreset_mode, AutoresetMode.__members__)
        self.autoreset_mode = AutoresetMode(value) if value in modes else AutoresetMode[str(value)]
        self.metadata = {**self.metadata, "autoreset_mode": self.autoreset_mode}
        self.batch = batch
        self.reveal = reveal
        self.num_envs = batch.rows
        self.single_observation_space = batch.observation_space
        self.single_action_space = batch.action_space
        self.observation_space = batch_space(batch.observation_space, batch.rows)
        self.action_space = batch_space(batch.action_space, batch.rows)
        self._all = np.ones(batch.rows, np.bool_)
        self._seeded = False

    def reset(
        self, *, seed: int | list[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[NDArray[Any], dict[str, Any]]:
        """Start episodes.

        Args:
            seed: row i is seeded with ``seed + i``; a list seeds each row by itself; ``None`` continues the streams.
            options: those of the game, and ``"reset_mask"``, bool of shape ``(num_envs,)``, for the rows to reset.
        """
        chosen = dict(options or {})
        rows = self._reset_mask(chosen.pop("reset_mask", None))
        if isinstance(seed, (list, tuple, np.ndarray)):
            if len(seed) != self.num_envs:
                raise NegoenvError(f"seed lists {len(seed)} seeds; there are {self.num_envs} environments.")
            if not self._seeded:
                self.batch.seed(_random_seed())
            chosen_seeds = [one if begins else None for one, begins in zip(seed, rows, strict=True)]
            self.batch.seed_each([None if one is None else _checked_seed(one) for one in chosen_seeds])
            self._seeded = True
        else:
            super().reset(seed=None if seed is None else _checked_seed(seed))
            if seed is not None or not self._seeded:
                self.batch.seed(_random_seed() if seed is None else int(seed), rows if self._seeded else None)
                self._seeded = True
        self.batch.keep()
        self.batch.begin(rows, chosen)
        if rows is not self._all:
            # The caller has, and may have changed, what the last step wrote in the other rows.
            self.batch.refresh(~rows & (self.batch.episodes >= 0))
        return self.batch.observations, {"action_mask": self.batch.action_masks}

    def _reset_mask(self, chosen: Any) -> Rows:
        if chosen is None:
            return self._all
        mask: NDArray[Any] = np.asarray(chosen)
        if mask.dtype != np.bool_ or mask.shape != (self.num_envs,) or not mask.any():
            raise NegoenvError(
                f"reset_mask has dtype {mask.dtype} and shape {mask.shape}; a bool array of shape ({self.num_envs},) "
                "with at least one True is expected."
            )
        return mask

    def step(
        self, actions: NDArray[Any]
    ) -> tuple[NDArray[Any], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Play one move in each row; the arrays returned are fresh."""
        batch = self.batch
        if not self._seeded:
            raise NegoenvError(_NOT_BEGUN)
        actions = np.asarray(actions, np.int64)
        if actions.shape != (self.num_envs,):
            raise NegoenvError(f"actions have shape {actions.shape}; ({self.num_envs},) is expected.")
        over = batch.terminated.copy()
        any_over = np.count_nonzero(over) > 0  # which NumPy does in a tenth of the time of any()
        if any_over and self.autoreset_mode == AutoresetMode.DISABLED:
            raise NegoenvError(
                f"Episodes in rows {np.flatnonzero(over).tolist()} are over; with autoreset_mode DISABLED reset them "
                'with reset(options={"reset_mask": ...}) before the next step.'
            )
        batch.renew()
        if any_over and self.autoreset_mode == AutoresetMode.NEXT_STEP:
            batch.step_or_begin(actions, over)
        else:
            batch.step(actions, self._all)
        terminated = batch.terminated.copy()
        infos: dict[str, Any] = {}
        if np.count_nonzero(terminated):
            finished = terminated.nonzero()[0]
            infos = self._report(finished, terminated)
            if self.autoreset_mode == AutoresetMode.SAME_STEP:
                infos["reward_terms"] = self._terms()
                infos = {"final_info": infos, "_final_info": terminated, "_final_obs": terminated}
                infos["final_obs"] = self._final_observations(finished)
                batch.begin_again(terminated)
        infos["reward_terms"] = self._terms()
        infos["action_mask"] = batch.action_masks
        return batch.observations, batch.rewards, terminated, np.zeros(self.num_envs, np.bool_), infos

    def _terms(self) -> dict[str, NDArray[np.float64]]:
        return dict(zip(self.batch.reward_names, self.batch.reward_terms.T, strict=True))

    def _report(self, finished: NDArray[np.intp], terminated: NDArray[np.bool_]) -> dict[str, Any]:
        """Return what infos report of the ``finished`` rows: each array with a mask of its rows."""
        infos: dict[str, Any] = self.batch.outcomes_of(terminated)
        if self.reveal:
            hidden = self.batch.revealed(finished)
            infos["hidden"] = {name: over_all_rows(self.num_envs, finished, values) for name, values in hidden.items()}
            infos["_hidden"] = terminated
        return infos

    def _final_observations(self, finished: NDArray[np.intp]) -> NDArray[np.object_]:
        final = np.full(self.num_envs, None, dtype=object)
        for row, observation in zip(finished.tolist(), self.batch.observations[finished], strict=True):
            final[row] = observation
        return final

    def action_masks(self) -> NDArray[np.int8]:
        """Return 1 for each legal action, else 0, int8 of shape ``(num_envs, n)``."""
        self.batch.keep()  # the caller may have changed those that it was handed
        self.batch.refresh(self.batch.episodes >= 0)
        return self.batch.action_masks.copy()
