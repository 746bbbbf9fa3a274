"""What Gymnasium and its neighbours expect of an environment, for every id."""

import copy
import json
import pickle

import gymnasium as gym
import numpy as np
import pytest
from gymnasium.envs.registration import EnvSpec
from gymnasium.utils.env_checker import check_env, data_equivalence
from gymnasium.vector import AutoresetMode
from numpy.testing import assert_array_equal

from negoenv.game.supplier import SUPPLIER
from negoenv.registration import environment_id, environment_ids
from negoenv.scenarios.presets import PRESETS
from tests.laboratory import same

IDS = environment_ids()
NEGOTIATIONS = tuple(environment_id(name) for name in PRESETS)
ONE = NEGOTIATIONS[0]
PATIENT = {"supplier": {"exit_rate": 0.0, "tolerance": 5.0, "decisiveness": 0.0}}  # stays, and accepts nothing

each_id = pytest.mark.parametrize("env_id", IDS)
each_negotiation = pytest.mark.parametrize("env_id", NEGOTIATIONS)
each_mode = pytest.mark.parametrize("mode", AutoresetMode)

AT_THE_END = {
    "negotiation": {
        "outcome", "price", "surplus_share", "supplier_margin", "goodwill", "under_delivery_probability", "rounds",
        "illegal_moves", "bluffs", "deals",
    },
    "ladder": {"outcome", "rung", "surplus_share", "rounds", "illegal_moves"},
}  # fmt: skip


def _name(env_id):
    return env_id.removeprefix("negoenv/").removesuffix("-v0")


def _population(env_id, split="train"):
    return PRESETS[_name(env_id)].population(split)


WITH_A_DEAL = {"price", "surplus_share", "supplier_margin", "goodwill", "under_delivery_probability"}


def at_the_end(env_id):
    return AT_THE_END["negotiation" if env_id in NEGOTIATIONS else "ladder"]


def walk(env, steps, seed=None, options=None):
    """Play moves that depend on ``steps`` alone, over several episodes; return everything that came back."""
    trail = []
    if seed is not None:
        trail.append(env.reset(seed=seed, options=options))
    rng = np.random.default_rng(1)
    for _ in range(steps):
        trail.append(env.step(int(rng.integers(env.action_space.n))))
        if trail[-1][2]:
            trail.append(env.reset())
    return trail


# The checkers, and what they rely on


@pytest.mark.slow
@each_id
def test_gymnasium_checks_it(env_id):
    check_env(gym.make(env_id).unwrapped)


@each_id
def test_stable_baselines3_checks_it(env_id):
    checker = pytest.importorskip("stable_baselines3.common.env_checker")
    checker.check_env(gym.make(env_id).unwrapped)


def test_the_id_names_its_module():
    assert gym.make(f"negoenv:{ONE}").spec.id == ONE
    assert all(env_id.startswith("negoenv/") and env_id.endswith("-v0") for env_id in IDS)


@each_id
def test_the_spec_survives_json(env_id):
    kwargs = {"reveal": True}
    if env_id in NEGOTIATIONS:
        kwargs |= {"split": "test", "scenario": {"deadline": 7, "weights": {"goodwill": 0.1}, "without": ["EMOTION"]}}
    env = gym.make(env_id, **kwargs)
    spec = EnvSpec.from_json(env.spec.to_json())
    assert spec == env.spec
    assert same(walk(gym.make(spec), 40, seed=3), walk(env, 40, seed=3))


@each_id
@pytest.mark.parametrize("mode", ["NextStep", "SameStep", "Disabled"])
def test_the_spec_of_a_vector_environment_survives_json(env_id, mode):
    envs = gym.make_vec(env_id, num_envs=3, autoreset_mode=mode)
    json.loads(envs.spec.to_json())
    again = gym.make_vec(EnvSpec.from_json(envs.spec.to_json()), num_envs=3)
    assert again.autoreset_mode == envs.autoreset_mode
    assert data_equivalence(again.reset(seed=2), envs.reset(seed=2))


@pytest.mark.slow
@each_id
@pytest.mark.parametrize(
    "duplicate", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))], ids=["copy", "pickle"]
)
def test_a_copy_continues_identically(env_id, duplicate):
    env = gym.make(env_id)
    walk(env, 3, seed=11)
    twin = duplicate(env)
    assert same(walk(twin, 60), walk(env, 60))


@each_id
@pytest.mark.parametrize(
    "duplicate", [copy.deepcopy, lambda env: pickle.loads(pickle.dumps(env))], ids=["copy", "pickle"]
)
def test_a_copy_of_a_vector_environment_continues_identically(env_id, duplicate):
    envs = gym.make_vec(env_id, num_envs=5)
    envs.action_space.seed(0)
    actions = [envs.action_space.sample() for _ in range(30)]
    envs.reset(seed=4)
    envs.step(actions[0])
    twin = duplicate(envs)
    for chosen in actions:
        assert same(twin.step(chosen), envs.step(chosen))


@each_id
def test_what_is_returned_is_the_callers_to_change(env_id):
    envs, untouched = gym.make_vec(env_id, num_envs=4), gym.make_vec(env_id, num_envs=4)
    envs.reset(seed=0), untouched.reset(seed=0)
    for _ in range(25):
        chosen = np.ones(4, np.int64)
        returned, expected = envs.step(chosen), untouched.step(chosen)
        assert same(returned, expected)
        for array in (*returned[:4], returned[4]["action_mask"], *returned[4]["reward_terms"].values()):
            array[...] = 0


# Spaces, masks, infos


@each_id
def test_observations_lie_in_the_space(env_id):
    env = gym.make(env_id)
    for returned in walk(env, 200, seed=1):
        assert env.observation_space.contains(returned[0])
        assert env.observation_space.dtype == np.asarray(returned[0]).dtype


@each_id
def test_masks_have_a_bit_for_each_action(env_id):
    env = gym.make(env_id)
    env.action_space.seed(0)
    _, info = env.reset(seed=0)
    for _ in range(100):
        mask = info["action_mask"]
        assert mask.dtype == np.int8
        assert mask.shape == (env.action_space.n,)
        assert set(mask.tolist()) <= {0, 1}
        assert_array_equal(mask, env.get_wrapper_attr("action_masks")())
        _, _, terminated, _, info = env.step(env.action_space.sample(mask))
        if terminated:
            assert info["illegal_moves"] == 0
            _, info = env.reset()


@each_id
def test_infos_have_their_keys(env_id):
    env = gym.make(env_id)
    assert not env.unwrapped.reveal
    for returned in walk(env, 150, seed=2):
        if len(returned) == 2:
            assert set(returned[1]) == {"action_mask"}
            continue
        _, reward, terminated, truncated, info = returned
        assert not truncated
        assert {"action_mask", "reward_terms"} <= set(info)
        known = at_the_end(env_id)
        if terminated:  # what only a deal has is NaN or left out without one
            assert known - WITH_A_DEAL <= set(info) - {"action_mask", "reward_terms"} <= known
            for key in known & WITH_A_DEAL:
                assert np.isfinite(info.get(key, np.nan)) == (info["outcome"] == "deal")
        else:
            assert set(info) == {"action_mask", "reward_terms"}
        assert set(info["reward_terms"]) == set(env.unwrapped.batch.reward_names)
        assert type(reward) is float
        assert reward == pytest.approx(sum(info["reward_terms"].values()), abs=1e-12)
        assert all(type(value) in (str, int, float) for key, value in info.items() if key in at_the_end(env_id))


@each_id
def test_vector_infos_have_their_keys(env_id):
    envs = gym.make_vec(env_id, num_envs=6)
    _, infos = envs.reset(seed=0)
    assert set(infos) == {"action_mask"}
    envs.action_space.seed(0)
    ended = 0
    for _ in range(60):
        _, _, terminated, truncated, infos = envs.step(envs.action_space.sample())
        assert not truncated.any()
        assert infos["action_mask"].shape == (6, envs.single_action_space.n)
        expected = {"action_mask", "reward_terms"}
        if terminated.any():
            expected |= at_the_end(env_id) | {f"_{key}" for key in at_the_end(env_id)}
            deal = terminated & (infos["outcome"] == "deal")
            for key in at_the_end(env_id):
                assert (infos[f"_{key}"] <= terminated).all()
                assert (infos[f"_{key}"] >= (deal if key in WITH_A_DEAL else terminated)).all()
                if key in WITH_A_DEAL:
                    assert np.array_equal(np.isfinite(infos[key][infos[f"_{key}"]]), deal[infos[f"_{key}"]])
            ended += 1
        assert set(infos) == expected
    assert ended > 10


@pytest.mark.slow
@each_id
@pytest.mark.parametrize("mode", AutoresetMode)
def test_what_was_returned_is_the_callers(env_id, mode):
    """It stays as it was, whatever is done next; and nothing depends on what the caller does with it."""
    envs, untouched = (gym.make_vec(env_id, num_envs=40, autoreset_mode=mode) for _ in range(2))
    held = [envs.reset(seed=0)]
    untouched.reset(seed=0)
    rng = np.random.default_rng(0)
    for _ in range(12):
        before = copy.deepcopy(held)
        actions = rng.integers(envs.single_action_space.n, size=40)
        held.append(envs.step(actions))
        if "final_obs" in held[-1][-1]:  # NumPy does not compare arrays of arrays
            held[-1][-1]["final_obs"] = held[-1][-1]["final_obs"].tolist()
        over = untouched.step(actions)[2]
        if mode == AutoresetMode.DISABLED and over.any():
            before = copy.deepcopy(held)
            held.append(envs.reset(options={"reset_mask": over.copy()}))
            untouched.reset(options={"reset_mask": over.copy()})
        assert same(held[: len(before)], before)
        held[-1][-1]["action_mask"][:] = 0
        assert_array_equal(envs.action_masks(), untouched.action_masks())


@each_id
def test_the_truth_is_revealed_on_request(env_id):
    env = gym.make(env_id, reveal=True)
    *_, info = next(returned for returned in walk(env, 200, seed=0) if len(returned) == 5 and returned[2])
    truth = set(SUPPLIER.names) if env_id in NEGOTIATIONS else {"supplier"}
    assert set(info["hidden"]) == truth
    envs = gym.make_vec(env_id, num_envs=2, reveal=True)
    envs.reset(seed=0)
    for _ in range(40):
        *_, terminated, _, infos = envs.step(np.ones(2, np.int64))
        assert ("hidden" in infos) == terminated.any()
        if terminated.any():
            assert set(infos["hidden"]) == truth
            assert_array_equal(infos["_hidden"], terminated)


def _numbers(value):
    """Yield every number in what an environment returned."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from _numbers(inner)
    elif isinstance(value, (tuple, list)):
        for inner in value:
            yield from _numbers(inner)
    elif not isinstance(value, str):
        yield from np.ravel(value).astype(np.float64).tolist()


def _keys(value):
    for key, inner in value.items():
        yield key
        if isinstance(inner, dict):
            yield from _keys(inner)


@each_negotiation
def test_the_truth_stays_hidden_otherwise(env_id):
    rng = np.random.default_rng(0)
    hidden = {}
    for field in SUPPLIER.fields:
        if field.name != "archetype":
            high = min(field.high, 0.99) if field.name == "reservation_price" else field.high
            hidden[field.name] = float(rng.uniform(field.low, high))
    hidden["exit_rate"] = 0.0123456
    env = gym.make(env_id)
    trail = walk(env, 1, seed=0, options={"supplier": hidden})
    rng = np.random.default_rng(3)
    while not trail[-1][2]:
        trail.append(env.step(int(rng.integers(3, 20))))
    seen = np.array(list(_numbers(trail)))
    for name, value in hidden.items():
        assert not np.isclose(seen, value, rtol=1e-6, atol=0.0).any(), f"{name} can be read from what is returned"
    for returned in trail:
        assert not set(_keys(returned[-1])) & set(SUPPLIER.names)
