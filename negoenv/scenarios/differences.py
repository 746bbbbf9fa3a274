"""What differs between two scenarios, in words, and what a changed one is called."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from negoenv.names import MAX_LETTERS
from negoenv.scenarios import populations
from negoenv.scenarios.population import Population
from negoenv.scenarios.scenario import SPLITS, Scenario

_DIGEST_LETTERS = 8


@dataclass(frozen=True)
class Difference:
    """One key in which two scenarios differ; ``str`` says it, for example ``"deadline 20, not 12"``.

    Attributes:
        key: for example ``"deadline"``, ``"weights.goodwill"``, or ``"population"`` for the suppliers of all splits.
        one: the value of the first scenario, in words.
        other: the value of the second one, in words.
    """

    key: str
    one: str
    other: str

    def __str__(self) -> str:
        return f"{self.key} {self.other}, not {self.one}"


def differences(one: Scenario, other: Scenario) -> list[Difference]:
    """Return in what two scenarios differ as games, key by key; names and other texts do not count."""
    return [Difference(key, _words(a), _words(b)) for key, a, b in _differing(one, other)]


def changed_name(base: Scenario, scenario: Scenario) -> str:
    """Return what a game changed from ``base`` is called, for example ``"Procurement+deadline=12"``.

    It is the name of ``base`` if nothing differs that is played. As many changes are named as find room in 60 letters;
    a digest of all of them stands for the others: ``"Procurement+deadline=12+7_more-1a2b3c4d"``.
    """
    changes = [f"{key}={_label(value)}" for key, _, value in _differing(base, scenario)]
    name = "+".join([base.name, *changes])
    kept = len(changes)
    while len(name) > MAX_LETTERS:
        kept -= 1
        rest = f"{len(changes) - kept}_{'more' if kept else 'changes'}-{_digest('+'.join(changes))}"
        room = MAX_LETTERS - len(rest) - 1
        named = "+".join([base.name, *changes[:kept]])
        name = f"{named if kept else named[:room].rstrip('.')}+{rest}"
    return name


def _differing(one: Scenario, other: Scenario) -> list[tuple[str, Any, Any]]:
    """Return the keys that differ, with both values."""
    mine, theirs = _flat(one.numbers()), _flat(other.numbers())
    keys = (*mine, *(key for key in theirs if key not in mine))
    found = [(key, mine.get(key, ()), theirs.get(key, ())) for key in keys if mine.get(key) != theirs.get(key)]
    suppliers = [(split, one.population(split), other.population(split)) for split in SPLITS]
    changed = [(split, a, b) for split, a, b in suppliers if a.numbers() != b.numbers()]
    if changed and all(b.numbers() == other.train.numbers() for _, _, b in suppliers):
        return [*found, ("population", tuple(dict.fromkeys(a.name for _, a, _ in changed)), other.train)]
    if "test" in (split for split, _, _ in changed):  # which others have, unless they have their own
        given = {"validation": other.validation, "unseen": other.unseen}
        changed = [change for change in changed if given.get(change[0], change) is not None]
    return [*found, *changed]


def _flat(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested numbers under keys such as ``"weights.goodwill"``."""
    flat: dict[str, Any] = {}
    for key, value in numbers.items():
        flat |= {f"{key}.{name}": v for name, v in value.items()} if isinstance(value, Mapping) else {key: value}
    return flat


def _words(value: Any) -> str:
    """Return a value for a sentence."""
    if isinstance(value, Population):
        return value.name
    if isinstance(value, tuple):
        if any(isinstance(part, str) for part in value):
            return ", ".join(value)
        return " to ".join(map(_number, value)) if value else "nothing"
    return value if isinstance(value, str) else _number(value)


def _label(value: Any) -> str:
    """Return a value for a name."""
    if isinstance(value, Population):
        return _population_label(value)
    if isinstance(value, tuple):
        return "-".join(part if isinstance(part, str) else _number(part) for part in value) or "none"
    return value if isinstance(value, str) else _number(value)


def _population_label(population: Population) -> str:
    """Return the name of a population, and unless it comes with negoenv a digest of it: two may be called the same."""
    if population.name in populations.names() and populations.shipped(population.name) == population:
        return population.name
    return f"{population.name}-{_digest(str(population.numbers()))[:4]}"


def _number(value: float) -> str:
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:_DIGEST_LETTERS]
