"""NegMAS as far as it need not be installed: names, groups, what is imported and what is told where it is missing."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from pydantic import TypeAdapter

from agents.negmas_opponents import with_groups
from agents.reporting.robustness import Robustness
from negoenv import Move, NegoenvError
from negoenv.game.term_moves import TermMove
from negoenv.interop import negmas as adapter
from negoenv.interop.negmas import BUILT_IN, NegmasSupplier, imported_apart
from negoenv.interop.negmas_layout import LIMIT, ContractLayout, layout_for
from negoenv.interop.own_supplier import OwnSupplierEnv
from tests.test_own_supplier import Scripted


def test_who_lacks_negmas_is_told_the_command(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr(adapter.importlib, "import_module", missing)
    with pytest.raises(NegoenvError, match=r"NegMAS cannot be imported .*; install it: .*pip install .*\[negmas\]"):
        NegmasSupplier("BoulwareTBNegotiator")


def test_there_are_twenty():
    assert len(set(BUILT_IN)) >= 20


def test_groups_are_named_as_one():
    assert with_groups(["runs/one", "negmas:built_in"]) == ("runs/one", *(f"negmas:{name}" for name in BUILT_IN))
    assert with_groups(["negmas:a:B"]) == ("negmas:a:B",)


def test_what_is_counted_apart_survives_json():
    returns = np.array([0.5, 0.7])
    found = Robustness.of("negmas:X", returns, returns - 0.1, noted={"deals": 2, "frontier": 1.0}, error="no")
    kept = TypeAdapter(Robustness)
    again = kept.validate_json(kept.dump_json(found))
    assert again == found
    assert isinstance(again.noted["deals"], int), "a count, which tables show as one"
    assert isinstance(again.noted["frontier"], float)


def test_another_package_called_agents_is_imported_apart(tmp_path, monkeypatch):
    (tmp_path / "theirs" / "agents").mkdir(parents=True)
    (tmp_path / "theirs" / "agents" / "__init__.py").write_text("OURS = False")
    (tmp_path / "theirs_first.py").write_text(
        f"import sys\nsys.path.insert(0, {str(tmp_path / 'theirs')!r})\nimport agents\nfound = agents"
    )
    monkeypatch.syspath_prepend(tmp_path)
    before = sys.modules["agents"], list(sys.path)
    assert imported_apart("theirs_first").found.OURS is False
    assert sys.modules["agents"] is before[0]
    assert sys.path == [*before[1], str(tmp_path / "theirs")]
    with pytest.raises(ImportError):
        imported_apart("not_there")
    assert sys.modules["agents"] is before[0]


class Issue:
    def __init__(self, name, values):
        self.name, self.all = name, values

    def is_finite(self):
        return True


class Utility:
    """Of outcomes (delivery, price, payment): two thirds is the price, and slow delivery is the worst."""

    reserved_value = 0.35

    def __call__(self, outcome):
        delivery, price, payment = outcome
        return {"slow": 0.0, "fast": 0.2, "ok": 0.1}[delivery] + (1 - price / 40) * 2 / 3 + 0.1333 * payment / 6


SPACE = SimpleNamespace(
    issues=[Issue("delivery", ["slow", "fast", "ok"]), Issue("price", list(range(41))), Issue("payment", [*range(7)])]
)


def test_outcomes_are_laid_out_as_contracts_by_the_buyers_utility():
    ufun = Utility()
    env = OwnSupplierEnv(Scripted(1.0), "Contract")
    layout = layout_for(ufun, SPACE, env.batch)
    assert isinstance(layout, ContractLayout)
    layout.prepare(env.batch)
    _, info = env.reset(seed=0, options={"context": {"limit": LIMIT, "benchmark": 0.7}})
    assert not info["action_mask"][[TermMove.DEMAND_SERVICE, TermMove.ASK_PRIORITIES]].tolist()[0], "no fourth issue"
    env.step(int(Move.OPEN_MODERATE))
    before = layout.outcome(float(env.batch.seen("offer")[0]), env.batch)
    env.step(int(TermMove.DEMAND_DELIVERY))
    offer = float(env.batch.seen("offer")[0])
    after = layout.outcome(offer, env.batch)
    assert (before[0], before[2]) == ("ok", 3), "the middle of each"
    assert after == ("fast", before[1], 3)
    for outcome in [("slow", 3, 0), ("fast", 30, 6), after]:
        price = layout.price(outcome, env.batch)
        same = layout.price(layout.outcome(price, env.batch), env.batch)
        assert same <= price + 1e-9, "no worse for the buyer"
    assert layout.price(after, env.batch) <= offer
    reserved = next(p for p in np.linspace(0, 2, 2001) if ufun(layout.outcome(p, env.batch)) < ufun.reserved_value)
    np.testing.assert_allclose(reserved, env.batch.seen("limit")[0], atol=0.03)


def test_more_issues_than_a_contract_has_are_refused():
    space = SimpleNamespace(issues=[Issue(f"issue_{k}", [0, 1]) for k in range(6)])
    env = OwnSupplierEnv(Scripted(1.0), "Contract")
    with pytest.raises(NegoenvError, match="knows a price and 4 other issues; there are 6 issues"):
        layout_for(Utility(), space, env.batch)
