"""NegMAS negotiators at the other side: they run, by seed, and are told nothing of the buyer."""

import random

import gymnasium as gym
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from agents.negmas_policy import NegmasPolicy
from agents.registry import load_policy
from agents.reporting.report import report_on
from negoenv import Move, NegoenvError, Outcome
from negoenv.interop import negmas as adapter
from negoenv.interop.negmas import BUILT_IN, NegmasSupplier
from negoenv.interop.negmas_buyer import negmas_buyer
from negoenv.interop.own_supplier import OwnSupplierEnv
from tests.contract import PATIENT

# NegMAS and what it imports warn at import and in use; that is theirs to fix.
pytestmark = pytest.mark.filterwarnings("ignore")


def test_who_lacks_negmas_is_told_the_command(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(f"No module named {name!r}")

    monkeypatch.setattr(adapter.importlib, "import_module", missing)
    with pytest.raises(NegoenvError, match=r"NegMAS cannot be imported .*; install it: .*pip install .*\[negmas\]"):
        NegmasSupplier("BoulwareTBNegotiator")


@pytest.fixture
def negmas():
    return pytest.importorskip("negmas", reason="the extra negmas is not installed")


def played(name, seed=0):
    """Open fairly, give a step every other round; return what came of it, and the asks."""
    env = OwnSupplierEnv(NegmasSupplier(name), "Procurement")
    observation, _ = env.reset(seed=seed)
    trail, terminated, info, step = [observation.tolist()], False, {}, 0
    while not terminated:
        move = Move.OPEN_FAIR if step == 0 else Move.CONCEDE_MODERATE if step % 2 else Move.HOLD
        observation, reward, terminated, _, info = env.step(int(move))
        trail.append([*observation.tolist(), reward])
        step += 1
    return trail, info


@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_negotiators_play_to_the_end(negmas, name):
    _, info = played(name)
    assert info["outcome"] != Outcome.OPEN
    assert (info["crashed"], info["timed_out"]) == (0, 0)


def test_there_are_twenty():
    assert len(set(BUILT_IN)) >= 20


@pytest.mark.parametrize("name", ["RandomNegotiator", "WARNegotiator", "MiCRONegotiator"])
def test_the_same_seed_gives_the_same_talks_and_no_global_state_moves(negmas, name):
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    assert played(name, 3)[0] == played(name, 3)[0]
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002
    assert played("RandomNegotiator", 3)[0] != played("RandomNegotiator", 4)[0]


def test_tough_ones_hold_and_conceders_concede(negmas):
    asks = {}
    for name in ("ToughNegotiator", "ConcederTBNegotiator"):
        env = OwnSupplierEnv(NegmasSupplier(name), "Procurement")
        env.reset(seed=0)
        env.step(int(Move.OPEN_FAIR))
        for _ in range(3):
            if not env.batch.terminated[0]:
                env.step(int(Move.HOLD))
        asks[name] = float(env.batch.state["ask"][0])
    assert asks["ToughNegotiator"] == 1.0
    assert asks["ConcederTBNegotiator"] < 0.9


def test_nothing_of_the_buyer_is_in_the_mechanism(negmas):
    supplier = NegmasSupplier("BoulwareTBNegotiator")
    env = OwnSupplierEnv(supplier, "Procurement")
    env.reset(seed=0)
    buyer, seller = supplier._mechanism.negotiators
    assert buyer.ufun is None
    assert not (seller.private_info or {}).get("opponent_ufun")


def test_one_that_fails_is_told_apart(negmas):
    class Fails(negmas.SAONegotiator):
        def propose(self, state, dest=None):
            raise ZeroDivisionError

        def respond(self, state, source=None):
            raise ZeroDivisionError

    env = OwnSupplierEnv(NegmasSupplier(Fails), "Procurement", crash_leaves=True)
    env.reset(seed=0)
    *_, info = env.step(int(Move.OPEN_FAIR))
    assert (info["crashed"], info["outcome"]) == (1, Outcome.BREAKDOWN)


@pytest.mark.parametrize("name", ["NoNegotiator", "no.module:X", ""])
def test_unknown_negotiators_are_told(negmas, name):
    with pytest.raises(NegoenvError, match="There is no NegMAS negotiator"):
        NegmasSupplier(name)


# In the buyer's chair


@pytest.mark.slow
def test_negotiators_are_baselines_on_our_suppliers(negmas):
    conceder = report_on(NegmasPolicy("ConcederTBNegotiator"), "Procurement", episodes=24).episodes
    tough = report_on(NegmasPolicy("BoulwareTBNegotiator"), "Procurement", episodes=24).episodes
    again = report_on(NegmasPolicy("ConcederTBNegotiator"), "Procurement", episodes=24).episodes
    assert_array_equal(conceder.returns, again.returns)
    assert (conceder.outcomes["illegal_moves"] == 0).all()
    assert (conceder.outcomes["outcome"] == "deal").sum() > (tough.outcomes["outcome"] == "deal").sum()


def test_a_baseline_refuses_another_game(negmas):
    with pytest.raises(NegoenvError, match="negotiates a price; the observations of this game"):
        report_on(NegmasPolicy("ConcederTBNegotiator"), "Ladder", episodes=2)


@pytest.mark.slow
def test_negotiators_are_baselines_on_contracts_with_several_issues(negmas):
    def played(name):
        return report_on(NegmasPolicy(name, prices=11), "Contract", episodes=12).episodes

    conceder, again, tough = map(played, ("ConcederTBNegotiator", "ConcederTBNegotiator", "ToughNegotiator"))
    assert_array_equal(conceder.returns, again.returns)
    assert (conceder.outcomes["illegal_moves"] == 0).all()
    assert conceder.uses[:, len(Move) :].sum() > 12, "it moves on the terms, too"
    assert (conceder.outcomes["outcome"] == "deal").sum() > (tough.outcomes["outcome"] == "deal").sum()


def test_a_negotiator_moves_on_the_terms_first_and_on_the_price_after_a_refusal(negmas):
    env = gym.make("negoenv/Contract-v0")
    observation, info = env.reset(seed=2, options=PATIENT)
    policy = NegmasPolicy("ToughNegotiator", prices=11)
    policy.reset(1, 0)
    names, moves, fresh = env.unwrapped.batch.columns, [], True
    for _ in range(6):
        move = policy.act(observation, info["action_mask"], np.array([fresh]))
        refused = observation[names.index("refused")] == 1.0
        assert not (refused and move >= len(Move)), "the price comes after a refusal"
        moves.append(move)
        observation, _, terminated, _, info = env.step(move)
        fresh = False
        if terminated:
            break
    assert moves[0] < len(Move) <= moves[1], "an opening, then terms that it likes better"


def test_a_baseline_that_fails_is_counted_and_leaves(negmas):
    class Fails(negmas.SAONegotiator):
        def propose(self, state, dest=None):
            raise ZeroDivisionError

        def respond(self, state, source=None):
            raise ZeroDivisionError

    policy = NegmasPolicy(Fails)
    outcomes = report_on(policy, "Procurement", episodes=3).episodes.outcomes["outcome"]
    assert (outcomes == "walked_away").all()
    assert (policy.crashed, policy.timed_out) == (3, 0)


def talks(negmas, opponent, issues):
    """Let a policy of ours buy from a NegMAS negotiator; return the final state and what it is worth to both."""
    mechanism = negmas.SAOMechanism(issues=issues, n_steps=40)
    shares = {issue.name: 1.0 / len(issues) for issue in issues}
    falling = {issue.name: (lambda x, n=issue.cardinality: 1 - x / (n - 1)) for issue in issues}
    rising = {issue.name: (lambda x, n=issue.cardinality: x / (n - 1)) for issue in issues}
    function = negmas.LinearAdditiveUtilityFunction
    buyers = function(falling, weights=shares, reserved_value=0.2, issues=issues)
    sellers = function(rising, weights=shares, reserved_value=0.1, issues=issues)
    mechanism.add(negmas_buyer(load_policy("gradual"))(name="buyer"), ufun=buyers)
    mechanism.add(opponent(name="seller"), ufun=sellers)
    state = mechanism.run()
    return state, buyers, sellers


@pytest.mark.slow
@pytest.mark.parametrize("several", [False, True])
def test_a_policy_of_ours_buys_in_their_mechanisms(negmas, several):
    issues = [negmas.make_issue(30, "price"), *([negmas.make_issue(3, "delivery")] if several else [])]
    state, buyers, sellers = talks(negmas, negmas.sao.negotiators.ConcederTBNegotiator, issues)
    assert not state.has_error, state.error_details
    assert state.agreement is not None
    assert buyers(state.agreement) >= 0.2
    assert sellers(state.agreement) >= 0.1
    state, *_ = talks(negmas, negmas.sao.negotiators.ToughNegotiator, issues)
    assert not state.has_error, state.error_details
