"""What a run that was broken off has left in its directory, and where it can go on from."""

import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from negoenv.config import read_json
from negoenv.errors import NegoenvError, printable

from ..invocation import command_line
from ..reporting.files import write_json
from .config import TrainConfig, load_config
from .network_policy import NetworkPolicy
from .provenance import started
from .spec import PolicySpec
from .state_file import load_state
from .storage import checkpoints, read_policy, remove_checkpoint

BEST = "best"
CHECKPOINTS = "checkpoints"
CONFIG = "config.yaml"
EVALUATION = "evaluation.json"
VERSIONS = "versions.json"
"""Names in a run directory."""


def tell(sentence: str) -> None:
    """Say something on stderr, above a progress bar."""
    tqdm.write(printable(sentence), file=sys.stderr)


def unfinished_run(directory: Path) -> TrainConfig:
    """Return what a run is that was broken off.

    Raises:
        NegoenvError: if the directory holds no run, or one that has ended.
    """
    if not (directory / CONFIG).is_file():
        raise NegoenvError(f"{directory} holds no {CONFIG}, so it is no directory of a training run.")
    if (directory / EVALUATION).exists():
        raise NegoenvError(f"The training of {directory} has ended; {command_line('evaluate', directory)} plays it.")
    return load_config(directory / CONFIG)


def newest_state(directory: Path, spec: PolicySpec) -> dict[str, Any]:
    """Return the state in the newest checkpoint that is whole; nothing if none has been written yet.

    Checkpoints that are damaged are named and, if an older one is whole, removed.

    Raises:
        NegoenvError: if all are damaged, or it was made in another game.
    """
    damaged = []
    for checkpoint in reversed(checkpoints(directory / CHECKPOINTS)):
        try:
            policy, state = read_policy(checkpoint), load_state(checkpoint)
        except NegoenvError as error:
            damaged.append(checkpoint)
            tell(f"The checkpoint {checkpoint} is left out: {error}")
            continue
        if said := policy.spec.game.differences(spec.game):
            raise NegoenvError(f"{directory} cannot go on, it was trained on another game: {', '.join(said)}.")
        for removed in damaged:
            remove_checkpoint(removed)
        return state
    if damaged:
        raise NegoenvError(f"{directory} cannot go on: none of its checkpoints is whole.")
    return {}


def best_so_far(directory: Path) -> NetworkPolicy | None:
    """Return the policy that was best on validation suppliers, as it was kept; None if there is none that is whole."""
    try:
        return read_policy(directory / BEST)
    except NegoenvError as error:
        tell(f"The best policy so far is left out: {error}")
        return None


def note_resumption(directory: Path, steps: int) -> None:
    """Add to the versions of a run from which step, and with which versions, it goes on."""
    path = directory / VERSIONS
    noted: dict[str, Any] = read_json(path) if path.is_file() else {}
    noted["resumed"] = [*noted.get("resumed", []), {"step": steps, **started()}]
    write_json(path, noted, force=True)
