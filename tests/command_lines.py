"""Command lines as nobody should write them, made from the parsers of the commands."""

import importlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from agents.commands.runner import parser
from agents.learning.config import described_keys
from agents.scripted import EVERY_SCRIPTED
from negoenv.scenarios.presets import PRESETS

ODD = (
    "", " ", ".", "..", "../x", "/", "~", "-", "--", "-1", "0", "x" * 300, "x/" * 100, "[red]x[/]", "<b>&amp;", "$x_1$",
    "a\x1b[2Jb", "a\nb", "a\x00b", "\u202eabc", "\udcff", "é" * 200, "nan", "inf", "-inf", "1e400", "null", "{}", "[",
    "=", "a=b=c", "%s%n", "{0}", "con:", "a:b", "json:dumps", "json:JSONDecodeError", "negoenv:NegotiationEnv", "os:no",
    "tests:x", "informed:", "informed:random,random", "informed:informed", "*", "/dev/null", "/dev/full",
    "/proc/self/mem", "/etc/passwd", "/nowhere/x",
)  # fmt: skip
NUMBERS = (
    "0", "1", "2", "3", "8", "-1", "64", "65536", "10000000", str(2**31), str(2**32), str(2**63), str(2**64),
    str(-(2**63)), "9" * 30, "9" * 5000, "1_000", "1.5", "1e3", "0x10", " 1", "\u0663", "nan", "inf", "-inf", "1e400",
    "-0.0", ".5", "",
)  # fmt: skip
NAMES = (
    *PRESETS,
    "Ladder",
    "Sourcing",
    "train",
    "test",
    "unseen",
    *EVERY_SCRIPTED,
    "informed",
    "smoke",
    "quick",
    "ray",
)
PLACES = (
    "scenario.yaml", "broken.yaml", "list.yaml", "empty.yaml", "deep.yaml", "sweep.yaml", "search.yaml",
    "population.yaml", "empty.json", "broken.json", "deep.json", "game.json", "empty.zip", "broken.zip", "empty.csv",
    "broken.csv", "page.md", "text", "empty", "folder", "hollow", "run", "run/best", "bundle.zip", "comparison",
    "comparison/comparison.json", "link", "loop", "new", "new.json", "new.yaml", "new.zip", "new.txt", "new.png",
    "new.svg", "new.csv", "new/deep/x.json", "text/x.json", "folder/new",
)  # fmt: skip
"""What `make_folder` makes, and places where nothing is."""

RIGHT = {
    "advise": "random", "base": "random", "budget": "2", "buyer": "smoke", "changes": "seed=1",
    "comparison": "comparison", "config": "smoke", "engine": "local", "episodes": "8", "known": "random",
    "logdir": "hollow", "model": "broken.zip", "name": "name", "objective": "profit", "opponents": "hollow",
    "out": "new", "page": "page.md", "part": "six_rules", "pictures": "returns", "policies": "random",
    "policy": "random", "population": "ebay", "reference": "random", "replay": "game.json", "run": "run",
    "scenario": "Deadline", "search": "search.yaml", "seed": "1", "share": "0.5", "size": "80 24", "split": "test",
    "sweep": "sweep.yaml", "watch": "random", "what": "policies",
}  # fmt: skip
"""What may be given, by the name of a parameter; 2, or a new file, where nothing is said."""


def make_folder(place: Path, made: Path | None = None) -> None:
    """Make a folder of files that are right, damaged or of the wrong kind.

    Args:
        place: the folder.
        made: one whose content is copied: a run, a bundle, a comparison and a game.
    """
    place.mkdir(parents=True)
    bad = {".yaml": "a: [1\n", ".json": '{"a": ', ".zip": "PK\x03\x04 no zip", ".csv": "negotiation,price\n1,\n1,x\n"}
    files = {
        **{f"broken{suffix}": text for suffix, text in bad.items()},
        **{f"empty{suffix}": "" for suffix in ("", *bad)},
        "scenario.yaml": "base: Deadline\ndeadline: 3\n",
        "list.yaml": "- a\n",
        "deep.yaml": "[" * 2000,
        "deep.json": "[" * 5000,
        "population.yaml": "name: p\narchetypes:\n- {name: a, share: 1.0, traits: {power: 0.3}}\n",
        "sweep.yaml": "configs: [smoke]\nseeds: 1\n",
        "search.yaml": "config: smoke\nspace: {hyperparameters.gamma: {low: 0.9, high: 1.0}}\ntrials: 1\n",
        "page.md": "# A page\n",
        "folder/file": "mine",
    }
    for name, text in files.items():
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text(text)
    (place / "text").write_bytes(bytes(range(256)))
    (place / "hollow").mkdir()
    (place / "link").symlink_to("nowhere")
    (place / "loop").symlink_to("loop")
    if made is not None:
        shutil.copytree(made, place, dirs_exist_ok=True)


@dataclass(frozen=True)
class Parameter:
    """One argument or option of a command.

    Attributes:
        name: what it is called in the command.
        options: of an option, the words that begin it; none of an argument.
        required: whether it must be there.
        values: how many follow; 0 of a flag.
        number: whether a number is expected.
        keys: whether ``key=value`` is expected.
        package: whether what is written goes into the package or its documentation unless it is given.
    """

    name: str
    options: tuple[str, ...]
    required: bool = False
    values: int = 1
    number: bool = False
    keys: bool = False
    package: bool = False

    def right(self) -> list[str]:
        """Return it as it should be written."""
        value = RIGHT.get(self.name, "2" if self.number else f"new_{self.name}")
        return [*self.options[:1], *value.split()[: self.values]]

    def odd(self) -> Iterator[list[str]]:
        """Yield it with each value that it should not have, or may have, and once too often."""
        if self.values:
            for value in (*NUMBERS, *ODD) if self.number else (*ODD, *PLACES, *NAMES):
                yield [*self.options[:1], *[value] * self.values]
        yield self.right() * 2

    def drawn(self, draw: Any) -> list[str]:
        """Draw it as it could be written."""
        if draw(st.booleans()):
            return self.right()
        values = [draw(self._value()) for _ in range(self.values)]
        option = draw(st.sampled_from(self.options)) if self.options else ""
        if option and len(values) == 1 and draw(st.booleans()):
            return [f"{option}={values[0]}"]
        return [*filter(None, [option]), *values]

    def _value(self) -> st.SearchStrategy[str]:
        kinds = [(*NUMBERS, *ODD[:12])] if self.number else [NAMES, PLACES, ODD]
        return st.one_of(*map(st.sampled_from, kinds), *([_changes()] * 4 if self.keys else []))


def _changes() -> st.SearchStrategy[str]:
    """Return ``key=value``, right or wrong."""
    keys = [*(key.name for key in described_keys()), "scenario.deadline", "scenario.train", "sed"]
    values = [*NUMBERS, *ODD, *PLACES, "true", "[64]", "{deadline: 3}", "ppo", "dqn", "Ladder"]
    return st.builds("{}={}".format, st.sampled_from(keys), st.sampled_from(values))


UNKNOWN = Parameter("unknown", ("--no-such-option", "-x", "-"))


def parameters(command: str) -> list[Parameter]:
    """Return the arguments and options of a command, as its parser has them."""
    module = importlib.import_module(f"agents.commands.{command.replace('-', '_')}")
    found = []
    for one in parser(module.main).params:
        told = str(module.main.__annotations__.get(one.name, ""))
        found.append(
            Parameter(
                name=str(one.name),
                options=(*one.opts, *one.secondary_opts) if one.param_type_name == "option" else (),
                required=bool(one.required),
                values=0 if getattr(one, "is_flag", False) else max(1, one.nargs),
                number="int" in told or "float" in told,
                keys="KEY=VALUE" in str(one.metavar),
                package=isinstance(one.default, Path) and one.default.is_absolute(),
            )
        )
    return found


def one_odd(command: str, step: int = 1) -> list[list[str]]:
    """Return every ``step``-th of the lines of a command that are right but for one parameter, which has odd values."""
    known = parameters(command)
    lines = []
    for odd in known:
        others = [word for one in known if one is not odd and (one.required or one.package) for word in one.right()]
        lines += [[*others, *written] for written in odd.odd()]
    return lines[::step]


@st.composite
def command_lines(draw: Any, command: str) -> list[str]:
    """Draw a line of a command: what is required most often, some options, and what should not be there."""
    known = parameters(command)
    needed = [one for one in known if one.package or (one.required and draw(st.integers(0, 9)))]
    more = draw(st.lists(st.sampled_from([*known, *known, UNKNOWN]), max_size=5))
    return [word for one in draw(st.permutations([*needed, *more])) for word in one.drawn(draw)]
