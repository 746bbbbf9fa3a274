"""Policies on disk: weights as safetensors, the rest as JSON. Nothing that is read is executed.

A zip of Stable-Baselines3 holds pickles, and unpickling runs whatever code sits in the file; these two formats hold
numbers and text only (https://huggingface.co/docs/safetensors).
"""

import hashlib
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from negoenv.config import read_json, validated
from negoenv.errors import NegoenvError, shown

from ..reporting.files import UNFINISHED, sync_folder, write_bytes
from .network_policy import NetworkPolicy
from .spec import FORMAT, PolicySpec
from .state_file import save_state

WEIGHTS_FILE = "policy.safetensors"
SPEC_FILE = "policy.json"

_STEPS = "steps"  # in the weights' file, since they are the weights of that step


def save_policy(policy: NetworkPolicy, directory: Path) -> None:
    """Write a policy into ``directory``, which is made if need be.

    Each file is replaced as a whole, and of a run the weights are all that changes: whoever reads the directory, or
    finds it after a crash, has the policy that was there or the new one.
    """
    directory.mkdir(parents=True, exist_ok=True)
    write_bytes(directory / WEIGHTS_FILE, weights_of(policy))
    write_bytes(directory / SPEC_FILE, text_of(policy.spec).encode())


def weights_of(policy: NetworkPolicy) -> bytes:
    """Return the content of the file with a policy's weights."""
    tensors = [tensor.contiguous() for part in (policy.lstm, *policy.layers) for tensor in part]
    return save(dict(zip(policy.spec.shapes, tensors, strict=True)), {_STEPS: str(policy.steps)})


def text_of(spec: PolicySpec) -> str:
    """Return the content of the file beside it."""
    return f"{spec.model_dump_json(indent=2, exclude_none=True)}\n"


def checkpoint_name(steps: int) -> str:
    """Return what the directory of a checkpoint is called."""
    return f"step_{steps:09d}"


def checkpoints(directory: Path) -> list[Path]:
    """Return the checkpoints in a directory, the oldest first."""
    return sorted(directory.glob("step_*"), key=lambda path: (len(path.name), path.name))


def save_checkpoint(policy: NetworkPolicy, state: Mapping[str, Any], directory: Path) -> None:
    """Write a policy and the state of its training into a new ``directory``, which appears when it is whole."""
    unfinished = directory.with_name(f".{directory.name}{UNFINISHED}")
    try:
        save_policy(policy, unfinished)
        save_state(state, unfinished)
        unfinished.rename(directory)
        sync_folder(directory.parent)  # before an older one is removed
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def remove_checkpoint(directory: Path) -> None:
    """Remove a directory that `save_checkpoint` wrote; it disappears as a whole."""
    hidden = directory.with_name(f".{directory.name}{UNFINISHED}")
    directory.rename(hidden)
    shutil.rmtree(hidden, ignore_errors=True)


def remove_leftovers(directory: Path) -> None:
    """Remove what a process that was killed has left half-written, or half-removed, in its run directory."""
    for path in sorted(directory.rglob(f".*{UNFINISHED}")):
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def read_policy(directory: Path, name: str = "") -> NetworkPolicy:
    """Read the policy of a run, of a checkpoint or of a bundle, which somebody else may have made.

    Args:
        directory: where ``policy.safetensors`` and ``policy.json`` are.
        name: what it is called; what a bundle says, else the name of the run directory, and of the directory in it,
            unless given.

    Raises:
        NegoenvError: if a file is missing or is not what it should be.
    """
    spec = _read_spec(directory / SPEC_FILE)
    tensors, steps = _read_weights(directory / WEIGHTS_FILE, spec)
    ordered = [tensors[key] for key in spec.shapes]
    first = len(spec.lstm_shapes)
    layers = list(zip(ordered[first::2], ordered[first + 1 :: 2], strict=True))
    return NetworkPolicy(name or _name(directory.resolve(), spec), spec, layers, ordered[:first], steps)


def _name(directory: Path, spec: PolicySpec) -> str:
    """Return what the policy of a directory is called: as its run, or after it if it is not the run's last one."""
    if spec.bundle:
        return spec.bundle.name
    runs = {"best": directory.parent, "checkpoint": directory.parent.parent}
    run = runs.get(spec.training.kept)
    return f"{run.name}/{directory.name}" if run else directory.name


def _read_spec(path: Path) -> PolicySpec:
    """Read the JSON file beside the weights."""
    data = read_json(_existing(path))
    if data.get("format") != FORMAT:
        raise NegoenvError(
            f"{path} has format {shown(data.get('format'))}; this version reads format {FORMAT}: train the policy anew."
        )
    return validated(PolicySpec, data, str(path))


def _read_weights(path: Path, spec: PolicySpec) -> tuple[dict[str, Tensor], int]:
    """Read a safetensors file: the tensors, and after how many steps of training they were written.

    Nothing is read of tensors that are not those of ``spec``, however large they are.
    """
    if spec.bundle and _sha256(_existing(path)) != spec.bundle.weights_sha256:
        raise NegoenvError(f"{path} does not have the hash that {SPEC_FILE} tells; the policy is damaged or changed.")
    try:
        with safe_open(_existing(path), framework="pt") as file:
            found = {key: tuple(file.get_slice(key).get_shape()) for key in file.keys()}  # noqa: SIM118 - no mapping
            if found != spec.shapes:
                raise NegoenvError(
                    f"{path} holds the tensors {shown(found)}; {SPEC_FILE} describes {shown(spec.shapes)}."
                )
            steps = int((file.metadata() or {}).get(_STEPS, "0"))
            tensors = {key: file.get_tensor(key) for key in found}
    except NegoenvError:
        raise
    except (OSError, ValueError, SafetensorError) as error:
        raise NegoenvError(f"{path} is not a readable safetensors file: {error}.") from None
    for key, tensor in tensors.items():
        if tensor.dtype != torch.float32 or not bool(torch.isfinite(tensor).all()):
            raise NegoenvError(f"{path}: the tensor {key!r} does not hold finite float32 numbers.")
    return tensors, steps


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise NegoenvError(f"{path.parent} holds no {path.name}, so it is no directory of a trained policy.")
    return path
