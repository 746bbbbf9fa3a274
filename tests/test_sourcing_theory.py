"""What is known of several suppliers, as experiments: more of them, auctions, true quotes, bluffs, relationships."""

import itertools

import numpy as np
import pytest

from agents.policy import Policy
from agents.scripted import make
from negoenv.benchmark.evaluation import evaluate, paired_difference
from negoenv.game.state import Outcome
from negoenv.make import make_batch
from negoenv.sourcing import SourcingMove
from tests.sourcing_lab import BIDDERS, OPEN_MARKET, act, bid_out, meet

M = SourcingMove
SEED = 1_000_000


def played(policy: str, rows: int = 2048, **changes):
    """Return episodes of a scripted policy on held-out suppliers."""
    actor: Policy = make(policy)
    return evaluate(actor, make_batch(rows, {"base": "Sourcing", **changes}, "test"), SEED)


def lowest(reservations, rounds=40, undercut=0.05):
    """Return the lowest price to which suppliers with these reservation prices bid each other down, by row."""
    suppliers = [BIDDERS | {"reservation_price": r} for r in reservations]
    game = {"suppliers": len(reservations)}
    batch = meet(256, traits=suppliers, market=OPEN_MARKET | {"undercut": undercut, "beaten_out": 1.0}, **game)
    act(batch, [(k, M.OPEN_LOW) for k in range(len(reservations))])
    bid_out(batch, rounds)
    return np.where(batch.state["outcome"] == Outcome.DEAL, batch.state["price"], batch.state["ask"]).min(axis=1)


# The descending auction


@pytest.mark.parametrize("second", [0.55, 0.62, 0.7, 0.78])
def test_the_price_falls_to_the_second_lowest_reservation_price(second):
    """Free switching: the last but one stops at its reservation price, and the last goes just below (Vickrey 1961)."""
    prices = lowest([0.5, second, 0.9], rounds=150)
    assert np.allclose(prices, second, atol=0.012)
    assert (prices <= second + 1e-9).all()


def test_among_identical_suppliers_it_falls_to_their_reservation_price():
    few, many = lowest([0.55, 0.55], rounds=10).mean(), lowest([0.55, 0.55], rounds=150).mean()
    assert 0.55 < many < 0.56
    assert few > many + 0.1


def test_without_another_it_does_not_fall():
    assert np.allclose(lowest([0.55]), 1.0)


def test_powerful_suppliers_bid_less():
    def asked(power):
        batch = meet(2000, traits=BIDDERS | {"power": power}, market=OPEN_MARKET | {"bid_chance": 0.8})
        act(batch, [(k, M.OPEN_LOW) for k in range(3)])
        return bid_out(batch, 12).state["ask"].mean()

    assert asked(0.9) > asked(0.1) + 0.05


def test_bidding_strains_the_relationship():
    proud = BIDDERS | {"pride": 1.0}
    bidding = act(meet(traits=proud, market=OPEN_MARKET), [(k, M.OPEN_LOW) for k in range(3)])
    quiet = act(meet(traits=proud, market=OPEN_MARKET), [(k, M.OPEN_LOW) for k in range(3)])
    bid_out(bidding, 4)
    act(quiet, [(0, M.HOLD)] * 4)
    assert bidding.state["resentment"].mean() > quiet.state["resentment"].mean() + 0.1


# More suppliers


def test_two_suppliers_beat_one_and_three_beat_two_by_less():
    games = [played("squeeze", 8192, suppliers=count, invited=5) for count in (1, 2, 3)]
    second, third = (paired_difference(more, fewer) for fewer, more in itertools.pairwise(games))
    assert second.low > 0.0
    assert third.low > 0.0
    assert second.mean > third.mean


# True quotes and made-up ones


def test_a_true_quote_is_an_argument():
    without = {"without": ["SHOW_QUOTE"]}
    assert paired_difference(played("squeeze"), played("squeeze", **without)).low > 0.0


def test_a_true_quote_bites_as_far_as_it_lies_below_the_ask():
    falls = []
    for low in (0.97, 0.85, 0.7):
        batch = meet(2000, traits=BIDDERS, market=OPEN_MARKET | {"bid_chance": 0.0})
        act(batch, [(k, M.OPEN_LOW) for k in range(3)])
        batch.state["ask"][:, 1] = low
        before = batch.state["expected_limit"][:, 0].copy()
        act(batch, [(0, M.SHOW_QUOTE)])
        falls.append((before - batch.state["expected_limit"][:, 0]).mean())
    assert falls[0] < falls[1] < falls[2]


UNAWARE = BIDDERS | {"informedness": 0.0, "gullibility": 1.0}
CLOSED = OPEN_MARKET | {"talk_chance": 0.0}


def test_a_bluff_pays_until_it_is_found_out_and_then_costs():
    def ask(moves, supplier, **market):
        batch = meet(2000, traits=supplier, market=CLOSED | market)
        act(batch, [(k, M.OPEN_LOW) for k in range(3)])
        return act(batch, moves)

    claimed = ask([(0, M.CLAIM_QUOTE)], UNAWARE)
    held = ask([(0, M.HOLD)], UNAWARE)
    assert claimed.state["ask"][:, 0].mean() < held.state["ask"][:, 0].mean() - 0.05, "it pays"

    talk = ask([(0, M.CLAIM_QUOTE), (1, M.HOLD)], UNAWARE, talk_chance=1.0)
    quiet = ask([(0, M.CLAIM_QUOTE), (1, M.HOLD)], UNAWARE)
    assert (talk.state["bluffs"] == 1.0).all(), "all hear of it"
    assert (quiet.state["bluffs"] == 0.0).all()
    assert talk.state["credibility"].mean() < 0.5 * quiet.state["credibility"].mean()
    again = [act(batch, [(2, M.CLAIM_QUOTE)]).state["ask"][:, 2].mean() for batch in (talk, quiet)]
    assert again[0] > again[1] + 0.03, "nobody believes the next one"
    resentment = [batch.state["resentment"][:, 0].mean() for batch in (talk, quiet)]
    assert resentment[0] > resentment[1] + 0.3


def test_bluffing_pays_where_nobody_finds_it_out_and_costs_where_all_talk():
    def gain(talk_chance):
        market = {"market": {"talk_chance": talk_chance}}
        return paired_difference(played("bluffer", **market), played("squeeze", without=["SHOW_QUOTE"], **market))

    silent, loud = gain(0.0), gain(1.0)
    assert silent.low > 0.0
    assert loud.mean < silent.mean - 0.02


def test_a_made_up_quote_that_comes_true_is_none():
    batch = meet(traits=UNAWARE, market=CLOSED)
    act(batch, [(k, M.OPEN_LOW) for k in range(3)])
    act(batch, [(0, M.CLAIM_QUOTE)])
    assert (batch.contacts["lie"][:, 0] > 0.0).all()
    batch.state["ask"][:, 1] = 0.6
    act(batch, [(0, M.HOLD)])
    assert (batch.contacts["lie"][:, 0] == 0.0).all()


# Relationships


def test_squeezing_all_beats_nobody_where_the_relationship_counts():
    """With weights such as several deals with the same suppliers give goodwill."""
    weights = {"weights": {"goodwill": 1.2, "under_delivery": 1.2, "lost": 0.3}}
    assert paired_difference(played("loyal", **weights), played("squeeze", **weights)).low > 0.0
    assert paired_difference(played("squeeze"), played("loyal")).low > 0.0, "elsewhere it does"
