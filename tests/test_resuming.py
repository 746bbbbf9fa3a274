"""A training that was broken off goes on, and comes to the same end as one that was not."""

import json
import shutil

import numpy as np
import pytest
import torch
from filelock import FileLock

from agents.learning.callbacks import RolloutCurves
from agents.learning.config import TrainConfig
from agents.learning.resumption import newest_state
from agents.learning.state_file import CHECKSUM_FILE, STATE_FILE, load_state, save_state
from agents.learning.train import resume, train
from agents.registry import load_policy
from agents.reporting.lock import LOCK
from agents.reporting.tags import TAGS, TRAIN, VALIDATION
from negoenv import NegoenvError
from tests import check_resume
from tests.test_training_progress import RETURN, SMALL, scalars_of

LONGER = SMALL.model_copy(update={"total_steps": 1024, "checkpoint_every": 256, "eval_every": 256, "anneal": True})
DQN = {"buffer_size": 640, "learning_starts": 128, "batch_size": 32, "target_update_interval": 64}
RUNS = {
    # what is trained, as changes to LONGER; PPO itself is the run of the fixtures
    "maskable_ppo on Ladder": {"algorithm": "maskable_ppo", "scenario": "Ladder"},
    "fast_ppo stacked": {"algorithm": "fast_ppo", "stack": 3},
    "fast_ppo traced": {"algorithm": "fast_ppo", "trace": 0.9},
    "recurrent_ppo": {"algorithm": "recurrent_ppo", "lstm": 8},
    "a2c": {"algorithm": "a2c", "hyperparameters": {"n_steps": 16}},
    "a2c with RMSprop": {"algorithm": "a2c", "hyperparameters": {"n_steps": 16, "use_rms_prop": True}},
    "trpo": {"algorithm": "trpo", "hyperparameters": {"n_steps": 16}},
    "qr_dqn": {"algorithm": "qr_dqn", "hyperparameters": DQN},
    "dqn with n steps": {"algorithm": "dqn", "hyperparameters": DQN | {"n_steps": 3}},
    "a changed game, stacked": {"scenario": {"deals": 2, "deadline": 9}, "stack": 3},
}  # fmt: skip


class Killed(BaseException):
    """Stands for a signal."""


def break_off(monkeypatch, step, run, *arguments):
    """Call ``train`` or ``resume``, and break it off after a step."""
    on_step = RolloutCurves._on_step

    def kill(self):
        if self.num_timesteps >= step:
            raise Killed
        return on_step(self)

    with monkeypatch.context() as patch:
        patch.setattr(RolloutCurves, "_on_step", kill)
        with pytest.raises(Killed):
            run(*arguments)


def broken_off(config, directory, monkeypatch, step=700):
    """Return the directory of a training that was broken off after a step."""
    break_off(monkeypatch, step, train, config, directory)
    return directory


@pytest.fixture(scope="module")
def alone(tmp_path_factory):
    """A run that was left alone."""
    return train(LONGER, tmp_path_factory.mktemp("alone") / "run")


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """A run that was broken off after step 700; to be copied."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        return broken_off(LONGER, tmp_path_factory.mktemp("broken") / "run", monkeypatch)


@pytest.fixture
def run(broken, tmp_path):
    return shutil.copytree(broken, tmp_path / "run")


def same_end(one, other):
    for name in check_resume.SAME:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    last, also_last = (max((path / "checkpoints").iterdir()) for path in (one, other))
    assert last.name == also_last.name
    states = [load_state(path)["model"] for path in (last, also_last)]
    for state in states:
        del state["finished_episodes"]  # which tell the time
    np.testing.assert_equal(*states)


# The same end


def ends_as(resumed, whole):
    same_end(resumed.directory, whole.directory)
    assert (resumed.steps, resumed.best_steps) == (512, whole.best_steps)
    np.testing.assert_array_equal(resumed.report.episodes.returns, whole.report.episodes.returns)
    np.testing.assert_array_equal(resumed.best.episodes.returns, whole.best.episodes.returns)


def test_a_resumed_run_ends_bit_for_bit_as_one_that_was_left_alone(alone, run):
    torch.manual_seed(99)  # what another process would have
    ends_as(resume(run), alone)


@pytest.mark.slow
@pytest.mark.parametrize("what", RUNS)
def test_so_does_one_of_another_algorithm_or_game(what, tmp_path, monkeypatch):
    config = TrainConfig.model_validate({**LONGER.model_dump(), **RUNS[what]})
    directory = broken_off(config, tmp_path / "broken" / "run", monkeypatch)
    torch.manual_seed(99)
    ends_as(resume(directory), train(config, tmp_path / "alone" / "run"))


@pytest.mark.slow
def test_a_process_killed_while_it_writes_a_checkpoint_loses_an_interval_at_most(command, tmp_path, monkeypatch):
    """Once and briefly; `tests.check_resume` does it as often as one likes, and at other moments."""
    every = [f"{key}_every=2048" for key in ("checkpoint", "eval", "log")]
    monkeypatch.setattr(check_resume, "CHANGES", ("total_steps=6144", *every, "torch_threads=1"))
    alone = train(check_resume.config(), tmp_path / "alone" / "run").directory
    killed = tmp_path / "killed" / "run"
    reached, was_writing = check_resume.begin_and_kill(killed, step=40, seconds=0.0, writing=True)
    assert was_writing
    status, _, told = command("train", "--resume", killed, "--no-progress")
    assert status == 0, told
    assert not check_resume.differing(killed, alone)
    assert 0 < reached - check_resume.resumed_step(told) <= check_resume.most_lost()


@pytest.mark.slow
def test_a_run_goes_on_twice(alone, run, monkeypatch):
    break_off(monkeypatch, 800, resume, run)
    resume(run)
    same_end(run, alone.directory)
    noted = json.loads((run / "versions.json").read_text())
    assert [note["step"] for note in noted["resumed"]] == [512, 768]
    assert noted["resumed"][0]["torch"] == noted["torch"]


def test_curves_have_each_step_once(alone, run):
    resume(run)
    for split in (VALIDATION, TRAIN):
        ours, theirs = (scalars_of(path / split) for path in (run, alone.directory))
        assert {*ours} == {*theirs}
        for tag in ours:
            steps = [point.step for point in ours[tag]]
            assert steps == sorted({*steps}), tag
    ours, theirs = (scalars_of(path / VALIDATION)[RETURN] for path in (run, alone.directory))
    assert [(point.step, point.value) for point in ours] == [(point.step, point.value) for point in theirs]
    assert TAGS["return"].path in scalars_of(run)


@pytest.mark.slow
def test_a_run_without_a_checkpoint_begins_anew(alone, tmp_path, monkeypatch, capsys):
    directory = broken_off(LONGER, tmp_path / "run", monkeypatch, step=200)
    assert not (directory / "checkpoints").exists()
    resume(directory)
    assert f"{directory} goes on from step 0." in capsys.readouterr().err
    same_end(directory, alone.directory)
    curve = scalars_of(directory / VALIDATION)[RETURN]
    assert [point.step for point in curve] == [0, 256, 512, 768, 1024]


@pytest.mark.slow
def test_what_was_killed_at_the_last_evaluation_is_only_evaluated(alone, tmp_path, monkeypatch):
    def kill(*_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr("agents.learning.train._show", kill)
        with pytest.raises(Killed):
            train(LONGER, tmp_path / "run")
    result = resume(tmp_path / "run")
    assert result.steps == 0
    same_end(tmp_path / "run", alone.directory)


# Damage


def newest(run):
    return max((run / "checkpoints").iterdir())


DAMAGE = {
    "half of the state": lambda path: (path / STATE_FILE).write_bytes((path / STATE_FILE).read_bytes()[:1000]),
    "a bit of the state": lambda path: flip(path / STATE_FILE),
    "no state": lambda path: (path / STATE_FILE).unlink(),
    "no checksum": lambda path: (path / CHECKSUM_FILE).unlink(),
    "an empty checksum": lambda path: (path / CHECKSUM_FILE).write_bytes(b""),
    "another checksum": lambda path: (path / CHECKSUM_FILE).write_text("0" * 64),
    "half of the policy": lambda path: (path / "policy.json").write_text("{"),
    "nothing": lambda path: [file.unlink() for file in path.iterdir()],
}


def flip(path):
    content = bytearray(path.read_bytes())
    content[-5] ^= 1
    path.write_bytes(content)


LEFT_OUT = "The checkpoint {} is left out: "


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_checkpoint_gives_way_to_the_one_before(what, run, capsys):
    damaged, spec = newest(run), load_policy(newest(run)).spec
    DAMAGE[what](damaged)
    assert newest_state(run, spec)["model"]["counters"]["num_timesteps"] == 256
    assert LEFT_OUT.format(damaged) in capsys.readouterr().err
    assert newest(run).name == "step_000000256"


def test_a_run_goes_on_from_the_checkpoint_before_a_damaged_one(alone, run, capsys):
    DAMAGE["half of the state"](newest(run))
    resumed = resume(run)
    told = capsys.readouterr().err.splitlines()
    assert LEFT_OUT.format(run / "checkpoints" / "step_000000512") in told[0]
    assert told[1:] == [f"{run} goes on from step 256."]
    assert resumed.steps == 768
    same_end(run, alone.directory)


def test_nothing_goes_on_from_nothing_but_damage(run):
    for checkpoint in (run / "checkpoints").iterdir():
        DAMAGE["half of the state"](checkpoint)
    before = sorted(run.rglob("*"))
    with pytest.raises(NegoenvError, match="cannot go on: none of its checkpoints is whole"):
        resume(run)
    assert sorted(run.rglob("*")) == before


def test_a_best_policy_that_is_damaged_is_found_anew(run, capsys):
    (run / "best" / "policy.json").write_text("{")
    resume(run)
    assert "The best policy so far is left out: " in capsys.readouterr().err
    assert load_policy(run / "best").steps > 512


def test_half_written_files_of_a_killed_process_are_removed(run):
    (run / "checkpoints" / ".step_000000768.unfinished").mkdir()
    (run / "checkpoints" / ".step_000000768.unfinished" / STATE_FILE).touch()
    (run / ".0123456789abcdef.unfinished").touch()
    resume(run)
    assert not [path for path in run.rglob("*") if path.name.startswith(".")]


def test_a_state_of_another_model_is_told(run):
    checkpoint = newest(run)
    state = load_state(checkpoint)
    state["model"]["network"].popitem()
    save_state(state, checkpoint)
    with pytest.raises(NegoenvError, match="The state of the training does not fit") as told:
        resume(run)
    assert "\n" not in str(told.value)


def test_a_state_is_read_as_it_was_written(tmp_path):
    state = {
        "arrays": [np.arange(3, dtype=np.uint64), np.float32(2.5), np.array(7.0), torch.zeros(2, 0)],
        "plain": {"big": 2**127, "none": None, "tuple": (1, 0.1), 3: True},
    }
    save_state(state, tmp_path)
    read = load_state(tmp_path)
    np.testing.assert_equal(read["arrays"], [np.arange(3, dtype=np.uint64), 2.5, np.array(7.0), np.zeros((2, 0))])
    assert read["arrays"][2].shape == ()
    assert read["plain"] == {"big": 2**127, "none": None, "tuple": [1, 0.1], "3": True}


# Wrong use


def test_another_process_in_the_run_directory_is_told(run):
    before = sorted(path for path in run.rglob("*") if path.name != LOCK)
    with FileLock(run / LOCK), pytest.raises(NegoenvError, match="Another process is at work in"):
        resume(run)
    assert sorted(path for path in run.rglob("*") if path.name != LOCK) == before


def test_only_a_run_that_was_broken_off_goes_on(alone, tmp_path):
    with pytest.raises(NegoenvError, match=r"The training of .*run has ended; .*evaluate .* plays it\."):
        resume(alone.directory)
    for directory in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NegoenvError, match=r"holds no config\.yaml, so it is no directory of a training run"):
            resume(directory)
    assert not (tmp_path / "nowhere").exists()


def test_a_run_of_another_game_does_not_go_on(run):
    config = (run / "config.yaml").read_text()
    (run / "config.yaml").write_text(config.replace("scenario: Procurement", "scenario: {deadline: 12}"))
    with pytest.raises(NegoenvError, match=r"cannot go on, it was trained on another game: deadline 20, here 12\."):
        resume(run)
