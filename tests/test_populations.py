"""Populations by name, and from files of one's own."""

import gymnasium as gym
import pytest

from agents.studies.calibration.fits import write_population
from negoenv import NegoenvError
from negoenv.scenarios import populations
from negoenv.scenarios.population import Population
from negoenv.scenarios.presets import resolve


def test_the_names_of_the_populations():
    assert {"ebay", "marketplace", "marketplace_draws"} <= set(populations.names())
    assert "secondary source" in populations.find("ebay").source
    assert resolve("Marketplace").train == populations.find("marketplace")


@pytest.mark.parametrize("env_id", ["negoenv/Marketplace-v0", "negoenv/Procurement-v0"])
def test_population_replaces_both_splits_everywhere(env_id):
    for split in ("train", "test"):
        one = gym.make(env_id, population="ebay", split=split, reveal=True).unwrapped
        many = gym.make_vec(env_id, num_envs=3, population="ebay", split=split).unwrapped
        by_key = gym.make(env_id, scenario={"population": "ebay"}, split=split).unwrapped
        assert one.scenario == many.scenario == by_key.scenario
        assert one.scenario.population(split) == populations.find("ebay")


def test_population_survives_the_spec():
    env = gym.make("negoenv/Marketplace-v0", population="marketplace_draws")
    again = gym.make(gym.envs.registration.EnvSpec.from_json(env.spec.to_json()))
    assert again.unwrapped.scenario == env.unwrapped.scenario


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("name: x\nsource: x\narchetypes: [{name: s, traits: {patienc: 0.5}}]", "Did you mean 'patience'"),
        (
            "name: x\nsource: x\narchetypes: [{name: s, traits: {matching: 4}}]",
            "'matching' is 4; it must lie between 0 and",
        ),
        ("name: x\nsource: x\narchetypes: [{name: s, trait: {drift: .1}}]", "unknown key 'archetypes.0.trait'"),
        ("name: x\narchetypes: [{name: s}]", "key 'source' is missing"),
        ("name: x\nsource: x\narchetypes: []", "key 'archetypes'"),
        ("- x", "a mapping of keys to values is expected"),
        ("name: [", "not valid YAML"),
    ],
)
def test_a_wrong_population_file_is_told_with_file_and_key(tmp_path, content, sentence):
    path = tmp_path / "mine.yaml"
    path.write_text(content)
    with pytest.raises(NegoenvError) as error:
        gym.make("negoenv/Marketplace-v0", population=str(path))
    assert str(path) in str(error.value)
    assert sentence in str(error.value)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"population": "ebai"}, r"^Unknown population 'ebai'\. Did you mean 'ebay'\?"),
        ({"population": 3}, r"^Unknown population '3'\. Accepted: .*the path of a YAML file"),
        ({"population": "/nowhere/mine.yaml"}, r"^There is no file '/nowhere/mine\.yaml'\.$"),
        ({"scenario": {"population": "ebay", "train": "ebay"}}, r"^scenario: key 'population' stands for all splits"),
    ],
)
def test_a_wrong_population_is_told_in_one_sentence(arguments, sentence):
    with pytest.raises(NegoenvError, match=sentence):
        gym.make("negoenv/Marketplace-v0", **arguments)


def test_a_written_population_is_read_again(tmp_path):
    population = populations.find("marketplace")
    path = tmp_path / "deep" / "copy.yaml"
    write_population(path, population, "first line\nsecond line")
    assert path.read_text().startswith("# first line\n# second line\nname: marketplace\n")
    assert Population.from_yaml(path) == population
    with pytest.raises(NegoenvError, match="exists already"):
        write_population(path, population, "")
