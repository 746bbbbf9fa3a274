"""A policy to hand on, as one directory or zip that `agents.registry.load_policy` takes."""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from negoenv.config import read_json
from negoenv.make import LADDER, scenario_of
from negoenv.names import checked_name
from negoenv.scenarios.scenario import Scenario

from ..reporting.files import write_bytes
from ..reporting.report import report_on
from .bundle import ZIP
from .network_policy import NetworkPolicy
from .onnx_file import ONNX_FILE, onnx_bytes
from .provenance import PACKAGES
from .resumption import VERSIONS
from .spec import Bundle, Game
from .storage import SPEC_FILE, WEIGHTS_FILE, text_of, weights_of

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # so that the same policy is the same zip


def game_of(policy: NetworkPolicy) -> Scenario | str:
    """Return the game that a policy was trained on, as `negoenv.make.make_batch` takes it.

    Raises:
        NegoenvError: if this version does not know it.
    """
    game: Game = policy.spec.game
    return scenario_of(game.settings) if game.settings else LADDER


def bundled(policy: NetworkPolicy, name: str, episodes: int, versions: Mapping[str, Any]) -> NetworkPolicy:
    """Return a policy that says what a bundle says, with its score on test suppliers.

    Args:
        policy: what is handed on.
        name: what it will be called.
        episodes: how many suppliers it meets.
        versions: what it was trained with.

    Raises:
        NegoenvError: if that is no name, or its game is not one of this version.
    """
    report = report_on(policy, game_of(policy), "test", episodes, unseen=True).as_dict()
    kept = ("scenario", "split", "episodes", "seed", "metrics", "score", "trained_on_another_game")
    bundle = Bundle(
        name=checked_name("name of a policy", name),
        weights_sha256=hashlib.sha256(weights_of(policy)).hexdigest(),
        versions={key: str(versions[key]) for key in ("python", "commit", *PACKAGES) if versions.get(key)},
        scores=({key: report[key] for key in kept if key in report},),
    )
    spec = policy.spec.model_copy(update={"bundle": bundle})
    return NetworkPolicy(name, spec, policy.layers, policy.lstm, policy.steps)


def versions_of(run: Path) -> dict[str, Any]:
    """Return the versions that a run directory, or the run around one of its policies, tells; nothing if none does."""
    found = [folder / VERSIONS for folder in (run, *run.resolve().parents[:2]) if (folder / VERSIONS).is_file()]
    return read_json(found[0]) if found else {}


def write_bundle(policy: NetworkPolicy, place: Path, onnx: bool = True) -> None:
    """Write what `bundled` returned; a zip that is there is replaced.

    Args:
        policy: what is handed on.
        place: a directory that is held by `agents.reporting.lock.new_work`, or a file that ends in .zip.
        onnx: whether the ONNX graph is written beside it.

    Raises:
        NegoenvError: if packages that write ONNX are missing.
    """
    files = {SPEC_FILE: text_of(policy.spec).encode(), WEIGHTS_FILE: weights_of(policy)}
    if onnx:
        files[ONNX_FILE] = onnx_bytes(policy)
    if place.suffix != ZIP:
        for name, content in files.items():
            write_bytes(place / name, content)
        return
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, _EARLIEST), content, zipfile.ZIP_DEFLATED)
    write_bytes(place, packed.getvalue())
