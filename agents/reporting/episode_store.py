"""Evaluated episodes on disk: one npz file of plain arrays, without pickles, from which figures are drawn later."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from negoenv.benchmark.evaluation import OUTCOMES, Episodes, Interval
from negoenv.benchmark.scores import Reference
from negoenv.benchmark.trace import OVER, Trace
from negoenv.config import FrozenModel, Model, validated
from negoenv.errors import NegoenvError, unknown_name
from negoenv.names import checked_name
from negoenv.scenarios.scenario import SPLITS

from ..learning.spec import Training
from .files import write_bytes
from .report import Report
from .robustness import Robustness

_MAX_KINDS = 64  # of supplier: the archetypes that a population may have
_SEEDS = 2**64  # seeds are below


def require_sound(episodes: Episodes, where: str) -> None:
    """Refuse episodes that no evaluation gives, so that what draws and tells them needs no doubts of its own.

    Args:
        episodes: what was read.
        where: what a message begins with, for example the file's name.

    Raises:
        NegoenvError: for the first thing that is wrong.
    """
    for wrong in _faults(episodes):
        raise NegoenvError(f"{where}: {wrong}; write the comparison anew.")


def _faults(episodes: Episodes) -> Iterator[str]:
    """Yield what is wrong; what is asked later relies on what was asked before."""
    count = len(episodes.returns) if episodes.returns.ndim == 1 else 0
    if count < 2 or episodes.returns.dtype.kind != "f" or not np.isfinite(episodes.returns).all():
        yield "the returns of at least two episodes are expected, all of them finite numbers"
    if not 0 <= episodes.seed <= _SEEDS - count:
        yield f"the seed is {episodes.seed}"
    if episodes.uses.ndim != 2 or len(episodes.uses) != count or episodes.uses.shape[1] == 0:
        yield "the uses of moves do not belong to the episodes"
    if episodes.uses.dtype.kind not in "iu" or episodes.uses.min() < 0:
        yield "the uses of moves are no counts"
    if episodes.suppliers.dtype.kind != "U" or episodes.suppliers.shape not in ((count,), (0,)):
        yield "the kinds of supplier do not belong to the episodes"
    if len(np.unique(episodes.suppliers)) > _MAX_KINDS:
        yield f"there are more than {_MAX_KINDS} kinds of supplier"
    yield from _wrong_columns(episodes, count)
    if episodes.trace is not None:
        yield from _wrong_trace(episodes, episodes.trace, count)


def _wrong_columns(episodes: Episodes, count: int) -> Iterator[str]:
    outcomes = dict(episodes.outcomes)
    ends = outcomes.pop("outcome", np.array(0))
    if ends.shape != (count,) or not np.isin(ends, OUTCOMES).all():
        yield f"an outcome is expected of each episode, one of {', '.join(OUTCOMES)}"
    for name, column in (outcomes | dict(episodes.terms)).items():
        if column.shape != (count,) or column.dtype.kind not in "fiub" or _infinite(column):
            yield f"the array {name!r} does not belong to the episodes"


def _wrong_trace(episodes: Episodes, trace: Trace, count: int) -> Iterator[str]:
    moves, kinds = trace.moves, episodes.uses.shape[1]
    if moves.dtype.kind != "i" or moves.ndim != 2 or moves.shape[1] != count:
        yield "the moves do not belong to the episodes"
    if not len(moves) or moves.min() < OVER or moves.max() >= kinds:
        yield f"moves are expected from 0 to {kinds - 1}, and {OVER} after the end"
    running = trace.running
    if not running[0].all() or (running[1:] & ~running[:-1]).any():
        yield "an episode has no beginning, or moves after its end"
    counted = np.stack([(moves == move).sum(axis=0) for move in range(kinds)], axis=1)
    if not np.array_equal(counted, episodes.uses):
        yield "the moves are not those whose uses were counted"
    if not np.array_equal(episodes.outcomes.get("rounds", np.array(0)), running.sum(axis=0)):
        yield "the moves are not as many as the rounds"
    for name, column in trace.columns.items():
        if column.shape != moves.shape or column.dtype.kind != "f" or _infinite(column):
            yield f"the array {name!r} does not belong to the moves"
        elif not np.array_equal(np.isnan(column), ~running):
            yield f"the array {name!r} lacks numbers, or has some after the end"


def _infinite(column: NDArray[np.generic]) -> bool:
    return bool(column.dtype.kind == "f" and np.isinf(column).any())


FILE = "episodes.npz"
_FORMAT = 2  # raised when the same arrays would mean something else

_TEXTS = ("policy", "scenario", "split", "source")
_GROUPS = ("outcome", "term", "trace")  # arrays by name: "outcome/price" and so on
_MAX_BYTES = 2**31  # of all arrays together; 4,096 episodes take 3 million
_MAX_LETTERS = 1000  # of the name of a policy: planners name the directories of their base policies

Arrays = dict[str, NDArray[Any]]


class _Details(FrozenModel):
    """The rest of a report: the attributes of `agents.reporting.report.Report` of these names, as JSON."""

    no_score: str
    training: Training | None
    steps: int = Field(ge=0)
    another_game: tuple[str, ...]
    unseen: Interval | None = None
    against: tuple[Robustness, ...] = ()


def save_report(report: Report, directory: Path) -> None:
    """Write a report's episodes into a directory."""
    episodes, trace = report.episodes, report.episodes.trace
    arrays: Arrays = {name: np.array(getattr(report, name)) for name in _TEXTS}
    arrays["reference"] = np.array(report.reference.model_dump_json() if report.reference else "")
    arrays["said"] = np.array(_Details.model_validate(report, from_attributes=True).model_dump_json())
    arrays |= {"format": np.array(_FORMAT), "seed": np.array(episodes.seed), "suppliers": episodes.suppliers}
    arrays |= {"returns": episodes.returns, "uses": episodes.uses.astype(np.int16)}
    groups = {"outcome": episodes.outcomes, "term": episodes.terms, "trace": trace.columns if trace else {}}
    arrays |= {f"{group}/{name}": values for group, columns in groups.items() for name, values in columns.items()}
    if trace is not None:
        arrays["moves"] = trace.moves
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)  # type: ignore[arg-type]
    write_bytes(directory / FILE, content.getvalue())


def load_report(directory: Path) -> Report:
    """Read what `save_report` wrote; nothing that is read is executed.

    Raises:
        NegoenvError: if the file is missing, damaged, of another format, or its arrays do not belong together.
    """
    path = directory / FILE
    arrays = _read(path)
    columns: dict[str, Arrays] = {group: {} for group in _GROUPS}
    for name, values in arrays.items():
        group, slash, column = name.partition("/")
        if slash and group in columns:
            columns[group][column] = values
    try:
        if _number(arrays, "format", path) != _FORMAT:
            raise NegoenvError(f"{path} has format {arrays['format']}; this version reads format {_FORMAT}.")
        trace = Trace(arrays["moves"], columns["trace"]) if "moves" in arrays else None
        policy, scenario, split, source = (_text(arrays, name, path) for name in _TEXTS)
        ends = _text(arrays, "reference", path)
        reference = _parsed(Reference, "reference", ends, path) if ends else None
        said = _parsed(_Details, "said", _text(arrays, "said", path), path)
        episodes = Episodes(
            arrays["returns"], columns["outcome"], _counts(arrays["uses"]), columns["term"],
            _number(arrays, "seed", path), arrays["suppliers"], trace,
        )  # fmt: skip
    except KeyError as missing:
        raise NegoenvError(f"{path} lacks the array {missing}; write the comparison anew.") from None
    require_sound(episodes, str(path))
    if not 0 < len(policy) <= _MAX_LETTERS:
        raise NegoenvError(f"{path}: the name of the policy has {len(policy)} letters; 1 to {_MAX_LETTERS} are read.")
    if split not in SPLITS:
        raise NegoenvError(f"{path}: {unknown_name('split', split, SPLITS)}")
    try:
        checked_name("name of a scenario", scenario)
    except NegoenvError as error:
        raise NegoenvError(f"{path}: {error}") from None
    return Report(
        policy, scenario, split, episodes, source, reference, said.no_score, said.training, said.steps,
        said.another_game, said.unseen, said.against,
    )  # fmt: skip


def _parsed(model: type[Model], name: str, text: str, path: Path) -> Model:
    """Return what the array ``name`` holds as JSON."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise NegoenvError(f"{path}: the array {name!r} holds no JSON object.")
    return validated(model, content, str(path))


def _read(path: Path) -> Arrays:
    """Return the arrays of a file that anybody may have made or damaged."""
    if not path.is_file():
        raise NegoenvError(f"{path.parent} holds no {path.name}.")
    try:
        with zipfile.ZipFile(path) as archive:
            size = sum(member.file_size for member in archive.infolist())
        if size > _MAX_BYTES:
            raise NegoenvError(f"{path} unpacks to {size:,} bytes; {_MAX_BYTES:,} are read at most.")
        with np.load(path, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except NegoenvError:
        raise
    except Exception as error:  # zip, its compressors and the heads of arrays each have errors of their own
        why = str(error).partition("\n")[0].rstrip(".")[:120] or type(error).__name__
        raise NegoenvError(f"{path} is not a readable npz file of plain arrays: {why}.") from None


def _text(arrays: Arrays, name: str, path: Path) -> str:
    if arrays[name].shape != () or arrays[name].dtype.kind != "U":
        raise NegoenvError(f"{path}: the array {name!r} holds no text.")
    return str(arrays[name])


def _number(arrays: Arrays, name: str, path: Path) -> int:
    if arrays[name].shape != () or arrays[name].dtype.kind not in "iu":
        raise NegoenvError(f"{path}: the array {name!r} holds no whole number.")
    return int(arrays[name])


def _counts(uses: NDArray[Any]) -> NDArray[Any]:
    """Return the uses of moves as they are counted, if they are whole numbers at all."""
    return uses.astype(np.int64) if uses.dtype.kind in "iu" else uses
