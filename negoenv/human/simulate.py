"""The measured buyers replayed against simulated sellers: the simulated side of the moments.

Each measured first offer meets several sellers. It is played as OPEN_MODERATE, with the benchmark set so that the
opening is the measured price; what the buyer does later is drawn from `replay.later_moves`.
"""

import numpy as np

from negoenv.human.bargains import Bargains, Floats
from negoenv.human.replay import BUYER_MOVES, LaterMoves
from negoenv.negotiation import NegotiationBatch
from negoenv.randomness import SEED_MODULUS
from negoenv.scenario import Scenario
from negoenv.state import Outcome
from negoenv.tactics import TACTICS, Move

_MOVES = {
    "hold": Move.HOLD,
    "small": Move.CONCEDE_SMALL,
    "moderate": Move.CONCEDE_MODERATE,
    "large": Move.CONCEDE_LARGE,
    "accept": Move.ACCEPT,
    "walk_away": Move.WALK_AWAY,
}
_REPLAY = np.array([_MOVES[name] for name in BUYER_MOVES])
_OPENING = TACTICS[Move.OPEN_MODERATE].opening


def simulate(
    scenario: Scenario,
    offers: Floats,
    later: LaterMoves,
    targets: Floats | float = np.nan,
    sellers: int = 20,
    seed: int = 0,
) -> Bargains:
    """Replay measured buyers against the sellers of a scenario's training population.

    Args:
        scenario: the game; its benchmark is overridden.
        offers: first offers, fractions of the list price, shape ``(n,)``.
        later: what buyers do after a seller's price.
        targets: the buyers' target prices, shape ``(n,)``, or one number for all.
        sellers: how many sellers each buyer meets.
        seed: keys sellers and buyers; the same seed gives the same negotiations.

    Returns:
        ``n * sellers`` negotiations.
    """
    first = np.repeat(offers, sellers)
    rows = len(first)
    batch = NegotiationBatch(rows, scenario)
    batch.seed(seed % SEED_MODULUS)
    running = np.ones(rows, np.bool_)
    batch.begin(running, {"context": {"benchmark": first / _OPENING, "budget": 2.0}})
    draws = np.random.Generator(np.random.Philox(key=seed)).random((scenario.deadline, rows))
    cumulative = np.cumsum(later.probability, axis=1)
    buyer = np.full((rows, scenario.deadline), np.nan)
    seller = np.full((rows, scenario.deadline), np.nan)
    for turn in range(scenario.deadline):
        if turn == 0:
            moves = np.full(rows, int(Move.OPEN_MODERATE))
        else:
            row = cumulative[min(turn - 1, len(cumulative) - 1)]
            moves = _REPLAY[np.minimum(np.searchsorted(row, draws[turn], side="right"), len(_REPLAY) - 1)]
        batch.step(moves, running)
        names_price = running & (moves != Move.ACCEPT) & (moves != Move.WALK_AWAY)
        buyer[names_price, turn] = batch.state["offer"][names_price]
        running &= ~batch.terminated
        seller[running, turn] = batch.state["ask"][running]
        if not running.any():
            break
    agreement = batch.state["outcome"] == Outcome.DEAL
    price = np.where(agreement, batch.state["price"], np.nan)
    spread = targets if np.isscalar(targets) else np.repeat(np.asarray(targets), sellers)
    return Bargains.from_rounds(buyer, seller, agreement, price, spread)
