"""The trainings of a playtest, and what else it has finished, on disk, so that a stopped one goes on where it was.

Everything is kept under the name of its scenario and a fingerprint of the game, so that results of another model are
never mixed in, and each part under a digest of all that it depends on.
"""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from negoenv.benchmark.fingerprint import fingerprint
from negoenv.engine.contract_batch import negotiations
from negoenv.errors import NegoenvError
from negoenv.make import game_name
from negoenv.scenarios.scenario import SPLITS, Scenario

from ...learning.config import TrainConfig, load_config
from ...parallel import in_parallel
from ...reporting.files import write_json
from ...reporting.progress import bar
from .settings import Settings

_DIGITS = 10  # of a digest, in hexadecimal


def digest(*parts: Any) -> str:
    """Return a short digest of bytes and of plain data."""
    total = hashlib.sha256()
    for part in parts:
        total.update(part if isinstance(part, bytes) else json.dumps(part, sort_keys=True, default=str).encode())
    return total.hexdigest()[:_DIGITS]


class Store:
    """The directory of one scenario's playtest.

    Attributes:
        directory: where it is.
    """

    def __init__(self, parent: Path, scenario: Scenario) -> None:
        games = (negotiations(1, scenario, split) for split in SPLITS)
        self.directory = parent / f"{scenario.name}-{fingerprint(*games)}"

    def place(self, name: str, key: Mapping[str, Any]) -> Path:
        """Return where the training, or whatever else is called ``name`` and depends on ``key``, is kept."""
        words = "".join(letter if letter.isalnum() else "_" for letter in name.lower())
        return self.directory / f"{words}-{digest(key)}"

    def remember(self, name: str, key: Mapping[str, Any], compute: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Return what ``compute`` gave for this key, now or before: plain data, null where it was not a number."""
        place = self.place(name, key)
        path = place.with_name(f"{place.name}.json")
        found = _stored(path)
        if found is None:
            write_json(path, compute(), force=True)
            found = _stored(path)
        assert found is not None
        return found


def _stored(path: Path) -> dict[str, Any] | None:
    """Return the object in a JSON file; None if there is no such file, or it is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


_DEFAULT = "procurement"  # whose configuration a scenario without one of its own is trained with
_RELATED = {"recurrent_ppo": ("ppo",)}  # whose hyperparameters have the same names
_ALGORITHM = {"fast_ppo_trace": "fast_ppo"}  # of a kind of configuration that has another name


@dataclass(frozen=True)
class TrainingRun:
    """One training and where its run directory is, or will be."""

    config: TrainConfig  # the run
    directory: Path  # its directory; there once it is finished


def configuration(settings: Settings, scenario: Mapping[str, Any], kind: str, seed: int, steps: int) -> TrainConfig:
    """Return a run with what the package ships for this scenario and kind of configuration, the end of a file's name.

    Raises:
        NegoenvError: if ``settings.configs`` holds none that would do, or a change is wrong.
    """
    path = _shipped(settings.configs, game_name(scenario).lower(), kind)
    unevaluated = (
        "eval_every=0",
        "eval_episodes=2",
        "test_episodes=2",
        "checkpoint_every=0",
    )  # the playtest plays them itself
    config = load_config(path, (*unevaluated, *settings.changes))
    chosen = {
        "scenario": dict(scenario),
        "algorithm": _ALGORITHM.get(kind, kind),
        "seed": seed,
        "total_steps": steps,
        "name": "",
    }
    return TrainConfig.model_validate(config.model_dump() | chosen)


def _shipped(folder: Path, scenario: str, kind: str) -> Path:
    """Return the nearest configuration: the scenario's own before another's, the kind's own before a related."""
    kinds = (kind, *_RELATED.get(kind, ()))
    names = dict.fromkeys(f"{game}_{kind}.yaml" for game in (scenario, _DEFAULT) for kind in kinds)
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise NegoenvError(f"{folder} holds no configuration for {kind}; looked for: {', '.join(names)}.")


def train_all(trainings: Iterable[TrainingRun], processes: int, progress: bool = False) -> None:
    """Run the trainings that are not finished yet; the results do not depend on how many run side by side.

    Args:
        trainings: what is wanted; the same one may be named twice.
        processes: how many run side by side, each in a process and on a thread of its own.
        progress: whether to show a bar, which moves whenever a training ends.
    """
    missing = list({t.directory: t for t in trainings if not t.directory.exists()}.values())
    steps = sum(training.config.total_steps for training in missing)
    with bar(steps, f"{len(missing)} trainings", progress, "steps") as shown:
        for number in in_parallel(_train, [(training,) for training in missing], processes):
            shown.update(missing[number].config.total_steps)


def _train(training: TrainingRun) -> None:
    """Train, and give the run directory its name when it is whole."""
    from ...learning.train import train  # torch takes seconds to import

    unfinished = training.directory.with_name(f"{training.directory.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    train(training.config, unfinished)
    unfinished.rename(training.directory)
