"""Files and keyword arguments turned into typed models; whatever is wrong is reported in sentences."""

import inspect
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from negoenv import yaml_core
from negoenv.errors import NegoenvError, nearest, shown

Model = TypeVar("Model", bound=BaseModel)

_MAX_YAML_BYTES = 262_144
_MAX_JSON_BYTES = 4_000_000
_MAX_JSON_LEVELS = 32
_MAX_LETTERS = 120  # of what PyYAML says
_MAX_TOLD = 10  # keys of one file that are told to be wrong


class FrozenModel(BaseModel):
    """Checked data that does not change: unknown keys are refused, and so are numbers that are not finite."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


def read_yaml(path: Path | str) -> dict[str, Any]:
    """Read a YAML file that holds one mapping; see `negoenv.yaml_core` for what is taken, and for what it is taken.

    Raises:
        NegoenvError: if the file is missing, too large or not YAML, is refused there, or holds no mapping.
    """
    text = _text(path, _MAX_YAML_BYTES)
    try:
        content = yaml_core.load(text)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        kind = "" if isinstance(error, yaml_core.Refused) else "not valid YAML: "
        raise NegoenvError(f"{path}{line}: {kind}{_problem(error)}.") from None
    if not isinstance(content, dict):
        raise NegoenvError(f"{path}: a mapping of keys to values is expected, not {type(content).__name__}.")
    return content


def parse_value(text: str, where: str = "") -> Any:
    """Return the value that a user wrote on the command line, by the rules of `read_yaml`.

    Args:
        text: what was written, for example ``"1e-3"`` or ``"[64, 64]"``.
        where: what a message begins with, for example ``"seed=["``.

    Raises:
        NegoenvError: if it is no YAML value.
    """
    try:
        return yaml_core.load(text)
    except yaml.YAMLError as error:
        begin = f"{where}: " if where else ""
        raise NegoenvError(f"{begin}{shown(text)} is not a YAML value: {_problem(error)}.") from None


def _problem(error: yaml.YAMLError) -> str:
    """Return what PyYAML found wrong, on one short line."""
    problem = str(getattr(error, "problem", None) or getattr(error, "reason", None) or "it cannot be parsed")
    return problem if len(problem) <= _MAX_LETTERS else f"{problem[: _MAX_LETTERS - 3]}..."


def read_json(path: Path | str, most_bytes: int = _MAX_JSON_BYTES) -> dict[str, Any]:
    """Read a JSON file that holds one object.

    Args:
        path: the file.
        most_bytes: the size of the largest file that is read.

    Raises:
        NegoenvError: if the file is missing, too large or not JSON, holds no object, or what JSON leaves open: a key
            twice, NaN or infinity; or is nested more than 32 levels deep.
    """
    text = _text(path, most_bytes)
    try:
        content = json.loads(
            text, object_pairs_hook=_without_doubles, parse_constant=_finite, parse_float=_finite, parse_int=_whole
        )
    except json.JSONDecodeError as error:
        raise NegoenvError(f"{path}, line {error.lineno}: not valid JSON: {error.msg}.") from None
    except NegoenvError as error:
        raise NegoenvError(f"{path}: {error}") from None
    except RecursionError:
        raise NegoenvError(f"{path}: {_TOO_DEEP}") from None
    if not isinstance(content, dict):
        raise NegoenvError(f"{path}: an object with keys is expected, not {type(content).__name__}.")
    if _levels(content) > _MAX_JSON_LEVELS:
        raise NegoenvError(f"{path}: {_TOO_DEEP}")
    return content


_TOO_DEEP = f"it is nested more than {_MAX_JSON_LEVELS} levels deep."


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise NegoenvError(f"the key {shown(key)} occurs twice.")
        found[key] = value
    return found


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise NegoenvError(f"{shown(text)} is no finite number.")
    return value


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:  # Python reads no more than 4,300 digits
        raise NegoenvError(f"{shown(text)} is too long a number.") from None


def _levels(content: Any) -> int:
    """Return how deep plain data is nested, without recursion."""
    levels, layer = 0, [content]
    while layer:
        levels += 1
        inner = [value.values() if isinstance(value, dict) else value for value in layer]
        layer = [value for values in inner for value in values if isinstance(value, (dict, list))]
    return levels


def _text(path: Path | str, most_bytes: int) -> str:
    """Return the text of a file in UTF-8, with or without a byte order mark."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(most_bytes + 1)
    except FileNotFoundError:
        raise NegoenvError(f"There is no file {str(path)!r}.") from None
    except IsADirectoryError:
        raise NegoenvError(f"{path} is a directory; name a file.") from None
    except (OSError, ValueError) as error:  # ValueError: a path that no file can have
        raise NegoenvError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}.") from None
    if len(content) > most_bytes:
        raise NegoenvError(f"{path} is larger than {most_bytes:,} bytes.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NegoenvError(f"{path} cannot be read: byte {error.start + 1} is not UTF-8.") from None


def validated(model: type[Model], data: Mapping[str, Any], where: str) -> Model:
    """Return ``data`` as a ``model``.

    Args:
        model: the pydantic model.
        data: keys and values, as read.
        where: what the message begins with, for example the file's name.

    Raises:
        NegoenvError: one sentence for every key that is wrong, up to ten keys.
    """
    try:
        return model.model_validate(dict(data))
    except ValidationError as error:
        known = _keys(model)
        places = [problem["loc"] for problem in error.errors()]
        around = {place[:depth] for place in places for depth in range(len(place))}
        causes = [dict(problem) for problem in error.errors() if problem["loc"] not in around]  # and no consequences
        found = [sentence for problem in causes[:_MAX_TOLD] for sentence in _sentences(problem, known)]
        if len(causes) > _MAX_TOLD:
            found.append(f"{len(causes) - _MAX_TOLD} more are wrong.")
        raise NegoenvError(*(f"{where}: {sentence}" for sentence in found)) from None


def _keys(model: type[BaseModel]) -> set[str]:
    """Return the keys of a model and of the models inside it."""
    keys: set[str] = set()
    for name, field in model.model_fields.items():
        keys.add(name)
        for inner in _models(field.annotation):
            keys |= _keys(inner)
    return keys


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Yield the models that an annotation mentions, however deep."""
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)


def _sentences(problem: dict[str, Any], known: set[str]) -> Iterator[str]:
    """Yield one pydantic error in sentences: one, unless it comes from another file with several mistakes."""
    key = ".".join(str(part) for part in problem["loc"])
    told = shown(key) if key else "the file"
    if problem["type"] == "extra_forbidden":
        yield f"unknown key {told}.{nearest(str(problem['loc'][-1]), known)}"
    elif problem["type"] == "missing":
        yield f"key {told} is missing."
    elif isinstance(cause := problem.get("ctx", {}).get("error"), NegoenvError):
        for sentence in cause.args:
            yield f"{f'key {told}: ' if key else ''}{sentence.rstrip('.')}{'' if sentence.endswith('?') else '.'}"
    else:
        message = str(problem["msg"]).removeprefix("Value error, ").rstrip(".")
        yield f"key {told} is {shown(problem['input'])}: {message[0].lower()}{message[1:]}."
