"""Buyers against simulated sellers: the simulated side of the moments."""

import numpy as np

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from negoenv.human.bargains import LIST_PRICE, SAME_PRICE, Bargains, Floats
from negoenv.human.replay import Buyers
from negoenv.scenarios.scenario import Scenario

_OPENING = Move.OPEN_MODERATE.tactic.effects.opening


def simulate(scenario: Scenario, buyers: Buyers, sellers: int = 20, seed: int = 0) -> Bargains:
    """Let buyers meet the sellers of a scenario's training population.

    A first price is played as OPEN_MODERATE, with the benchmark set so that the opening is that price; where the
    seller had spoken first, its price is the ask at the start. Later moves are concessions of just the fractions that
    the buyers' moves say.

    Args:
        scenario: the game; its benchmark and budget are overridden.
        buyers: who they are.
        sellers: how many sellers each buyer meets.
        seed: keys sellers and buyers; the same seed gives the same negotiations.

    Returns:
        ``len(buyers) * sellers`` negotiations, those of one buyer next to each other.
    """
    first = np.repeat(buyers.first_price, sellers)
    spoken = np.repeat(buyers.seller_price, sellers)
    ask = np.maximum(np.where(np.isnan(spoken), LIST_PRICE, spoken), first)
    rows = len(first)
    batch = NegotiationBatch(rows, scenario)
    batch.seed(seed)
    running = np.ones(rows, np.bool_)
    batch.reset(running, {"context": {"benchmark": first / _OPENING, "budget": 2.0, "ask": ask}})
    draws = np.random.Generator(np.random.Philox(key=seed)).random((scenario.deadline, rows))
    buyer = np.full((rows, scenario.deadline + 1), np.nan)
    seller = np.full((rows, scenario.deadline + 1), np.nan)
    seller[:, 0] = spoken
    conceded = np.zeros(rows, np.bool_)
    for number in range(1, scenario.deadline + 1):
        before = batch.state["ask"].copy()
        if number == 1:
            batch.step(np.full(rows, Move.OPEN_MODERATE, np.int64), running)
            buyer[:, 1] = first
        else:
            fractions = buyers.moves.draw(number, draws[number - 1], conceded)
            _concede(batch, fractions, running)
            named = running & (fractions < 1.0)
            buyer[named, number] = batch.state["offer"][named]
        running &= ~batch.terminated
        seller[running, number] = batch.state["ask"][running]
        conceded = before - batch.state["ask"] > SAME_PRICE
        if not running.any():
            break
    agreement = batch.state["outcome"] == Outcome.DEAL
    price = np.where(agreement, batch.state["price"], np.nan)
    return Bargains.from_rounds(buyer, seller, agreement, price, np.repeat(buyers.target, sellers))


def _concede(batch: NegotiationBatch, fractions: Floats, running: np.ndarray) -> None:
    """Close the given fractions of the gaps in the running rows: 0 holds, 1 accepts, ``nan`` walks away."""
    effects = batch.effects
    usual = float(effects["concession"][Move.CONCEDE_MODERATE])
    for move, chosen in (
        (Move.WALK_AWAY, np.isnan(fractions)),
        (Move.HOLD, fractions == 0.0),
        (Move.ACCEPT, fractions == 1.0),
    ):
        batch.step(np.full(batch.num_rows, move, np.int64), running & chosen)
    between = running & (fractions > 0.0) & (fractions < 1.0)
    for fraction in np.unique(fractions[between]):
        effects["concession"][Move.CONCEDE_MODERATE] = fraction
        batch.step(np.full(batch.num_rows, Move.CONCEDE_MODERATE, np.int64), between & (fractions == fraction))
    effects["concession"][Move.CONCEDE_MODERATE] = usual
