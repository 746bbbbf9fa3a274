"""The entry scripts and their configurations: help, wrong use, and the way from a YAML file to a comparison."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from agents.learning.config import load_config
from negoenv import NegoenvError

ROOT = Path(__file__).parent.parent
SCRIPTS = ("train", "evaluate", "compare", "main_job", "report", "references", "planning_curve")
SMALL = (
    "total_steps=512",
    "num_envs=16",
    "eval_every=0",
    "eval_episodes=8",
    "test_episodes=32",
    "hyperparameters.batch_size=512",
)


@pytest.mark.parametrize("name", SCRIPTS)
def test_help_reads_well(script, name):
    status, out, err = script(name, "--help")
    assert (status, err) == (0, "")
    assert out.startswith(f"Usage: {name}.py [OPTIONS]") or "Usage:" in out
    assert "--help" in out
    assert all(len(line) <= 100 for line in out.splitlines())


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (["train"], "Missing argument 'config'. See train.py --help."),
        (["train", "nowhere.yaml"], "There is no file 'nowhere.yaml'."),
        (["train", "configs/smoke.yaml", "sed=1"], "configs/smoke.yaml: unknown key 'sed'. Did you mean 'seed'?"),
        (["train", "configs/smoke.yaml", "--directory", "configs"], "configs exists already; name a new directory."),
        (["evaluate", "randm"], "'randm' is neither a scripted policy nor"),
        (["evaluate", "configs"], "configs holds no policy.json, so it is no directory of a trained policy."),
        (["evaluate", "random", "--split", "tets"], "Unknown split 'tets'. Did you mean 'test'?"),
        (["evaluate", "random", "--episodes", "many"], "Invalid value for '--episodes'"),
        (["evaluate", "random", "--seed=-1"], "seed is -1; it must be a whole number of at least 0."),
        (["evaluate", "random", "--json", "README.md"], "README.md exists already; give --force"),
        (["compare", "random", "randm"], "Did you mean 'random'?"),
        (["compare", "random", "random"], "A policy is named twice: random, random."),
        (["compare", "--scenario", "Procuremnt"], "Unknown scenario 'Procuremnt'. Did you mean 'Procurement'?"),
        (["compare", "--no-such-option"], "No such option: --no-such-option. See compare.py --help."),
        (["compare", "--logdir", "configs"], "configs exists already; name a new directory."),
        (["compare", "--scenario", "Ladder", "--scenario", "Ladder"], "A scenario is named twice: Ladder, Ladder."),
        (["report"], "Missing argument 'comparison'. See report.py --help."),
        (["report", "nowhere"], "nowhere holds no comparison; scripts/compare.py --logdir nowhere writes one."),
        (["compare", "informd"], "Did you mean 'informed'?"),
        (["references", "--scenario", "Ladr"], "Unknown scenario 'Ladr'."),
        (["references", "--scenario", "Ladder", "--base", "gradul"], "Did you mean 'gradual'?"),
        (["references", "--scenario", "Ladder", "--json", "README.md"], "README.md exists already; give --force"),
        (["planning_curve", "--budget", "0"], "rollouts is 0; it must be at least 1."),
        (["main_job", "--config", "nowhere.yaml"], "There is no file 'nowhere.yaml'."),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_wrong_use_is_told_in_one_sentence(script, call, sentence):
    status, out, err = script(*call)
    assert (status, out) == (2, "")
    assert sentence in err
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
        ("hyperparameters.learning_rate=fast", "'fast'; a number is expected"),
        ("hyperparameters.n_steps=1.5", "1.5; a whole number is expected"),
        ("hyperparameters.normalize_advantage=1", "true or false is expected"),
        ("name=a/b", "key 'name' is 'a/b'"),
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


def test_a_script_is_a_program():
    """The same in a process of its own, whose status the shell sees; warnings are errors there, too."""
    command = [sys.executable, "-W", "error", "scripts/evaluate.py", "randm"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("'randm' is neither a scripted policy nor the directory of a training run")
    assert done.stderr.count("\n") == 1


def test_train_evaluate_compare(script, tmp_path):
    runs, results = tmp_path / "runs", tmp_path / "results.json"
    status, out, _ = script("train", "configs/smoke.yaml", *SMALL, "--runs", runs)
    assert status == 0
    assert f"tensorboard --logdir {runs}" in out
    directory = runs / "procurement_ppo-001"
    evaluated = script("evaluate", directory, "--episodes", 32, "--json", results)
    assert evaluated[0] == 0
    assert "breakdown_rate" in evaluated[1]
    trained = json.loads((directory / "evaluation.json").read_text())
    assert json.loads(results.read_text()) == trained
    status, out, _ = script(
        "compare", directory, "random", "--episodes", 32, "--json", results, "--force", "--logdir", tmp_path / "curves"
    )
    assert status == 0
    assert "procurement_ppo-001" in out
    compared = {policy["policy"]: policy for policy in json.loads(results.read_text())["policies"]}
    assert compared["procurement_ppo-001"]["metrics"] == trained["metrics"]
    best = max(compared.values(), key=lambda policy: policy["metrics"]["return"]["mean"])
    assert best["difference_to_best"]["mean"] == 0.0
    ranked = sorted(compared, key=lambda name: -compared[name]["metrics"]["return"]["mean"])
    runs_written = sorted(path.name for path in (tmp_path / "curves").iterdir() if path.is_dir())
    status, out, _ = script("report", tmp_path / "curves", "--picture", "returns", "--out", tmp_path / "pictures")
    assert status == 0
    assert f"Figures: {tmp_path / 'pictures'}" in out
    assert runs_written == ["00_overview", f"01_{ranked[0]}", f"02_{ranked[1]}"]


def test_main_job(script, tmp_path):
    status, out, _ = script("main_job", *SMALL, "--config", "configs/smoke.yaml", "--runs", tmp_path)
    assert status == 0
    assert "less the best" in out
    assert "random" in out
    compared = tmp_path / "procurement_ppo_compared-001"
    assert (compared / "comparison.json").exists()
    assert f"python scripts/report.py {compared}" in out
    assert f"tensorboard --logdir {tmp_path}" in out


def test_references_are_measured_and_recorded(script, tmp_path):
    results = tmp_path / "results.json"
    call = ("references", "--scenario", "Ladder", "--episodes", 32, "--record", "--out", tmp_path, "--json", results)
    status, out, _ = script(*call, "--no-progress")
    assert status == 0
    assert "Price of hidden information in Ladder: 0.050" in out
    record = json.loads((tmp_path / "Ladder.json").read_text())
    assert record["command"] == "python scripts/references.py --scenario Ladder --episodes 32 --seed 1000000 --record"
    measured = json.loads(results.read_text())["Ladder"]
    assert measured["reference"] == record
    assert {policy["policy"] for policy in measured["policies"]} == {"random", "informed", "uninformed"}


def test_a_curve_is_measured_and_drawn(script, tmp_path):
    figure, results = tmp_path / "curve.png", tmp_path / "curve.json"
    call = ("planning_curve", "--scenario", "Ladder", "--budget", 64, "--budget", 128, "--episodes", 8)
    status, out, _ = script(*call, "--figure", figure, "--json", results, "--no-progress")
    assert status == 0
    assert "slowest ms" in out
    assert figure.read_bytes().startswith(b"\x89PNG")
    points = json.loads(results.read_text())["points"]
    assert [(point["kind"], point["rollouts"]) for point in points] == [
        ("informed", 64), ("informed", 128), ("uninformed", 64), ("uninformed", 128)
    ]  # fmt: skip
