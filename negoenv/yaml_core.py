"""YAML by the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema), and none of it that can hurt.

PyYAML follows YAML 1.1, to which 014 is 12, 1e-3 is text and the last of two equal keys wins. ruamel.yaml follows 1.2,
but would be a second YAML library beside the one that writes, and its files still need the limits below; so PyYAML's
loader is given the other schema, in one table.

What a plain scalar means:

- null: ``null``, ``~`` or nothing; booleans: ``true`` and ``false``. ``yes``, ``no``, ``on`` and ``off`` are text.
- whole numbers: ``14``, ``014`` (which is 14), ``0o14`` (octal, 12), ``0x1f``; other numbers: ``1.5``, ``5e-2``,
  ``.inf``, ``.nan``.
- beyond the schema, digits may be grouped as in Python: ``1_000``.
- all else is text: dates and times, and ``<<``, which merges nothing.

Refused are tags that construct anything else, keys that are no text or occur twice, and what is nested too deeply or
grows too large when its aliases are written out.
"""

import re
from typing import Any, ClassVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode

from negoenv.errors import shown

MAX_LEVELS = 32
"""Levels of nesting; a scenario with its populations has eight."""

MAX_NODES = 50_000
"""Keys and values, with every alias counted as what it stands for; the largest population has 12,000."""

_PREFIX = "tag:yaml.org,2002:"
_DIGITS = r"[0-9]+(?:_[0-9]+)*"
_SCHEMA = {
    "null": (r"null|Null|NULL|~|", ["n", "N", "~", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (rf"[-+]?{_DIGITS}|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    "float": (
        rf"[-+]?(?:\.{_DIGITS}|{_DIGITS}(?:\.(?:{_DIGITS})?)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        list("-+.0123456789"),
    ),
}
"""The types of plain scalars: pattern, and letters that one can begin with."""


class Refused(yaml.MarkedYAMLError):
    """Valid or not, it is not taken."""


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - PyYAML's own way; the schema fills it
    yaml_constructors: ClassVar[dict[Any, Any]] = {}

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._level = 0
        self._nodes = 0
        self._sizes: dict[int, int] = {}  # nodes in what an alias can stand for, by id

    def compose_node(self, parent: Node | None, index: Any) -> Node | None:
        """Compose a node; count how deep it lies, and how large it is with its aliases written out."""
        mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
        is_alias = self.check_event(yaml.AliasEvent)
        before = self._nodes
        self._level += 1
        if self._level > MAX_LEVELS:
            raise Refused(problem=f"it is nested more than {MAX_LEVELS} levels deep", problem_mark=mark)
        node = super().compose_node(parent, index)
        self._level -= 1
        if is_alias and id(node) not in self._sizes:
            raise Refused(problem="an alias stands for what contains it", problem_mark=mark)
        self._nodes += self._sizes[id(node)] if is_alias else 1
        if self._nodes > MAX_NODES:
            raise Refused(problem=f"it holds more than {MAX_NODES:,} values", problem_mark=mark)
        self._sizes.setdefault(id(node), self._nodes - before)
        return node

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Construct a mapping; nothing is merged, and no key is lost."""
        found: dict[Any, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise Refused(problem=f"the key {shown(key)} is no text", problem_mark=key_node.start_mark)
            if key in found:
                raise Refused(problem=f"the key {shown(key)} occurs twice", problem_mark=key_node.start_mark)
            found[key] = self.construct_object(value_node, deep=deep)
        return found

    def construct_int(self, node: ScalarNode) -> int:
        """Construct a whole number."""
        text = self.construct_scalar(node).replace("_", "")
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        try:
            return int(text if base == 10 else text[2:], base)
        except ValueError:  # Python reads no more than 4,300 decimal digits
            raise Refused(problem=f"{shown(text)} is no whole number", problem_mark=node.start_mark) from None

    def construct_float(self, node: ScalarNode) -> float:
        """Construct a number."""
        text = self.construct_scalar(node).replace("_", "").lower()
        try:
            return float(re.sub(r"^([-+]?)\.(inf|nan)$", r"\1\2", text))
        except ValueError:
            raise Refused(problem=f"{shown(text)} is no number", problem_mark=node.start_mark) from None


class _Dumper(yaml.SafeDumper):
    """Quotes whatever text either version of YAML would take for something else."""

    def ignore_aliases(self, data: Any) -> bool:
        """Write out what occurs twice."""
        return True


for _name, (_pattern, _letters) in _SCHEMA.items():
    for _class in (_Loader, _Dumper):
        _class.add_implicit_resolver(f"{_PREFIX}{_name}", re.compile(rf"(?:{_pattern})\Z"), _letters)
for _tag in (*(f"{_PREFIX}{name}" for name in ("null", "bool", "str", "seq", "map")), None):  # None: all others
    _Loader.add_constructor(_tag, yaml.SafeLoader.yaml_constructors[_tag])
_Loader.add_constructor(f"{_PREFIX}int", _Loader.construct_int)
_Loader.add_constructor(f"{_PREFIX}float", _Loader.construct_float)


def load(text: str) -> Any:
    """Return the plain data of a YAML document.

    Raises:
        yaml.YAMLError: if it is not YAML; `Refused` if it is not taken.
    """
    loader = _Loader(text)
    try:
        return loader.get_single_data()
    finally:
        loader.dispose()


def dump(data: Any, flow: bool | None = False) -> str:
    """Return plain data as YAML that `load` reads as the same data, as do readers of YAML 1.1.

    Args:
        data: mappings, lists, text, numbers, booleans and null.
        flow: whether collections are written on one line; ``None`` for those that hold no others.
    """
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, width=120, default_flow_style=flow)
    return text
