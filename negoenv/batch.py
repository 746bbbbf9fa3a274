"""What both Gymnasium faces need of a game: rows of episodes that can be seeded, begun and stepped; and copied."""

import copy
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.errors import NegoenvError
from negoenv.randomness import row_keys

Rows = NDArray[np.bool_]


class Batch(ABC):
    """Rows of independent episodes of one game, in buffers that every call overwrites in place.

    A row's episode is a pure function of its key and its episode counter, so it replays bit for bit alone or beside
    others. `NegotiationEnv` holds a batch of one row, `NegotiationVectorEnv` one of many; neither knows the rules.

    Attributes:
        rows: number of episodes side by side.
        observation_space: space of one row's observation.
        action_space: space of one row's action, ``Discrete``.
        keys: seed of each row, uint64 of shape ``(rows,)``.
        episodes: episodes begun since the row was seeded, less one; int64 of shape ``(rows,)``.
        observations: shape ``(rows, *observation_space.shape)``, dtype of the space.
        action_masks: 1 where a move is legal, int8 of shape ``(rows, n)``.
        rewards: reward of the last step, float64 of shape ``(rows,)``.
        terminated: whether the last step ended the episode, bool of shape ``(rows,)``.
        reward_terms: the components of the last rewards, float64 of shape ``(rows, len(reward_names))``; they sum to
            it.
        row_arrays: names of the attributes that hold a row each; together they are all that a row is.
        stream: the stream of random numbers that keys belong to, see `negoenv.splits.STREAMS`.
        handed_over: names of those that vector environments hand over without a copy.
    """

    row_arrays: ClassVar[tuple[str, ...]] = (
        "keys", "episodes", "observations", "action_masks", "rewards", "terminated", "reward_terms"
    )  # fmt: skip
    handed_over: ClassVar[tuple[str, ...]] = ("observations", "action_masks", "rewards", "reward_terms")
    observation_space: spaces.Space[Any]
    action_space: spaces.Discrete
    reward_names: tuple[str, ...]
    stream: int = 0

    def __init__(self, rows: int) -> None:
        if not isinstance(rows, (int, np.integer)) or rows < 1:
            raise NegoenvError(f"num_envs is {rows!r}; it must be a whole number of at least 1.")
        self.rows = int(rows)
        shape = self.observation_space.shape
        assert shape is not None
        moves = int(self.action_space.n)
        self.keys = np.zeros(rows, np.uint64)
        self.episodes = np.full(rows, -1, np.int64)
        self.observations: NDArray[Any] = np.zeros((rows, *shape), self.observation_space.dtype)
        self.action_masks = np.zeros((rows, moves), np.int8)
        self.rewards = np.zeros(rows, np.float64)
        self.terminated = np.zeros(rows, np.bool_)
        self.reward_terms = np.zeros((rows, len(self.reward_names)), np.float64)

    def seed(self, seed: int, rows: Rows | None = None) -> None:
        """Key row i with ``seed + i``; its next episode is its first. ``rows`` limits this to some rows."""
        chosen = np.ones(self.rows, np.bool_) if rows is None else rows
        self.keys[chosen] = row_keys(seed, self.rows, self.stream)[chosen]
        self.episodes[chosen] = -1

    def seed_each(self, seeds: list[int | None]) -> None:
        """Key each row with a seed of its own; ``None`` lets a row continue its stream."""
        for row, seed in enumerate(seeds):
            if seed is not None:
                self.keys[row] = row_keys(seed, 1, self.stream)[0]
                self.episodes[row] = -1

    @abstractmethod
    def begin(self, rows: Rows, options: dict[str, Any] | None = None) -> None:
        """Start the next episode in ``rows``: fills observations and masks, clears rewards and terminated there."""

    def begin_again(self, rows: Rows) -> None:
        """Start the next episode in ``rows``, which have just ended; what their last step gave stays."""
        rewards, terms = self.rewards.copy(), self.reward_terms.copy()
        self.begin(rows)
        self.rewards[:], self.reward_terms[:] = rewards, terms

    @abstractmethod
    def step(self, actions: NDArray[np.int64], rows: Rows) -> None:
        """Play one action in each of ``rows``: fills observations, masks, rewards, their terms and terminated there."""

    def step_or_begin(self, actions: NDArray[np.int64], over: Rows) -> None:
        """Begin the next episode in the rows that are ``over``, and play one action in all others."""
        self.begin(over)
        self.step(actions, ~over)

    @abstractmethod
    def refresh(self, rows: Rows) -> None:
        """Write observations and masks anew in ``rows``, from what the rows remember."""

    def renew(self) -> None:
        """Take new buffers for what a step writes in every row: the old ones now belong to the caller, as they are."""
        for name in self.handed_over:
            setattr(self, name, np.empty_like(getattr(self, name)))

    def keep(self) -> None:
        """Go on in copies of those buffers: the old ones belong to the caller, and what is in some rows is needed."""
        for name in self.handed_over:
            setattr(self, name, getattr(self, name).copy())

    def resized(self, rows: int) -> Self:
        """Return another batch of the same game with ``rows`` rows, in none of which an episode has begun.

        It shares the rules and nothing else: copies of rows can be played ahead in it.
        """
        if rows < 1:
            raise NegoenvError(f"rows is {rows}; it must be at least 1.")
        other = self._with_rows(rows, lambda array: np.zeros((rows, *array.shape[1:]), array.dtype))
        other.episodes[:] = -1
        return other

    def first_rows(self, rows: int) -> Self:
        """Return a batch whose rows are the first of this one: the same memory, and cheap to make."""
        if not 1 <= rows <= self.rows:
            raise NegoenvError(f"rows is {rows}; this batch has {self.rows}.")
        return self._with_rows(rows, lambda array: array[:rows])

    def _with_rows(self, rows: int, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Self:
        """Return a shallow copy with other row arrays."""
        other = copy.copy(self)
        other.__dict__.update({name: change(getattr(self, name)) for name in self.row_arrays}, rows=rows)
        other._name_parts()
        return other

    def _name_parts(self) -> None:  # noqa: B027 - most games have no other names for parts of the row arrays
        """Name parts of the row arrays again, after they were replaced."""

    def copy_rows(self, source: Self, rows: NDArray[np.intp], into: NDArray[np.intp]) -> None:
        """Overwrite rows with copies of another batch's rows; a copy goes on bit for bit as its original.

        Args:
            source: a batch of the same game.
            rows: numbers of rows of ``source``; one may be copied many times.
            into: numbers of rows of this batch, as many.
        """
        for name in self.row_arrays:
            _bytes(getattr(self, name))[into] = _bytes(getattr(source, name))[rows]

    @abstractmethod
    def rules(self) -> Mapping[str, Any]:
        """Return what makes the game what it is, whatever happens in its rows: every number by its name."""

    @abstractmethod
    def outcomes(self, rows: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """What a finished episode's ``info`` reports, an array each; meaningful where terminated.

        Args:
            rows: the numbers of some rows, and their order; all rows unless given. So for `revealed`.
        """

    def outcomes_of(self, terminated: Rows) -> dict[str, NDArray[Any]]:
        """Return `outcomes` of the rows that the last step ``terminated``, as Gymnasium lays out vectors of infos.

        Returns:
            arrays over all rows, 0 (or empty) in the others; and by ``_name`` a mask of where each applies.
        """
        finished = terminated.nonzero()[0]
        infos: dict[str, NDArray[Any]] = {}
        for name, values in self.outcomes(finished).items():
            applies = values == values  # NaN: does not apply
            infos[name] = over_all_rows(self.rows, finished, values)
            infos[f"_{name}"] = terminated if applies.all() else over_all_rows(self.rows, finished, applies)
        return infos

    def revealed(self, rows: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return the hidden truth, an array each; empty for a game that hides nothing."""
        return {}

    def traced(self) -> dict[str, NDArray[Any]]:
        """Return what a `negoenv.trace.Trace` keeps of each row before a move, an array each; by default nothing.

        Where a game has such things they are called ``offer`` and ``ask``, ``pressure`` (what the buyer has built up)
        and ``mood`` (how strained the other side is).
        """
        return {}


def over_all_rows(rows: int, finished: NDArray[np.intp], values: NDArray[Any]) -> NDArray[Any]:
    """Return an array of length ``rows`` that holds ``values`` in the ``finished`` rows, 0 elsewhere."""
    column = np.zeros(rows, values.dtype)
    column[finished] = values
    return column


def _bytes(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of records as an array of raw memory, which NumPy copies thirty times as fast."""
    return array.view(np.dtype((np.void, array.dtype.itemsize))) if array.dtype.names else array
