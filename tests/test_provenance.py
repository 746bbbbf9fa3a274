"""What a run says of where it comes from."""

import subprocess

import pytest

from agents.learning.config import TrainConfig
from agents.learning.provenance import commit, provenance
from tests import check_mutants
from tests.mutants import MUTANTS


def git(folder, *words):
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", *identity, *words], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_clone_tells_its_commit_and_whether_it_was_changed(tmp_path):
    git(tmp_path, "init", "-q")
    (tmp_path / "file").write_text("1")
    git(tmp_path, "add", "file")
    git(tmp_path, "commit", "-q", "-m", "first")
    head = git(tmp_path, "rev-parse", "HEAD")
    assert commit(tmp_path) == {"commit": head, "uncommitted": False}
    (tmp_path / "file").write_text("2")
    assert commit(tmp_path) == {"commit": head, "uncommitted": True}
    (tmp_path / "inside").mkdir()
    assert commit(tmp_path / "inside") == {"commit": None, "uncommitted": None}, "an environment in somebody's clone"


def test_without_git_there_is_no_commit(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    assert commit(tmp_path)["commit"] is None, "no repository"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert commit(tmp_path)["commit"] is None, "no git"


def test_command_line_and_seeds_are_told(monkeypatch):
    monkeypatch.setattr("sys.argv", ["negoenv", "train", "my run", "seed=3"])
    told = provenance(TrainConfig(total_steps=1, seed=3, num_envs=8))
    assert told["command"] == "negoenv train 'my run' seed=3"
    assert told["seeds"] == {"training": 3, "rows": [3, 10], "evaluation": 1_000_000}


# Mistakes that tests must notice


def test_there_are_enough_mistakes_and_each_fits_the_code():
    assert len({mutant[:3] for mutant in MUTANTS}) == len(MUTANTS) >= 40
    assert not [mutant for mutant in MUTANTS if check_mutants.stale(mutant)]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.old.strip()[:30])
def test_the_tests_of_a_mistake_are_there(mutant):
    assert all((check_mutants.ROOT / "tests" / f"{module}.py").is_file() for module in mutant.tests)
