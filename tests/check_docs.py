"""Run the command blocks of README and docs as a newcomer would: in a copy of the tree, in a shell with nothing set.

    python -m tests.check_docs                    every page, but for blocks that are marked slow
    python -m tests.check_docs README.md --slow   one page, all of its blocks
    python -m tests.check_docs --here             in this checkout and its .venv, without a copy

What a block is for is said by an HTML comment in the line above its fence:

    <!-- check: slow -->            takes minutes; run with --slow only
    <!-- check: skip, WHY -->       is never run
    <!-- check: serves -->          goes on until it is stopped: must be running after some seconds
    <!-- check: output -->          is what the block before prints; "..." stands for anything

Python blocks of a page are one program, which runs after the page's shell blocks.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[1]
SHELLS, PYTHON, OUTPUT = ("sh", "bash"), "python", "text"
_MARK = re.compile(r"<!-- check: (slow|skip|serves|output)(?:, (.+?))? -->")
_TIMEOUT = 7200  # seconds that a block may take; a guard, and no measure: a machine may be busy
_SERVES = 15  # seconds after which what serves must still be there
_BETWEEN = "--- block ---"


@dataclass(frozen=True)
class Block:
    """A fenced block of a page.

    Attributes:
        page: the page, relative to the root.
        line: number of the line of its fence.
        language: the word after the fence.
        text: what it holds.
        mark: slow, skip, serves or output; empty for a block that is simply run.
        reason: why it is skipped.
    """

    page: str
    line: int
    language: str
    text: str
    mark: str = ""
    reason: str = ""

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


def pages() -> list[str]:
    """Return every page that is checked, relative to the root."""
    found = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [str(path.relative_to(ROOT)) for path in found]


def blocks(page: str) -> Iterator[Block]:
    """Yield the fenced blocks of a page in order.

    Raises:
        ValueError: for a comment that is meant as a mark and is none.
    """
    text = (ROOT / page).read_text(encoding="utf-8")
    lines = text.splitlines()
    for token in MarkdownIt().parse(text):
        if token.type != "fence":
            continue
        assert token.map is not None
        start = token.map[0]
        above = lines[start - 1].strip() if start else ""
        found = _MARK.fullmatch(above)
        if found is None and above.startswith("<!-- check"):
            raise ValueError(f"{page}:{start}: {above!r} is no mark that is known")
        mark, reason = (found[1], found[2] or "") if found else ("", "")
        yield Block(page, start + 1, token.info.strip(), token.content, mark, reason)


def matches(shown: str, printed: str) -> bool:
    """Whether a page's lines are among what was printed, in order and complete; "..." stands for anything."""
    parts = [re.escape(" ".join(part.split())) for part in shown.strip().split("...")]
    return re.search(".*?".join(parts), " ".join(printed.split())) is not None


def environment() -> dict[str, str]:
    """Return the variables of a fresh shell: a home, and where the system's programs are."""
    python = shutil.which("python3.11") or sys.executable
    return {
        "HOME": os.environ.get("HOME", "/tmp"),
        "PATH": os.pathsep.join([str(Path(python).parent), "/usr/local/bin", "/usr/bin", "/bin"]),
        "LANG": "C.UTF-8",
        "SDL_VIDEODRIVER": "dummy",
    }


def check(page: str, where: Path, slow: bool) -> list[str]:
    """Run the blocks of a page and return what failed, a paragraph each."""
    failures: list[str] = []
    program: list[Block] = []
    printed = ""
    for block in blocks(page):
        if block.mark == "output" and not program:
            failures += _compared(block, printed)
        elif block.mark == "skip" or (block.mark == "slow" and not slow):
            print(f"  {block} left out: {block.reason or block.mark}", flush=True)
        elif block.language in SHELLS:
            printed, failure = _run(block, where)
            failures += failure
        elif block.language == PYTHON or block.mark == "output":
            program.append(block)
    return failures + (_run_program(program, where) if program else [])


def _compared(block: Block, printed: str) -> list[str]:
    """Return what is wrong with a block that shows what was printed."""
    if matches(block.text, printed):
        return []
    return [f"{block} shows what was not printed:\n{block.text}\nprinted:\n{printed}"]


def _run(block: Block, where: Path) -> tuple[str, list[str]]:
    """Run a shell block; return what it printed and what failed."""
    begun = time.monotonic()
    process = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", block.text], cwd=where, env=environment(), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
    )  # fmt: skip
    try:
        printed, _ = process.communicate(timeout=_SERVES if block.mark == "serves" else _TIMEOUT)
        failed = process.returncode != 0 or block.mark == "serves"
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        printed, _ = process.communicate()
        failed = block.mark != "serves"
    print(f"  {block} {'FAILED' if failed else 'ran'} in {time.monotonic() - begun:.0f} s", flush=True)
    message = f"{block} ended with status {process.returncode}:\n{block.text}\n{printed[-3000:]}"
    return printed, [message] if failed else []


def _run_program(program: list[Block], where: Path) -> list[str]:
    """Run the Python blocks of a page as one program, and compare what each prints with the block that shows it."""
    code = [block for block in program if block.language == PYTHON]
    file = where / ".check_docs.py"
    file.write_text("".join(f"{block.text}\nprint({_BETWEEN!r}, flush=True)\n" for block in code), encoding="utf-8")
    call = Block(code[-1].page, code[-1].line, "sh", f".venv/bin/python {file.name}")
    printed, failures = _run(call, where)
    file.unlink()
    parts = iter(printed.split(_BETWEEN))
    part = ""
    for block in program:
        if block.mark == "output":
            failures += _compared(block, part)
        else:
            part = next(parts, "")
    return failures


def _copied(folder: Path) -> Path:
    """Return a copy of what git would commit of this tree."""
    names = subprocess.check_output(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, text=True).splitlines()
    for name in names:
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pages", nargs="*", help="pages, relative to the root; all unless given; README.md installs")
    parser.add_argument("--slow", action="store_true", help="run blocks that are marked slow, too")
    parser.add_argument("--here", action="store_true", help="run in this checkout instead of a fresh copy")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="negoenv-docs-") as folder:
        where = ROOT if given.here else _copied(Path(folder))
        failures = []
        for page in given.pages or pages():
            print(page, flush=True)
            failures += check(page, where, given.slow)
    print("\n\n".join(failures) or "Every block ran, and printed what its page shows.")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
