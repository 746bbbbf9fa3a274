"""Files are whole or not there, in places that are tried before the work, and one process works in a directory."""

import errno
import json
import multiprocessing
import os
import stat
from pathlib import Path

import pytest
from tensorboard.compat.proto.summary_pb2 import Summary

from agents.reporting.event_file import EventFile
from agents.reporting.files import (
    EVENTS,
    require_files,
    require_folder,
    require_writable,
    write_bytes,
    write_json,
    write_text,
)
from agents.reporting.lock import LOCK, alone_in, new_work
from negoenv import NegoenvError


@pytest.fixture
def full(monkeypatch):
    """A disk that fills up while a file is written."""

    def fail(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fail)


# Whole or not there


def test_a_file_gets_what_the_umask_gives(tmp_path):
    before = os.umask(0o027)
    try:
        write_json(tmp_path / "new" / "a.json", {"x": float("nan")})
    finally:
        os.umask(before)
    assert json.loads((tmp_path / "new" / "a.json").read_text()) == {"x": None}
    assert stat.S_IMODE((tmp_path / "new" / "a.json").stat().st_mode) == 0o640


def test_a_full_disk_leaves_nothing_new_and_what_was_there(full, tmp_path):
    (tmp_path / "old").write_text("old")
    for name in ("old", "new"):
        with pytest.raises(OSError, match="No space left on device") as error:
            write_text(tmp_path / name, "new")
        assert error.value.filename == str(tmp_path / name)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("old", "old")]


def test_ctrl_c_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_bytes(tmp_path / "new", b"new")
    assert not list(tmp_path.iterdir())


def test_a_link_is_replaced_and_a_pipe_is_written_to(tmp_path):
    (tmp_path / "target").write_text("target")
    (tmp_path / "link").symlink_to(tmp_path / "target")
    write_text(tmp_path / "link", "new")
    assert (tmp_path / "target").read_text() == "target"
    assert not (tmp_path / "link").is_symlink()
    read, write = os.pipe()
    write_text(Path(f"/dev/fd/{write}"), "through a pipe")
    os.close(write)
    with os.fdopen(read) as pipe:
        assert pipe.read() == "through a pipe"
    require_writable(Path(os.devnull))
    write_text(Path(os.devnull), "nothing")
    assert not Path(os.devnull).is_file()


def test_text_that_utf_8_lacks_is_written_all_the_same(tmp_path):
    write_text(tmp_path / "a", "\udcff ±")
    assert (tmp_path / "a").read_text(encoding="utf-8") == "? ±"


# Places


@pytest.mark.parametrize("name", ["file/x.json", "x" * 300, "new/" + "x" * 300, "new/file"])
def test_a_place_that_cannot_be_written_is_told_before(tmp_path, name):
    (tmp_path / "file").touch()
    if name == "new/file":
        require_writable(tmp_path / name)
        require_folder(tmp_path / name, "x")
    else:
        for require in (require_writable, lambda path: require_folder(path, "x")):
            with pytest.raises(NegoenvError, match="cannot be written"):
                require(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_place_that_is_taken_is_told_before(tmp_path):
    (tmp_path / "file").touch()
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("file", "dangling"):
        with pytest.raises(NegoenvError, match="exists already; give --force"):
            require_writable(tmp_path / name)
        require_writable(tmp_path / name, force=True)
    with pytest.raises(NegoenvError, match="is a directory; name a file"):
        require_writable(tmp_path, force=True)
    with pytest.raises(NegoenvError, match="is a file; name a folder for the figures"):
        require_folder(tmp_path / "file", "the figures")


def test_two_options_cannot_name_one_file(tmp_path):
    other = tmp_path / "a" / ".." / "x"
    with pytest.raises(NegoenvError, match="--json and --markdown both name"):
        require_files(False, json=tmp_path / "x", figure=None, markdown=other)
    require_files(False, json=tmp_path / "x", markdown=tmp_path / "y")


# One process in a directory


def _work(directory, ready, go):
    with alone_in(directory):
        ready.set()
        go.wait(60)


@pytest.mark.slow
def test_another_process_is_kept_out_until_the_first_has_ended_or_was_killed(tmp_path):
    context = multiprocessing.get_context("spawn")
    for end in ("go", "kill"):
        ready, go = context.Event(), context.Event()
        process = context.Process(target=_work, args=(tmp_path / "work", ready, go))
        process.start()
        assert ready.wait(60)
        for enter in (alone_in, new_work):
            with pytest.raises(NegoenvError, match="Another process is at work in"), enter(tmp_path / "work"):
                pass
        go.set() if end == "go" else process.kill()
        process.join(60)
        with alone_in(tmp_path / "work"):
            pass
        assert not (tmp_path / "work" / LOCK).exists()


def test_new_work_leaves_all_or_nothing(tmp_path):
    with new_work(tmp_path / "done"):
        (tmp_path / "done" / "file").touch()
    assert [path.name for path in (tmp_path / "done").iterdir()] == ["file"]
    with pytest.raises(NegoenvError, match="exists already; name a new directory"), new_work(tmp_path / "done"):
        pass
    with pytest.raises(NegoenvError, match="is a file; name a new directory"), new_work(tmp_path / "done" / "file"):
        pass
    (tmp_path / "empty").mkdir()

    def break_off(directory):
        with new_work(directory):
            (directory / "folder").mkdir()
            (directory / "folder" / "file").touch()
            raise KeyboardInterrupt

    for name in ("new", "empty"):
        with pytest.raises(KeyboardInterrupt):
            break_off(tmp_path / name)
    assert not (tmp_path / "new").exists()
    assert not list((tmp_path / "empty").iterdir())


# TensorBoard's files


def test_a_full_disk_behind_an_event_file_is_told_by_its_name(tmp_path, monkeypatch, capsys):
    def fail(*_):
        raise OSError(28, "No space left on device")

    file = EventFile(tmp_path / "run")
    file.add_summary(Summary(), 1)
    monkeypatch.setattr("tensorboard.summary.writer.record_writer.RecordWriter.write", fail)
    with pytest.raises(OSError, match=r"No space left on device: '.*run/events\.out\.tfevents\."):
        file.add_summary(Summary(), 2)
    file.close()
    assert capsys.readouterr().err == ""


def test_event_files_of_one_second_are_several(tmp_path):
    for _ in range(3):
        EventFile(tmp_path).close()
    assert len(list(tmp_path.glob(EVENTS))) == 3
