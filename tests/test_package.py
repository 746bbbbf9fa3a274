"""The wheel: what it holds, and that it works where there is no clone."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from negoenv import installation

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """Return a folder with the content of the wheel, as an installation has it."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def run(installed, *arguments):
    """Run Python beside the wheel's content, somewhere else than in the clone.

    Nothing is compiled: there it would be for the first time, which takes longer than all that is run.
    """
    environment = {
        "PYTHONPATH": str(installed), "HOME": str(installed), "PATH": "/usr/bin:/bin", "COLUMNS": "150",
        "NUMBA_DISABLE_JIT": "1",
    }  # fmt: skip
    return subprocess.run(
        [sys.executable, "-W", "error", *map(str, arguments)],
        cwd=installed.parent, env=environment, capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip


def test_the_wheel_claims_no_name_of_others(installed):
    packages = {path.name for path in installed.iterdir() if not path.name.endswith(".dist-info")}
    assert packages == {"negoenv", "negoenv_agents", "negoenv_command.py"}
    assert list((installed / "negoenv_agents" / "configs").glob("*.yaml"))
    assert not list(installed.rglob("test_*.py"))


def test_the_environments_import_no_trainer(installed):
    code = (
        "import sys, negoenv, gymnasium; gymnasium.make('negoenv/Procurement-v0')\n"
        "others = {'torch', 'typer', 'negoenv_agents', 'agents'}\n"
        "print(negoenv.__file__, sorted(others & set(sys.modules)))"
    )
    done = run(installed, "-c", code)
    assert (done.stderr, done.stdout) == ("", f"{installed / 'negoenv' / '__init__.py'} []\n")


@pytest.mark.slow
def test_the_command_trains_by_the_name_of_a_configuration(installed):
    """All of it from the wheel: no module is taken from the clone that the interpreter also knows."""
    code = (
        "import sys; sys.argv = ['negoenv', 'train', 'smoke', 'total_steps=64', 'num_envs=16', 'test_episodes=4',"
        " 'eval_episodes=2', 'hyperparameters.n_steps=4', 'hyperparameters.batch_size=64', '--no-progress']\n"
        "from negoenv_command import main\n"
        "try:\n    main()\n"
        "finally:\n    print([name for name in sys.modules if name == 'agents' or name.startswith('agents.')])"
    )
    done = run(installed, "-W", "default", "-c", code)
    assert done.returncode == 0, done.stderr
    assert "Run: runs/" in done.stdout
    assert done.stdout.endswith("[]\n")


@pytest.mark.slow
def test_a_missing_extra_is_told_with_the_command_that_installs_it(installed):
    code = (
        "import sys; sys.modules['typer'] = None; sys.argv = ['negoenv', 'list']\n"
        "from negoenv_command import main\nmain()"
    )
    done = run(installed, "-c", code)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.endswith("-m pip install 'negoenv[train]'.\n")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ({"url": "file:///a%20b/clone", "dir_info": {"editable": True}}, "-e '/a b/clone[play]'"),
        ({"url": "file:///dist/negoenv.whl", "archive_info": {}}, "'/dist/negoenv.whl[play]'"),
        (None, "'negoenv[play]'"),
    ],
    ids=["clone", "wheel", "index"],
)
def test_an_extra_is_installed_from_where_the_package_came(monkeypatch, origin, words):
    noted = SimpleNamespace(read_text=lambda _: json.dumps(origin) if origin else None)
    monkeypatch.setattr(installation, "distribution", lambda _: noted)
    assert installation.install_command("play") == f"{installation.here(sys.executable)} -m pip install {words}"
