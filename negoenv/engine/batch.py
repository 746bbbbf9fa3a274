"""What the Gymnasium environments need of a game: episodes side by side that are seeded, reset, stepped and copied."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import numpy as np
from gymnasium import spaces
from numpy.typing import NDArray

from negoenv.errors import whole_number
from negoenv.game.state import Outcome
from negoenv.numerics.randomness import row_keys

Mask = NDArray[np.bool_]

OUTCOME_NAMES = tuple(outcome.name.lower() for outcome in Outcome)
"""How an episode can stand or end, by the code that ``info["outcome"]`` gives: that of `negoenv.Outcome`."""

_CODES = {name: code for code, name in enumerate(OUTCOME_NAMES)}


class Batch(ABC):
    """Rows of independent episodes of one game, in buffers that every call overwrites in place.

    A row's episode is a pure function of its key and its episode counter, so it replays bit for bit alone or beside
    others. `NegotiationEnv` holds a batch of one row, `NegotiationVectorEnv` one of many; neither knows the rules.

    Attributes:
        num_rows: number of episodes side by side.
        observation_space: space of one row's observation.
        action_space: space of one row's action, ``Discrete``.
        moves: how many actions there are.
        keys: seed of each row, uint64 of shape ``(rows,)``.
        episodes: episodes begun since the row was seeded, less one; int64 of shape ``(rows,)``.
        observations: shape ``(rows, *observation_space.shape)``, dtype of the space.
        action_masks: 1 where a move is legal, int8 of shape ``(rows, n)``.
        rewards: reward of the last step, float64 of shape ``(rows,)``.
        terminated: whether the last step ended the episode, bool of shape ``(rows,)``.
        reward_terms: the components of the last rewards, float64 of shape ``(rows, len(reward_names))``; they sum to
            it.
        row_arrays: names of the attributes that hold a row each; together they are all that a row is.
        stream: the stream of random numbers that keys belong to, see `negoenv.scenarios.splits.STREAMS`.
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

    def __init__(self, num_rows: int) -> None:
        self.num_rows = whole_number("num_envs", num_rows)
        shape = self.observation_space.shape
        assert shape is not None
        self.moves = int(self.action_space.n)
        self.keys = np.zeros(self.num_rows, np.uint64)
        self.episodes = np.full(self.num_rows, -1, np.int64)
        self.observations: NDArray[Any] = np.zeros((self.num_rows, *shape), self.observation_space.dtype)
        self.action_masks = np.zeros((self.num_rows, self.moves), np.int8)
        self.rewards = np.zeros(self.num_rows, np.float64)
        self.terminated = np.zeros(self.num_rows, np.bool_)
        self.reward_terms = np.zeros((self.num_rows, len(self.reward_names)), np.float64)

    def seed(self, seed: int, mask: Mask | None = None) -> None:
        """Key row i with ``seed + i``; its next episode is its first. ``mask`` limits this to some rows."""
        chosen = np.ones(self.num_rows, np.bool_) if mask is None else mask
        self.keys[chosen] = row_keys(seed, self.num_rows, self.stream)[chosen]
        self.episodes[chosen] = -1

    def seed_each(self, seeds: list[int | None]) -> None:
        """Key each row with a seed of its own; ``None`` lets a row continue its stream."""
        for row, seed in enumerate(seeds):
            if seed is not None:
                self.keys[row] = row_keys(seed, 1, self.stream)[0]
                self.episodes[row] = -1

    @abstractmethod
    def reset(self, mask: Mask, options: dict[str, Any] | None = None) -> None:
        """Start the next episode in the rows of ``mask``: fills observations and masks, clears what a step gave."""

    @abstractmethod
    def check_options(self, mask: Mask, options: dict[str, Any]) -> None:
        """Raise what `reset` would raise for these options; change nothing."""

    def autoreset(self, mask: Mask) -> None:
        """Start the next episode in the rows of ``mask``, which have just ended; what their last step gave stays."""
        rewards, terms = self.rewards.copy(), self.reward_terms.copy()
        self.reset(mask)
        self.rewards[:], self.reward_terms[:] = rewards, terms

    @abstractmethod
    def step(self, actions: NDArray[np.int64], mask: Mask) -> None:
        """Play one action in each row of ``mask``: fills observations, masks, rewards, their terms and terminated."""

    def step_or_reset(self, actions: NDArray[np.int64], over: Mask) -> None:
        """Begin the next episode in the rows that are ``over``, and play one action in all others."""
        self.reset(over)
        self.step(actions, ~over)

    @abstractmethod
    def refresh(self, mask: Mask) -> None:
        """Write observations and masks anew in the rows of ``mask``, from what the rows remember."""

    def new_buffers(self) -> None:
        """Take new buffers for what a step writes in every row: the old ones now belong to the caller, as they are."""
        for name in self.handed_over:
            setattr(self, name, np.empty_like(getattr(self, name)))

    def copy_buffers(self) -> None:
        """Go on in copies of those buffers: the old ones belong to the caller, and what is in some rows is needed."""
        for name in self.handed_over:
            setattr(self, name, getattr(self, name).copy())

    def resized(self, num_rows: int) -> Self:
        """Return another batch of the same game with ``num_rows`` rows, in none of which an episode has begun.

        It shares the rules and nothing else: copies of rows can be played ahead in it.
        """
        num_rows = whole_number("rows", num_rows)
        other = self._with_rows(num_rows, lambda array: np.zeros((num_rows, *array.shape[1:]), array.dtype))
        other.episodes[:] = -1
        return other

    def first_rows(self, num_rows: int) -> Self:
        """Return a batch whose rows are the first of this one: the same memory, and cheap to make."""
        num_rows = whole_number("rows", num_rows, most=self.num_rows)
        return self._with_rows(num_rows, lambda array: array[:num_rows])

    def _with_rows(self, num_rows: int, change: Callable[[NDArray[Any]], NDArray[Any]]) -> Self:
        """Return a shallow copy with other row arrays."""
        other = object.__new__(type(self))
        other.__dict__.update(self.__dict__)
        other.__dict__.update({name: change(getattr(self, name)) for name in self.row_arrays}, num_rows=num_rows)
        other._derive()
        return other

    def _derive(self) -> None:  # noqa: B027 - most games have nothing of the kind
        """Make anew what follows from the row arrays, after they were replaced, and what no two batches may share."""

    def copy_rows(self, source: Self, index: NDArray[np.intp], into: NDArray[np.intp]) -> None:
        """Overwrite rows with copies of another batch's rows; a copy goes on bit for bit as its original.

        Args:
            source: a batch of the same game.
            index: numbers of rows of ``source``; one may be copied many times.
            into: numbers of rows of this batch, as many.
        """
        for name in self.row_arrays:
            _bytes(getattr(self, name))[into] = _bytes(getattr(source, name))[index]

    @abstractmethod
    def rules(self) -> Mapping[str, Any]:
        """Return what makes the game what it is, whatever happens in its rows: every number by its name."""

    @abstractmethod
    def outcomes(self, index: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """What a finished episode's ``info`` reports, an array each; meaningful where terminated.

        Args:
            index: the numbers of some rows, and their order; all rows unless given. So for `revealed`.
        """

    def outcomes_of(self, terminated: Mask) -> dict[str, NDArray[Any]]:
        """Return `outcomes` of the rows that the last step ``terminated``, as Gymnasium lays out vectors of infos.

        Returns:
            arrays over all rows, 0 in the others, the outcome as its code; and by ``_name`` a mask of where each
            applies.
        """
        finished = terminated.nonzero()[0]
        infos: dict[str, NDArray[Any]] = {}
        for name, values in coded(self.outcomes(finished)).items():
            applies = values == values  # NaN: does not apply
            infos[name] = over_all_rows(self.num_rows, finished, values)
            infos[f"_{name}"] = terminated if applies.all() else over_all_rows(self.num_rows, finished, applies)
        return infos

    def revealed(self, index: NDArray[np.intp] | None = None) -> dict[str, NDArray[Any]]:
        """Return the hidden truth, an array each; empty for a game that hides nothing."""
        return {}

    def traced(self) -> dict[str, NDArray[Any]]:
        """Return what a `negoenv.benchmark.trace.Trace` keeps of each row before a move, an array each.

        Where a game has such things they are called ``offer`` and ``ask``, ``pressure`` (what the buyer has built up)
        and ``strain`` (how strained the other side is).
        """
        return {}


def coded(outcomes: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Return what `Batch.outcomes` gave of episodes that have ended, with codes for the names of how they did."""
    names: list[str] = outcomes["outcome"].tolist()
    return outcomes | {"outcome": np.array([_CODES[name] for name in names], np.int64)}


def over_all_rows(num_rows: int, finished: NDArray[np.intp], values: NDArray[Any]) -> NDArray[Any]:
    """Return an array of length ``num_rows`` that holds ``values`` in the ``finished`` rows, 0 elsewhere."""
    column = np.zeros(num_rows, values.dtype)
    column[finished] = values
    return column


def _bytes(array: NDArray[Any]) -> NDArray[Any]:
    """Return an array of records as an array of raw memory, which NumPy copies much faster."""
    return array.view(np.dtype((np.void, array.dtype.itemsize))) if array.dtype.names else array
