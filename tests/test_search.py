"""Searches: what they ask for, that they prune, go on, and leave a configuration that trains."""

import json

import pytest
import yaml

from agents.learning.config import load_config
from agents.sweeps.engines import local_engine
from agents.sweeps.search import SearchPlace, run_search
from agents.sweeps.study import PRUNERS, SAMPLERS, SearchConfig, load_search, storage_of
from negoenv import NegoenvError
from negoenv.config import validated
from tests.test_sweeps import TINY

pytest.importorskip("optuna")

SPACE = {
    "hyperparameters.learning_rate": {"low": 1e-3, "high": 1e-2, "log": True},
    "hyperparameters.n_epochs": {"low": 1, "high": 3},
    "activation": {"choices": ["tanh", "relu"]},
}


def tiny(**keys):
    """Return a search on the ladder that takes seconds."""
    settings = {**TINY, "scenario": "Ladder", "eval_every": 128}
    given = {"config": "procurement_fast_ppo", "settings": settings, "space": SPACE, "trials": 4, "sampler": "random"}
    return validated(SearchConfig, given | keys, "the search")


def place(folder):
    return SearchPlace(folder, storage_of(folder), "tiny")


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"sampler": "tep"}, "Unknown sampler 'tep'. Did you mean 'tpe'?"),
        ({"pruner": {"name": "medain"}}, "Unknown pruner 'medain'. Did you mean 'median'?"),
        ({"space": {"activation": {"low": 1.0}}}, "low and high, or choices are expected"),
        ({"space": {"stack": {"low": 4, "high": 2}}}, "low is 4; it must be less than high, which is 2"),
        ({"space": {"vf": {"low": 0.0, "high": 2.0, "log": True}}}, "log needs a low above 0"),
        ({"trials": 0}, "key 'trials' is 0"),
    ],
)
def test_wrong_keys_are_told_in_a_sentence(keys, sentence):
    with pytest.raises(NegoenvError) as told:
        tiny(**keys)
    assert sentence in str(told.value)


def test_what_comes_with_negoenv_can_be_read(command, tmp_path):
    for name in ("quick", "procurement_fast_ppo"):
        assert load_search(name)[0] == name
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump({"config": "smoke", "space": {"hyperparameters.gama": {"low": 0.5, "high": 1.0}}}))
    status, _, err = command("search", path, "--directory", tmp_path / "out")
    assert status == 2
    assert f"{path}: " in err
    assert "Did you mean 'gamma'" in err


def test_samplers_and_pruners_are_those_of_optuna():
    import optuna

    assert all(hasattr(optuna.samplers, name) for name in SAMPLERS.values())
    assert all(hasattr(optuna.pruners, name) for name in PRUNERS.values())


def test_a_search_leaves_the_best_and_goes_on(tmp_path):
    search, engine = tiny(), local_engine(1)
    result = run_search(search, place(tmp_path), engine, trials=2)
    trials = result.study.get_trials()
    assert [trial.state.name for trial in trials] == ["COMPLETE"] * 2
    for trial in trials:
        evaluated = json.loads((place(tmp_path).run(trial.number) / "evaluation.json").read_text())
        assert trial.value == pytest.approx(evaluated["validation"]["return"])
        assert 128 in trial.intermediate_values
    more = run_search(search, place(tmp_path), engine)
    assert [trial.number for trial in more.study.get_trials()] == [0, 1, 2, 3]
    assert [trial.params for trial in more.study.get_trials()[:2]] == [trial.params for trial in trials]
    best = load_config(more.best)
    assert best.hyperparameters["n_epochs"] == more.study.best_trial.params["hyperparameters.n_epochs"]
    assert best.total_steps == TINY["total_steps"]
    with pytest.raises(NegoenvError, match="holds another search tiny, which differs in space"):
        run_search(tiny(space={"activation": SPACE["activation"]}), place(tmp_path), engine)


def test_what_was_broken_off_goes_on_with_its_values(monkeypatch, tmp_path):
    from agents.learning import train as training

    whole = training.train

    def interrupted(config, directory, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(training, "train", interrupted)
    with pytest.raises(KeyboardInterrupt, match=r"^Interrupted; 0 of 1 trials have ended"):
        run_search(tiny(), place(tmp_path), local_engine(1), trials=1)
    monkeypatch.setattr(training, "train", whole)
    result = run_search(tiny(), place(tmp_path), local_engine(1), trials=1)
    (trial,) = result.study.get_trials()
    assert (trial.number, trial.state.name) == (0, "COMPLETE")


def test_values_that_fail_are_tried_once_more(monkeypatch, tmp_path):
    asked = []

    def failing(config, directory, **options):
        asked.append(config.hyperparameters["learning_rate"])
        raise NegoenvError("The disk is full.")

    monkeypatch.setattr("agents.learning.train.train", failing)
    result = run_search(tiny(), place(tmp_path), local_engine(1), trials=2)
    assert result.best is None
    assert len(asked) == 4
    assert len(set(asked)) == 2
    assert set(result.failures.values()) == {"The disk is full."}


def test_the_pruner_ends_a_training_by_its_validation_return(monkeypatch, tmp_path):
    class Always:
        def prune(self, study, trial):
            return trial.number > 0

    monkeypatch.setattr("agents.sweeps.study.make_pruner", lambda search: Always())
    result = run_search(tiny(), place(tmp_path), local_engine(1), trials=2)
    first, second = result.study.get_trials()
    assert (first.state.name, second.state.name) == ("COMPLETE", "PRUNED")
    assert [*second.intermediate_values] == [128]
    assert not (place(tmp_path).run(1) / "evaluation.json").exists()


@pytest.mark.slow
def test_the_command_says_what_is_best(command, tmp_path):
    path = tmp_path / "tiny.yaml"
    path.write_text(yaml.safe_dump(tiny().model_dump(mode="json", exclude_none=True, exclude_defaults=True)))
    status, out, _ = command("search", path, "--directory", tmp_path / "out", "--processes", 1, "--no-progress")
    assert status == 0
    assert f"Best: {tmp_path / 'out' / 'best.yaml'}" in out
    for name in ("history", "importances"):
        assert (tmp_path / "out" / "figures" / f"{name}_dark.png").stat().st_size > 1000


def test_a_place_where_no_study_can_be_kept_is_told(tmp_path):
    where = SearchPlace(tmp_path, "sqlite:////nowhere/at/all/study.db", "tiny")
    with pytest.raises(NegoenvError, match=r"^The study cannot be kept in sqlite:////nowhere.*unable to open"):
        run_search(tiny(), where, local_engine(1))
