"""Evaluated episodes on disk: one npz file of plain arrays, without pickles, from which figures are drawn later."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from negoenv.config import FrozenModel, validated
from negoenv.errors import NegoenvError
from negoenv.evaluation import Episodes
from negoenv.scores import Reference
from negoenv.trace import Trace

from ..learning.spec import Training
from .report import Report

FILE = "episodes.npz"
FORMAT = 1  # raised when the same arrays would mean something else

_TEXTS = ("policy", "scenario", "split", "source")
_GROUPS = ("outcome", "term", "trace")  # arrays by name: "outcome/price" and so on

Arrays = dict[str, NDArray[Any]]


class _Said(FrozenModel):
    """What a report says besides: the attributes of `agents.reporting.report.Report` of these names, as JSON."""

    no_score: str
    training: Training | None
    steps: int = Field(ge=0)
    another_game: tuple[str, ...]


def save_report(report: Report, directory: Path) -> None:
    """Write a report's episodes into a directory that exists."""
    episodes, trace = report.episodes, report.episodes.trace
    arrays: Arrays = {name: np.array(getattr(report, name)) for name in _TEXTS}
    arrays["reference"] = np.array(report.reference.model_dump_json() if report.reference else "")
    arrays["said"] = np.array(_Said.model_validate(report, from_attributes=True).model_dump_json())
    arrays |= {"format": np.array(FORMAT), "seed": np.array(episodes.seed), "suppliers": episodes.suppliers}
    arrays |= {"returns": episodes.returns, "uses": episodes.uses.astype(np.int16)}
    groups = {"outcome": episodes.outcomes, "term": episodes.terms, "trace": trace.columns if trace else {}}
    arrays |= {f"{group}/{name}": values for group, columns in groups.items() for name, values in columns.items()}
    if trace is not None:
        arrays["moves"] = trace.moves
    np.savez_compressed(directory / FILE, **arrays)  # type: ignore[arg-type]


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
        if int(arrays["format"]) != FORMAT:
            raise NegoenvError(f"{path} has format {arrays['format']}; this version reads format {FORMAT}.")
        trace = Trace(arrays["moves"], columns["trace"]) if "moves" in arrays else None
        policy, scenario, split, source = (str(arrays[name]) for name in _TEXTS)
        ends = str(arrays["reference"])
        reference = validated(Reference, json.loads(ends), str(path)) if ends else None
        said = _said(str(arrays["said"]), path)
        episodes = Episodes(
            arrays["returns"], columns["outcome"], arrays["uses"].astype(np.int64), columns["term"],
            int(arrays["seed"]), arrays["suppliers"], trace,
        )  # fmt: skip
    except KeyError as missing:
        raise NegoenvError(f"{path} lacks the array {missing}; write the comparison anew.") from None
    _require_shapes(episodes, path)
    return Report(
        policy, scenario, split, episodes, source, reference, said.no_score, said.training, said.steps,
        said.another_game,
    )  # fmt: skip


def _said(text: str, path: Path) -> _Said:
    """Return what a report says besides its episodes."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise NegoenvError(f"{path}: the array 'said' holds no JSON object.")
    return validated(_Said, content, str(path))


def _read(path: Path) -> Arrays:
    if not path.is_file():
        raise NegoenvError(f"{path.parent} holds no {path.name}.")
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise NegoenvError(f"{path} is not a readable npz file of plain arrays: {str(error).rstrip('.')}.") from None


def _require_shapes(episodes: Episodes, path: Path) -> None:
    """Refuse arrays that are not about the same episodes."""
    count = len(episodes.returns)
    of_each: list[NDArray[Any]] = [episodes.uses, episodes.suppliers, *episodes.outcomes.values()]
    of_each += list(episodes.terms.values())
    fits = all(len(values) in (0, count) for values in of_each) and "outcome" in episodes.outcomes
    if episodes.trace is not None:
        shape = episodes.trace.moves.shape
        fits &= len(shape) == 2 and shape[1] == count
        fits &= all(values.shape == shape for values in episodes.trace.columns.values())
    if not fits:
        raise NegoenvError(f"{path} holds arrays that do not belong together; write the comparison anew.")
