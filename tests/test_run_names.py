"""What a run is called, and what its keys mean: names from what was changed, ranges, defaults and descriptions."""

import pytest

from agents.learning.algorithms import ALGORITHMS, HYPERPARAMETERS, checked
from agents.learning.config import CONFIGS, TrainConfig, described_keys, load_config, shipped_configs
from agents.learning.naming import MAX_LABEL, run_label
from negoenv import NegoenvError
from negoenv.names import checked_name


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ([], "procurement_ppo_seed=0"),
        (["seed=1"], "procurement_ppo_seed=1"),
        (["seed=1", "hyperparameters.gamma=0.99"], "procurement_ppo_gamma=0.99_seed=1"),
        (["hyperparameters.gamma=1.0"], "procurement_ppo_seed=0"),  # as in the file
        (["hyperparameters.learning_rate=1e-3", "anneal=false"],
         "procurement_ppo_anneal=false_learning_rate=0.001_seed=0"),
        (["network=[32,32]"], "procurement_ppo_network=32-32_seed=0"),
        (["eval_every=5", "num_threads=2", "test_episodes=9"], "procurement_ppo_seed=0"),  # nothing else is learned
        (["algorithm=a2c", "hyperparameters={}"], "procurement_a2c_seed=0"),
        (["scenario=Marketplace"], "marketplace_ppo_seed=0"),
        (["scenario={deadline: 12}", "seed=3"], "procurement+deadline=12_ppo_seed=3"),
        (["name=mine", "seed=3", "stack=2"], "mine_seed=3"),
        (["trace=0.90"], "procurement_ppo_trace=0.9_seed=0"),
        (["stack=2", "num_envs=64", "total_steps=1000", "network=[8]"],
         "procurement_ppo_total_steps=1000_etc-abdc_seed=0"),
    ],
)  # fmt: skip
def test_a_run_is_named_by_scenario_algorithm_changed_keys_and_seed(changes, name):
    assert load_config("procurement_ppo", changes).run_name == name


def test_names_are_legal_and_not_too_long():
    changes = ["total_steps=123456789", "stack=200", "hyperparameters.clip_range=0.123456789", "num_envs=64", "lstm=9"]
    scenario = "scenario={" + ", ".join(f"{key}: 3" for key in ("deadline", "deals")) + ", weights: {goodwill: 0.123}}"
    for config in (load_config("procurement_ppo", changes), load_config("procurement_ppo", [*changes, scenario])):
        assert len(config.label) <= MAX_LABEL
        assert checked_name("run name", config.label) == config.label
    assert run_label("a" * 99) != run_label("a" * 98)
    assert run_label("a", ["b=1"]) == "a_b=1"
    odd = load_config(
        "smoke", ["hyperparameters={n_steps: 32, batch_size: 64}", "seed=4294967295", "scenario={name: A}"]
    )
    assert odd.run_name == "a_ppo_batch_size=64_seed=4294967295"


def test_a_stored_configuration_keeps_the_name_of_its_run(tmp_path):
    """What a run was changed by is told again when its stored configuration is run, and further changes are added."""
    config = load_config("procurement_ppo", ["hyperparameters.gamma=0.99"])
    stored = tmp_path / "config.yaml"
    stored.write_text(config.model_dump_json())
    assert load_config(stored, ["seed=2"]).run_name == "procurement_ppo_gamma=0.99_seed=2"
    assert load_config(stored, ["stack=2"]).run_name == "procurement_ppo_gamma=0.99_stack=2_seed=0"


def test_a_directory_of_runs_names_its_configuration(tmp_path):
    (tmp_path / "config.yaml").write_text("total_steps: 1")
    with pytest.raises(NegoenvError, match=r"is a directory; name a YAML file, for example .*config\.yaml"):
        load_config(tmp_path)


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_every_hyperparameter_is_described_and_its_default_is_in_range(algorithm):
    for name, parameter in ALGORITHMS[algorithm].parameters().items():
        assert HYPERPARAMETERS[name].meaning
        assert checked(name, parameter.default, parameter.annotation) == parameter.default


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_no_hyperparameter_is_nan_or_infinite(algorithm):
    for name, parameter in ALGORITHMS[algorithm].parameters().items():
        for value in (float("nan"), float("inf"), -float("inf"), 10**400, -(10**400), "1", [], {}):
            with pytest.raises(NegoenvError, match=f"hyperparameter '{name}' is"):
                checked(name, value, parameter.annotation)


@pytest.mark.parametrize(
    ("name", "value", "accepted"),
    [
        ("gamma", 0, True), ("gamma", 1, True), ("gamma", 1.001, False), ("gamma", -0.1, False), ("gamma", True, False),
        ("learning_rate", 0, False), ("learning_rate", 1e-9, True), ("ent_coef", 0, True), ("ent_coef", -1e-9, False),
        ("n_epochs", 1, True), ("n_epochs", 2.0, True), ("n_epochs", 0, False), ("target_kl", None, True),
        ("target_kl", 0.0, False), ("normalize_advantage", False, True), ("normalize_advantage", 0, False),
    ],
)  # fmt: skip
def test_ranges(name, value, accepted):
    annotation = ALGORITHMS["ppo"].parameters()[name].annotation
    if accepted:
        assert checked(name, value, annotation) == value
    else:
        with pytest.raises(NegoenvError, match=f"'{name}' is {value}"):
            checked(name, value, annotation)


def test_every_key_is_described():
    keys = {key.name: key for key in described_keys()}
    parameters = {name for algorithm in ALGORITHMS.values() for name in algorithm.parameters()}
    assert set(keys) == set(TrainConfig.model_fields) | {f"hyperparameters.{name}" for name in parameters}
    assert all(key.meaning and key.default for key in keys.values())
    assert keys["total_steps"].default == "required"
    assert keys["network"].default == "[64, 64]"
    all_of_them = "ppo, maskable_ppo, recurrent_ppo, trpo, a2c, dqn, qr_dqn, fast_ppo"
    assert keys["hyperparameters.gamma"].default == f"0.99 ({all_of_them})"
    with_advantages = "ppo, maskable_ppo, recurrent_ppo, trpo, fast_ppo"
    assert keys["hyperparameters.gae_lambda"].default == f"0.95 ({with_advantages}); 1.0 (a2c)"
    assert keys["hyperparameters.gamma"].meaning.endswith("(at least 0 and at most 1)")


def test_help_lists_every_key(command):
    _, out, _ = command("train", "--help")
    for key in described_keys():
        assert f"  {key.name}" in out


def test_a_foreign_algorithm_is_told_where_its_configuration_is():
    with pytest.raises(NegoenvError, match=r"DQN does not take n_epochs, .*: take .*negoenv train procurement_dqn"):
        load_config("procurement_ppo", ["algorithm=dqn"])
    with pytest.raises(NegoenvError, match="Did you mean 'learning_rate'"):
        load_config("procurement_ppo", ["algorithm=dqn", "hyperparameters={lerning_rate: 1}"])


def test_what_is_shipped_is_found_by_name():
    assert {path.parent for path in shipped_configs().values()} == {CONFIGS}
    assert {"smoke", "procurement_ppo"} <= set(shipped_configs())
