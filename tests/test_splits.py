"""The splits: whom training, validation and test meet, and that nobody is met in two of them."""

import gymnasium as gym
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negoenv import NegoenvError
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.ladder import LadderBatch
from negoenv.make import make_batch
from negoenv.registration import environment_ids
from negoenv.scenarios import populations
from negoenv.scenarios.presets import PRESETS, resolve
from negoenv.scenarios.scenario import SPLITS
from negoenv.scenarios.splits import STREAMS, stream_of

ALL = np.ones(64, np.bool_)
SEEDS = st.integers(0, 2**130)


def test_the_splits():
    assert SPLITS == ("train", "validation", "test", "unseen")
    assert [stream_of(split) for split in SPLITS] == [0, 1, 0, 2]
    for make in (lambda split: make_batch(1, "Procurement", split), lambda split: make_batch(1, "Ladder", split)):
        with pytest.raises(NegoenvError, match=r"^Unknown split .tset.\. Did you mean .test.\? Accepted: test, train"):
            make("tset")


@given(validation=SEEDS, other=SEEDS, split=st.sampled_from(["train", "test", "unseen"]))
def test_validation_shares_no_key_with_the_others_whatever_the_seeds(validation, other, split):
    mine, theirs = (make_batch(64, "Ladder", name) for name in ("validation", split))
    mine.seed(validation)
    theirs.seed(other)
    assert not set(mine.keys.tolist()) & set(theirs.keys.tolist())
    mine.seed_each([validation] * 64)
    assert not set(mine.keys.tolist()) & set(theirs.keys.tolist())


def suppliers(split, seed, scenario=None):
    """Return the traits of the suppliers that 64 seeds meet, and what the rows see of them."""
    batch = NegotiationBatch(64, scenario or PRESETS["Procurement"], split)
    batch.seed(seed)
    batch.reset(ALL)
    return {tuple(row) for row in batch.supplier_matrix.tolist()}


@pytest.mark.parametrize("seed", [0, 1_000_000, 2**62, 2**63 + 1_000_000, 2**64 - 64])
def test_nobody_is_met_in_validation_and_elsewhere(seed):
    met = suppliers("validation", seed)
    assert len(met) == 64
    for split in ("train", "test"):
        for other in (0, 1_000_000, seed, seed + 2**62, seed + 2**63):
            assert not met & suppliers(split, other)


def test_one_population_is_enough_for_the_splits_to_differ():
    scenario = resolve("Marketplace")
    assert scenario.train == scenario.test
    met = [suppliers(split, 3, scenario) for split in ("train", "validation", "test")]
    assert met[0] == met[2]
    assert not met[0] & met[1]


@pytest.mark.parametrize("split", ["train", "test"])
def test_training_and_test_have_the_keys_that_they_always_had(split):
    for name in ("Procurement", "Ladder"):
        batch = make_batch(4, name, split)
        batch.seed(1_000_000)
        assert batch.keys.tolist() == [1_000_000, 1_000_001, 1_000_002, 1_000_003]
        batch.seed_each([5, None, 2**62 - 1, 0])
        assert batch.keys.tolist() == [5, 1_000_001, 2**62 - 1, 0]


def test_types_of_the_ladder_are_drawn_anew_in_validation():
    drawn = {}
    for split in SPLITS:
        batch = LadderBatch(64, split=split)
        batch.seed(7)
        batch.reset(ALL)
        drawn[split] = batch.revealed()["supplier"].tolist()
    assert drawn["train"] == drawn["test"] != drawn["validation"]
    assert {*drawn["validation"]} == {"yielding", "proud"}


@pytest.mark.parametrize("env_id", environment_ids())
def test_single_and_vector_environments_take_it_and_agree(env_id):
    one, many = gym.make(env_id, split="validation"), gym.make_vec(env_id, num_envs=8, split="validation")
    other = gym.make(env_id, split="train").unwrapped
    observations, _ = many.reset(seed=11)
    for row in range(8):
        assert np.array_equal(one.reset(seed=11 + row)[0], observations[row])
    assert one.unwrapped.batch.keys[0] == many.unwrapped.batch.keys[7]
    other.reset(seed=18)
    assert other.batch.keys[0] != one.unwrapped.batch.keys[0]
    one.reset()
    assert one.unwrapped.batch.keys[0] >> np.uint64(62) == STREAMS["validation"]
    fresh = gym.make(env_id, split="validation").unwrapped
    fresh.reset()
    assert fresh.batch.keys[0] >> np.uint64(62) == STREAMS["validation"]


def test_copies_of_a_game_stay_in_their_stream():
    batch = NegotiationBatch(4, PRESETS["Procurement"], "validation")
    for copy in (batch.resized(2), batch.first_rows(2), batch.varied(2, {})):
        copy.seed(1)
        assert (copy.keys >> np.uint64(62)).tolist() == [1, 1]


# Populations


@pytest.mark.parametrize("name", PRESETS)
def test_validation_has_the_kinds_of_the_test(name):
    assert PRESETS[name].population("validation") == PRESETS[name].test


def test_validation_may_have_a_population_of_its_own():
    scenario = resolve({"validation": "ebay"})
    assert scenario.population("validation") == populations.find("ebay")
    assert scenario.test == PRESETS["Procurement"].test
    assert NegotiationBatch(1, scenario, "validation").population == populations.find("ebay")


def test_population_replaces_that_of_all_splits():
    scenario = resolve({"validation": "ebay"}, population="marketplace")
    assert {scenario.population(split).name for split in SPLITS} == {"marketplace"}
    assert {resolve({"population": "ebay"}).population(split).name for split in SPLITS} == {"ebay"}
    for split in SPLITS:
        with pytest.raises(NegoenvError, match=rf"stands for all splits; leave out 'population' or '{split}'\.$"):
            resolve({"population": "ebay", split: "ebay"})
