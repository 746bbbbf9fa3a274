"""Plain data with arrays in it as one safetensors file beside its checksum. Nothing that is read is executed.

The arrays are the file's tensors, and the rest is JSON in its header. The checksum tells damage, not malice: it is what
``sha256sum --check`` reads.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save
from torch import Tensor

from negoenv.errors import NegoenvError

from ..reporting.files import write_bytes, write_text

STATE_FILE = "state.safetensors"
CHECKSUM_FILE = "state.sha256"

_JSON = "json"  # key of the header
_ARRAY = "array"  # {"array": "3"} stands for the tensor called 3


def save_state(state: Mapping[str, Any], directory: Path) -> None:
    """Write plain data that may hold arrays and tensors into a directory."""
    arrays: dict[str, NDArray[Any]] = {}
    text = json.dumps(_without_arrays(state, arrays))
    content = save(arrays, {_JSON: text})
    write_bytes(directory / STATE_FILE, content)
    write_text(directory / CHECKSUM_FILE, f"{hashlib.sha256(content).hexdigest()}  {STATE_FILE}\n")


def load_state(directory: Path) -> dict[str, Any]:
    """Return what `save_state` wrote: tensors as arrays, tuples as lists, keys as text.

    Raises:
        NegoenvError: if a file is missing or damaged.
    """
    path = directory / STATE_FILE
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if (directory / CHECKSUM_FILE).read_bytes().split()[:1] != [digest.encode()]:
            raise NegoenvError(f"{path} is damaged: it does not have the checksum that {CHECKSUM_FILE} holds.")
        with safe_open(path, framework="numpy") as file:
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no mapping
            state = _with_arrays(json.loads((file.metadata() or {})[_JSON]), arrays)
    except OSError as error:
        raise NegoenvError(f"{error.filename or path} cannot be read: {error.strerror or error}.") from None
    except (KeyError, ValueError, RecursionError, SafetensorError) as error:
        raise error if isinstance(error, NegoenvError) else NegoenvError(f"{path} holds no state: {error}.") from None
    if not isinstance(state, dict):
        raise NegoenvError(f"{path} holds no state: an object with keys is expected.")
    return state


def _without_arrays(value: Any, arrays: dict[str, NDArray[Any]]) -> Any:
    """Return a value as JSON has it, and put the arrays that it holds into ``arrays``."""
    if isinstance(value, Tensor):
        value = value.detach().cpu().numpy()
    if isinstance(value, np.ndarray):
        name = str(len(arrays))
        arrays[name] = np.array(value, order="C")
        return {_ARRAY: name}
    if isinstance(value, Mapping):
        return {str(key): _without_arrays(inner, arrays) for key, inner in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_without_arrays(inner, arrays) for inner in value]
    return value.item() if isinstance(value, np.generic) else value


def _with_arrays(value: Any, arrays: Mapping[str, NDArray[Any]]) -> Any:
    if isinstance(value, list):
        return [_with_arrays(inner, arrays) for inner in value]
    if isinstance(value, dict):
        if [*value] == [_ARRAY]:
            return arrays[value[_ARRAY]]
        return {key: _with_arrays(inner, arrays) for key, inner in value.items()}
    return value
