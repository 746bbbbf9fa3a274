"""Make small mistakes, one at a time, in a copy of the tree, and see which tests notice.

    python -m tests.check_mutants                     all of tests/mutants.py; hours, since most compile the dynamics
    python -m tests.check_mutants training_state      those whose file has this in its path

It prints a line each and exits with 1 if fewer than 95% are noticed, or one no longer fits the code. It is no part of
the tests.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.check_docs import ROOT
from tests.mutants import MUTANTS, Mutant

LEAST = 0.95  # share that must be noticed

_TIMEOUT = 3600  # seconds that the tests of one mistake may take on a busy machine; a guard, and no measure


def stale(mutant: Mutant) -> bool:
    """Return whether a mistake no longer fits the code."""
    return (ROOT / mutant.file).read_text(encoding="utf-8").count(mutant.old) != 1


def copied(folder: Path) -> Path:
    """Return a copy of what git knows of the tree, changes that are not committed included."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


def noticed(tree: Path, tests: tuple[str, ...]) -> list[str]:
    """Return which tests of some modules fail in a tree, the first three; one that cannot be imported counts."""
    modules = [f"tests/{module}.py" for module in tests]
    options = [
        "-q",
        "--maxfail=3",
        "--tb=no",
        "-p",
        "no:cacheprovider",
        f"--timeout={_TIMEOUT}",
    ]  # none of a test alone
    words = [sys.executable, "-m", "pytest", *options, *modules]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(
            words, cwd=tree, env=environment, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return ["a test that does not end"]
    found = re.findall(r"^(?:FAILED|ERROR) tests/(\S+)", done.stdout, re.MULTILINE)
    return found or ([f"pytest ended with {done.returncode}"] if done.returncode else [])


def made(tree: Path, mutant: Mutant) -> list[str]:
    """Make a mistake in a tree, return which tests notice it, and take it back."""
    path = tree / mutant.file
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        return noticed(tree, mutant.tests)
    finally:
        path.write_text(before, encoding="utf-8")


def main() -> None:
    """Make them, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", default="", help="only mistakes in files whose path has this in it")
    options = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if options.part in mutant.file]
    if not chosen:
        sys.exit(f"There is no mistake in a file with {options.part!r} in its path.")
    if outdated := [mutant for mutant in chosen if stale(mutant)]:
        sys.exit("\n".join(f"{mutant.file} does not hold {mutant.old!r} once." for mutant in outdated))
    caught = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder))
        modules = tuple(sorted({module for mutant in chosen for module in mutant.tests}))
        if failed := noticed(tree, modules):
            sys.exit(f"The tests fail without any mistake: {', '.join(failed)}.")
        for mutant in chosen:
            tests = made(tree, mutant)
            caught += bool(tests)
            told = f"noticed by {', '.join(tests)}" if tests else "NOT NOTICED"
            print(f"{mutant.file}: {mutant.old.strip()!r} -> {mutant.new.strip()!r}: {told}", flush=True)
    print(f"{caught} of {len(chosen)} mistakes are noticed.")
    sys.exit(caught < LEAST * len(chosen))


if __name__ == "__main__":
    main()
