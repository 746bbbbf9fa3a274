"""The fingerprint of a game: it changes with the game, and with nothing else."""

import sys
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest
from gymnasium import spaces

from negoenv.benchmark.fingerprint import fingerprint
from negoenv.engine.batch import Batch
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.constants import CONSTANTS
from negoenv.game.reward import WEIGHTS
from negoenv.game.supplier import SUPPLIER
from negoenv.game.tactics import EFFECT_DTYPE, Move
from negoenv.ladder import DEFAULT_RULES, LadderBatch
from negoenv.make import make_batch
from negoenv.scenarios.presets import PRESETS, resolve
from negoenv.scenarios.scenario import Scenario

OF_RULES = [(layout.name, field) for layout in (CONSTANTS, WEIGHTS) for field in layout.fields]
KNOWN = fingerprint(make_batch(1, "Procurement", "test"))


def of(changes):
    return fingerprint(make_batch(1, changes, "test"))


@pytest.fixture
def numbers_alone(monkeypatch):
    """Play nothing, and return the fingerprint then: each number must count by itself, and it takes less time."""
    monkeypatch.setattr(sys.modules["negoenv.benchmark.fingerprint"], "_play", lambda game: ())
    return of({})


@pytest.mark.parametrize(("layout", "field"), OF_RULES, ids=[f"{layout}.{field.name}" for layout, field in OF_RULES])
def test_it_changes_with_every_constant_and_weight(layout, field, numbers_alone):
    value = field.default + (1e-4 if field.default + 1e-4 <= field.high else -1e-4)
    assert of({layout: {field.name: value}}) != numbers_alone
    assert of({layout: {field.name: field.default}}) == numbers_alone


@pytest.mark.parametrize("name", EFFECT_DTYPE.names)
def test_it_changes_with_every_effect_of_every_move(name, numbers_alone):
    game = make_batch(1, "Procurement", "test").varied(1, {})
    assert fingerprint(game) == numbers_alone
    game.effects[name][Move.FURY] += 1
    assert fingerprint(game) != numbers_alone
    game.effects[name] = np.arange(len(Move))  # all moves in one go: what is hashed is what `rules` returns
    assert [game.rules()["effects"][move.name][name] for move in Move] == list(range(len(Move)))


@pytest.mark.parametrize("name", [name for name in SUPPLIER.names if name != "archetype"])
@pytest.mark.parametrize("part", ["mean", "spread"])
def test_it_changes_with_every_trait(name, part, numbers_alone):
    data = PRESETS["Procurement"].test.model_dump()
    usual = {"mean": SUPPLIER.by_name[name].default, "spread": 0.0}
    trait = data["archetypes"][2]["traits"].setdefault(name, usual)
    assert of({"test": data}) == numbers_alone, "a trait that is named with its default is no change"
    trait[part] += 1e-4 if trait[part] + 1e-4 <= SUPPLIER.by_name[name].high else -1e-4
    assert of({"test": data}) != numbers_alone


@pytest.mark.parametrize(
    "change",
    [
        {"deadline": 19}, {"deals": 2}, {"budget_slack": 0.051}, {"limit": {"low": 0.8, "high": 0.901}},
        {"benchmark": {"low": 0.661, "high": 0.76}}, {"goodwill": {"low": 0.5, "high": 0.501}}, {"without": ["FURY"]},
        {"hidden": ["strain"]}, {"test": "ebay"}, {"population": "marketplace"},
    ],
    ids=str,
)  # fmt: skip
def test_it_changes_with_every_other_key(change):
    assert of(change) != KNOWN


def test_it_changes_with_shares_and_not_with_their_unit():
    data = PRESETS["Procurement"].test.model_dump()
    for archetype in data["archetypes"]:
        archetype["share"] *= 7
    assert of({"test": data}) == KNOWN
    data["archetypes"][0]["share"] *= 1.001
    assert of({"test": data}) != KNOWN


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"name": "mine", "summary": "In other words."},
        {"train": "ebay"},  # whom nobody meets here
        {"deadline": 20, "weights": {"round": 0.008}},
        {"without": ["HOLD"], "base": "Procurement"},
    ],
    ids=str,
)
def test_it_does_not_change_with_words_nor_with_how_the_same_is_said(change):
    known = of({"without": [Move.HOLD.name, Move.HOLD.name]}) if "without" in change else KNOWN
    assert of(change) == known
    texts = PRESETS["Procurement"].test.model_dump()
    texts |= {"name": "others", "source": "elsewhere"}
    for archetype in texts["archetypes"]:
        archetype |= {"name": f"another_{archetype['name']}", "meaning": ""}
    assert of({"test": texts}) == KNOWN


def test_it_is_that_of_the_game_and_not_of_its_rows():
    one, other = make_batch(1, "Procurement", "test"), make_batch(9, "Procurement", "test", num_threads=2)
    other.seed(4)
    other.reset(np.ones(9, bool))
    before = other.observations.copy()
    assert fingerprint(one) == fingerprint(other)
    np.testing.assert_array_equal(before, other.observations)


def test_each_split_and_each_set_of_games_has_its_own():
    games = [make_batch(1, "Procurement", split) for split in ("train", "validation", "test")]
    alone = [fingerprint(game) for game in games]
    together = [fingerprint(*games), fingerprint(*games[:2]), fingerprint(*reversed(games))]
    assert len({*alone, *together}) == 6


def test_a_varied_game_is_another_one():
    game = make_batch(1, "Procurement", "test")
    assert fingerprint(game.varied(1, {"anchor": 0.3})) == of({"constants": {"anchor": 0.3}})


def test_of_the_ladder():
    known = fingerprint(LadderBatch(1, split="test"))
    assert known == fingerprint(LadderBatch(3, split="test"))
    assert known != fingerprint(LadderBatch(1, known_type=False, split="test"))
    assert known != fingerprint(LadderBatch(1, rules=replace(DEFAULT_RULES, round_cost=0.0101), split="test"))


@pytest.mark.parametrize("name", PRESETS)
def test_a_stored_scenario_is_the_same_game(name):
    scenario = resolve({"base": name, "deadline": 7})
    again = Scenario.model_validate_json(scenario.model_dump_json())
    for split in ("train", "validation", "test"):
        assert fingerprint(NegotiationBatch(1, again, split)) == fingerprint(NegotiationBatch(1, scenario, split))


# Layout


class Toy(Batch):
    """A game of two rounds, whose numbers lie in memory as the test says."""

    reward_names = ("all",)

    def __init__(self, rows=1, numbers=None, dtype=np.float64, rule=lambda observation, action: observation + action):
        self.numbers, self.dtype, self.rule = numbers or {"a": 0.1, "b": {"c": 2, "d": [0.3, -0.0]}}, dtype, rule
        self.observation_space = spaces.Box(-9, 9, (2,), dtype)
        self.action_space = spaces.Discrete(3)
        super().__init__(rows)

    def reset(self, rows, options=None):
        self.episodes[rows] += 1
        self.observations[rows] = 0.1 * np.arange(2)
        self.rewards[rows], self.terminated[rows], self.action_masks[rows] = 0.0, False, 1

    def check_options(self, rows, options):
        pass

    def step(self, actions, rows):
        self.observations[rows] = self.rule(self.observations[rows], actions[rows, None])
        self.rewards[rows] = self.observations[rows].sum(axis=1)
        self.terminated[rows] = self.rewards[rows] > 3

    def refresh(self, rows):
        pass

    def rules(self):
        return self.numbers

    def outcomes(self, rows=None):
        return {}


def _reversed(numbers):
    return {
        name: _reversed(value) if isinstance(value, Mapping) else value for name, value in reversed(numbers.items())
    }


def test_it_does_not_change_with_layout_order_or_type():
    known = fingerprint(Toy())
    padded = np.zeros(1, np.dtype([("a", np.float64), ("rest", np.int8)], align=True))
    padded["a"] = 0.1
    same = {"a": padded["a"][0], "b": {"c": np.int8(2), "d": (np.float64(0.3), 0)}}
    assert fingerprint(Toy(numbers=same)) == known
    assert fingerprint(Toy(numbers=_reversed(same))) == known
    assert fingerprint(Toy(dtype=np.float32)) == known
    assert fingerprint(Toy(rule=lambda observation, action: 1e-12 + action + observation)) == known


def test_it_changes_with_numbers_names_and_rules():
    known = fingerprint(Toy())
    others = [
        Toy(numbers={"a": 0.1, "b": {"c": 2, "d": [-0.0, 0.3]}}),
        Toy(numbers={"a": 0.1, "b": {"e": 2, "d": [0.3, -0.0]}}),
        Toy(numbers={"a": 0.1000001, "b": {"c": 2, "d": [0.3, -0.0]}}),
        Toy(rule=lambda observation, action: observation + 1.0001 * action),
    ]
    assert len({known, *map(fingerprint, others)}) == 1 + len(others)


def test_numbers_of_a_negotiation_are_all_named():
    """Whatever the rules are, nothing in them is a bare array."""

    def leaves(value):
        if isinstance(value, Mapping):
            return [leaf for inner in value.values() for leaf in leaves(inner)]
        return [leaf for inner in value for leaf in leaves(inner)] if isinstance(value, (list, tuple)) else [value]

    for game in (make_batch(1, "Procurement"), make_batch(1, "Ladder")):
        assert {type(leaf) for leaf in leaves(game.rules())} <= {int, float, str, bool}
