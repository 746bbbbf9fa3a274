"""A disk of 900 kB that fills up while a command writes: a sentence, and nothing that was there is damaged."""

import shutil
import subprocess

import pytest

from agents import recording
from agents.learning.onnx_file import onnx_bytes
from agents.learning.storage import read_policy
from agents.recording import write_dataset
from negoenv import NegoenvError
from tests.test_recording import MISSING, recorded

pytestmark = pytest.mark.slow

SIZE = 900_000  # bytes
ROOM = (0, 20_000, 150_000)  # bytes that are left: for nothing, for a configuration, for a part of the results
TINY = ("total_steps=1024", "num_envs=16", "eval_every=0", "eval_episodes=8", "test_episodes=8", "checkpoint_every=256",
        "hyperparameters.batch_size=256")  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def blank_boards():
    """Files are as large here as a user's."""


@pytest.fixture(params=ROOM)
def disk(request, tmp_path):
    """A file system that is full but for so many bytes, with something on it that must stay as it is."""
    place = tmp_path / "disk"
    place.mkdir()
    options = f"size={SIZE},mode=755"
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", place], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a tmpfs cannot be mounted here")
    try:
        (place / "mine").write_bytes(b"m" * 4096)
        (place / "filler").write_bytes(bytes(max(0, shutil.disk_usage(place).free - request.param)))
        yield place
        assert (place / "mine").read_bytes() == b"m" * 4096
        assert not list(place.rglob("*.unfinished"))
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    from agents.learning.config import load_config
    from agents.learning.train import train

    return train(load_config("smoke", TINY), tmp_path_factory.mktemp("runs") / "mine").directory


@pytest.fixture(scope="module")
def one_graph():
    """Make the ONNX graph of the run once: it takes a second, and is the same each time."""
    made = []

    def once(policy):
        if not made:
            made.append(onnx_bytes(policy))
        return made[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("agents.learning.exporting.onnx_bytes", once)
        yield


def ends_in_a_sentence(called, place):
    """Assert that a command that was called says that the disk is full, and where."""
    status, _, err = called
    assert status == 2, err
    told = err.splitlines()[-1]
    assert "No space left on device" in told
    assert str(place) in told
    assert told.endswith(".")


def is_left(place):
    return sorted(path.name for path in place.iterdir() if path.name not in ("mine", "filler"))


def test_training(command, disk):
    """What is left of the run is a policy that can be read, or no policy."""
    called = command("train", "smoke", *TINY, "--directory", disk / "run", "--no-progress")
    ends_in_a_sentence(called, disk)
    for spec in disk.rglob("policy.json"):
        read_policy(spec.parent)


@pytest.mark.parametrize("name", ["handed_on", "handed_on.zip"])
def test_exporting(command, disk, run, one_graph, name):
    if name.endswith(".zip") and shutil.disk_usage(disk).free > 100_000:
        pytest.skip("there is room for it")
    called = command("export", run, "--out", disk / name, "--episodes", 8)
    ends_in_a_sentence(called, disk)
    assert not is_left(disk)


def test_exporting_over_a_bundle_that_is_there(command, disk, run, one_graph):
    old = disk / "old.zip"
    old.touch()
    if shutil.disk_usage(disk).free < 100_000:
        ends_in_a_sentence(command("export", run, "--out", old, "--episodes", 8, "--force"), disk)
        assert old.read_bytes() == b""


def test_comparing(command, disk):
    line = ("compare", "random", "gradual", "--episodes", 2000, "--logdir", disk / "compared", "--no-progress")
    ends_in_a_sentence(command(*line), disk)
    assert not is_left(disk)


def test_results_as_json(command, disk):
    if shutil.disk_usage(disk).free == 0:
        called = command("evaluate", "random", "--episodes", 8, "--json", disk / "x.json", "--no-progress")
        ends_in_a_sentence(called, disk)
        assert not is_left(disk)


@pytest.mark.filterwarnings("ignore")  # of the library
def test_recording(disk):
    pytest.importorskip("minari", reason=MISSING)
    parts = [recorded("random", 300, 0)]
    with pytest.raises(NegoenvError, match=r"mixed-v0 needs .* MB, and 0\.. MB are left on its disk; name another"):
        write_dataset("negoenv/mixed-v0", parts, "Procurement", "train", ["random"], disk / "datasets")
    assert not is_left(disk)


@pytest.mark.filterwarnings("ignore")  # of the library
def test_what_a_recording_is_said_to_need_is_enough(tmp_path, monkeypatch):
    pytest.importorskip("minari", reason=MISSING)
    parts, said = [recorded("random", 50, 0), recorded("gradual", 50, 50)], []
    monkeypatch.setattr(recording, "_require_room", lambda *what: said.append(recording._size(*what[1:])))
    place = write_dataset("mixed-v0", parts, "Procurement", "train", ["random", "gradual"], tmp_path)
    written = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    assert 0.8 * said[0] < written < said[0]


@pytest.mark.filterwarnings("ignore")  # of the library
def test_a_recording_that_fails_leaves_nothing(tmp_path, monkeypatch):
    pytest.importorskip("minari", reason=MISSING)

    def interrupted(*_):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(recording, "_buffers", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_dataset("mixed-v0", [recorded("random", 5, 0)], "Procurement", "train", ["random"], tmp_path)
    assert not (tmp_path / "mixed-v0").exists()
