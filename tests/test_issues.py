"""The key ``issues`` of a scenario: what is wrong with it is said in a sentence, and what is right becomes numbers."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negoenv.errors import NegoenvError
from negoenv.game.observation import NAMES
from negoenv.game.tactics import MOVES, Move
from negoenv.game.term_moves import ISSUES, TERM_MOVES
from negoenv.scenarios.contract_issues import SUPPLY_CONTRACT
from negoenv.scenarios.issues import Issues, Shape, TermIssue
from negoenv.scenarios.presets import PRESETS, resolve

GOOD = SUPPLY_CONTRACT.model_dump(mode="json")


def changed(path, value):
    """Return the issues of the preset with one value replaced, or left out where it is ``None``."""
    data = copy.deepcopy(GOOD)
    *keys, last = path.split(".")
    place = data
    for key in keys:
        place = place[key]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return {"base": "Contract", "issues": data}


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("payment.range", None, r"range.*missing"),
        ("payment.range", [30, 30], r"range is \[30.0, 30.0\]; two different values are expected"),
        ("price.range", [1.2, 0.4], r"the lowest and the highest price are expected"),
        ("payment.weight", 0.2, r"the weights of the buyer sum to 1.08 .*they must sum to 1"),
        ("volume.supplier.staller", 0.5, r"the weights of the supplier 'staller' sum to 1.38"),
        ("payment.supplier", {"staller": 0.08}, r"payment: supplier has no weight for 'default'"),
        ("payment.shape", "steep", r"linear.*concave.*convex.*cliff"),
        ("payment.supplier_shape", "cliff", r"only the buyer has one"),
        ("service.least", None, r"least, the lowest level that is worth having, belongs to the shape 'cliff'"),
        ("service.least", 3, r"least is 3; it is at most the standard level"),
        ("payment.levels", 9, r"levels.*5"),
        ("payment.standard", 5, r"standard is 5; it is one of the levels 0 to 4"),
        ("payment.unit", None, r"unit.*missing"),
        ("delivery", None, r"delivery.*missing"),
        ("constants", {"mark_up": 0.1}, r"mark_up.*markup"),
        ("constants", {"markup": 3.0}, r"must lie between 0 and 1"),
        ("quality", {}, r"quality"),
    ],
)
def test_bad_issues_are_refused_in_a_sentence(path, value, sentence):
    with pytest.raises(NegoenvError, match=sentence) as raised:
        resolve(changed(path, value))
    assert "scenario" in str(raised.value)
    assert "Traceback" not in str(raised.value)


def test_a_move_or_column_on_terms_belongs_to_a_scenario_with_issues():
    assert resolve({"base": "Contract", "without": ["TERMS"]}).allowed_moves().sum() == MOVES
    assert resolve({"base": "Contract", "without": ["BUY_SERVICE"]}).allowed_moves().sum() == MOVES + TERM_MOVES - 1
    for key in ({"without": ["TERMS"]}, {"without": ["BUY_SERVICE"]}, {"hidden": ["payment_level"]}):
        with pytest.raises(NegoenvError, match=r"TERMS|BUY_SERVICE|payment_level"):
            resolve(key)


def test_a_changed_contract_is_named_by_its_change():
    data = copy.deepcopy(GOOD) | {"spread": 0.1}
    assert resolve({"base": "Contract", "issues": data}).name == "Contract+issues.spread=0.1"
    assert resolve({"base": "Contract", "issues": GOOD}).name == "Contract"


def test_the_other_scenarios_have_their_moves_and_columns():
    for name, scenario in PRESETS.items():
        if scenario.issues is None:
            assert (len(scenario.moves), len(scenario.columns), len(scenario.allowed_moves())) == (
                len(Move),
                len(NAMES),
                len(Move),
            ), name
            assert "issues" not in scenario.numbers()


@given(shape=st.sampled_from(Shape), levels=st.integers(2, 5), data=st.data())
def test_values_rise_for_the_buyer_and_fall_for_the_supplier(shape, levels, data):
    standard = data.draw(st.integers(1 if shape is Shape.CLIFF else 0, max(1, levels - 2)))
    if standard >= levels or (shape is Shape.CLIFF and not standard < levels - 1):
        return
    least = data.draw(st.integers(1, standard)) if shape is Shape.CLIFF else None
    theirs = data.draw(st.sampled_from([Shape.LINEAR, Shape.CONCAVE, Shape.CONVEX]))
    issue = TermIssue(
        unit="days", range=(1, 2), levels=levels, standard=standard, weight=0.1, shape=shape, least=least,
        supplier={"default": 0.1}, supplier_shape=theirs,
    )  # fmt: skip
    mine, others = issue.buyer_values(), issue.supplier_values()
    assert (np.diff(mine) >= 0.0).all()
    assert mine[-1] == 1.0
    assert (np.diff(others) < 0.0).all()
    assert (others[0], others[-1]) == (1.0, 0.0)
    if least is None:
        assert mine[0] == 0.0


def test_no_deal_below_the_cliff_is_worth_having():
    """Whatever else it gives: its utility is at most 0, and that of no deal is above."""
    for issue in (SUPPLY_CONTRACT.issue(name) for name in ISSUES):
        if issue.least is not None:
            others = 1.0 - issue.weight
            assert others + issue.weight * issue.buyer_values()[issue.least - 1] <= 0.0


def test_weights_become_prices():
    record = SUPPLY_CONTRACT.record(["family_firm", "a_kind_of_my_own"])
    issue, price = SUPPLY_CONTRACT.payment, SUPPLY_CONTRACT.price
    extent = price.range[1] - price.range[0]
    assert np.isclose(record["worth"][0, 0, 4] - record["worth"][0, 0, 0], issue.weight / price.weight * extent)
    for number, kind in enumerate(("family_firm", "default")):
        assert np.isclose(record["kinds"][0, number, 0], issue.supplier[kind] / price.supplier[kind] * extent)
    assert isinstance(SUPPLY_CONTRACT, Issues)
