"""A supplier of one's own: it decides what it decides, the game the rest, and it never learns the buyer's limit."""

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from negoenv import Move, NegoenvError, NegotiationEnv, Outcome
from negoenv.game.reward import WEIGHTS
from negoenv.interop.own_supplier import Answer, OwnSupplierEnv, Package, own_suppliers
from negoenv.scenarios.presets import resolve
from tests.laboratory import same

OPEN, GIVE, NAMED = int(Move.OPEN_FAIR), int(Move.CONCEDE_LARGE), int(Move.ULTIMATUM)


class Scripted:
    """Gives the same answer always, and keeps what it was told."""

    def __init__(self, answer):
        self.given, self.heard, self.seeds = answer, [], []

    def begin(self, talks, seed):
        self.heard.append(talks)
        self.seeds.append(seed)

    def answer(self, talks):
        self.heard.append(talks)
        if isinstance(self.given, Exception):
            raise self.given
        return self.given(talks) if callable(self.given) else self.given


def begun(answer, seed=0, **arguments):
    env = OwnSupplierEnv(Scripted(answer), **arguments)
    env.reset(seed=seed)
    return env


def test_it_accepts_leaves_and_names_its_ask():
    *_, terminated, _, info = begun(Answer.ACCEPT).step(OPEN)
    assert terminated
    assert info["outcome"] == Outcome.DEAL
    *_, terminated, _, info = begun(Answer.LEAVE).step(OPEN)
    assert terminated
    assert info["outcome"] == Outcome.BREAKDOWN
    assert info["reward_terms"]["breakdown"] == -WEIGHTS.by_name["breakdown"].default
    env = begun(0.97)
    observation, _, terminated, _, _ = env.step(OPEN)
    assert not terminated
    assert env.batch.state["ask"][0] == 0.97
    assert np.float32(0.97) in observation


def test_an_ask_at_the_offer_takes_it_at_the_offer():
    env = begun(lambda talks: talks.offer - 0.01)
    *_, terminated, _, info = env.step(OPEN)
    assert terminated
    assert info["price"] == env.own.heard[-1].offer


@pytest.mark.parametrize("move", [GIVE, NAMED, int(Move.WALK_OUT), int(Move.CITE_COMPETITORS), int(Move.HOLD)])
def test_who_holds_firm_is_talked_to_until_the_deadline(move):
    env = begun(1.0)
    terminated, steps, info = False, 0, {}
    while not terminated:
        *_, terminated, _, info = env.step(OPEN if steps == 0 else move)
        steps += 1
    assert info["outcome"] == Outcome.DEADLINE
    assert steps == env.own.heard[0].deadline
    assert (info["below_cost"], info["crashed"], info["timed_out"]) == (0, 0, 0)


def test_what_it_sells_below_cost_is_counted():
    env = begun(Answer.ACCEPT, scenario={"benchmark": {"low": 0.1, "high": 0.1}})
    *_, info = env.step(int(Move.OPEN_LOW))
    assert info["price"] < env.batch.supplier["reservation_price"][0]
    assert info["below_cost"] == 1
    env = begun(0.75)
    env.step(OPEN)
    *_, info = env.step(int(Move.ACCEPT))
    assert (info["below_cost"], info["outcome"]) == (0, Outcome.DEAL)


def test_what_is_not_its_choice_is_as_ever():
    """Against one that answers as the game's own does, everything that is seen and reported is the same."""
    same_moves = [OPEN, int(Move.CITE_COMPETITORS), int(Move.PROBE), GIVE, int(Move.SILENCE), int(Move.FURY)]
    compared = 0
    for seed in range(12):
        scenario = {"supplier_tactics": []}
        theirs = NegotiationEnv(scenario=scenario, reveal=True)
        theirs.reset(seed=seed)
        theirs.batch.supplier["tactics_rate"] = 0.0
        ours = OwnSupplierEnv(Scripted(None), scenario=scenario, reveal=True)
        ours.reset(seed=seed)
        for move in same_moves:
            expected = theirs.step(move)
            outcome = theirs.batch.state["outcome"][0]
            answers = {Outcome.DEAL: Answer.ACCEPT, Outcome.BREAKDOWN: Answer.LEAVE}
            ours.own.given = answers.get(outcome, float(theirs.batch.state["ask"][0]))
            got = ours.step(move)
            assert_array_equal(got[0], expected[0])
            assert got[1:4] == expected[1:4]
            extra = {"below_cost", "crashed", "timed_out"}
            assert same({k: v for k, v in got[4].items() if k not in extra}, expected[4])
            compared += 1
            if expected[2]:
                break
    assert compared > 40


def test_an_exchange_moves_both_to_what_was_told():
    """Of many suppliers some can agree; who does not stays where it is, and so does the offer."""
    agreed = 0
    for seed in range(12):
        for answer in (Answer.AGREE, None):
            env = begun(lambda talks, answer=answer: answer if talks.exchange and answer else talks.ask, seed)
            env.step(OPEN)
            before = env.batch.state[0].copy()
            env.step(int(Move.EXCHANGE))
            told, state = env.own.heard[-1].exchange, env.batch.state[0]
            if told is not None and answer:
                agreed += 1
                assert before["offer"] < told.offer <= told.ask < before["ask"]
                np.testing.assert_allclose((state["offer"], state["ask"]), (told.offer, told.ask), rtol=1e-12)
            else:
                assert (state["offer"], state["ask"]) == (before["offer"], before["ask"])
    assert agreed > 3


def test_seeds_are_a_function_of_the_environments_seed_and_episode():
    env, other = begun(1.0, seed=4), begun(1.0, seed=4)
    for each in (env, other):
        each.reset()
        each.reset()
    assert env.own.seeds == other.own.seeds
    assert len(set(env.own.seeds)) == 3
    assert begun(1.0, seed=5).own.seeds[0] != env.own.seeds[0]


def test_it_is_told_nothing_of_the_buyers_limit():
    env = begun(1.0)
    env.step(OPEN)
    state = env.batch.state[0]
    told = {value for talks in env.own.heard for value in vars(talks).values()}
    assert not told & {float(state["limit"]), float(state["budget"])}


def test_errors_are_raised_or_counted():
    with pytest.raises(ZeroDivisionError):
        begun(ZeroDivisionError()).step(OPEN)
    *_, info = begun(ZeroDivisionError(), crash_leaves=True).step(OPEN)
    assert (info["crashed"], info["outcome"]) == (1, Outcome.BREAKDOWN)


@pytest.mark.parametrize("answer", [None, "no", 2.5, -0.1, float("nan")])
def test_what_is_no_answer_is_told(answer):
    with pytest.raises(NegoenvError, match=r"The supplier Scripted answered .*; an ask from 0 to 2, "):
        begun(answer).step(OPEN)
    with pytest.raises(NegoenvError, match="accepted, but no offer stands yet"):
        begun(Answer.ACCEPT).step(int(Move.HOLD))
    with pytest.raises(NegoenvError, match="agreed, but there is no exchange"):
        begun(Answer.AGREE).step(OPEN)


def test_games_with_more_than_a_deal_are_refused():
    with pytest.raises(NegoenvError, match=r"A supplier of one's own makes one deal; Partnership has 4\."):
        OwnSupplierEnv(Scripted(1.0), "Partnership")


def test_rows_have_a_supplier_each_and_are_what_single_episodes_are():
    made = []

    def make():
        made.append(Scripted(lambda talks: talks.ask - 0.02))
        return made[-1]

    batch = own_suppliers(3, resolve("Procurement"), "train", make)
    batch.seed(5)
    rows = np.ones(3, np.bool_)
    batch.reset(rows)
    for moves in ([OPEN, OPEN, OPEN], [GIVE, int(Move.HOLD), int(Move.WALK_AWAY)]):
        batch.step(np.array(moves), rows)
    for row, move in enumerate((GIVE, int(Move.HOLD), int(Move.WALK_AWAY))):
        env = begun(lambda talks: talks.ask - 0.02, seed=5 + row)
        env.step(OPEN)
        observation, reward, *_ = env.step(move)
        assert_array_equal(batch.observations[row], observation)
        assert batch.rewards[row] == reward
        assert made[row].heard == env.own.heard
        assert made[row].seeds == env.own.seeds
    with pytest.raises(NegoenvError, match="cannot be copied"):
        batch.resized(2)


def test_a_package_needs_issues():
    with pytest.raises(NegoenvError, match=r"answered the terms \(2,\); a price is all\."):
        begun(Package(0.9, (2,))).step(OPEN)
