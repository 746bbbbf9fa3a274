"""The commands and their configurations: help, wrong use, and the way from a YAML file to a comparison."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agents.invocation import command_line
from agents.learning.config import load_config
from negoenv import NegoenvError

ROOT = Path(__file__).parent.parent
COMMANDS = ("train", "evaluate", "compare", "demo", "report", "references", "planning-curve")
RUN = "tiny_seed=0-001"
SMALL = (
    "name=tiny",
    "total_steps=512",
    "num_envs=16",
    "eval_every=0",
    "eval_episodes=8",
    "test_episodes=32",
    "hyperparameters.batch_size=512",
)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_reads_well(command, name):
    status, out, err = command(name, "--help")
    assert (status, err) == (0, "")
    assert out.lstrip().startswith(f"Usage: negoenv {name} [OPTIONS]")
    assert "--help" in out
    assert all(len(line) <= 100 for line in out.splitlines())


@pytest.mark.slow
@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (["train"], "Name a configuration, or with --resume a run, which goes on as it was begun: {negoenv} train"),
        (["train", "--resume", "docs"], "docs holds no config.yaml, so it is no directory of a training run."),
        (["train", "nowhere.yaml"], "There is no file 'nowhere.yaml'."),
        (["train", "configs/"], "configs/ is a directory; name a YAML file, for example configs/contract_"),
        (["train", "tests/golden"], "tests/golden is a directory; name a YAML file."),
        (["train", "smoke", "algorithm=dqn", "hyperparameters.n_epochs=3"], "train procurement_dqn"),
        (["train", "configs/smoke.yaml", "sed=1"], "configs/smoke.yaml: unknown key 'sed'. Did you mean 'seed'?"),
        (["train", "configs/smoke.yaml", "--directory", "configs"], "configs exists already; name a new directory."),
        (["evaluate", "randm"], "'randm' is neither a scripted policy nor"),
        (["compare", "a\0b"], "is neither a scripted policy nor"),
        (["evaluate", "configs"], "configs holds no policy.json, so it is no directory of a trained policy."),
        (["evaluate", "random", "--split", "tets"], "Unknown split 'tets'. Did you mean 'test'?"),
        (["evaluate", "random", "--episodes", "many"], "Invalid value for '--episodes'"),
        (["evaluate", "random", "--seed=-1"], "seed is -1; it must be a whole number of at least 0."),
        (["evaluate", "random", "--json", "README.md"], "README.md exists already; give --force"),
        (["compare", "random", "randm"], "Did you mean 'random'?"),
        (["compare", "random", "random"], "A policy is named twice: random, random."),
        (["compare", "--scenario", "Procuremnt"], "Unknown scenario 'Procuremnt'. Did you mean 'Procurement'?"),
        (["compare", "--no-such-option"], "No such option: --no-such-option. See {negoenv} compare --help."),
        (["compare", "--logdir", "configs"], "configs exists already; name a new directory."),
        (["compare", "--scenario", "Ladder", "--scenario", "Ladder"], "A scenario is named twice: Ladder, Ladder."),
        (["report"], "Missing argument 'comparison'. See {negoenv} report --help."),
        (["report", "nowhere"], "negoenv compare --logdir nowhere writes one."),
        (["report", "README.md"], "negoenv compare --logdir README.md-compared writes one."),
        (["compare", "informd"], "Did you mean 'informed'?"),
        (["references", "--scenario", "Ladr"], "Unknown scenario 'Ladr'."),
        (["references", "--scenario", "Ladder", "--base", "gradul"], "Did you mean 'gradual'?"),
        (["references", "--scenario", "Ladder", "--json", "README.md"], "README.md exists already; give --force"),
        (["planning-curve", "--budget", "0"], "rollouts is 0; it must be at least 1, and at most 1,048,576."),
        (["planning-curve", "--budget", str(2**32)], "rollouts is 4294967296; it must be at least 1, and at most"),
        (["demo", "--config", "nowhere.yaml"], "There is no file 'nowhere.yaml'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_in_one_sentence(command, call, sentence):
    status, out, err = command(*call)
    assert (status, out) == (2, "")
    assert sentence.format(negoenv=command_line()).lower() in err.lower()  # versions of typer differ in capitals
    assert err.count("\n") == 1
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("seed", "key=value is expected"),
        ("sed=1", "unknown key 'sed'. Did you mean 'seed'"),
        ("seed=-1", "key 'seed' is -1"),
        ("algorithm=pop", "Unknown algorithm 'pop'. Did you mean 'ppo'"),
        ("scenario=Laddr", "Unknown scenario 'Laddr'"),
        ("scenario.deadline=3", "'scenario' is 'Procurement'"),
        ("scenario={dedline: 3}", "Did you mean 'deadline'"),
        ("hyperparameters.lerning_rate=1", "Did you mean 'learning_rate'"),
        ("hyperparameters.learning_rate=fast", r"'fast'; a number \(above 0 and at most 1,000,000\) is expected"),
        ("hyperparameters.n_steps=1.5", r"1.5; a whole number \(at least 1\) is expected"),
        ("hyperparameters.normalize_advantage=1", "true or false is expected"),
        ("name=a/b", "'a/b' is no run name"),
        ("name=..", "'..' is no run name"),
        (f"name={'a' * 300}", "is no run name; accepted are 1 to 60 letters"),
        ("scenario=configs", "Unknown scenario 'configs'.* the path of a YAML file"),
        ("scenario={population: configs}", "Unknown population 'configs'.* the path of a YAML file"),
        ("scenario=tests/golden.yaml", "There is no file 'tests/golden.yaml'"),
        ("hyperparameters.gamma=2", r"'gamma' is 2; a number \(at least 0 and at most 1\) is expected"),
        ("hyperparameters.n_epochs=0", r"'n_epochs' is 0; a whole number \(at least 1\)"),
        ("hyperparameters.clip_range=.nan", r"'clip_range' is nan; a number \(above 0"),
        ("hyperparameters.learning_rate=1e300", "at most 1,000,000"),
        ("network=[0]", "key 'network.0' is 0"),
        ("seed=[", "'\\[' is not a YAML value"),
    ],
)
def test_mistakes_in_a_run_are_told_in_sentences(change, sentence):
    with pytest.raises(NegoenvError, match=sentence):
        load_config(ROOT / "configs" / "smoke.yaml", [change])


@pytest.mark.parametrize("path", sorted((ROOT / "configs").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_configuration_is_sound(path):
    assert load_config(path).total_steps > 0


def test_numbers_that_yaml_reads_as_text():
    config = load_config(ROOT / "configs" / "smoke.yaml", ["total_steps=1e6", "hyperparameters.learning_rate=1e-3"])
    assert config.total_steps == 1_000_000
    assert config.hyperparameters["learning_rate"] == 1e-3


@pytest.mark.slow
def test_a_script_is_a_program():
    """The same in a process of its own, whose status the shell sees; warnings are errors there, too."""
    command = [sys.executable, "-W", "error", "scripts/evaluate.py", "randm"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("'randm' is neither a scripted policy nor the directory of a training run")
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize("folder", [ROOT, Path("/")])
def test_a_printed_command_runs_where_nothing_is_activated(folder, monkeypatch):
    monkeypatch.chdir(folder)
    line = command_line("list", "a policy's $name", "--help")
    shell = {"PATH": "/usr/bin:/bin", "HOME": "/tmp"}
    done = subprocess.run(["bash", "-c", line], cwd=folder, env=shell, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Usage: negoenv list" in done.stdout


def test_an_unknown_command_is_told_the_nearest(command):
    status, out, err = command("evalute")
    assert (status, out) == (2, "")
    assert err.startswith("Unknown command 'evalute'. Did you mean 'evaluate'?")
    assert "  playtest " in command("--help")[1]
    assert command("--version")[1].startswith("negoenv 0.")


@pytest.mark.slow
def test_train_evaluate_compare(command, tmp_path):
    runs, results = tmp_path / "runs", tmp_path / "results.json"
    status, out, _ = command("train", "configs/smoke.yaml", *SMALL, "--runs", runs)
    assert status == 0
    assert f"negoenv board {runs / RUN}" in out
    directory = runs / RUN
    evaluated = command("evaluate", directory, "--episodes", 32, "--json", results)
    assert evaluated[0] == 0
    assert "breakdown_rate" in evaluated[1]
    trained = json.loads((directory / "evaluation.json").read_text())
    validation = trained.pop("validation")
    assert validation["best_return"] >= validation["return"]
    assert json.loads(results.read_text()) == trained
    status, out, _ = command(
        "compare", directory, "random", "--episodes", 32, "--json", results, "--force", "--logdir", tmp_path / "curves"
    )
    assert status == 0
    assert RUN in out
    compared = {policy["policy"]: policy for policy in json.loads(results.read_text())["policies"]}
    assert compared[RUN]["metrics"] == trained["metrics"]
    best = max(compared.values(), key=lambda policy: policy["metrics"]["return"]["mean"])
    assert best["difference_to_best"]["mean"] == 0.0
    runs_written = sorted(path.name for path in (tmp_path / "curves").iterdir() if path.is_dir())
    status, out, _ = command("report", tmp_path / "curves", "--picture", "returns", "--out", tmp_path / "pictures")
    assert status == 0
    assert f"Figures: {tmp_path / 'pictures'}" in out
    assert runs_written == ["overview", "scripted-random", "trained-tiny-seed=0-001"]


@pytest.mark.slow
def test_main_job(command, tmp_path):
    status, out, _ = command("demo", *SMALL, "--config", "configs/smoke.yaml", "--runs", tmp_path)
    assert status == 0
    assert "difference" in out
    assert "random" in out
    compared = tmp_path / "tiny_compared-001"
    assert (compared / "comparison.json").exists()
    assert f"negoenv report {compared}" in out
    assert f"negoenv board {compared}" in out


@pytest.mark.slow
def test_references_are_measured_and_recorded(command, tmp_path):
    results = tmp_path / "results.json"
    call = ("references", "--scenario", "Ladder", "--episodes", 32, "--record", "--out", tmp_path, "--json", results)
    status, out, _ = command(*call, "--no-progress")
    assert status == 0
    assert "Price of hidden information in Ladder: 0.050" in out
    record = json.loads((tmp_path / "Ladder.json").read_text())
    assert record["command"] == "negoenv references --scenario Ladder --episodes 32 --seed 1000000 --record"
    measured = json.loads(results.read_text())["Ladder"]
    assert measured["reference"] == record
    assert {policy["policy"] for policy in measured["policies"]} == {"random", "informed", "uninformed"}


def test_a_curve_is_measured_and_drawn(command, tmp_path):
    figure, results = tmp_path / "curve.png", tmp_path / "curve.json"
    call = ("planning-curve", "--scenario", "Ladder", "--budget", 64, "--budget", 128, "--episodes", 8)
    status, out, _ = command(*call, "--figure", figure, "--json", results, "--no-progress")
    assert status == 0
    assert "slowest ms" in out
    assert figure.read_bytes().startswith(b"\x89PNG")
    points = json.loads(results.read_text())["points"]
    assert [(point["kind"], point["rollouts"]) for point in points] == [
        ("informed", 64), ("informed", 128), ("uninformed", 64), ("uninformed", 128)
    ]  # fmt: skip
