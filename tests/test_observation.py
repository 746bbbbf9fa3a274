"""What the buyer sees is the state, column by column, and what is told at the end is what became of it."""

import numpy as np
import pytest

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.effects import TOPICS
from negoenv.game.observation import COLUMNS, INDEX, NAMES
from negoenv.game.state import STATE
from negoenv.game.supplier_tactics import TACTICS
from negoenv.game.tactics import Move, families_of
from negoenv.scenarios.presets import resolve

ROWS, STEPS = 256, 30


def played(scenario, steps=STEPS):
    """Yield a batch after each of some random legal moves; who has ended begins anew."""
    batch = NegotiationBatch(ROWS, resolve(scenario))
    rows = np.ones(ROWS, np.bool_)
    rng = np.random.default_rng(3)
    batch.seed(3)
    batch.reset(rows)
    for _ in range(steps):
        batch.step((rng.random(batch.action_masks.shape) * batch.action_masks).argmax(axis=1), rows)
        yield batch
        batch.reset(batch.terminated.copy())


def expected(state):
    """Return what each column shows of some states, by name, as the manual defines it."""
    left = state["deadline"] - state["round"]
    shown = {
        "progress": np.minimum(1.0, state["round"] / state["deadline"]),
        "rounds_left": 0.05 * np.maximum(0.0, left),
        "need_left": 0.05 * (state["need_date"] - state["round"]),
    }
    shown |= {column.name: state[column.name] * column.scale for column in COLUMNS if column.name in STATE.names}
    last = [() if move < 0 else families_of(Move(int(move))) for move in state["last_move"]]
    for column in COLUMNS:
        kind, _, name = column.name.partition("_")
        if kind == "last":
            shown[column.name] = np.array([name.upper() in [family.name for family in of] for of in last])
    for number, tactic in enumerate(TACTICS, 1):
        shown[f"said_{tactic.name.lower()}"] = state["supplier_tactic"] == number
    for number, family in enumerate(TOPICS, 1):
        shown[f"topic_{family.name.lower()}"] = state["topic"] == number
    return shown


@pytest.mark.parametrize("scenario", ["Procurement", "Partnership", "Marketplace"])
def test_each_column_shows_the_state(scenario):
    varied = set()
    for batch in played(scenario):
        shown = expected(batch.state)
        assert tuple(shown) == NAMES
        for name, values in shown.items():
            column = batch.observations[:, INDEX[name]]
            np.testing.assert_array_equal(column, np.asarray(values, np.float32), err_msg=name)
            if np.ptp(column) > 0.0:
                varied.add(name)
    assert len(varied) > 0.6 * len(NAMES), "a column that stands still shows nothing"


@pytest.mark.parametrize("hidden", ["progress", "ask", "wear_strong", "last_probe", "said_flinch", "topic_strong"])
def test_a_hidden_column_shows_nothing_and_the_others_the_same(hidden):
    place = INDEX[hidden]
    others = np.arange(len(NAMES)) != place
    moved = False
    for seen, unseen in zip(played("Procurement"), played({"hidden": [hidden]}), strict=True):
        assert (unseen.observations[:, place] == 0.0).all()
        np.testing.assert_array_equal(unseen.observations[:, others], seen.observations[:, others])
        moved |= bool(seen.observations[:, place].any())
    assert moved


def test_what_is_told_at_the_end_counts_what_has_happened():
    compared = 0
    for batch in played("Partnership", steps=60):
        state, told = batch.state[batch.terminated], batch.outcomes(np.flatnonzero(batch.terminated))
        for name, field in {"rounds": "step", "bluffs": "bluffs", "deals": "deals"}.items():
            np.testing.assert_array_equal(told[name], state[field], err_msg=name)
        np.testing.assert_array_equal(told["price"], np.where(state["outcome"] == 1.0, state["price"], np.nan))
        compared += int((state["bluffs"] != state["probes"]).sum())
    assert compared > 50
