"""What is an action, and what is a seed: the same in the single and in the vectorised environment."""

import fractions

import gymnasium as gym
import numpy as np
import pytest

from negoenv import NegoenvError
from negoenv.benchmark.evaluation import evaluate
from negoenv.game.tactics import Move
from negoenv.make import make_batch
from negoenv.registration import environment_ids
from tests.laboratory import same

ID = "negoenv/Procurement-v0"
ROWS = 3
each_id = pytest.mark.parametrize("env_id", [ID, "negoenv/Ladder-v0"])


def single(env_id=ID):
    env = gym.make(env_id).unwrapped
    env.reset(seed=0)
    return env


def rows(env_id=ID, count=ROWS, **arguments):
    envs = gym.make_vec(env_id, num_envs=count, **arguments)
    envs.reset(seed=0)
    return envs


def tensor(value):
    return pytest.importorskip("torch").tensor(value)


# What Gymnasium's own environments take, and tensors

SINGLE_TAKEN = {
    "int": 3,
    "bool": True,
    "NumPy's integers": np.int64(3),
    "small integers": np.int8(3),
    "unsigned integers": np.uint32(3),
    "an array without dimensions": np.array(3),
    "a small array without dimensions": np.array(3, np.uint8),
    "an array of other bytes": np.array(3, ">i2"),
}
TAKEN = {
    "a list": [3, 1, 0],
    "a tuple": (3, 1, 0),
    "a list of NumPy's integers": [np.int64(3), np.int8(1), np.uint32(0)],
    "int64": np.array([3, 1, 0]),
    "int8": np.array([3, 1, 0], np.int8),
    "uint32": np.array([3, 1, 0], np.uint32),
    "other bytes": np.array([3, 1, 0], ">i4"),
    "every other": np.array([3, 9, 1, 9, 0, 9])[::2],
    "backwards": np.array([0, 1, 3])[::-1],
    "a masked array with nothing masked": np.ma.array([3, 1, 0]),
    "a subclass": np.array([3, 1, 0]).view(np.recarray),
}


@each_id
@pytest.mark.parametrize("case", SINGLE_TAKEN)
def test_an_action_that_is_taken(env_id, case):
    action = SINGLE_TAKEN[case]
    assert same(single(env_id).step(action), single(env_id).step(int(action)))


@each_id
def test_a_tensor_is_taken(env_id):
    assert same(single(env_id).step(tensor(3)), single(env_id).step(3))
    assert same(rows(env_id).step(tensor([3, 1, 0])), rows(env_id).step([3, 1, 0]))


@each_id
@pytest.mark.parametrize("case", TAKEN)
def test_actions_that_are_taken(env_id, case):
    assert same(rows(env_id).step(TAKEN[case]), rows(env_id).step(np.array([3, 1, 0])))


def test_actions_of_truth_are_taken_as_gymnasium_takes_them():
    assert same(rows().step(np.array([True, False, True])), rows().step([1, 0, 1]))


@each_id
def test_read_only_actions_are_taken_and_none_is_changed(env_id):
    actions = np.array([3, 1, 0])
    actions.flags.writeable = False
    assert same(rows(env_id).step(actions), rows(env_id).step([3, 1, 0]))
    assert actions.tolist() == [3, 1, 0]


# What they do not take

NO_ACTION = {
    "a fraction": 2.7,
    "a whole float": 2.0,
    "no number": np.nan,
    "infinity": np.inf,
    "NumPy's float": np.float32(3.5),
    "beyond the last": 99,
    "below the first": -1,
    "beyond 64 bits": 2**64,
    "far below": -(2**70),
    "unsigned 64 bits": np.uint64(3),
    "None": None,
    "a word": "HOLD",
    "complex": 3j,
    "another kind of number": fractions.Fraction(3),
    "an object": np.array(3, object),
    "a float without dimensions": np.array(3.0),
    "time": np.timedelta64(3),
    "a set": {3},
    "a dictionary": {"action": 3},
}


@each_id
@pytest.mark.parametrize("case", NO_ACTION)
def test_what_is_no_action_is_refused_alike(env_id, case):
    wrong = NO_ACTION[case]
    env, envs, other, others = single(env_id), rows(env_id), single(env_id), rows(env_id)
    count = int(env.action_space.n)
    with pytest.raises(NegoenvError, match=rf"^action is .*; a whole number from 0 to {count - 1} is expected\.$"):
        env.step(wrong)
    with pytest.raises(NegoenvError, match=rf"^actions.* with whole numbers from 0 to {count - 1} is expected\.$"):
        envs.step([1, wrong, 1])
    assert same(env.step(1), other.step(1)), "nothing has happened"
    assert same(envs.step([1, 0, 1]), others.step([1, 0, 1]))


@each_id
def test_the_first_number_beyond_the_actions_is_refused(env_id):
    count = int(single(env_id).action_space.n)
    single(env_id).step(count - 1)
    rows(env_id).step([count - 1] * ROWS)
    for wrong in (count, -1):
        with pytest.raises(NegoenvError, match=f"action is {wrong};"):
            single(env_id).step(wrong)
        for row in range(ROWS):
            actions = np.zeros(ROWS, np.int64)
            actions[row] = wrong
            with pytest.raises(NegoenvError, match=rf"actions\[{row}\] is {wrong};"):
                rows(env_id).step(actions)


SINGLE_SHAPES = {
    "an array of one": (lambda: np.array([3]), r"array\(\[3\]\)"),
    "a list of one": (lambda: [3], r"\[3\]"),
    "an empty list": (list, r"\[\]"),
    "a column": (lambda: np.full((40, 1), 3), "array"),
    "a tensor of one": (lambda: tensor([3]), "tensor"),
}
SHAPES = {
    "too few": (lambda: [1, 1], r"a list of type int64 and shape \(2,\)"),
    "too many": (lambda: np.ones(4, int), r"ndarray of type int64 and shape \(4,\)"),
    "one number": (lambda: 1, r"a int of type int64 and shape \(\)"),
    "a column": (lambda: np.ones((3, 1), int), r"shape \(3, 1\)"),
    "a row": (lambda: np.ones((1, 3), int), r"shape \(1, 3\)"),
    "none": (list, r"shape \(0,\)"),
    "ragged": (lambda: [[1], [1, 2], 1], "a list"),
    "floats": (lambda: np.ones(3), "of type float64"),
    "float32": (lambda: np.ones(3, np.float32), "of type float32"),
    "not all numbers": (lambda: np.array([1, np.nan, 1]), "of type float64"),
    "objects": (lambda: np.array([1, 1, 1], object), "of type object"),
    "unsigned 64 bits": (lambda: np.ones(3, np.uint64), "of type uint64"),
    "words": (lambda: ["HOLD"] * 3, "of type <U4"),
    "masked": (lambda: np.ma.array([1, 1, 1], mask=[0, 1, 0]), "a MaskedArray"),
    "floats in a tensor": (lambda: tensor([1.0, 1.0, 1.0]), "a Tensor of type torch.float32"),
    "a tensor with a gradient": (lambda: tensor([1.0, 1.0, 1.0]).requires_grad_(), "a Tensor"),
    "structured": (lambda: np.zeros(3, [("action", int)]), "of type"),
    "None": (lambda: None, "a NoneType"),
    "a generator": (lambda: (1 for _ in range(3)), "a generator"),
    "a dictionary": (lambda: {0: 1}, "a dict"),
}


@each_id
@pytest.mark.parametrize("case", SINGLE_SHAPES)
def test_an_action_of_another_shape_is_refused(env_id, case):
    make, seen = SINGLE_SHAPES[case]
    with pytest.raises(NegoenvError, match=rf"^action is {seen}.*; a whole number.*\.$"):
        single(env_id).step(make())


@each_id
@pytest.mark.parametrize("case", SHAPES)
def test_actions_of_another_shape_or_type_are_refused(env_id, case):
    make, seen = SHAPES[case]
    with pytest.raises(NegoenvError, match=rf"^actions are .*{seen}.*; an array of shape \(3,\) with whole.*\.$"):
        rows(env_id).step(make())


@pytest.mark.parametrize("count", [1, 2, 257, 1024])
def test_one_wrong_action_among_many_is_found(count):
    envs, untouched = rows(count=count, num_threads=2), rows(count=count, num_threads=2)
    for row in {0, count // 2, count - 1}:
        for wrong in (-1, len(Move), 2**62, -(2**63)):
            actions = np.ones(count, np.int64)
            actions[row] = wrong
            with pytest.raises(NegoenvError, match=rf"actions\[{row}\] is {wrong};"):
                envs.step(actions)
    assert same(envs.step(np.ones(count, int)), untouched.step(np.ones(count, int)))


@each_id
def test_a_move_that_is_masked_is_still_a_hold(env_id):
    """It lies in the space; only what lies outside is refused."""
    env = single(env_id)
    masked, hold = int(np.flatnonzero(env.action_masks() == 0)[0]), Move.HOLD if env_id == ID else 0
    assert env.step(masked)[0].tolist() == single(env_id).step(hold)[0].tolist()


class Naming:
    """An actor that names the same thing whatever it sees."""

    def __init__(self, named):
        self.named = named

    def reset(self, rows, seed=0):
        pass

    def act(self, observation, action_mask, starts):
        return self.named


@pytest.mark.parametrize("wrong", [[99] * ROWS, [-1] * ROWS, [2.5] * ROWS, [1] * (ROWS - 1), 1], ids=repr)
def test_an_evaluation_takes_no_other_actions(wrong):
    batch = make_batch(ROWS, "Procurement")
    with pytest.raises(NegoenvError, match=rf"^actions.* with whole numbers from 0 to {len(Move) - 1} is expected\.$"):
        evaluate(Naming(wrong), batch)
    assert (evaluate(Naming([Move.WALK_AWAY] * ROWS), batch).outcomes["outcome"] == "walked_away").all()


# Seeds

SEEDS = [0, 5, 2**61, 2**62 - ROWS, np.int64(7), np.uint8(7), np.uint64(2**61)]
NO_SEEDS = [-1, 2**62, 2**64, 2**70, np.int64(-3), True, np.True_, 1.0, np.float64(2), np.nan, "1", np.array(3), {1}]


@pytest.mark.parametrize("env_id", environment_ids())
@pytest.mark.parametrize("seed", SEEDS, ids=repr)
def test_a_seed_is_taken(env_id, seed):
    env = gym.make(env_id).unwrapped
    started = [env.reset(seed=int(seed) + row)[0] for row in range(ROWS)]
    assert same(np.array(started), gym.make_vec(env_id, num_envs=ROWS).reset(seed=seed)[0])
    each = [int(seed) + row for row in range(ROWS)]
    assert same(np.array(started), gym.make_vec(env_id, num_envs=ROWS).reset(seed=each)[0])
    assert same(started[0], env.reset(seed=seed)[0])


@each_id
@pytest.mark.parametrize("seed", NO_SEEDS, ids=repr)
def test_what_is_no_seed_is_refused_alike(env_id, seed):
    env, envs = single(env_id), rows(env_id)
    for refused in (
        lambda: env.reset(seed=seed),
        lambda: envs.reset(seed=seed),
        lambda: envs.reset(seed=[1, seed, None]),
        lambda: envs.reset(seed=[1, seed, 2], options={"reset_mask": np.array([True, False, False])}),
    ):
        with pytest.raises(NegoenvError, match=r"^seed is .*; it must be a whole number of at (least 0|most \d+)\.$"):
            refused()
    assert same(env.step(1), single(env_id).step(1)), "what was running goes on"
    assert same(envs.step([1, 0, 1]), rows(env_id).step([1, 0, 1]))


def test_no_two_seeds_are_the_same_episode():
    """The seeds of the last rows would begin again at 0."""
    gym.make(ID).reset(seed=2**62 - 1)
    with pytest.raises(NegoenvError, match=f"at most {2**62 - ROWS}"):
        gym.make_vec(ID, num_envs=ROWS).reset(seed=2**62 - 1)
