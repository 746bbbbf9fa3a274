"""What the model's suppliers think of a buyer who shows anger, gives, asks or chats, beside what people do.

The same talks are played with one doing more, and with a turn of plain talk in its place, on the same suppliers with
the same random numbers; so the differences are effects, where those of people are associations.
"""

import numpy as np

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.state import Outcome
from negoenv.game.tactics import Move
from negoenv.human.bargains import Floats
from negoenv.human.participants import CLAIMS
from negoenv.human.simulate import Buyers, step_at
from negoenv.scenarios.scenario import Scenario

DONE_BY: dict[str, Move] = {
    "angry": Move.RAISE_VOICE,
    "no_need": Move.CONCEDE_MODERATE,  # "you may have it": gives unasked
    "elicit_pref": Move.PROBE,  # asks what the other needs
    "small_talk": Move.HOLD,  # which is friendly talk
}
"""The move that does the same; assumptions."""

SIZED = ("walk_angry",)
"""Where sizes are compared: shares of the talks that somebody left. Opinions are compared by sign, for a scale of 1 to
5 and an index of goodwill have no common unit."""

_FINISH = (Move.CONCEDE_MODERATE, Move.CONCEDE_MODERATE, Move.ACCEPT)  # how all talks go on


def _played(scenario: Scenario, buyers: Buyers, doing: Move | None, seed: int) -> dict[str, Floats]:
    """Return what became of each talk, with a doing after the first price, or plain talk for ``None``."""
    batch, rows = NegotiationBatch(len(buyers), scenario), np.ones(len(buyers), np.bool_)
    batch.seed(seed)
    batch.reset(rows, {"context": {"benchmark": buyers.first_price, "budget": 2.0}})
    for move in (Move.OPEN_FAIR, doing, *_FINISH):
        running = rows & ~batch.terminated
        if move is None:
            step_at(batch, "relief", Move.HOLD, np.zeros(len(rows)), running)
        else:
            batch.step(np.full(len(rows), move, np.int64), running)
    state = batch.state
    liking = np.exp(-batch.constants["goodwill_tension"] * (state["tension"] + state["resentment"]))
    deal = state["outcome"] == Outcome.DEAL
    satisfaction = np.where(deal, batch.outcomes()["goodwill"], 0.0)
    left = state["outcome"] == Outcome.BREAKDOWN
    return {"likeness": liking, "satisfaction": satisfaction, "walk": left.astype(np.float64)}


def simulated_opinions(scenario: Scenario, buyers: Buyers, seed: int = 0) -> dict[str, float]:
    """Return the effects that `negoenv.human.participants.participant_moments_of` measures, by the same names.

    Liking is the part of goodwill that tension and resentment leave, satisfaction goodwill itself, 0 without a deal;
    both in standard deviations between the suppliers, over plain talk and all doings.
    """
    plain = _played(scenario, buyers, None, seed)
    arms = {doing: _played(scenario, buyers, move, seed) for doing, move in DONE_BY.items()}
    found = {}
    for doing, outcome in CLAIMS:
        difference = float((arms[doing][outcome] - plain[outcome]).mean())
        spread = np.concatenate([plain[outcome], *(arm[outcome] for arm in arms.values())]).std()
        found[f"{outcome}_{doing}"] = difference if outcome == "walk" else difference / max(float(spread), 1e-9)
    return found
