"""A training run under way: what is kept of it and when, and how it ends."""

import errno
import os
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
import torch

from agents.learning import storage
from agents.learning import train as training
from agents.learning.callbacks import Checkpoints, RolloutCurves
from agents.learning.storage import read_policy, save_policy
from agents.learning.train import train
from agents.registry import load_policy
from agents.reporting.files import new_directory, numbered_directory
from agents.reporting.report import report_on
from agents.reporting.tags import TAGS, VALIDATION
from negoenv import NegoenvError
from tests.test_training_progress import SMALL, scalars_of


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train(SMALL, runs=tmp_path_factory.mktemp("runs"))


def unfinished(directory):
    return [path for path in directory.rglob("*") if path.name.startswith(".")]


# What is kept


@pytest.mark.slow
def test_the_last_checkpoints_are_kept_and_load_like_a_run(run):
    folder = run.directory / "checkpoints"
    assert sorted(path.name for path in folder.iterdir()) == ["step_000000384", "step_000000512"]
    early, last = (load_policy(path) for path in sorted(folder.iterdir()))
    assert (early.steps, last.steps) == (384, 512)
    assert early.name == f"{run.directory.name}/step_000000384"
    assert early.spec.training.kept == "checkpoint"
    final = load_policy(run.directory)
    assert (final.steps, final.name, final.spec.training.kept) == (512, run.directory.name, "last")
    assert early.spec.game == final.spec.game
    for ours, theirs in zip(last.layers, final.layers, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))
    assert not unfinished(run.directory)


def test_the_best_policy_is_the_best_on_validation_suppliers(run):
    curve = scalars_of(run.directory / VALIDATION)[TAGS["return"].path]
    assert [point.step for point in curve] == [0, 128, 256, 384, 512]
    best = max(curve, key=lambda point: point.value)
    policy = load_policy(run.directory / "best")
    assert (policy.steps, run.best_steps) == (best.step, best.step)
    assert policy.name == f"{run.directory.name}/best"
    assert run.best.split == "validation"
    returns = report_on(policy, "Procurement", "validation", SMALL.eval_episodes).episodes.returns
    np.testing.assert_array_equal(returns, run.best.episodes.returns)
    assert returns.mean() == pytest.approx(best.value, rel=1e-5)
    assert run.report.split == "test"


@pytest.mark.slow
def test_without_evaluations_the_best_is_of_the_start_or_the_end(tmp_path):
    config = SMALL.model_copy(update={"eval_every": 0, "checkpoint_every": 0, "total_steps": 256})
    result = train(config, tmp_path / "run")
    assert [point.step for point in scalars_of(result.directory / VALIDATION)[TAGS["return"].path]] == [0, 256]
    assert not (result.directory / "checkpoints").exists()


@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o027, 0o640)])
def test_files_have_the_rights_that_the_umask_gives(run, umask, mode, tmp_path):
    before = os.umask(umask)
    try:
        save_policy(read_policy(run.directory), tmp_path)
    finally:
        os.umask(before)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {mode}


def test_a_policy_that_is_replaced_is_the_old_one_or_the_new_one(run, tmp_path, monkeypatch):
    """A crash at any write leaves a sound policy, whatever was written before."""
    old, new = read_policy(run.directory / "best"), read_policy(run.directory)
    new.steps = 999
    writes = 0
    while True:
        save_policy(old, tmp_path)
        left = writes

        def crash(descriptor):
            nonlocal left
            if left == 0:
                raise OSError(errno.EIO, "power cut")
            left -= 1

        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", crash)
            try:
                save_policy(new, tmp_path)
            except OSError:
                assert read_policy(tmp_path).steps in (old.steps, new.steps)
                assert not unfinished(tmp_path)
                writes += 1
                continue
        break
    assert writes == 2  # the weights and what they are
    assert read_policy(tmp_path).steps == 999


@pytest.mark.slow
def test_what_is_kept_and_told_changes_nothing_that_is_learnt(run, tmp_path):
    changes = {"eval_every": 0, "checkpoint_every": 0, "log_every": 512, "test_episodes": 8}
    other = read_policy(train(SMALL.model_copy(update=changes), tmp_path / "run").directory)
    for ours, theirs in zip(read_policy(run.directory).layers, other.layers, strict=True):
        assert all(torch.equal(a, b) for a, b in zip(ours, theirs, strict=True))


# What goes wrong


def test_ctrl_c_keeps_the_policy_as_it_is(tmp_path, monkeypatch):
    monkeypatch.setattr(RolloutCurves, "act", _raised(KeyboardInterrupt()))
    told = r"Interrupted; .*run holds the policy of step 128; .*--resume .*run goes on"
    with pytest.raises(KeyboardInterrupt, match=told):
        train(SMALL, tmp_path / "run")
    assert load_policy(tmp_path / "run").steps == 128
    assert not unfinished(tmp_path)
    assert not (tmp_path / "run" / "evaluation.json").exists()


@pytest.mark.slow
def test_ctrl_c_is_told_in_one_line_which_says_how_to_go_on(command, tmp_path, monkeypatch):
    act = Checkpoints.act

    def interrupt_after(self):
        act(self)
        raise KeyboardInterrupt

    directory, small = tmp_path / "run", ("eval_episodes=8", "checkpoint_every=2048")
    with monkeypatch.context() as patch:
        patch.setattr(Checkpoints, "act", interrupt_after)
        status, out, err = command("train", "smoke", "--directory", directory, *small)
        assert (status, out) == (130, "")
        assert err.startswith(f"Interrupted; {directory} holds the policy of step 2,048; ")
        assert err.endswith(f"negoenv train --resume {directory} goes on with it.\n")
        assert err.count("\n") == 1
        status, out, err = command("demo", "--config", "smoke", "--runs", tmp_path / "runs", *small)
        assert (status, out) == (130, "")
        assert err.startswith(f"Interrupted; {tmp_path / 'runs' / 'procurement_ppo_seed=0-001'} holds the policy")
    _, out, _ = command("compare", directory, "random", "--episodes", 8)
    assert "The training of run was broken off after 2,048 of 8,192 steps." in " ".join(out.split())
    status, out, err = command("train", "--resume", directory, "--no-progress")
    assert (status, err) == (0, f"{directory} goes on from step 2,048.\n")
    assert out.splitlines()[-4].startswith("6,144 steps in")


@pytest.mark.parametrize("call", [(), ("smoke", "--resume", "x"), ("--resume", "x", "--directory", "y")])
def test_a_run_or_a_configuration_is_named(command, call):
    status, out, err = command("train", *call)
    assert (status, out) == (2, "")
    assert err.startswith("Name a configuration, or with --resume a run, which goes on as it was begun: ")


@pytest.mark.parametrize("algorithm", ["ppo", "maskable_ppo", "trpo", "a2c", "dqn", "qr_dqn"])
def test_a_training_that_diverges_ends_in_a_sentence_and_keeps_what_was_sound(algorithm, tmp_path, monkeypatch):
    def spoil(self):
        with torch.no_grad():
            next(self.model.policy.parameters()).fill_(float("nan"))

    monkeypatch.setattr(RolloutCurves, "act", spoil)
    hyperparameters = {"learning_starts": 64} if algorithm.endswith("dqn") else {"n_steps": 16}
    config = SMALL.model_copy(update={"algorithm": algorithm, "hyperparameters": hyperparameters})
    with pytest.raises(NegoenvError, match=r"Training diverged at step \d+: .*run holds the policy of step 0\."):
        train(config, tmp_path / "run")
    assert load_policy(tmp_path / "run").is_finite()
    assert load_policy(tmp_path / "run" / "best").is_finite()


@pytest.mark.slow
def test_a_huge_learning_rate_ends_in_no_traceback(tmp_path):
    config = SMALL.model_copy(update={"hyperparameters": {**SMALL.hyperparameters, "learning_rate": 1e6}})
    with suppress(NegoenvError):
        train(config, tmp_path / "run")
    assert load_policy(tmp_path / "run").is_finite()


@pytest.mark.slow
def test_a_full_disk_at_a_checkpoint_is_told_once_and_training_goes_on(tmp_path, monkeypatch, capsys):
    _fill(monkeypatch, lambda path: "checkpoints" in path.parts)
    result = train(SMALL, tmp_path / "run")
    (line,) = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r".*step_000000128 cannot be written: No space left on device; training goes on\.", line)
    assert load_policy(result.directory).steps == 512
    assert not unfinished(tmp_path)


@pytest.mark.slow
def test_the_oldest_checkpoint_makes_room_for_the_newest(tmp_path, monkeypatch):
    folder = tmp_path / "run" / "checkpoints"
    _fill(monkeypatch, lambda path: "checkpoints" in path.parts and len(list(folder.glob("step_*"))) > 1)
    train(SMALL.model_copy(update={"checkpoints_kept": 9}), tmp_path / "run")
    assert sorted(path.name for path in folder.iterdir()) == ["step_000000384", "step_000000512"]


def test_a_full_disk_at_the_end_is_told_in_a_sentence(tmp_path, monkeypatch):
    _fill(monkeypatch, lambda path: path.parent.name == "run")
    with pytest.raises(NegoenvError, match=r"cannot be written to .*run \(No space left on device\), what was kept"):
        train(SMALL, tmp_path / "run")
    assert load_policy(tmp_path / "run" / "checkpoints" / "step_000000512").steps == 512


def _raised(error):
    def act(self):
        raise error

    return act


def _fill(monkeypatch, is_full):
    """Let policies find the disk full where ``is_full`` says so."""
    write = storage.write_bytes

    def full(path, content):
        if is_full(Path(path)):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        write(path, content)

    monkeypatch.setattr(storage, "write_bytes", full)


# Two at once


def test_a_numbered_directory_is_one_run_s_alone(tmp_path):
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: numbered_directory(tmp_path, "run"), range(40)))
    assert len(set(made)) == 40
    assert sorted(path.name for path in made)[0] == "run-001"


def test_a_named_directory_is_one_run_s_alone(tmp_path):
    for attempt in range(20):
        directory, start = tmp_path / str(attempt), Barrier(4)

        def begin(_, directory=directory, start=start):
            start.wait()
            try:
                training._describe(SMALL, new_directory(directory))
            except NegoenvError as error:
                return str(error)
            return "begun"

        with ThreadPoolExecutor(4) as pool:
            told = sorted(pool.map(begin, range(4)))
        assert told == [*[f"{directory} exists already; name a new directory."] * 3, "begun"]
