"""What is drawn and told of a training run under way, and at which step."""

import re

import numba
import pytest
from numba.core import event
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from agents.commands import runner
from agents.learning import callbacks, progress
from agents.learning.callbacks import PeriodicCallback
from agents.learning.config import TrainConfig
from agents.learning.train import train
from agents.reporting.tags import TAGS, TRAIN, VALIDATION

SMALL = TrainConfig(
    total_steps=512, num_envs=8, network=(8,), eval_episodes=16, eval_every=128, test_episodes=16, log_every=128,
    checkpoint_every=128, checkpoints_kept=2, hyperparameters={"n_steps": 16, "batch_size": 64, "n_epochs": 2},
)  # fmt: skip


RETURN = TAGS["return"].path


def scalars_of(directory):
    events = EventAccumulator(str(directory), size_guidance={"scalars": 0})
    events.Reload()
    return {tag: events.Scalars(tag) for tag in events.Tags()["scalars"]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "validated", "drawn"),
    [
        ({"total_steps": 400}, [0, 128, 256, 384, 512], [128, 256, 384, 512]),
        ({"eval_every": 300, "log_every": 200}, [0, 384, 512], [256, 512]),
    ],
)
def test_each_value_is_drawn_once_and_at_its_own_step(changes, validated, drawn, tmp_path):
    directory = train(SMALL.model_copy(update=changes), tmp_path / "run").directory
    tested, validation, training = map(scalars_of, (directory, directory / VALIDATION, directory / TRAIN))
    for curves in (tested, validation, training):
        assert not [tag for tag, points in curves.items() if len({point.step for point in points}) < len(points)]
    assert [point.step for point in validation[RETURN]] == validated
    for tag in (RETURN, TAGS["loss"].path):
        assert [point.step for point in training[tag]] == drawn
    assert [point.step for point in tested[RETURN]] == [512]


@pytest.mark.slow
def test_the_curves_count_the_moves_of_each_episode_alone(tmp_path, monkeypatch):
    found = []
    monkeypatch.setattr(callbacks, "record_episodes", lambda logger, split, episodes: found.append(episodes))
    train(SMALL.model_copy(update={"eval_every": 0, "total_steps": 2_048}), tmp_path / "run")
    assert sum(len(episodes.returns) for episodes in found) > 50, "so that many rows have played several"
    for episodes in found:
        assert (episodes.uses.sum(axis=1) == episodes.outcomes["rounds"]).all()


@pytest.mark.slow
def test_a_line_now_and_then_where_there_is_no_terminal(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(progress, "_SECONDS", 0.0)
    train(SMALL.model_copy(update={"scenario": "Ladder"}), tmp_path / "run", progress=True)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 512 // 8
    number = r"-?\d+\.\d{3}"
    score = r"\(score -?\d\.\d\d\)"
    told = rf"run: 512 of 512 steps, [\d,]+ a second, return {number}, validation {number} {score}, 00:00 left"
    assert re.fullmatch(told, lines[-1])
    monkeypatch.setattr(progress, "_SECONDS", 60.0)
    train(SMALL, tmp_path / "another", progress=True)
    assert capsys.readouterr().err == ""


def test_only_compiling_the_dynamics_is_told_and_once(capsys):
    event.unregister("numba:compile", runner.say_when_compiling())  # a command may have been run in this process
    runner.say_when_compiling.cache_clear()

    def compiled_in(module):
        def function(number):
            return number + 1

        function.__module__ = module
        return numba.njit(function)

    with event.install_listener("numba:compile", runner._Notice()):
        compiled_in("elsewhere")(1)
        assert capsys.readouterr().err == ""
        first, second = compiled_in("negoenv.engine.kernels"), compiled_in("negoenv.engine.kernels")
        first(1)
        assert capsys.readouterr().err == f"{runner.COMPILING}\n"
        first(1)
        second(1)
    assert capsys.readouterr().err == ""


def test_what_is_done_every_so_often_is_done_at_the_end_too_and_once():

    class Noted(PeriodicCallback):
        def act(self):
            noted.append(self.num_timesteps)

    noted = []
    callback = Noted(100)
    for step in (0, 64, 128, 192, 256):
        callback.num_timesteps = step
        callback._on_rollout_start()
    callback._on_training_end()
    assert noted == [128, 256]
