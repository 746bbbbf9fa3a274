"""Policies on disk: weights as safetensors, the rest as JSON. Nothing that is read is executed.

A zip of Stable-Baselines3 holds pickles, and unpickling runs whatever code sits in the file; these two formats hold
numbers and text only (https://huggingface.co/docs/safetensors).
"""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from negoenv.config import validated
from negoenv.errors import NegoenvError

from .network_policy import NetworkPolicy
from .spec import PolicySpec

WEIGHTS = "policy.safetensors"
SPEC = "policy.json"


def save_policy(policy: NetworkPolicy, directory: Path) -> None:
    """Write a policy into ``directory``, which is made if need be."""
    directory.mkdir(parents=True, exist_ok=True)
    tensors = [tensor.contiguous() for part in (policy.lstm, *policy.layers) for tensor in part]
    save_file(dict(zip(policy.spec.shapes, tensors, strict=True)), directory / WEIGHTS)
    (directory / SPEC).write_text(policy.spec.model_dump_json(indent=2) + "\n", encoding="utf-8")


def read_policy(directory: Path, name: str = "") -> NetworkPolicy:
    """Read the policy of a run or checkpoint directory.

    Args:
        directory: where ``policy.safetensors`` and ``policy.json`` are.
        name: what it is called; the name of the directory unless given.

    Raises:
        NegoenvError: if a file is missing or is not what it should be.
    """
    spec = validated(PolicySpec, _read_json(directory / SPEC), str(directory / SPEC))
    tensors = _read_weights(directory / WEIGHTS)
    found = {key: tuple(tensor.shape) for key, tensor in tensors.items()}
    if found != spec.shapes:
        raise NegoenvError(f"{directory / WEIGHTS} holds the tensors {found}; {SPEC} describes {spec.shapes}.")
    for key, tensor in tensors.items():
        if tensor.dtype != torch.float32 or not bool(torch.isfinite(tensor).all()):
            raise NegoenvError(f"{directory / WEIGHTS}: the tensor {key!r} does not hold finite float32 numbers.")
    ordered = [tensors[key] for key in spec.shapes]
    first = len(spec.lstm_shapes)
    layers = list(zip(ordered[first::2], ordered[first + 1 :: 2], strict=True))
    return NetworkPolicy(name or directory.resolve().name, spec, layers, ordered[:first])


def _read_json(path: Path) -> dict[str, Any]:
    """Read a JSON file that holds one object."""
    try:
        content = json.loads(_existing(path).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise NegoenvError(f"{path} is not a readable JSON file: {error}.") from None
    if not isinstance(content, dict):
        raise NegoenvError(f"{path}: an object with keys is expected, not {type(content).__name__}.")
    return content


def _read_weights(path: Path) -> dict[str, Tensor]:
    """Read a safetensors file."""
    try:
        tensors: dict[str, Tensor] = load_file(_existing(path))
    except (OSError, SafetensorError) as error:
        raise NegoenvError(f"{path} is not a readable safetensors file: {error}.") from None
    return tensors


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise NegoenvError(f"{path.parent} holds no {path.name}, so it is no directory of a trained policy.")
    return path
