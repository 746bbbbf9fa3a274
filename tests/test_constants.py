"""Nothing in the model is without a name, a unit, a range and a source, and whatever has a name can be changed."""

import dataclasses
import re
from pathlib import Path

import numpy as np
import pytest

import negoenv.game.effects
import negoenv.game.observation
from negoenv.errors import NegoenvError
from negoenv.game.constants import CONSTANTS
from negoenv.game.effects import Effects, Family
from negoenv.game.reward import TERMS, WEIGHTS
from negoenv.game.state import STATE
from negoenv.game.supplier import SUPPLIER
from negoenv.game.tactics import FAMILY_OF, Move, effect_table, families_of
from negoenv.scenarios.presets import resolve
from tests.laboratory import begin, play

LAYOUTS = (CONSTANTS, WEIGHTS, SUPPLIER, STATE)
FIELDS = [
    pytest.param(layout, field, id=f"{layout.name}.{field.name}") for layout in LAYOUTS for field in layout.fields
]
SOURCED = [
    pytest.param(layout, f, id=f"{layout.name}.{f.name}") for layout in (CONSTANTS, WEIGHTS) for f in layout.fields
]

TRAITS = [field for field in SUPPLIER.fields if field.name != "archetype"]


@pytest.mark.parametrize(("layout", "field"), FIELDS)
def test_a_field_says_what_it_is(layout, field):
    assert re.fullmatch(r"[a-z][a-z_0-9]*", field.name)
    assert field.unit.strip()
    assert field.meaning.endswith(".")
    assert field.low < field.high
    if layout is not STATE:  # a state is set, not left at a default
        assert field.low <= field.default <= field.high


@pytest.mark.parametrize(("layout", "field"), SOURCED)
def test_a_constant_names_its_source(layout, field):
    assert field.source.strip()
    assert re.search(r"assumption|fitted|\d{4}", field.source)


@pytest.mark.parametrize(("layout", "field"), SOURCED)
def test_a_scenario_may_override_it(layout, field):
    value = field.high if field.default != field.high else field.low
    scenario = resolve({layout.name: {field.name: value}})
    record = scenario.constant_record() if layout is CONSTANTS else scenario.weight_record()
    assert record[field.name][0] == value
    others = [name for name in layout.names if name != field.name]
    assert all(record[name][0] == layout.by_name[name].default for name in others)
    for wrong in (field.high + 1.0, field.low - 1.0, float("nan")):
        with pytest.raises(NegoenvError, match=field.name):
            resolve({layout.name: {field.name: wrong}})


_SIMPLE = np.array([move.simple for move in Move])


def _fingerprint(scenario, supplier=None):
    """Return everything that a long and varied play shows of a scenario."""
    rng = np.random.default_rng(0)
    batch = begin(num_rows=600, scenario=scenario, supplier=supplier)
    seen = []
    for step in range(20):
        weights = np.where(batch.action_masks == 1, 1.0, 0.0)
        weights[:, [Move.ACCEPT, Move.WALK_AWAY]] *= 0.15
        weights[:, ~_SIMPLE] *= 0.1  # there are many, and each is two of the others
        if step < 3:
            weights[:, Move.LEADER_ULTIMATUM] *= 0.3
        weights[:200, Move.HOLD] *= 30.0  # some keep the supplier waiting, some give and then insist
        weights[500:, [Move.PROBE, Move.FURY]] *= 30.0  # some find a weakness, and are furious
        weights[300:, Move.EXCHANGE] *= 30.0  # some propose again what was refused
        weights[200:400, [Move.CONCEDE_SMALL, Move.CONCEDE_MODERATE, Move.ULTIMATUM]] *= 10.0
        chosen = (weights / weights.sum(1, keepdims=True)).cumsum(1) > rng.random((600, 1))
        play(batch, [chosen.argmax(1)])
        seen += [batch.observations.copy(), batch.reward_terms.copy()]
    appraisal = np.array([v for v in batch.outcomes().values() if v.dtype == np.float64])
    return [*seen, np.nan_to_num(appraisal), batch.state_matrix.copy()]


@pytest.fixture(scope="module")
def unchanged():
    return _fingerprint({})


@pytest.mark.parametrize(("layout", "field"), SOURCED)
def test_it_matters(unchanged, layout, field):
    """A constant that changes nothing, however far it is moved, is dead."""
    value = field.high if field.default < (field.low + field.high) / 2 else field.low
    deals = {"deals": 4} if field.name.startswith("renewal") else {}
    usual = _fingerprint(deals) if deals else unchanged
    changed = _fingerprint({layout.name: {field.name: value}, **deals})
    assert any(not np.array_equal(one, other) for one, other in zip(usual, changed, strict=True))


@pytest.mark.parametrize("trait", TRAITS, ids=[trait.name for trait in TRAITS])
def test_a_trait_matters_to_the_buyer(trait):
    """A trait that shows in nothing that the buyer sees or earns is dead."""
    low, high = (_fingerprint({}, {trait.name: value})[: 2 * 20] for value in (trait.low, trait.high))
    assert any(not np.array_equal(one, other) for one, other in zip(low, high, strict=True))


def test_names_are_unique():
    for layout in LAYOUTS:
        assert len(set(layout.names)) == len(layout)
    assert len(set(TERMS)) == len(TERMS)
    assert len(set(negoenv.game.observation.NAMES)) == len(negoenv.game.observation.NAMES)


def test_every_effect_is_documented():
    for field in dataclasses.fields(Effects):
        assert re.search(rf"^ +{field.name}: \S.*[.;,a-z0-9)]$", Effects.__doc__, re.MULTILINE), field.name


def test_every_move_has_a_row_and_every_family_a_comment():
    assert len(effect_table()) == len(Move)
    assert [move.value for move in Move] == list(range(len(Move)))
    source = Path(negoenv.game.effects.__file__).read_text(encoding="utf-8")
    for member in Family:
        assert re.search(rf"^    {member.name} = {member.value}  # \S", source, re.MULTILINE), member.name
    for move in Move:
        effects = move.tactic.effects
        row = effect_table()[move]
        assert all(row[field.name] == getattr(effects, field.name) for field in dataclasses.fields(Effects))
        assert FAMILY_OF[move] is effects.family


def test_effects_lie_in_their_ranges():
    unit = (
        "concession", "claim", "bluff", "alternatives", "anger", "early", "relief", "leader", "scarcity", "silence",
        "asked",
    )  # fmt: skip
    for move in Move:
        effects = move.tactic.effects
        values = dataclasses.asdict(effects)
        assert all(value >= 0 for value in values.values()), move
        assert all(values[name] <= 1 for name in unit), move
        assert (effects.opening > 0) == (effects.family is Family.OPENING)
        assert (effects.concession > 0) + (effects.price > 0) == (Family.CONCESSION in families_of(move))
        assert effects.claim > 0 or effects.content == effects.scarcity == 0.0, "what is said may be doubted"
        assert effects.asked == 0 or effects.concession > 0
        assert effects.silence == 0 or effects.claim == 0, "who is silent claims nothing"


def test_every_column_is_documented():
    for column in negoenv.game.observation.COLUMNS:
        assert column.unit
        assert column.meaning.endswith(".")
        assert column.low < column.high
