"""Where a training run comes from: versions, the commit of the code, the command line, the seeds."""

import platform
import shlex
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import negoenv

from ..reporting.report import EVALUATION_SEED
from .config import TrainConfig

PACKAGES = ("negoenv", "gymnasium", "numpy", "numba", "torch", "stable_baselines3", "sb3_contrib", "safetensors")


def started() -> dict[str, Any]:
    """Return what a process trains with, as plain data.

    Returns:
        the versions of the system, of Python and of packages; ``commit`` of the code, None where it lies in no clone or
        git is not there, and ``uncommitted``, whether files that git knows differ from it; ``command``, the command
        line of this process.
    """
    system = {"platform": platform.platform(), "python": platform.python_version()}
    versions = {package: version(package) for package in PACKAGES}
    return {**system, **versions, **commit(Path(negoenv.__file__).parents[1]), "command": shlex.join(sys.argv)}


def provenance(config: TrainConfig) -> dict[str, Any]:
    """Return what a run is begun with, as plain data.

    Returns:
        what `started` returns, and ``seeds``: ``training`` keys network and exploration, ``rows`` are those of the
        first and the last row of the environments, ``evaluation`` is that of the first supplier of each evaluation.
    """
    rows = [config.seed, config.seed + config.num_envs - 1]
    return {**started(), "seeds": {"training": config.seed, "rows": rows, "evaluation": EVALUATION_SEED}}


def commit(clone: Path) -> dict[str, Any]:
    """Return the commit that a clone stands at, and whether its files differ from it; None if it is no clone."""
    if not (clone / ".git").exists():  # and not a clone of something else, in which an environment lies
        return {"commit": None, "uncommitted": None}
    try:
        head, changes = (_git(clone, *words) for words in (("rev-parse", "HEAD"), ("status", "--porcelain", "-uno")))
    except (OSError, subprocess.SubprocessError):
        return {"commit": None, "uncommitted": None}
    return {"commit": head, "uncommitted": bool(changes)}


def _git(clone: Path, *words: str) -> str:
    command = ["git", "-C", str(clone), *words]
    return subprocess.run(command, capture_output=True, text=True, timeout=10, check=True).stdout.strip()
