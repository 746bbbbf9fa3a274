"""YAML files and keyword arguments turned into typed models; whatever is wrong is reported in sentences."""

import inspect
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

import yaml
from pydantic import BaseModel, ValidationError

from negoenv.errors import NegoenvError, nearest

Model = TypeVar("Model", bound=BaseModel)


def read_yaml(path: Path | str) -> dict[str, Any]:
    """Read a YAML file that holds one mapping; only plain data, no tags that construct objects.

    Raises:
        NegoenvError: if the file is missing, is not YAML, or holds no mapping.
    """
    try:
        content = yaml.safe_load(Path(path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NegoenvError(f"There is no file {str(path)!r}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise NegoenvError(f"{path} cannot be read: {error}.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise NegoenvError(f"{path}{line}: not valid YAML: {getattr(error, 'problem', error)}.") from None
    if not isinstance(content, dict):
        raise NegoenvError(f"{path}: a mapping of keys to values is expected, not {type(content).__name__}.")
    return content


def validated(model: type[Model], data: Mapping[str, Any], where: str) -> Model:
    """Return ``data`` as a ``model``.

    Args:
        model: the pydantic model.
        data: keys and values, as read.
        where: what the message begins with, for example the file's name.

    Raises:
        NegoenvError: one sentence for every key that is wrong.
    """
    try:
        return model.model_validate(dict(data))
    except ValidationError as error:
        known = _keys(model)
        places = [problem["loc"] for problem in error.errors()]
        sentences = [
            _sentence(dict(problem), known)
            for problem in error.errors()
            if not any(place[: len(problem["loc"])] == problem["loc"] != place for place in places)  # no consequences
        ]
        raise NegoenvError("\n".join(f"{where}: {sentence}" for sentence in sentences)) from None


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


def _sentence(problem: dict[str, Any], known: set[str]) -> str:
    """Return one pydantic error as a sentence."""
    key = ".".join(str(part) for part in problem["loc"]) or "the file"
    if problem["type"] == "extra_forbidden":
        return f"unknown key {key!r}.{nearest(str(problem['loc'][-1]), known)}"
    if problem["type"] == "missing":
        return f"key {key!r} is missing."
    message = str(problem["msg"]).removeprefix("Value error, ").rstrip(".")
    if isinstance(problem.get("ctx", {}).get("error"), NegoenvError):
        where = f"key {key!r}: " if problem["loc"] else ""
        return f"{where}{message}{'' if message.endswith('?') else '.'}"
    return f"key {key!r} is {problem['input']!r}: {message[0].lower()}{message[1:]}."
