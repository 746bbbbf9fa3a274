"""The pages and the docstrings against the code: names, paths, links and command lines are those that are there.

`python -m tests.check_docs` runs the command blocks; here they are only read.
"""

import ast
import importlib
import re
import shlex
from pathlib import Path

import gymnasium
import pytest
import typer

from agents import inventory
from agents.commands import COMMANDS
from negoenv import NegoenvError
from tests.check_docs import OUTPUT, PYTHON, SHELLS, blocks, matches, pages

ROOT = Path(__file__).parents[1]
FOLDERS = ("negoenv", "agents", "configs", "scripts", "tests", "benchmarks", "docs")
MADE_BY_USERS = ("runs/", "videos")  # what exists only after a command has made it
NAME = re.compile(r"(?:negoenv|agents|tests)(?:\.[A-Za-z_]\w*)+")
PATH = re.compile(rf"(?:{'|'.join(FOLDERS)})/[\w./-]*")


def quoted(text):
    """Return what stands between backticks, without line breaks."""
    return [" ".join(found.split()) for found in re.findall(r"`+([^`]+)`+", text)]


def docstrings():
    """Return each source file's docstrings and comments that quote something."""
    for folder in ("negoenv", "agents", "scripts", "tests", "benchmarks"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            nodes = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
            texts = [ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, nodes)]
            yield str(path.relative_to(ROOT)), "\n".join(texts)


def resolves(name):
    """Whether a dotted name is a module or something in one."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        except NegoenvError:  # the module is there, the library that it needs is not
            return length == len(parts)
        for part in parts[length:]:
            if hasattr(found, "model_fields") and part in found.model_fields:
                return True
            if part in getattr(found, "__annotations__", {}):
                return True
            if not hasattr(found, part):
                return False
            found = getattr(found, part)
        return True
    return False


TEXTS = [*((page, (ROOT / page).read_text(encoding="utf-8")) for page in pages()), *docstrings()]


@pytest.mark.parametrize(("where", "text"), TEXTS, ids=[where for where, _ in TEXTS])
def test_names_and_paths_are_there(where, text):
    words = [word for quote in quoted(text) for word in quote.split()]
    gone = [word for word in words if NAME.fullmatch(word) and not word.endswith(".py") and not resolves(word)]
    words = [word for word in words if word not in gymnasium.registry]
    paths = [word.split("::")[0] for word in words if PATH.fullmatch(word.split("::")[0])]
    gone += [path for path in paths if not path.startswith(MADE_BY_USERS) and not (ROOT / path).exists()]
    assert not gone, f"{where} names what is not there: {', '.join(gone)}"


@pytest.mark.parametrize("page", pages())
def test_links_lead_somewhere(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)\s]+)\)|(?:src|srcset)=\"([^\"]+)\"", text)
    local = [found.split("#")[0] for pair in links for found in pair if found and not found.startswith(("http", "#"))]
    gone = [link for link in local if link and not ((ROOT / page).parent / link).exists()]
    assert not gone


@pytest.mark.parametrize("page", pages())
def test_every_block_says_what_it_is(page):
    unknown = [str(block) for block in blocks(page) if block.language not in (*SHELLS, PYTHON, OUTPUT, "yaml")]
    assert not unknown
    assert not [str(block) for block in blocks(page) if block.mark == "skip" and not block.reason]


def command_lines():
    """Yield every command line of ours, in a shell block or between backticks; a name without arguments is none."""
    for page in pages():
        shell = [block.text for block in blocks(page) if block.language in SHELLS]
        lines = [line for text in shell for line in text.replace("\\\n", " ").splitlines()]
        prose = re.sub(r"^```.*?^```$", "", (ROOT / page).read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE)
        lines += [quote for quote in quoted(prose) if len(quote.split()) > 2]
        for line in lines:
            if line.split(" ")[0].endswith("negoenv"):
                program, name, *arguments = shlex.split(line, comments=True)
                yield pytest.param(program, name, arguments, id=f"{page}: {line}")


@pytest.mark.parametrize(("program", "name", "arguments"), list(command_lines()))
def test_command_lines_are_understood(program, name, arguments):
    assert program == ".venv/bin/negoenv"  # nothing is activated
    assert name in COMMANDS
    if "--help" in arguments:
        return  # prints and exits
    arguments = ["2" if argument == "N" else argument for argument in arguments]
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command()(importlib.import_module(f"agents.commands.{name.replace('-', '_')}").main)
    typer.main.get_command(app).make_context(name, list(arguments))  # raises for what is not accepted


def test_the_page_of_names_is_what_the_command_prints():
    assert (ROOT / "docs" / "lists.md").read_text(encoding="utf-8") == inventory.markdown(), (
        "run: .venv/bin/negoenv list --markdown docs/lists.md --force"
    )


@pytest.mark.parametrize(
    ("shown", "printed", "verdict"),
    [
        ("a ... d", "a b\nc d", True),
        ("a 1", "a   1\nb", True),
        ("a 1\nb 2", "a 1\nx\nb 2", False),
        ("score 0.5", "score 0x5", False),
    ],
)
def test_shown_output_is_compared(shown, printed, verdict):
    assert matches(shown, printed) is verdict
