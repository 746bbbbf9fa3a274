"""Several seeds of one configuration: trained side by side, each as it would be alone, and told together."""

from pathlib import Path

import pytest

from agents.learning.config import TrainConfig, load_config
from agents.learning.seeds import cores, train_seeds, with_seeds
from agents.learning.train import train
from agents.reporting.compare import compare
from agents.reporting.figures.pictures import of_comparison
from agents.reporting.figures.theme import LIGHT, drawing
from negoenv import NegoenvError

TINY = TrainConfig(
    algorithm="fast_ppo", total_steps=256, num_envs=8, network=(8,), eval_episodes=8, eval_every=0, test_episodes=16,
    checkpoint_every=0, torch_threads=2, num_threads=2, hyperparameters={"n_steps": 16, "batch_size": 64},
)  # fmt: skip


@pytest.fixture
def instant(monkeypatch):
    """Train nothing: a run that has ended is its two files."""

    def trained(config, directory):
        (directory / "config.yaml").write_text(str(config.seed))
        (directory / "evaluation.json").write_text("{}")

    monkeypatch.setattr("agents.learning.seeds._train", trained)


def test_seeds_follow_each_other_on_one_thread_each():
    configs = with_seeds(TINY.model_copy(update={"seed": 5}), 3)
    assert [config.seed for config in configs] == [5, 6, 7]
    assert {(config.torch_threads, config.num_threads) for config in configs} == {(1, 1)}
    assert len({config.label for config in configs}) == 1
    with pytest.raises(NegoenvError, match="seed"):
        with_seeds(TINY.model_copy(update={"seed": 2**32 - 1}), 2)
    assert cores() >= 1


def test_each_has_a_directory_of_its_own(instant, tmp_path):
    (tmp_path / "procurement_fast_ppo_seed=1-001").mkdir()
    found = train_seeds(with_seeds(TINY, 3), tmp_path, 1)
    assert [directory.name for directory in found] == [
        "procurement_fast_ppo_seed=0-001", "procurement_fast_ppo_seed=1-002", "procurement_fast_ppo_seed=2-001",
    ]  # fmt: skip
    assert [(directory / "config.yaml").read_text() for directory in found] == ["0", "1", "2"]


def test_ctrl_c_says_how_to_go_on(monkeypatch, tmp_path):
    def interrupted(config, directory):
        (directory / "config.yaml").touch()
        if config.seed:
            raise KeyboardInterrupt
        (directory / "evaluation.json").touch()

    monkeypatch.setattr("agents.learning.seeds._train", interrupted)
    with pytest.raises(KeyboardInterrupt, match=r"1 have ended; .*train --resume .*seed=1-001.*\.$") as told:
        train_seeds(with_seeds(TINY, 3), tmp_path, 1)
    assert "seed=2" not in str(told.value)
    assert not (tmp_path / "procurement_fast_ppo_seed=2-001").exists(), "what was not begun leaves nothing"


def test_a_run_and_several_seeds_are_not_named_together(command, tmp_path):
    for option in (["smoke", "--directory", tmp_path / "x"], ["--resume", tmp_path]):
        status, _, err = command("train", *option, "--seeds", "2")
        assert status == 2
        assert err.startswith("--seeds makes a numbered run directory for each seed")


@pytest.mark.slow
def test_side_by_side_is_as_alone_and_told_as_one(command, tmp_path):
    small = [f"{key}={value}" for key, value in (
        ("total_steps", 256), ("num_envs", 8), ("network", [8]), ("eval_episodes", 8), ("eval_every", 0),
        ("test_episodes", 16), ("checkpoint_every", 0), ("hyperparameters.batch_size", 64),
    )]  # fmt: skip
    status, out, _ = command(
        "train", "procurement_fast_ppo", *small, "--seeds", 2, "--processes", 2, "--runs", tmp_path, "--no-progress"
    )
    assert status == 0
    assert "seeds)" in out
    runs = [Path(line.partition("Run: ")[2]) for line in out.splitlines() if line.startswith("Run: ")]
    assert len(runs) == 2
    assert [run.name.rpartition("_")[2] for run in runs] == ["seed=0-001", "seed=1-001"]
    alone = train(load_config("procurement_fast_ppo", [*small, "seed=1"]), tmp_path / "alone").directory
    assert (alone / "policy.safetensors").read_bytes() == (runs[1] / "policy.safetensors").read_bytes()
    comparison = compare(["gradual", *map(str, runs)], "Procurement", episodes=16)
    with drawing(LIGHT):
        for picture in of_comparison(comparison)[:2]:
            rows = [label.get_text() for label in picture.draw(LIGHT).axes[0].get_yticklabels()]
            assert len(rows) == 2, "a row for the two seeds together"
