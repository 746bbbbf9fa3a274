"""Install wheel and sdist as a stranger would, in empty environments, and use them.

    python -m tests.check_package              with every Python of 3.11, 3.12 and 3.13 that is found
    python -m tests.check_package --train      with the extra train, too: train 50,000 steps, compare, report

It installs from the package index, so it takes minutes and is no part of the tests. The extra is tried with the
interpreter that runs this file, for which constraints.txt has a build of PyTorch.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.check_docs import PYTHON, ROOT, blocks, environment

VERSIONS = ("3.11", "3.12", "3.13")


def run(*command: object, where: Path) -> str:
    """Run a command in a clean shell and return what it printed.

    Raises:
        SystemExit: if it fails, with all that it printed.
    """
    words = [str(word) for word in command]
    done = subprocess.run(
        words, cwd=where, env=environment(), capture_output=True, text=True, timeout=1200, check=False
    )
    if done.returncode:
        sys.exit(f"{' '.join(words)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def interpreter(version: str) -> str:
    """Return the first interpreter on the path that is of a version and starts; empty if there is none."""
    for folder in os.environ["PATH"].split(os.pathsep):
        found = shutil.which(f"python{version}", path=folder)
        if found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0:
            return found
    return ""


def built(folder: Path) -> list[Path]:
    """Build the wheel and the sdist of this tree."""
    run(sys.executable, "-m", "hatchling", "build", "-d", folder, where=ROOT)
    return sorted(folder.iterdir())


def installed(python: str, package: Path, folder: Path, extra: str = "") -> Path:
    """Return the folder of programs of a new environment that holds nothing but a package and what it asks for."""
    run(python, "-m", "venv", folder, where=folder.parent)
    programs = folder / "bin"
    constraints = ["-c", ROOT / "constraints.txt"]
    run(programs / "python", "-m", "pip", "install", "--quiet", *constraints, f"{package}{extra}", where=folder)
    return programs


def environments_alone(programs: Path) -> None:
    """Run the README's first example, and see that nothing of the trainers came along."""
    example = next(block for block in blocks("README.md") if block.language == PYTHON)
    (programs.parent / "example.py").write_text(example.text, encoding="utf-8")
    told = run(programs / "python", "example.py", where=programs.parent)
    assert "Round 1." in told, told
    assert not {"torch", "typer", "agents"} & set(
        run(programs / "python", "-c", "import pkgutil; print(*(m.name for m in pkgutil.iter_modules()))",
            where=programs.parent).split()
    )  # fmt: skip


def everything(programs: Path) -> None:
    """Train, compare and report from an installed wheel."""
    where, negoenv = programs.parent, programs / "negoenv"
    run(negoenv, "train", "procurement_ppo", "total_steps=50_000", "--directory", "runs/mine", where=where)
    run(negoenv, "compare", "runs/mine", "random", "--episodes", 512, "--logdir", "runs/compared", where=where)
    run(negoenv, "report", "runs/compared", where=where)
    assert (where / "runs" / "compared" / "report" / "index.html").stat().st_size > 100_000


def main() -> None:
    """Do what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--train", action="store_true", help="install the extra train, too, and use it")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="negoenv-package-") as name:
        folder = Path(name)
        packages = built(folder / "dist")
        pythons = {version: found for version in VERSIONS if (found := interpreter(version))}
        for version, python in pythons.items():
            for package in packages:
                environments_alone(installed(python, package, folder / f"{version}-{package.suffix[1:]}"))
                print(
                    f"Python {version}, {package.name} alone: the first example runs, no trainer came along.",
                    flush=True,
                )
        for version in set(VERSIONS) - set(pythons):
            print(f"Python {version}: not found here.")
        if given.train:
            wheel = next(package for package in packages if package.suffix == ".whl")
            everything(installed(sys.executable, wheel, folder / "train", "[train]"))
            print("The wheel with the extra train: 50,000 steps trained, compared, reported.")


if __name__ == "__main__":
    main()
