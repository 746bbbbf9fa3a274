"""Data sets for offline learning: episodes of policies, played side by side, in Minari's format."""

import os
import shutil
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gymnasium as gym
import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from negoenv.arguments import checked_seed
from negoenv.engine.batch import Batch
from negoenv.errors import NegoenvError
from negoenv.registration import environment_id

from .extras import needed
from .policy import Policy
from .reporting.progress import bar

_EXTRA = "minari"
_OVERHEAD = 20_000  # bytes of an episode in HDF5 besides its arrays; 17,800 were measured


@dataclass(frozen=True)
class RecordedEpisodes:
    """Whole episodes, one after the other.

    Attributes:
        first: where each episode begins among the steps, and the number of steps; int64 of shape ``(episodes + 1,)``.
        observations: what each move answers, and where an episode ends what was seen last: shape
            ``(steps + episodes, columns)``; episode i begins at ``first[i] + i``.
        masks: the legal moves of each of these, int8 of shape ``(steps + episodes, moves)``.
        actions: int64 of shape ``(steps,)``.
        rewards: float64 of shape ``(steps,)``.
        seed: of episode 0; episode i is the one that ``reset(seed=seed + i)`` begins.
    """

    first: NDArray[np.int64]
    observations: NDArray[Any]
    masks: NDArray[np.int8]
    actions: NDArray[np.int64]
    rewards: NDArray[np.float64]
    seed: int

    @property
    def steps(self) -> int:
        """How many moves were played."""
        return int(self.first[-1])


def play_and_record(policy: Policy, batch: Batch, seed: int = 0) -> RecordedEpisodes:
    """Play one episode in each row of a batch, and keep all of it.

    Raises:
        NegoenvError: if the seed is none, or the policy does not fit the game.
    """
    seed = checked_seed(seed, batch.num_rows)
    batch.seed(seed)
    running = np.ones(batch.num_rows, np.bool_)
    batch.reset(running)
    policy.reset(batch.num_rows, seed)
    starts = running.copy()
    seen: list[tuple[NDArray[Any], ...]] = []  # rows, observations, masks: before each move, and at the end
    played: list[tuple[NDArray[Any], ...]] = []  # rows, actions, rewards
    seen.append((np.arange(batch.num_rows), batch.observations.copy(), batch.action_masks.copy()))
    while running.any():
        actions = np.asarray(policy.act(batch.observations.copy(), batch.action_masks.copy(), starts), np.int64)
        batch.step(actions, running)
        rows = running.nonzero()[0]
        played.append((rows, actions[rows], batch.rewards[rows]))
        seen.append((rows, batch.observations[rows], batch.action_masks[rows]))
        running &= ~batch.terminated
        starts = np.zeros(batch.num_rows, np.bool_)
    observations, masks = _by_row(seen)
    taken, rewards = _by_row(played)
    lengths = np.bincount(np.concatenate([rows for rows, *_ in played]), minlength=batch.num_rows)
    return RecordedEpisodes(np.append(0, lengths.cumsum()), observations, masks, taken, rewards, seed)


def _by_row(parts: Sequence[tuple[NDArray[Any], ...]]) -> tuple[NDArray[Any], ...]:
    """Return columns of which the first names the row, in the order of the rows and of time, without that one."""
    rows, *columns = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = rows.argsort(kind="stable")
    return tuple(column[order] for column in columns)


def _buffers(recorded: Sequence[RecordedEpisodes], buffer: Any, written: "tqdm[Any]") -> Iterator[Any]:
    """Yield each episode as the library wants it, and count it as ``written``."""
    for one in recorded:
        for i, (start, end) in enumerate(zip(one.first[:-1].tolist(), one.first[1:].tolist(), strict=True)):
            terminations = np.zeros(end - start, np.bool_)
            terminations[-1] = True
            yield buffer(
                seed=one.seed + i,
                observations=one.observations[start + i : end + i + 1],
                actions=one.actions[start:end],
                rewards=one.rewards[start:end],
                terminations=terminations,
                truncations=np.zeros(end - start, np.bool_),
                infos={"action_mask": one.masks[start + i : end + i + 1]},
            )
            written.update()


def require_minari() -> Any:
    """Return the library.

    Raises:
        NegoenvError: if it is not installed.
    """
    needed("h5py", _EXTRA, "A data set")
    return needed("minari", _EXTRA, "A data set")


@contextmanager
def _whole_or_not_there(place: Path) -> Iterator[None]:
    """Take away what has been written of a new directory if writing fails."""
    there = place.exists()
    try:
        yield
    except BaseException:
        if not there:
            shutil.rmtree(place, ignore_errors=True)
        raise


def _size(recorded: Sequence[RecordedEpisodes]) -> int:
    """Return how many bytes a data set of these episodes takes at most."""
    arrays = (array for one in recorded for array in (one.observations, one.masks, one.actions, one.rewards))
    return sum(array.nbytes for array in arrays) + _OVERHEAD * _episodes(recorded)


def _episodes(recorded: Sequence[RecordedEpisodes]) -> int:
    return sum(len(one.first) - 1 for one in recorded)


def _require_room(place: Path, recorded: Sequence[RecordedEpisodes]) -> None:
    """Refuse a disk that is too full: HDF5 would end the process when it fills up.

    Raises:
        NegoenvError: if the data set would not fit.
    """
    size = _size(recorded)
    free = shutil.disk_usage(next(outer for outer in place.resolve().parents if outer.is_dir())).free
    if free < size:
        raise NegoenvError(
            f"{place} needs {size / 1e6:,.1f} MB, and {free / 1e6:,.1f} MB are left on its disk; name another folder, "
            "or record fewer episodes."
        )


def write_dataset(
    name: str,
    recorded: Sequence[RecordedEpisodes],
    scenario: str,
    split: str,
    policies: Sequence[str],
    folder: Path,
    progress: bool = False,
) -> Path:
    """Write a data set that ``minari.load_dataset`` reads when ``MINARI_DATASETS_PATH`` names the folder.

    Args:
        name: of the data set, for example "procurement/random-v0".
        recorded: the episodes, of one policy after the other.
        scenario: name of a registered scenario.
        split: that they were played on.
        policies: their names.
        folder: of data sets.
        progress: whether to show how many episodes are written.

    Returns:
        The directory of the data set.

    Raises:
        NegoenvError: if Minari is missing or refuses the name, there is one of this name, or the disk is too full.
    """
    minari = require_minari()
    place = folder / name
    _require_room(place, recorded)
    spec = gym.spec(environment_id(scenario))
    spec.kwargs = {**spec.kwargs, "split": split}
    before = os.environ.get("MINARI_DATASETS_PATH")
    os.environ["MINARI_DATASETS_PATH"] = str(folder)  # the one way to tell it
    try:
        with (
            _whole_or_not_there(place),
            warnings.catch_warnings(),
            bar(_episodes(recorded), "writing", progress, "episodes", leave=False) as written,
        ):
            warnings.simplefilter("ignore")  # it advises to name an author, a link, ...
            minari.create_dataset_from_buffers(
                dataset_id=name,
                buffer=_buffers(recorded, minari.data_collector.EpisodeBuffer, written),
                env=spec,
                algorithm_name=", ".join(policies),
                description=f"Episodes of {', '.join(policies)} in {scenario}, split {split}.",
            )
    except ValueError as error:
        raise NegoenvError(f"Minari refuses the data set {name!r}: {error}") from None
    finally:
        if before is None:
            del os.environ["MINARI_DATASETS_PATH"]
        else:
            os.environ["MINARI_DATASETS_PATH"] = before
    return place
