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
from gymnasium.wrappers.vector import DictInfoToList, RecordEpisodeStatistics
from numpy.testing import assert_array_equal

from negoenv import NegoenvError
from negoenv.game import observation
from negoenv.game.supplier import SUPPLIER
from negoenv.game.tactics import FAMILY_OF, Move
from negoenv.ladder.rules import LadderMove
from negoenv.registration import environment_id, environment_ids
from negoenv.scenarios.presets import PRESETS
from tests.laboratory import begin, play, same

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


# Seeds


@each_id
def test_a_seed_keys_a_stream_and_none_continues_it(env_id):
    first, second = gym.make(env_id), gym.make(env_id)
    one, other = walk(first, 60, seed=5), walk(second, 60, seed=5)
    assert same(one, other)
    assert data_equivalence(first.reset(), second.reset())
    assert not same(walk(first, 60, seed=6), one)
    assert same(walk(first, 60, seed=5), one)


@each_id
def test_none_draws_another_episode(env_id):
    env = gym.make(env_id)
    episodes = [walk(env, 4, seed=0), walk(env, 4), walk(env, 4)]
    assert not same(episodes[1], episodes[2])


@each_id
def test_zero_is_a_seed_like_any_other(env_id):
    env = gym.make(env_id)
    assert same(walk(env, 60, seed=0), walk(env, 60, seed=0))
    assert not same(walk(env, 60, seed=0), walk(env, 60, seed=1))
    assert same(walk(env, 60, seed=np.int64(0)), walk(env, 60, seed=0))


def test_without_a_seed_every_environment_is_another():
    limits = {float(gym.make(ONE).reset()[0][observation.INDEX["limit"]]) for _ in range(4)}
    assert len(limits) == 4


def test_a_list_seeds_each_row_by_itself():
    envs = gym.make_vec(ONE, num_envs=3)
    started, _ = envs.reset(seed=[4, None, 9])
    assert_array_equal(started[0], gym.make(ONE).reset(seed=4)[0])
    assert_array_equal(started[2], gym.make(ONE).reset(seed=9)[0])
    fresh, _ = gym.make_vec(ONE, num_envs=3).reset(seed=[4, None, 9])
    assert not np.array_equal(started[1], fresh[1]), "a row without a seed was seeded all the same"


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


# Options


def _truth(env_id, options, rows=200, split="train"):
    """Return the hidden types of the suppliers met with ``options``, and the first observations by name."""
    envs = gym.make_vec(env_id, num_envs=rows, reveal=True, split=split)
    started, infos = envs.reset(seed=0, options=options)
    *_, infos = envs.step(np.full(rows, Move.WALK_AWAY))
    return infos["hidden"], observation.named(started)


@each_negotiation
def test_options_fix_fields_of_the_supplier(env_id):
    hidden, seen = _truth(env_id, {"supplier": {"reservation_price": 1.1, "power": np.linspace(0, 1, 200)}})
    assert (hidden["reservation_price"] == np.float32(1.1)).all()
    assert_array_equal(hidden["power"], np.linspace(0, 1, 200, dtype=np.float32))
    assert np.allclose(seen["ask"], 1.1), "nobody asks less than the reservation price"
    assert set(hidden["archetype"]) == set(_population(env_id).archetype_names)


@each_negotiation
@pytest.mark.parametrize("split", ["train", "test"])
def test_options_name_an_archetype(env_id, split):
    for name in _population(env_id, split).archetype_names:
        hidden, _ = _truth(env_id, {"supplier": name}, split=split)
        assert set(hidden["archetype"]) == {name}


@each_negotiation
def test_options_fix_the_context(env_id):
    _, seen = _truth(env_id, {"context": {"limit": 0.77, "ask": 0.95, "round": 5.0, "deadline": 10.0}})
    assert np.allclose(seen["limit"], 0.77)
    assert np.allclose(seen["ask"], 0.95)
    assert np.allclose(seen["progress"], 0.5)


@each_id
@pytest.mark.parametrize("options", [{"suplier": {}}, {"supplier": "prowd"}, {"supplier": {"powr": 1.0}}])
def test_unknown_options_are_refused(env_id, options):
    with pytest.raises(NegoenvError, match=r"prowd|powr|suplier"):
        gym.make(env_id).reset(seed=0, options=options)


@each_id
def test_options_hold_for_one_episode(env_id):
    name = _population(env_id).archetype_names[-1] if env_id in NEGOTIATIONS else "proud"
    env, other = gym.make(env_id), gym.make(env_id)
    env.reset(seed=0, options={"supplier": name})
    other.reset(seed=0)
    assert data_equivalence(env.reset(), other.reset())


# Vector environments and autoreset


@each_id
@each_mode
def test_every_autoreset_mode_has_two_spellings(env_id, mode):
    for spelling in (mode, mode.value, mode.name):
        envs = gym.make_vec(env_id, num_envs=2, autoreset_mode=spelling)
        assert envs.metadata["autoreset_mode"] is mode
        assert envs.unwrapped.autoreset_mode is mode
    assert gym.make_vec(env_id, num_envs=2).metadata["autoreset_mode"] is AutoresetMode.NEXT_STEP


@each_id
def test_vector_spaces_are_batches_of_the_single_ones(env_id):
    env, envs = gym.make(env_id), gym.make_vec(env_id, num_envs=3)
    assert envs.num_envs == 3
    assert envs.single_observation_space == env.observation_space
    assert envs.single_action_space == env.action_space
    started, _ = envs.reset(seed=0)
    assert envs.observation_space.contains(started)
    stepped, rewards, terminated, truncated, _ = envs.step(envs.action_space.sample())
    assert envs.observation_space.contains(stepped)
    assert (rewards.dtype, terminated.dtype, truncated.dtype) == (np.float64, np.bool_, np.bool_)
    assert rewards.shape == terminated.shape == truncated.shape == (3,)


@each_id
def test_disabled_resets_the_rows_of_the_mask(env_id):
    envs = gym.make_vec(env_id, num_envs=4, autoreset_mode="Disabled")
    envs.reset(seed=0)
    leave = LadderMove.WALK_AWAY if env_id not in NEGOTIATIONS else Move.WALK_AWAY
    stay = 0 if env_id not in NEGOTIATIONS else Move.HOLD
    before, _, terminated, _, _ = envs.step(np.array([leave, stay, leave, stay]))
    assert terminated[[0, 2]].all()
    with pytest.raises(NegoenvError, match=r"rows \[0, 2.*reset_mask"):
        envs.step(np.full(4, stay))
    other = gym.make(env_id)
    other.reset(seed=0)
    after, _ = envs.reset(options={"reset_mask": terminated})
    assert_array_equal(after[0], other.reset()[0])
    assert_array_equal(after[~terminated], before[~terminated])
    envs.step(np.full(4, stay))


@each_id
def test_a_seed_reaches_only_the_rows_of_the_mask(env_id):
    envs = [gym.make_vec(env_id, num_envs=3, autoreset_mode="Disabled") for _ in range(3)]
    mask = np.array([True, False, False])
    started = []
    for number, each in enumerate(envs):
        each.reset(seed=0)
        if number:
            each.reset(seed=[50, 51, 52] if number == 1 else 50, options={"reset_mask": mask})
        started.append(each.reset(options={"reset_mask": ~mask})[0])
    assert_array_equal(started[1][1:], started[0][1:])
    assert_array_equal(started[2][1:], started[0][1:])


@each_id
def test_same_step_hands_over_the_last_observation(env_id):
    envs, next_step = (gym.make_vec(env_id, num_envs=5, autoreset_mode=mode) for mode in ("SameStep", "NextStep"))
    envs.reset(seed=1), next_step.reset(seed=1)
    chosen = np.ones(5, np.int64)
    terminated = np.zeros(5, np.bool_)
    while not terminated.any():
        last, _, terminated, _, final = next_step.step(chosen)
        _, _, ended, _, infos = envs.step(chosen)
    assert_array_equal(ended, terminated)
    assert_array_equal(infos["_final_obs"], terminated)
    assert_array_equal(infos["_final_info"], terminated)
    for row in range(5):
        if terminated[row]:
            assert_array_equal(infos["final_obs"][row], last[row])
        else:
            assert infos["final_obs"][row] is None
    for key in at_the_end(env_id):
        assert same(infos["final_info"][key], final[key])


@each_id
def test_gymnasiums_vector_wrappers_understand_the_infos(env_id):
    envs = DictInfoToList(RecordEpisodeStatistics(gym.make_vec(env_id, num_envs=3)))
    _, infos = envs.reset(seed=0)
    assert [set(info) for info in infos] == [{"action_mask"}] * 3
    ended = 0
    for _ in range(60):
        _, _, terminated, _, infos = envs.step(np.ones(3, np.int64))
        for over, info in zip(terminated, infos, strict=True):
            always = at_the_end(env_id) - WITH_A_DEAL
            assert always <= set(info) if over else not at_the_end(env_id) & set(info)
            ended += over
            if over:
                assert info["episode"]["l"] == info["rounds"]
    assert ended > 2


# Rendering


@each_id
def test_every_render_mode_renders(env_id):
    for mode in set(gym.spec(env_id).make().metadata["render_modes"]) - {"human"}:  # test_viewer.py opens the window
        env = gym.make(env_id, render_mode=mode)
        assert env.render_mode == mode
        env.reset(seed=0, options=PATIENT)
        first = env.render()
        env.step(1)
        second = env.render()
        assert not np.array_equal(first, second)
        if mode == "ansi":
            assert isinstance(second, str)
        else:
            assert second.dtype == np.uint8
            assert second.ndim == 3


@each_negotiation
def test_rendering_changes_nothing(env_id):
    assert same(walk(gym.make(env_id), 60, seed=9), walk(gym.make(env_id, render_mode="ansi"), 60, seed=9))


def test_render_without_a_mode_warns():
    env = gym.make(ONE).unwrapped
    env.reset(seed=0)
    with pytest.warns(UserWarning, match="render_mode"):
        assert env.render() is None


# What is legal


@each_negotiation
@pytest.mark.parametrize("past", [(), (1,), (0, 19, 4), (3,), (2, 8), (1, 9), (1, 17, 17, 17, 17), (2, 6, 14, 18, 13)])
def test_what_the_mask_forbids_counts_as_an_illegal_hold(env_id, past):
    rows = len(Move) + 2
    chosen = np.arange(rows) - 1  # the first and the last are no moves
    arguments = {"num_rows": 2 * rows, "scenario": _name(env_id)}
    for seed in range(6):
        batch = begin(**arguments, **PATIENT)
        batch.seed_each([seed] * 2 * rows)
        batch.reset(np.ones(2 * rows, np.bool_), PATIENT)
        play(batch, past)
        if batch.terminated[0]:
            continue
        mask = np.zeros(rows, np.bool_)
        mask[1:-1] = batch.action_masks[0] == 1
        before = batch.state["illegal_moves"].copy()
        play(batch, [np.concatenate([chosen, np.full(rows, Move.HOLD)])])
        counted = batch.state["illegal_moves"] - before
        assert_array_equal(counted[:rows] == 0, mask)
        assert (counted[rows:] == 0).all()
        alone, held = batch.observations[:rows], batch.observations[rows:]
        assert_array_equal(alone[~mask], held[~mask])
        assert_array_equal(batch.rewards[:rows][~mask], batch.rewards[rows:][~mask])


@each_negotiation
def test_moves_left_out_of_a_scenario_are_never_legal(env_id):
    env = gym.make(env_id, scenario={"without": ["EMOTION", "INVITE_RIVALS"]})
    _, info = env.reset(seed=0)
    left_out = [move for move in Move if move.name == "INVITE_RIVALS" or FAMILY_OF[move].name == "EMOTION"]
    assert info["action_mask"][left_out].sum() == 0
    *_, info = env.step(Move.FURY)
    while "illegal_moves" not in info:
        *_, info = env.step(Move.WALK_AWAY)
    assert info["illegal_moves"] == 1
