"""Sweeps on Ray: shared storage, what is not found is told; and a cluster that loses a node ends a sweep all the same.

What starts Ray does so in a process of its own, for it leaves threads and warnings.
"""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from agents.parallel import tell_done
from agents.sweeps.engines import make_engine
from agents.sweeps.files import SharedFolder, TrialFiles
from negoenv import NegoenvError
from tests.conftest import ROOT

pytest.importorskip("pyarrow")


# Shared storage


@pytest.fixture
def shared(tmp_path):
    folder = SharedFolder(str(tmp_path / "a shared folder"))
    folder.make()
    return folder


def files(folder):
    return TrialFiles(folder / "trials" / "Ladder" / "one", folder / "results" / "one-key.json")


def test_what_is_stored_comes_back_whole(shared, tmp_path):
    here, there = files(tmp_path / "here"), files(tmp_path / "there")
    (here.run / "checkpoints" / "step_1").mkdir(parents=True)
    (here.run / "checkpoints" / "step_1" / "state").write_bytes(b"\x00state")
    (here.run / ".lock").touch()
    (here.run / ".half.unfinished").mkdir()
    there.run.mkdir(parents=True)
    (there.run / "of an earlier attempt").touch()
    shared.put_run(here)
    assert not shared.has_ended(here)
    with pytest.raises(NegoenvError, match=r"^It has ended, but its result is not in .*; let --shared name storage"):
        shared.get_all(there)
    here.result.parent.mkdir()
    here.result.write_text("{}")
    shared.put_result(here)
    shared.get_all(there)
    assert sorted(str(p.relative_to(there.run)) for p in there.run.rglob("*") if p.is_file()) == [
        "checkpoints/step_1/state"
    ]
    assert there.result.read_text() == "{}"
    shared.forget(here)
    assert not shared.has_ended(here)
    assert not [p for p in Path(shared.place).rglob("*") if p.is_file()], "nothing is left behind"


def test_a_trial_goes_on_in_another_folder_and_is_done_once(shared, tmp_path):
    from agents.sweeps.on_ray import run_elsewhere

    begun = []

    def work(here, broken_off):
        begun.append(sorted(p.name for p in (here.run / "checkpoints").glob("*")))
        (here.run / "checkpoints" / f"step_{len(begun)}").mkdir(parents=True)
        tell_done(1)
        if broken_off:
            raise OSError("The node is gone.")
        here.result.write_text("{}")

    with pytest.raises(OSError, match="The node is gone"):
        run_elsewhere(work, files(tmp_path), [True], shared)
    for _ in range(2):
        run_elsewhere(work, files(tmp_path), [False], shared)
    assert begun == [[], ["step_1"]]
    assert shared.has_ended(files(tmp_path))


def test_storage_that_is_none_is_told(tmp_path):
    with pytest.raises(NegoenvError, match=r"^'zz://x' is no shared storage: Unrecognized .*; a path or a URI"):
        SharedFolder("zz://x").make()
    (tmp_path / "file").touch()
    with pytest.raises(NegoenvError, match="file/x cannot be written: "):
        SharedFolder(str(tmp_path / "file" / "x")).make()
    with pytest.raises(NegoenvError, match=r"nowhere is not there on this; let --shared name storage that all nodes"):
        SharedFolder(str(tmp_path / "nowhere")).require("this")


# Engines


def test_what_an_engine_does_not_take_is_told(tmp_path):
    with pytest.raises(NegoenvError, match=r"^Unknown engine 'rai'\. Did you mean 'ray'\?"):
        make_engine("rai", 1, tmp_path)
    for option, given in (("address", "127.0.0.1:1"), ("shared", "/somewhere")):
        with pytest.raises(NegoenvError, match=rf"^--{option} is of the engine ray"):
            make_engine("local", 1, tmp_path, **{option: given})


def test_without_ray_the_engine_says_what_installs_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(NegoenvError, match=r"^The engine ray needs ray, which is not installed: .*\[ray\]'?\.$"):
        make_engine("ray", 1, tmp_path)


def run_python(*arguments, timeout):
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=timeout, check=False
    )


needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="the extra ray is not installed")

SAME_TABLE = """
import sys
from pathlib import Path
from agents.sweeps.engines import make_engine
from agents.sweeps.sweep import run_sweep
from tests.test_sweeps import tiny
trials, tables = tiny(seeds=3, scenarios=["Ladder", "Marketplace"]), []
for name in ("local", "ray"):
    folder = Path(sys.argv[1]) / name
    result = run_sweep(trials, folder, make_engine(name, 2, folder))
    assert not result.failures, result.failures
    tables.append(result.table.read_bytes())
assert tables[0] == tables[1]
assert not [path for path in (folder / ".shared").rglob("*") if path.is_file()]
"""


@needs_ray
@pytest.mark.slow
@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1"])
def test_an_address_that_does_not_answer_is_told(address, tmp_path):
    engine = make_engine("ray", 1, tmp_path, address)
    with pytest.raises(NegoenvError, match=rf"^No Ray cluster answers at {address}: Connection refused\.$"):
        list(engine(print, []))


@needs_ray
@pytest.mark.slow
@pytest.mark.timeout(900)
def test_processes_and_ray_give_the_same_table(tmp_path):
    done = run_python("-c", SAME_TABLE, str(tmp_path), timeout=880)
    assert done.returncode == 0, done.stderr


@needs_ray
@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="network namespaces are of Linux")
def test_a_sweep_survives_the_loss_of_a_node_and_of_a_process():
    done = run_python("-m", "tests.check_cluster", "--trials", "8", timeout=1780)
    assert done.returncode == 0, done.stderr
    assert "On the cluster: 8 of 8 trials" in done.stdout
