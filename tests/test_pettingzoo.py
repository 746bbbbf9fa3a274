"""Both sides as agents of PettingZoo: its own tests pass, and with the game's choices it is the game."""

import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from negoenv import Move, NegoenvError, NegotiationEnv
from negoenv.interop.supplier_agent import SUPPLIER_MOVE_NAMES, SUPPLIER_MOVES, TAKE_OFFER
from tests.own_choices import chosen

# PettingZoo warns of its own ways of making environments, and of observations with masks, which its own games have.
pytestmark = pytest.mark.filterwarnings("ignore")

WITHOUT = """
import sys
sys.modules["pettingzoo"] = None
import negoenv, negoenv.interop
try:
    import negoenv.interop.pettingzoo_env
except negoenv.NegoenvError as error:
    print(error)
"""


def test_who_lacks_pettingzoo_is_told_the_command():
    told = subprocess.run([sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=True).stdout
    assert told.startswith("PettingZoo cannot be imported (")
    assert told.count("\n") == 1
    assert "-m pip install" in told
    assert "[pettingzoo]" in told


@pytest.fixture
def two_sided():
    pytest.importorskip("pettingzoo", reason="needs the extra pettingzoo: make neighbours")
    from negoenv.interop.pettingzoo_env import TwoSidedEnv

    return TwoSidedEnv


@pytest.mark.parametrize("scenario", ["Procurement", "Partnership"])
def test_it_passes_the_tests_of_pettingzoo(two_sided, scenario):
    from pettingzoo.test import api_test, parallel_api_test, parallel_seed_test, seed_test
    from pettingzoo.utils import parallel_to_aec

    parallel_api_test(two_sided(scenario), num_cycles=1000)
    parallel_seed_test(lambda: two_sided(scenario))
    api_test(parallel_to_aec(two_sided(scenario)), num_cycles=1000)
    seed_test(lambda: parallel_to_aec(two_sided(scenario)))


def test_the_choices_of_the_games_own_supplier_give_the_game(two_sided):
    plain = {move.kind: number for number, move in reversed(list(enumerate(SUPPLIER_MOVES))) if not move.tactic}
    rng, compared, said = np.random.default_rng(0), 0, 0
    theirs, ours = NegotiationEnv(), two_sided(supplier_actions="price")
    for seed in range(40):
        observation, info = theirs.reset(seed=seed)
        seen, _ = ours.reset(seed=seed)
        terminated = False
        while not terminated:
            assert_array_equal(seen["buyer"]["observation"], observation)
            assert_array_equal(seen["buyer"]["action_mask"], info["action_mask"])
            legal = np.flatnonzero(info["action_mask"])
            move = int(rng.choice(legal[legal != Move.WALK_AWAY]))
            before = theirs.batch.state.copy()
            observation, reward, terminated, _, info = theirs.step(move)
            answer = chosen(theirs.batch, before)[0]
            seen, rewards, ended, _, infos = ours.step({"buyer": move})
            if ours.agents:
                assert rewards == {"buyer": 0.0, "supplier": 0.0}
                assert seen["buyer"]["action_mask"].sum() == 1
                said += bool(answer["tactic"])
                tactics = [k for k, m in enumerate(SUPPLIER_MOVES) if m.tactic and m.tactic == answer["tactic"]]
                number = tactics[not answer["meant"]] if len(tactics) == 2 else (tactics or [plain[answer["kind"]]])[0]
                assert seen["supplier"]["action_mask"][number], SUPPLIER_MOVE_NAMES[number]
                action = {"move": number, "ask": np.array([answer["ask"]])}
                seen, rewards, ended, _, infos = ours.step({"supplier": action})
            assert (rewards["buyer"], ended["buyer"]) == (reward, terminated)
            assert infos["buyer"]["reward_terms"] == info["reward_terms"]
            compared += 1
        reported = {name: value for name, value in infos["buyer"].items() if name != "action_mask"}
        assert reported == {name: value for name, value in info.items() if name != "action_mask"}
    assert compared > 150
    assert said > 10


def test_turns_rewards_and_errors(two_sided):
    env = two_sided()
    with pytest.raises(NegoenvError, match="call reset"):
        env.step({})
    seen, infos = env.reset(seed=0, options={"supplier": {"reservation_price": 0.5}})
    assert seen["supplier"]["action_mask"].sum() == 1
    assert_array_equal(infos["buyer"]["action_mask"], seen["buyer"]["action_mask"])
    with pytest.raises(NegoenvError, match="The buyer's action is 99; one of Discrete"):
        env.step({"buyer": 99, "supplier": 0})
    env.step({"buyer": int(Move.OPEN_FAIR), "supplier": TAKE_OFFER})  # not its turn
    with pytest.raises(NegoenvError, match="The supplier's action is None"):
        env.step({"buyer": 0})
    offer = float(env.batch.state["offer"][0])
    _, rewards, ended, cut, infos = env.step({"supplier": TAKE_OFFER})
    assert rewards["supplier"] == pytest.approx((offer - 0.5) / 0.5)
    assert ended == {"buyer": True, "supplier": True}
    assert cut == {"buyer": False, "supplier": False}
    assert infos["supplier"]["price"] == offer
    with pytest.raises(NegoenvError, match="supplier_actions"):
        two_sided(supplier_actions="prices")
