"""Stable-Baselines3: a batch of episodes as one of its ``VecEnv``.

SB3 refuses Gymnasium's vector environments and would step hundreds of single ones in a Python loop; this class hands it
whole batches (https://stable-baselines3.readthedocs.io/en/master/guide/vec_envs.html).
"""

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from gymnasium.vector import AutoresetMode
from numpy.typing import NDArray

from negoenv.base_env import BatchVectorEnv
from negoenv.errors import NegoenvError
from negoenv.interop.sb3_rows import RowsVecEnv
from negoenv.make import actions_of, make_batch
from negoenv.scenarios.presets import Named


class SB3VecEnv(RowsVecEnv):
    """Many episodes side by side, as Stable-Baselines3 and sb3-contrib expect them.

    Row i replays what ``DummyVecEnv`` gives over single environments for the same seed and actions. Every array that is
    returned is fresh, since SB3 keeps the last ones and adds to the rewards. The ``infos`` are filled for finished rows
    only: what the game reports of the episode, ``terminal_observation``, ``TimeLimit.truncated`` (only by
    ``max_episode_steps``: the deadline is part of the game) and Monitor's ``episode``. Attributes are shared by all
    rows.

    Attributes:
        env: the vector environment, in the autoreset mode SAME_STEP.
    """

    def __init__(self, env: BatchVectorEnv) -> None:
        """Wrap a vector environment.

        Args:
            env: for example ``gymnasium.make_vec("negoenv/Procurement-v0", num_envs=256, autoreset_mode="SameStep")``.

        Raises:
            NegoenvError: if ``env`` is none of this package's, or its autoreset mode is another.
        """
        if not isinstance(env, BatchVectorEnv):
            raise NegoenvError(f"SB3VecEnv wraps a vector environment of negoenv, not {type(env).__name__}.")
        if env.autoreset_mode != AutoresetMode.SAME_STEP:
            raise NegoenvError(
                f"SB3VecEnv needs autoreset_mode='SameStep', not {env.autoreset_mode.value!r}: SB3 wants the first "
                "observation of the next episode together with the last step."
            )
        self.env = env
        super().__init__(env.num_envs, env.single_observation_space, env.single_action_space)

    @property
    def _shared(self) -> BatchVectorEnv:
        return self.env

    def reset(self) -> NDArray[Any]:
        """Begin an episode in each row, with the seeds and options set before; both are used once."""
        for rows, options in self._by_options():
            seeds = [seed if chosen else None for seed, chosen in zip(self._seeds, rows, strict=True)]
            seeded = any(seed is not None for seed in seeds)
            observations, infos = self.env.reset(
                seed=seeds if seeded else None, options={**options, "reset_mask": rows}
            )
        self._reset_seeds()
        self._reset_options()
        self._restart(slice(None))
        self.reset_infos = [{"action_mask": mask} for mask in infos["action_mask"]]
        return observations

    def _by_options(self) -> Iterator[tuple[NDArray[np.bool_], dict[str, Any]]]:
        """Yield the rows that share one set of options; `set_options` with one dictionary makes them all share it."""
        keys = np.array([id(options) if options else 0 for options in self._options])
        for key in np.unique(keys):
            rows = keys == key
            yield rows, self._options[int(rows.argmax())]

    def step_wait(self) -> tuple[NDArray[Any], NDArray[np.float32], NDArray[np.bool_], list[dict[str, Any]]]:
        """Play the actions; finished rows begin their next episode at once."""
        observations, rewards, terminated, truncated, infos = self.env.step(self._actions)
        dones = terminated | truncated
        self._count(rewards)
        row_infos: list[dict[str, Any]] = [{} for _ in range(self.num_envs)]
        if np.count_nonzero(dones):
            finished = dones.nonzero()[0]
            masks, endings = infos["action_mask"][finished], self._endings(infos, finished, terminated)
            for row, info, mask in zip(finished.tolist(), endings, masks, strict=True):
                row_infos[row] = info
                self.reset_infos[row] = {"action_mask": mask}
            self._restart(finished)
        return observations, rewards.astype(np.float32), dones, row_infos

    def _endings(
        self, infos: Mapping[str, Any], finished: NDArray[np.intp], terminated: NDArray[np.bool_]
    ) -> Iterator[dict[str, Any]]:
        """Yield what SB3 wants to know of each episode that has just ended, in the ``finished`` rows."""
        final = {name: column for name, column in infos["final_info"].items() if name.lstrip("_") != "action_mask"}
        reported, last_seen = _rows_of(final, finished), infos["final_obs"][finished].tolist()
        columns = (reported, self._episodes(finished), last_seen, (~terminated[finished]).tolist())
        for info, episode, observation, truncated in zip(*columns, strict=True):
            info["terminal_observation"] = observation
            info["TimeLimit.truncated"] = truncated
            info["episode"] = episode
            yield info

    def action_masks(self) -> NDArray[np.int8]:
        """Return 1 for each legal action, else 0, int8 of shape ``(num_envs, n)``."""
        return self.env.action_masks()

    def get_state(self) -> dict[str, NDArray[np.uint8]]:
        """Return all that the rows are, as raw memory by name, uint8 of shape ``(num_envs, bytes)``."""
        return {name: _memory(_without_gaps(array)) for name, array in self._row_arrays().items()}

    def set_state(self, state: Mapping[str, NDArray[np.uint8]]) -> None:
        """Let the rows go on bit for bit from a state of as many rows of the same game, after a `reset`.

        The memory is taken as it is: a state that somebody else may have made must not be given.

        Raises:
            NegoenvError: if it is not of such rows; then nothing has changed.
        """
        memory = {name: _memory(array) for name, array in self._row_arrays().items()}
        if {name: array.shape for name, array in state.items()} != {name: m.shape for name, m in memory.items()}:
            raise NegoenvError("The state is not one of as many rows of the same game.")
        for name, array in state.items():
            memory[name][:] = array

    def _row_arrays(self) -> dict[str, NDArray[Any]]:
        """Return every array that holds a row each, by name."""
        arrays = {name: getattr(self.env.batch, name) for name in self.env.batch.row_arrays}
        return {**arrays, "returns": self._returns, "lengths": self._lengths, "steps": self.env._steps}

    def close(self) -> None:
        """Close the vector environment."""
        self.env.close()


def _memory(array: NDArray[Any]) -> NDArray[np.uint8]:
    """Return the memory of an array, row by row: a view."""
    return array.reshape(len(array), -1).view(np.uint8)


def _without_gaps(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array whose records have 0 between their fields, where nobody ever writes; others as they are."""
    if array.dtype.names is None:
        return array
    clean: NDArray[Any] = np.zeros(array.shape, array.dtype)  # `zeros_like` fills the fields alone
    for name in array.dtype.names:
        clean[name] = array[name]
    return clean


def _rows_of(columns: Mapping[str, Any], index: NDArray[np.intp]) -> list[dict[str, Any]]:
    """Return some rows of a dictionary of arrays, or of such dictionaries, without what does not apply in them.

    Gymnasium's ``_key`` masks say where something applies; columns that share a mask are handed out together, which
    takes half the time of asking for each number.
    """
    infos: list[dict[str, Any]] = [{} for _ in range(len(index))]
    groups: dict[int, list[str]] = {}
    for name in columns:
        if not name.startswith("_"):
            groups.setdefault(id(columns.get(f"_{name}")), []).append(name)
    for names in groups.values():
        mask = columns.get(f"_{names[0]}")
        applies = itertools.repeat(True) if mask is None else mask[index].tolist()
        values = [
            _rows_of(columns[name], index) if isinstance(columns[name], Mapping) else columns[name][index].tolist()
            for name in names
        ]
        for info, row, does in zip(infos, zip(*values, strict=True), applies, strict=False):
            if does:
                info.update(zip(names, row, strict=False))
    return infos


def make_sb3_vec_env(
    num_envs: int = 256,
    scenario: Named = "Procurement",
    split: str = "train",
    num_threads: int = 1,
    action_space: str = "discrete",
) -> SB3VecEnv:
    """Return ``num_envs`` episodes of a scenario side by side; see `negoenv.make.make_batch` for the arguments.

    Of the action spaces of a negotiation, "discrete" and "factored" are those that Stable-Baselines3 can learn in.

    Raises:
        NegoenvError: if there is no such game, split or action space.
    """
    batch = make_batch(num_envs, scenario, split, num_threads)
    return SB3VecEnv(BatchVectorEnv(batch, AutoresetMode.SAME_STEP, actions=actions_of(batch, action_space)))
