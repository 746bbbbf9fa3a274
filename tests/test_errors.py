"""Whatever a user gets wrong is one sentence that names what was wrong and what is accepted."""

import gymnasium as gym
import numpy as np
import pytest

from negoenv import NegoenvError
from negoenv.errors import nearest, unknown_name
from negoenv.game.tactics import Move
from negoenv.scenarios.presets import resolve

ID = "negoenv/Procurement-v0"
LADDER = "negoenv/Ladder-v0"
POPULATION = "name: p\nsource: assumption\narchetypes:\n  - name: a\n    traits: {traits}\n"


def make(**arguments):
    return gym.make(ID, **arguments).unwrapped


def reset(options=None, seed=0, env_id=ID, rows=None):
    env = gym.make(env_id).unwrapped if rows is None else gym.make_vec(env_id, num_envs=rows)
    return env.reset(seed=seed, options=options)


def step(actions, rows=3):
    envs = gym.make_vec(ID, num_envs=rows)
    envs.reset(seed=0)
    return envs.step(actions)


def step_when_over():
    envs = gym.make_vec(ID, num_envs=2, autoreset_mode="Disabled")
    envs.reset(seed=0)
    envs.step(np.array([Move.WALK_AWAY, Move.HOLD]))
    return envs.step(np.array([Move.HOLD, Move.HOLD]))


CASES = {
    # what a scenario is, and its keys
    "unknown scenario": (lambda: make(scenario="Procurment"), "scenario 'Procurment'", "Did you mean 'Procurement'"),
    "scenario of a wrong kind": (lambda: make(scenario=[1]), r"scenario \[1\]", "Accepted: .*Procurement"),
    "unknown base": (lambda: resolve({"base": "Procurment"}), "'Procurment'", "Did you mean 'Procurement'"),
    "unknown key": (lambda: make(scenario={"deadlin": 9}), "unknown key 'deadlin'", "Did you mean 'deadline'"),
    "unknown inner key": (lambda: resolve({"limit": {"low": 0, "high": 1, "hihg": 1}}), "limit.hihg", "mean 'high'"),
    "wrong type": (lambda: make(scenario={"deadline": "soon"}), "'deadline' is 'soon'", "valid integer"),
    "out of range": (lambda: make(scenario={"deadline": 0}), "'deadline' is 0", "greater than or equal to 1"),
    "too far": (lambda: make(scenario={"deadline": 201}), "'deadline' is 201", "less than or equal to 200"),
    "limits reversed": (lambda: resolve({"limit": {"low": 0.9, "high": 0.8}}), "'limit'", "must not exceed high"),
    "goodwill above 1": (
        lambda: resolve({"goodwill": {"low": 2, "high": 2}}), "'goodwill' is 2", "between 0 and 1"
    ),
    "goodwill up to above 1": (
        lambda: resolve({"goodwill": {"low": 0.5, "high": 1.01}}), r"'goodwill' is 1\.01", "between 0 and 1"
    ),
    "unknown weight": (lambda: resolve({"weights": {"goodwil": 1.0}}), "weights 'goodwil'", "Did you mean 'goodwill'"),
    "weight out of range": (lambda: resolve({"weights": {"round": -1}}), "'round' is -1", "between 0 and 1"),
    "weight of a wrong type": (lambda: resolve({"weights": {"round": "a"}}), "weights.round", "valid number"),
    "unknown constant": (lambda: resolve({"constants": {"anchr": 0.1}}), "constants 'anchr'", "Did you mean 'anchor'"),
    "constant out of range": (lambda: resolve({"constants": {"anchor": 2}}), "'anchor' is 2", "between 0 and 1"),
    "unknown column": (lambda: resolve({"hidden": ["strian"]}), "column 'strian'", "Did you mean 'strain'"),
    "unknown move": (lambda: resolve({"without": ["FURRY"]}), "family 'FURRY'", "Did you mean 'FURY'"),
    "leaving left out": (lambda: resolve({"without": ["WALK_AWAY"]}), "WALK_AWAY", "may always leave"),
    # arguments
    "unknown split": (lambda: make(split="tset"), "split 'tset'", "Did you mean 'test'"),
    "unknown render mode": (lambda: make(render_mode="asni"), "render_mode 'asni'", "Did you mean 'ansi'"),
    "no environments": (lambda: gym.make_vec(ID, num_envs=0), "num_envs is 0", "at least 1"),
    "half an environment": (lambda: gym.make_vec(ID, num_envs=2.5), r"num_envs is 2\.5", "whole number"),
    "no threads": (lambda: gym.make_vec(ID, num_envs=2, num_threads=0), "num_threads is 0", "at least 1"),
    "threads in words": (lambda: gym.make_vec(ID, num_envs=2, num_threads="two"), "'two'", "whole number"),
    "unknown autoreset": (
        lambda: gym.make_vec(ID, num_envs=2, autoreset_mode="NEXT_SETP"), "mode 'NEXT_SETP'", "Did you mean 'NEXT_STEP'"
    ),
    # seeds, masks, moves
    "negative seed": (lambda: reset(seed=-1), "seed is -1", "at least 0"),
    "half a seed": (lambda: reset(seed=1.5), r"seed is 1\.5", "whole number"),
    "negative seed of a batch": (lambda: reset(seed=-1, rows=2), "seed is -1", "at least 0"),
    "negative seed in a list": (lambda: reset(seed=[1, -2], rows=2), "seed is -2", "at least 0"),
    "too few seeds": (lambda: reset(seed=[1], rows=2), "seed lists 1", "there are 2"),
    "too few actions": (lambda: step(np.zeros(2, int)), r"shape \(2,\)", r"\(3,\) with whole"),
    "actions in a column": (lambda: step(np.zeros((3, 1), int)), r"shape \(3, 1\)", r"\(3,\) with whole"),
    "a mask of numbers": (lambda: reset({"reset_mask": np.ones(2, int)}, rows=2), "reset_mask.*int64", "bool array"),
    "a mask too long": (lambda: reset({"reset_mask": np.ones(3, bool)}, rows=2), r"reset_mask.*\(3,\)", r"\(2,\)"),
    "an empty mask": (lambda: reset({"reset_mask": np.zeros(2, bool)}, rows=2), "reset_mask", "at least one True"),
    "a step before the reset": (lambda: make().step(0), "No episode has begun", r"call reset\(\)"),
    "a step of a batch before the reset": (lambda: gym.make_vec(ID).step([0]), "No episode", r"call reset\(\)"),
    "a step after the end": (step_when_over, r"rows \[0\] are over", r"reset\(options=.*reset_mask"),
    # options
    "unknown option": (lambda: reset({"suplier": {}}), "option of reset 'suplier'", "Did you mean 'supplier'"),
    "unknown option of a batch": (lambda: reset({"contxt": {}}, rows=2), "'contxt'", "Did you mean 'context'"),
    "unknown archetype": (lambda: reset({"supplier": "stalller"}), "'stalller'", "Did you mean 'staller'"),
    "unknown trait": (lambda: reset({"supplier": {"powr": 1}}), "supplier 'powr'", "Did you mean 'power'"),
    "trait out of range": (lambda: reset({"supplier": {"power": 9}}), "'power' is 9", "between 0 and 1"),
    "trait is no number": (lambda: reset({"supplier": {"power": np.nan}}), "'power' is nan", "between 0 and 1"),
    "trait in words": (lambda: reset({"supplier": {"power": "high"}}), "'power' is 'high'", "number is expected"),
    "too many traits": (lambda: reset({"supplier": {"power": [0.1] * 3}}, rows=2), "'power'", "number is .* 2 of"),
    "supplier of a wrong kind": (lambda: reset({"supplier": 3}), "'supplier' is 3", "mapping of fields"),
    "unknown context": (lambda: reset({"context": {"limt": 1}}), "state 'limt'", "Did you mean 'limit'"),
    "a count that would leave the space": (
        lambda: reset({"context": {"stalemate": 200}}), "'stalemate' is 200", "could pass 200, the most"
    ),
    "a count with less time to come": (
        lambda: reset({"context": {"probes": 191, "round": 10}}), "'probes' is 191", "could pass 200, the most"
    ),
    "a count in one row": (
        lambda: reset({"context": {"rivals": [0, 199]}}, rows=2), "'rivals' is 199", "could pass 200, the most"
    ),
    "half a deal": (lambda: reset({"context": {"deals_left": 0.5}}), "'deals_left' is 0.5", "a whole number"),
    "half a truth": (lambda: reset({"context": {"leader_used": 0.5}}), "'leader_used' is 0.5", "a whole number"),
    "an episode that is over": (lambda: reset({"context": {"outcome": 1}}), "'outcome' is 1", "begins with 0, open"),
    "a kind that there is not": (lambda: reset({"supplier": {"archetype": 40}}), "'archetype' is 40", "0 to 4"),
    "context of a wrong kind": (lambda: reset({"context": 3}), "'context' is 3", "mapping of fields"),
    "options of a wrong kind": (lambda: reset([1]), r"options is \[1\]", "mapping of names to values"),
    "unknown option of the ladder": (lambda: reset({"suplier": "proud"}, env_id=LADDER), "'suplier'", "'supplier'"),
    "unknown supplier of the ladder": (lambda: reset({"supplier": "prod"}, env_id=LADDER), "'prod'", "mean 'proud'"),
}  # fmt: skip

FILES = {
    # name of the case: content of the file, what names the place, what helps
    "not YAML": ("deadline: 9\nweights: {round: 1\n", r"scenario\.yaml, line 3: not valid YAML", "expected ',' or '}'"),
    "a list": ("- deadline\n", r"scenario\.yaml", "a mapping of keys to values is expected, not list"),
    "empty": ("", r"scenario\.yaml", "a mapping of keys to values is expected"),
    "unknown key": ("deadlin: 9\n", r"scenario\.yaml: unknown key 'deadlin'", "Did you mean 'deadline'"),
    "unknown base": ("base: Procurment\n", "'Procurment'", "Did you mean 'Procurement'"),
    "a tag": ("deadline: !!python/object/apply:os.getcwd []\n", r"scenario\.yaml, line 1", "constructor"),
}

POPULATIONS = {
    "unknown trait": ("{powr: 0.3}", "'archetypes.0.traits': .*'powr'", "Did you mean 'power'"),
    "trait out of range": ("{power: 3}", "'archetypes.0.traits': .*'power' is 3", "between 0 and 1"),
    "unknown key of a trait": (
        "{power: {mean: 0.3, spred: 0.1}}",
        "'archetypes.0.traits.power.spred'",
        "mean 'spread'",
    ),
    "negative spread": ("{power: {mean: 0.3, spread: -1}}", "traits.power.spread' is -1", "greater than or equal to 0"),
    "the archetype's number": ("{archetype: 2}", "'archetype'", "leave it out"),
}


def check(error, place, remedy):
    sentence = str(error.value)
    assert isinstance(error.value, ValueError)
    assert "\n" not in sentence, "one mistake is one sentence"
    assert sentence.endswith((".", "?"))
    assert not sentence.endswith(("..", "?."))
    assert error.match(place)
    assert error.match(remedy)


@pytest.mark.filterwarnings("ignore:.*is not in the possible render_modes:UserWarning")
@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_named_with_its_remedy(case):
    act, place, remedy = CASES[case]
    with pytest.raises(NegoenvError) as error:
        act()
    check(error, place, remedy)


@pytest.mark.parametrize("case", FILES)
def test_a_mistake_in_a_file_is_named_with_its_place(case, tmp_path):
    text, place, remedy = FILES[case]
    (tmp_path / "scenario.yaml").write_text(text)
    with pytest.raises(NegoenvError) as error:
        make(scenario=str(tmp_path / "scenario.yaml"))
    check(error, place, remedy)


@pytest.mark.parametrize("case", POPULATIONS)
@pytest.mark.parametrize("key", ["train", "test"])
def test_a_mistake_in_a_population_is_named_with_its_place(case, key, tmp_path):
    traits, place, remedy = POPULATIONS[case]
    path = tmp_path / "population.yaml"
    path.write_text(POPULATION.replace("{traits}", traits))
    with pytest.raises(NegoenvError) as error:
        make(scenario={key: str(path)})
    check(error, rf"key '{key}': .*population\.yaml: .*{place}", remedy)


@pytest.mark.parametrize("key", ["scenario", "train"])
def test_a_missing_file_is_named(key, tmp_path):
    path = str(tmp_path / "nowhere.yaml")
    with pytest.raises(NegoenvError) as error:
        resolve(path if key == "scenario" else {key: path})
    check(error, "There is no file", r"nowhere\.yaml")


def test_a_good_file_is_read(tmp_path):
    (tmp_path / "population.yaml").write_text(
        POPULATION.replace("{traits}", "{power: {mean: 0.3, spread: 0.1}, pride: 2}")
    )
    path = tmp_path / "scenario.yaml"
    buyer = "patience: {low: 1, high: 1}"
    path.write_text(f"base: Procurement\ndeadline: 9\n{buyer}\ntrain: {tmp_path / 'population.yaml'}\n")
    scenario = resolve(path)
    assert scenario.deadline == 9
    assert scenario.train.archetype_names == ("a",)
    assert make(scenario=str(path)).reset(seed=0)[0][1] == pytest.approx(0.05 * 9)


def test_every_mistake_of_a_file_is_named_at_once(tmp_path):
    path = tmp_path / "scenario.yaml"
    path.write_text("deadlin: 9\nbudget_slack: 7\nweights: {goodwil: 1}\n")
    with pytest.raises(NegoenvError) as error:
        resolve(path)
    lines = str(error.value).splitlines()
    assert len(lines) == 3
    assert all(line.startswith(str(path)) for line in lines)
    assert all(any(name in line for line in lines) for name in ("deadlin", "budget_slack", "goodwil"))


def test_a_refused_reset_leaves_an_environment_that_can_be_reset():
    env, other = make(), make()
    with pytest.raises(NegoenvError):
        env.reset(seed=1, options={"supplier": {"power": 9}})
    assert np.array_equal(env.reset(seed=2)[0], other.reset(seed=2)[0])


def test_the_nearest_name_is_near():
    assert nearest("goodwil", ["goodwill", "round"]) == " Did you mean 'goodwill'?"
    assert nearest("qqq", ["goodwill", "round"]) == ""
    assert str(unknown_name("move", "X", ["B", "A", "A"])) == "Unknown move 'X'. Accepted: A, B."
