"""NegMAS negotiators at the other side: they run, by seed, and are told nothing of the buyer."""

import random

import gymnasium as gym
import numpy as np
import pytest
from numpy.testing import assert_array_equal

from agents.negmas_opponents import with_groups
from agents.negmas_policy import NegmasPolicy
from agents.registry import load_policy
from agents.reporting.compare import compare
from agents.reporting.report import report_on
from agents.reporting.robustness import require_opponents
from agents.reporting.tables import cells_of, robustness_table
from negoenv import Move, NegoenvError, Outcome
from negoenv.game.term_moves import TermMove
from negoenv.interop.negmas import BUILT_IN, NegmasSupplier
from negoenv.interop.negmas_buyer import negmas_buyer
from negoenv.interop.own_supplier import Answer, OwnSupplierEnv
from tests.contract import PATIENT

# NegMAS and what it imports warn at import and in use; that is theirs to fix.
pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def negmas():
    return pytest.importorskip("negmas", reason="the extra negmas is not installed")


def played(name, seed=0, scenario="Procurement"):
    """Open fairly, give a step every other round; return what came of it, and the asks."""
    env = OwnSupplierEnv(NegmasSupplier(name), scenario)
    observation, _ = env.reset(seed=seed)
    trail, terminated, info, step = [observation.tolist()], False, {}, 0
    while not terminated:
        move = Move.OPEN_FAIR if step == 0 else Move.CONCEDE_MODERATE if step % 2 else Move.HOLD
        observation, reward, terminated, _, info = env.step(int(move))
        trail.append([*observation.tolist(), reward])
        step += 1
    return trail, info


@pytest.mark.parametrize("scenario", ["Procurement", "Contract"])
@pytest.mark.parametrize("name", BUILT_IN)
def test_built_in_negotiators_play_to_the_end(negmas, name, scenario):
    _, info = played(name, scenario=scenario)
    assert info["outcome"] != Outcome.OPEN
    assert (info["crashed"], info["timed_out"]) == (0, 0)


@pytest.mark.parametrize("scenario", ["Procurement", "Contract"])
@pytest.mark.parametrize("name", ["RandomNegotiator", "WARNegotiator", "MiCRONegotiator"])
def test_the_same_seed_gives_the_same_talks_and_no_global_state_moves(negmas, name, scenario):
    before = random.getstate(), np.random.get_state()[1].tolist()  # noqa: NPY002
    assert played(name, 3, scenario)[0] == played(name, 3, scenario)[0]
    assert (random.getstate(), np.random.get_state()[1].tolist()) == before  # noqa: NPY002
    assert played("RandomNegotiator", 3, scenario)[0] != played("RandomNegotiator", 4, scenario)[0]


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


@pytest.mark.parametrize("scenario", ["Procurement", "Contract"])
def test_nothing_of_the_buyer_is_in_the_mechanism(negmas, scenario):
    supplier = NegmasSupplier("BoulwareTBNegotiator")
    env = OwnSupplierEnv(supplier, scenario)
    env.reset(seed=0)
    buyer, seller = supplier._mechanism.negotiators
    assert buyer.ufun is None
    assert not (seller.private_info or {}).get("opponent_ufun")


class Noted(NegmasSupplier):
    """Keeps what it was told and what it answered."""

    def begin(self, talks, seed):
        self.first, self.told, self.answers = (talks, seed), [], []
        super().begin(talks, seed)

    def answer(self, talks):
        self.told.append(talks)
        self.answers.append(super().answer(talks))
        return self.answers[-1]


@pytest.mark.parametrize("name", ["LinearTBNegotiator", "NaiveTitForTatNegotiator", "MiCRONegotiator"])
def test_what_it_answers_follows_from_what_it_was_told(negmas, name):
    """And `tests/test_own_contract.py` shows that this says nothing of the buyer's limit, budget and weights."""
    supplier = Noted(name)
    env = OwnSupplierEnv(supplier, "Contract")
    env.reset(seed=1)
    for move in (Move.OPEN_FAIR, TermMove.DEMAND_DELIVERY, Move.CONCEDE_SMALL, TermMove.BUY_SERVICE, Move.HOLD):
        if not env.batch.terminated[0]:
            env.step(int(move))
    again = NegmasSupplier(name)
    again.begin(*supplier.first)
    assert [again.answer(talks) for talks in supplier.told] == supplier.answers
    assert len(supplier.answers) >= 3


def test_of_a_contract_it_takes_what_earns_it_something_and_says_what_else_would(negmas):
    env = OwnSupplierEnv(Noted("LinearTBNegotiator"), "Contract")
    deals, packages = 0, set()
    for seed in range(6):
        env.reset(seed=seed)
        terminated, step, info = False, 0, {}
        while not terminated:
            move = Move.OPEN_FAIR if step == 0 else Move.CONCEDE_MODERATE if step % 2 else TermMove.DEMAND_DELIVERY
            *_, terminated, _, info = env.step(int(move))
            step += 1
        packages |= {answer.terms for answer in env.own.answers if not isinstance(answer, Answer)}
        assert info["below_cost"] == 0
        if info["outcome"] == Outcome.DEAL:
            deals += 1
            assert env.batch.state["price"][0] >= env.batch.supplier["reservation_price"][0] - 1e-9
    assert deals > 2
    assert len(packages) > 3, "of several terms"


def test_a_sale_below_cost_is_counted(negmas):
    class Takes(negmas.SAONegotiator):
        def propose(self, state, dest=None):
            return self.nmi.outcome_space.random_outcome()

        def respond(self, state, source=None):
            return negmas.ResponseType.ACCEPT_OFFER

    scenario = {"base": "Contract", "benchmark": {"low": 0.5, "high": 0.5}}
    env = OwnSupplierEnv(NegmasSupplier(Takes), scenario)
    env.reset(seed=0)
    *_, info = env.step(int(Move.OPEN_FAIR))
    assert (info["below_cost"], info["outcome"]) == (1, Outcome.DEAL)


def test_one_that_fails_is_told_apart(negmas):
    class Fails(negmas.SAONegotiator):
        def propose(self, state, dest=None):
            raise ZeroDivisionError

        def respond(self, state, source=None):
            raise ZeroDivisionError

    for scenario in ("Procurement", "Contract"):
        env = OwnSupplierEnv(NegmasSupplier(Fails), scenario, crash_leaves=True)
        env.reset(seed=0)
        *_, info = env.step(int(Move.OPEN_FAIR))
        assert (info["crashed"], info["outcome"]) == (1, Outcome.BREAKDOWN)
        assert "ZeroDivisionError" in env.batch.error


@pytest.mark.parametrize("name", ["NoNegotiator", "no.module:X", ""])
def test_unknown_negotiators_are_told(negmas, name):
    with pytest.raises(NegoenvError, match="There is no NegMAS negotiator"):
        NegmasSupplier(name)


# As opponents of a comparison


@pytest.mark.parametrize(("group", "least"), [("genius_agents", 100), ("negolog", 20)])
def test_packages_of_negotiators_are_groups(negmas, group, least):
    pytest.importorskip(f"negmas_{group}", reason="the extra negmas is not installed")
    names = with_groups([f"negmas:{group}"])
    assert len(set(names)) == len(names) > least
    require_opponents(names[:2], "Contract", "test")


@pytest.mark.slow
def test_policies_are_judged_by_negotiators_on_contracts(negmas):
    names = ["negmas:ConcederTBNegotiator", "negmas:ToughNegotiator"]
    comparison = compare(["gradual"], "Contract", episodes=6, opponents=names)
    conceder, tough = comparison.reports[0].against
    again = compare(["gradual"], "Contract", episodes=6, opponents=names).reports[0].against
    assert (conceder, tough) == again
    assert conceder.returned.mean > tough.returned.mean
    assert conceder.noted["deals"] > tough.noted["deals"]
    assert {conceder.noted[name] for name in ("below cost", "crashed", "timed out")} == {0}
    headers, rows = cells_of(robustness_table(comparison))
    assert headers[-5:] == ["deals", "below cost", "crashed", "timed out", "frontier"]
    assert [row[2] for row in rows] == names[::-1]
    with pytest.raises(NegoenvError, match="There is no NegMAS negotiator 'NoNegotiator'"):
        require_opponents(["negmas:NoNegotiator"], "Contract", "test")
    with pytest.raises(NegoenvError, match="plays in negotiations with one supplier"):
        require_opponents(names, "Sourcing", "test")


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


def talks(negmas, opponent, policy, scenario, issues):
    """Let a policy of ours buy from a NegMAS negotiator; return the state, what it is worth to both, and the offers."""
    mechanism = negmas.SAOMechanism(issues=issues, n_steps=40)
    shares = {issue.name: 1.0 / len(issues) for issue in issues}
    falling = {issue.name: (lambda x, n=issue.cardinality: 1 - x / (n - 1)) for issue in issues}
    rising = {issue.name: (lambda x, n=issue.cardinality: x / (n - 1)) for issue in issues}
    function = negmas.LinearAdditiveUtilityFunction
    buyers = function(falling, weights=shares, reserved_value=0.2, issues=issues)
    sellers = function(rising, weights=shares, reserved_value=0.1, issues=issues)
    mechanism.add(negmas_buyer(load_policy(policy), scenario)(name="buyer"), ufun=buyers)
    mechanism.add(opponent(name="seller"), ufun=sellers)
    state = mechanism.run()
    return state, buyers, sellers, mechanism.negotiator_offers(mechanism.negotiators[0].id)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("policy", "scenario", "others"),
    [("gradual", "Procurement", 0), ("gradual", "Procurement", 1), ("logroller", "Contract", 2)],
)
def test_a_policy_of_ours_buys_in_their_mechanisms(negmas, policy, scenario, others):
    issues = [negmas.make_issue(30, "price"), *(negmas.make_issue(3 + 2 * k, f"term_{k}") for k in range(others))]
    conceder, tough = negmas.sao.negotiators.ConcederTBNegotiator, negmas.sao.negotiators.ToughNegotiator
    state, buyers, sellers, offers = talks(negmas, conceder, policy, scenario, issues)
    assert not state.has_error, state.error_details
    assert state.agreement is not None
    assert buyers(state.agreement) >= 0.2
    assert sellers(state.agreement) >= 0.1
    state, buyers, _, offers = talks(negmas, tough, policy, scenario, issues)
    assert not state.has_error, state.error_details
    assert all(buyers(offer) >= 0.2 - 0.05 for offer in offers), "no more than the budget"
    assert scenario != "Contract" or len({offer[1:] for offer in offers}) > 1, "it moves on the terms"
