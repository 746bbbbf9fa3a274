"""Sweeps: which trainings they are, and that each is done once, whatever comes between."""

import json

import pytest

from agents.extras import needed
from agents.learning.train import train
from agents.sweeps.engines import local_engine
from agents.sweeps.plan import SweepConfig, load_sweep, trials_of
from agents.sweeps.sweep import run_sweep
from agents.sweeps.table import sweep_standings, write_table
from agents.sweeps.trial import Place
from negoenv import NegoenvError

TINY = {
    "total_steps": 256, "num_envs": 8, "network": [8], "eval_episodes": 8, "eval_every": 0, "test_episodes": 16,
    "checkpoint_every": 0, "hyperparameters.n_steps": 16, "hyperparameters.batch_size": 64,
}  # fmt: skip


def tiny(**keys):
    """Return the trials of a sweep of the ladder that takes seconds."""
    sweep = {"configs": ["procurement_fast_ppo"], "scenarios": ["Ladder"], "seeds": 2, "settings": TINY} | keys
    return trials_of(SweepConfig.model_validate(sweep))


# Which trainings


def test_every_combination_is_there_once_and_in_order():
    trials = tiny(
        configs=["procurement_fast_ppo", "procurement_maskable_ppo"], scenarios=["Ladder", "Deadline"], seeds=[3, 5],
        grid={"hyperparameters.gamma": [0.9, 1.0]}, overrides=[{}, {"activation": "tanh"}],
    )  # fmt: skip
    assert len(trials) == 2 * 2 * 2 * 2 * 2
    assert len({trial.key for trial in trials}) == len({trial.name for trial in trials}) == 32
    assert [trial.config.seed for trial in trials[:4]] == [3, 5, 3, 5]
    assert trials[2].changes == {"hyperparameters.gamma": 0.9, "activation": "tanh"}
    assert trials[2].config.activation == "tanh"
    assert {(trial.config.torch_threads, trial.config.num_threads) for trial in trials} == {(1, 1)}
    assert trials[0].name.startswith("ladder_fast_ppo_gamma=0.9_seed=3-")


def test_what_is_trained_does_not_depend_on_the_other_trainings():
    assert {t.key for t in tiny(seeds=1)} <= {t.key for t in tiny(seeds=3, scenarios=["Procurement", "Ladder"])}
    assert {t.key for t in tiny()}.isdisjoint(t.key for t in tiny(overrides=[{"total_steps": 512}]))


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"configs": ["procurement_fst_ppo"]}, "Unknown configuration 'procurement_fst_ppo'. Did you mean"),
        ({"scenarios": ["Ladr"]}, "Did you mean 'Ladder'"),
        ({"overrides": [{}, {}]}, "a training is there twice"),
        ({"grid": {"hyperparameters.gama": [1.0]}}, "Did you mean 'gamma'"),
        ({"configs": ["smoke", "smoke"]}, "A configuration is named twice"),
    ],
)
def test_wrong_keys_are_told_in_a_sentence(keys, sentence):
    with pytest.raises(NegoenvError) as told:
        tiny(**keys)
    assert sentence in str(told.value)


def test_what_comes_with_negoenv_can_be_read(command, tmp_path):
    for name in ("quick", "learning_rates", "fast_learner"):
        called, trials = load_sweep(name)
        assert called == name
        assert trials
    path = tmp_path / "mine.yaml"
    path.write_text("configs: [smoke]\nsedes: 3\n")
    assert command("sweep", path) == (2, "", f"{path}: unknown key 'sedes'. Did you mean 'seeds'?\n")
    assert command("sweep", "quik")[2].startswith("Unknown sweep 'quik'. Did you mean 'quick'?")


def test_a_missing_library_is_told_with_the_command_that_installs_it():
    with pytest.raises(NegoenvError, match=r"^A sweep needs no_such_library, .*pip install .*\[sweep\]'?\.$"):
        needed("no_such_library", "sweep", "A sweep")


# What becomes of them


@pytest.fixture
def counted(monkeypatch):
    """Count the trainings, of which those whose seeds are in ``failing`` fail so often."""
    begun, failing = [], {}

    def counting(config, directory, **options):
        begun.append(config.seed)
        if failing.get(config.seed, 0) > 0:
            failing[config.seed] -= 1
            raise NegoenvError("The disk is full.")
        return train(config, directory, **options)

    monkeypatch.setattr("agents.learning.train.train", counting)
    counting.begun, counting.failing = begun, failing
    return counting


def test_a_sweep_leaves_a_table_and_is_done_once(counted, tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    trials, engine = tiny(), local_engine(1)
    result = run_sweep(trials, tmp_path, engine)
    rows = parquet.read_table(result.table).to_pylist()
    assert rows == list(result.rows)
    assert [row["trial"] for row in rows] == [trial.name for trial in trials]
    assert [row["seed"] for row in rows] == [0, 1]
    evaluated = json.loads((Place(tmp_path).run(trials[1]) / "evaluation.json").read_text())
    assert rows[1]["return"] == evaluated["metrics"]["return"]["mean"]
    assert rows[1]["validation_return"] == evaluated["validation"]["return"]
    (board,) = result.boards
    assert len(list(board.iterdir())) == 2
    before = result.table.read_bytes()
    more = run_sweep(tiny(seeds=3), tmp_path, engine)
    assert counted.begun == [0, 1, 2]
    assert more.rows[:2] == result.rows
    run_sweep(trials, tmp_path, engine)
    assert counted.begun == [0, 1, 2]
    assert result.table.read_bytes() == before, "row for row, whatever was trained in between"


def test_failures_are_collected_and_tried_once_more(counted, tmp_path, capsys):
    counted.failing.update({0: 1, 1: 2})
    result = run_sweep(tiny(seeds=3), tmp_path, local_engine(1), progress=True)
    assert counted.begun == [0, 1, 2, 0, 1]
    assert [row["seed"] for row in result.rows] == [0, 2]
    assert list(result.failures.values()) == ["The disk is full."]
    assert [json.loads(p.read_text())["attempt"] for p in (tmp_path / "failures").iterdir()] == [2]
    assert capsys.readouterr().err.count("it is tried once more") == 2
    assert run_sweep(tiny(seeds=3), tmp_path, local_engine(1)).failures == {}
    assert not list((tmp_path / "failures").iterdir())


def test_ctrl_c_leaves_what_has_ended(monkeypatch, tmp_path):
    def interrupted(config, directory, **options):
        if config.seed:
            raise KeyboardInterrupt
        return train(config, directory, **options)

    monkeypatch.setattr("agents.learning.train.train", interrupted)
    with pytest.raises(KeyboardInterrupt, match=r"^Interrupted; 1 of 2 trials have ended, and the same command"):
        run_sweep(tiny(), tmp_path, local_engine(1))
    monkeypatch.setattr("agents.learning.train.train", train)
    assert len(run_sweep(tiny(), tmp_path, local_engine(1)).rows) == 2


@pytest.mark.slow
def test_processes_give_the_same_table(tmp_path):
    tables = [
        run_sweep(tiny(), tmp_path / str(processes), local_engine(processes)).table.read_bytes() for processes in (1, 2)
    ]
    assert tables[0] == tables[1]


def test_columns_of_several_kinds_are_written_as_json(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    write_table([{"a": 1, "b": "x"}, {"a": 0.5, "b": 2}, {"c": [1]}], tmp_path / "t.parquet")
    found = parquet.read_table(tmp_path / "t.parquet").to_pydict()
    assert found == {"a": [1.0, 0.5, None], "b": ['"x"', "2", None], "c": [None, None, "[1]"]}


def test_standings_are_interquartile_means_over_seeds():
    rows = [
        {"group": "g", "scenario": name, "return": value, "score": value, "validation_return": value}
        for name, values in (("A", (0.0, 0.4, 0.6, 9.0)), ("B", (1.0, 1.0, 1.0, 1.0)))
        for value in values
    ]
    one, other, both = sweep_standings(rows)
    assert (one.seeds, one.returned.mean) == (4, pytest.approx(0.5))
    assert one.returned.low < 0.5 < one.returned.high
    assert (other.returned.low, other.returned.high) == (1.0, 1.0)
    assert both.returned is None
    assert both.score.mean == pytest.approx((0.6 + 1.0 * 3) / 4)
