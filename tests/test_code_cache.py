"""Compiled code is kept on disk where that can be done, and nothing else depends on it."""

import errno
import importlib
import os
import subprocess
import sys
import warnings
from pathlib import Path

import gymnasium as gym
import numpy as np
import pytest
from numba.core import config

from negoenv.engine import kernels
from negoenv.game import episode_info as reports
from negoenv.ladder import batch as ladder
from negoenv.numerics import code_cache

HELPER = "from negoenv.numerics.compiled import compiled\n@compiled\ndef change(x):\n    return x + {}\n"
ENTRIES = """
from negoenv.numerics.compiled import compiled_entry
from little.helper import change
@compiled_entry
def changed(x):
    return change(x)
@compiled_entry
def doubled(x):
    return 2 * x
"""


@pytest.fixture
def little(tmp_path, monkeypatch):
    """Return a function that imports a little package anew, as a new process would."""
    package = tmp_path / "little"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "helper.py").write_text(HELPER.format(1))
    (package / "entries.py").write_text(ENTRIES)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path / "cache"))

    def fresh():
        for name in ("little", "little.helper", "little.entries"):
            sys.modules.pop(name, None)
        importlib.invalidate_caches()
        code_cache._sources.cache_clear()
        monkeypatch.setattr(code_cache, "_warned", False)
        return importlib.import_module("little.entries")

    yield fresh
    for name in ("little", "little.helper", "little.entries"):
        sys.modules.pop(name, None)


def stored(folder):
    """Return the files in a folder and below it."""
    return sorted(path for path in Path(folder).rglob("*") if path.is_file())


def hits(entry):
    return sum(entry.stats.cache_hits.values())


def test_what_was_compiled_is_found_again(little, tmp_path):
    first = little()
    assert (first.changed(3), hits(first.changed)) == (4, 0)
    again = little()
    assert (again.changed(3), hits(again.changed)) == (4, 1)
    assert (again.changed(0.5), hits(again.changed)) == (1.5, 1)
    assert len(stored(tmp_path / "cache")) == 2


def test_a_change_in_another_file_of_the_package_is_noticed(little, tmp_path):
    little().changed(3)
    (tmp_path / "little" / "helper.py").write_text(HELPER.format(2))
    changed = little().changed
    assert (changed(3), hits(changed)) == (5, 0)
    assert hits(little().changed) == 0
    assert len(stored(tmp_path / "cache")) == 1, "what is stale is overwritten"


DAMAGES = {
    "empty": lambda content: b"",
    "cut short": lambda content: content[: len(content) // 2],
    "cut in the checksum": lambda content: content[:7],
    "a byte changed": lambda content: content[:900] + bytes([content[900] ^ 1]) + content[901:],
    "a byte of the checksum changed": lambda content: bytes([content[0] ^ 1]) + content[1:],
    "zeros": lambda content: bytes(len(content)),
    "noise": lambda content: np.random.default_rng(0).bytes(len(content)),
    "longer": lambda content: content + b"\0",
}


@pytest.mark.slow
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_entry_is_a_miss_and_is_written_anew(little, tmp_path, damage):
    little().changed(3)
    (path,) = stored(tmp_path / "cache")
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    changed = little().changed
    assert (changed(3), hits(changed)) == (4, 0)
    changed = little().changed
    assert (changed(3), hits(changed)) == (4, 1)


def test_a_folder_in_the_place_of_an_entry_is_told(little, tmp_path):
    little().changed(3)
    (path,) = stored(tmp_path / "cache")
    path.unlink()
    path.mkdir()
    with pytest.warns(RuntimeWarning, match="cannot be stored"):
        assert little().changed(3) == 4
    assert stored(tmp_path / "cache") == []


def both(entries):
    """Call both entries; return the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert (entries.changed(3), entries.doubled(3), entries.changed(0.5)) == (4, 6, 1.5)
    return [str(warning.message) for warning in caught]


def test_without_a_place_to_write_there_is_one_warning(little, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(config, "CACHE_DIR", str(tmp_path / "file" / "cache"))
    (sentence,) = both(little())
    assert "Not a directory" in sentence
    assert "NUMBA_CACHE_DIR" in sentence


def test_a_full_disk_is_no_obstacle(little, tmp_path, monkeypatch):
    write = Path.write_bytes

    def half(path, content):
        write(path, content[: len(content) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", half)
    (sentence,) = both(little())
    assert "No space left" in sentence
    assert stored(tmp_path / "cache") == [], "what was half written is taken away"


def test_what_another_user_stored_is_used(little, tmp_path, monkeypatch):
    assert both(little()) == []

    def refused(path, content):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(code_cache, "_write", refused)
    entries = little()
    assert both(entries) == []
    assert hits(entries.changed) == 2


def test_beside_the_source_or_else_in_the_users_cache(little, tmp_path, monkeypatch):
    monkeypatch.setattr(config, "CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "home"))
    (tmp_path / "little" / "__pycache__").write_text("no folder")
    entries = little()
    assert both(entries) == []
    (folder,) = {path.parent for path in stored(tmp_path / "home")}
    assert folder == entries.changed._cache.folders[1]
    (tmp_path / "little" / "__pycache__").unlink()
    assert hits(entries.doubled) == 0
    assert both(little()) == []
    assert stored(tmp_path / "little" / "__pycache__") == []
    for path in stored(tmp_path / "home"):
        path.unlink()
    little().changed(3)
    assert len(stored(tmp_path / "little" / "__pycache__")) == 1
    assert stored(tmp_path / "home") == []


def test_a_user_without_a_home_gets_no_folder_of_that_name(little, monkeypatch):
    monkeypatch.setattr(config, "CACHE_DIR", "")
    monkeypatch.setattr(code_cache.AppDirs, "user_cache_dir", "~/.cache/negoenv")
    assert [folder.name for folder in little().changed._cache.folders] == ["__pycache__"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no umask")
def test_everybody_may_read_what_the_umask_allows(little, tmp_path):
    before = os.umask(0o022)
    try:
        little().changed(3)
    finally:
        os.umask(before)
    (path,) = stored(tmp_path / "cache")
    assert path.stat().st_mode & 0o777 == 0o644


AT_ONCE = "from little.entries import changed, doubled; assert (changed(3), doubled(3)) == (4, 6)"


@pytest.mark.slow
def test_processes_that_start_at_once(little, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    command = [sys.executable, "-W", "error", "-c", AT_ONCE]
    processes = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE) for _ in range(4)]
    assert [process.communicate()[1] for process in processes] == [b""] * 4
    assert all(process.returncode == 0 for process in processes)
    entries = little()
    assert both(entries) == []
    assert hits(entries.changed) == 1
    assert hits(entries.doubled) == 1
    assert len(stored(tmp_path / "cache")) == 3


@pytest.mark.parametrize(
    "entry",
    [kernels.reset_rows, kernels.step_rows, kernels.observe_rows, reports.write_episode_infos, ladder._step_rows],
)
def test_the_package_uses_it(entry):
    envs = [gym.make_vec(env_id, num_envs=2) for env_id in ("negoenv/Procurement-v0", "negoenv/Ladder-v0")]
    for each in envs:
        each.reset(seed=0)
        each.step([1, 1])
        each.batch.outcomes()
        each.action_masks()
    assert entry.overloads
    for result in entry.overloads.values():
        name = entry._cache._file(result.signature.args, result.library.codegen)
        assert any((folder / name).is_file() for folder in entry._cache.folders)
