"""Make small mistakes, one at a time, in a copy of the tree, and see which tests notice.

    python -m tests.check_mutants                     all of tests/mutants.py; hours, since many compile the dynamics
    python -m tests.check_mutants training_state      those whose file has this in its path
    python -m tests.check_mutants game --quick        those that golden negotiations can notice, and with these alone

Golden negotiations are replayed first, as plain Python: what they notice needs no compiling.

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

GOLDEN = "test_golden"
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


def noticed(tree: Path, tests: tuple[str, ...], **environment: str) -> list[str]:
    """Return which test of some modules fails in a tree, the first; one that cannot be imported counts."""
    modules = [f"tests/{module}.py" for module in tests]
    options = ["-q", "-x", "--tb=no", "-p", "no:cacheprovider", f"--timeout={_TIMEOUT}"]
    words = [sys.executable, "-m", "pytest", *options, *modules]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", **environment}
    try:
        done = subprocess.run(
            words, cwd=tree, env=environment, capture_output=True, text=True, timeout=_TIMEOUT, check=False
        )
    except subprocess.TimeoutExpired:
        return ["a test that does not end"]
    found = re.findall(r"^(?:FAILED|ERROR) tests/(\S+)", done.stdout, re.MULTILINE)
    return found or ([f"pytest ended with {done.returncode}"] if done.returncode else [])


def noticed_first(tree: Path, tests: tuple[str, ...]) -> list[str]:
    """Return what `noticed` does of golden negotiations, played as plain Python, if they are among the tests."""
    return noticed(tree, (GOLDEN,), NUMBA_DISABLE_JIT="1") if GOLDEN in tests else []


def made(tree: Path, mutant: Mutant, quick: bool) -> list[str]:
    """Make a mistake in a tree, return which tests notice it, and take it back."""
    path = tree / mutant.file
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        return noticed_first(tree, mutant.tests) or ([] if quick else noticed(tree, mutant.tests))
    finally:
        path.write_text(before, encoding="utf-8")


def main() -> None:
    """Make them, and print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("part", nargs="?", default="", help="only mistakes in files whose path has this in it")
    parser.add_argument("--quick", action="store_true", help="by golden negotiations alone")
    options = parser.parse_args()
    chosen = [m for m in MUTANTS if options.part in m.file and (GOLDEN in m.tests or not options.quick)]
    if not chosen:
        sys.exit(f"There is no mistake in a file with {options.part!r} in its path.")
    if outdated := [mutant for mutant in chosen if stale(mutant)]:
        sys.exit("\n".join(f"{mutant.file} does not hold {mutant.old!r} once." for mutant in outdated))
    caught = 0
    with tempfile.TemporaryDirectory() as folder:
        tree = copied(Path(folder))
        modules = tuple(sorted({module for mutant in chosen for module in mutant.tests}))
        if failed := noticed_first(tree, modules) or ([] if options.quick else noticed(tree, modules)):
            sys.exit(f"The tests fail without any mistake: {', '.join(failed)}.")
        for mutant in chosen:
            tests = made(tree, mutant, options.quick)
            caught += bool(tests)
            told = f"noticed by {', '.join(tests)}" if tests else "NOT NOTICED"
            print(f"{mutant.file}: {mutant.old.strip()!r} -> {mutant.new.strip()!r}: {told}", flush=True)
    print(f"{caught} of {len(chosen)} mistakes are noticed.")
    sys.exit(caught < LEAST * len(chosen))


if __name__ == "__main__":
    main()
