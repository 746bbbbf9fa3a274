"""What buyers say at their turns: the flags of the data, the moves of the game that say the same, and how often people
say it.

The flags are regular expressions over the buyer's words, not checked by a second reader. A turn of the game has one
argument and one offer; where a person said several things at once, the rarest is played and all are flagged.
"""

from dataclasses import astuple, dataclass, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.tactics import Move, combined

Mask = NDArray[np.bool_]

WORDS = ("anger", "competitor", "final", "need", "budget", "disparage", "probe", "friendly", "side")
"""The flags, the rarest first. People also threatened to leave (``walk``), in 6 of 2,130 turns: too few."""

SAID_BY: dict[str, Move] = {
    "anger": Move.RAISE_VOICE,
    "competitor": Move.CITE_COMPETITORS,  # "others sell it"
    "final": Move.ULTIMATUM,  # "my last offer"
    "budget": Move.REVEAL_BUDGET,  # "cannot pay more"
    "disparage": Move.DENY_SCARCITY,  # "it is not worth that": the nearest there is, an assumption
    "probe": Move.PROBE,  # asks
}
"""The argument that says the same; assumptions. Being friendly is what HOLD is and needs no argument; a side offer
(cash, pick-up today) and one's need have none, for there is nothing but the price in the game that is fitted."""

ANY_OFFER = Move["OFFER_100"]
"""The offer of a price: all of the benchmark, which is set to it."""


class TurnKind(IntEnum):
    """What a buyer does with its price in a turn; people say other things with each."""

    FIRST = 0  # names its first price
    GAVE = 1  # raises its price
    INSISTS = 2  # names the same price again
    TALKS = 3  # names no price


@dataclass(frozen=True, eq=False)
class WordHabits:
    """How often people say what: the words of measured turns, of which one is drawn for each simulated turn.

    Attributes:
        said: the flags of the measured turns of each `TurnKind`, bool of shape ``(turns of the kind, len(WORDS))``.
    """

    said: tuple[Mask, ...]

    @classmethod
    def of(cls, kinds: NDArray[np.int64], words: Mask) -> "WordHabits":
        """Return the habits of those who said these words, shape ``(turns, len(WORDS))``, at turns of these kinds."""
        return cls(tuple(words[kinds == kind] for kind in TurnKind))

    @classmethod
    def silent(cls) -> "WordHabits":
        """Return the habits of buyers who name prices and say nothing."""
        return cls(tuple(np.zeros((0, len(WORDS)), np.bool_) for _ in TurnKind))

    def draw(self, kinds: NDArray[np.int64], uniform: NDArray[np.float64]) -> Mask:
        """Return what is said at turns of these kinds, shape ``(n, len(WORDS))``, given a uniform number for each."""
        words = np.zeros((len(kinds), len(WORDS)), np.bool_)
        for kind, said in zip(TurnKind, self.said, strict=True):
            chosen = kinds == kind
            if len(said):
                words[chosen] = said[(uniform[chosen] * len(said)).astype(np.int64)]
        return words


def arguments_of(words: Mask) -> NDArray[np.int64]:
    """Return the argument that is played for the words of each turn, HOLD for none; int64 of shape ``(n,)``."""
    played = np.full(len(words), Move.HOLD, np.int64)
    for place in reversed(range(len(WORDS))):  # the rarest comes last, and stays
        if WORDS[place] in SAID_BY:
            played[words[:, place]] = SAID_BY[WORDS[place]]
    return played


def say_and_offer(
    batch: NegotiationBatch, arguments: NDArray[np.int64], offer: Move, prices: NDArray[np.float64], rows: Mask
) -> None:
    """Say an argument and make an offer, in some rows.

    Args:
        batch: the negotiations; their benchmark becomes the price, so that an offer of all of it is that price.
        arguments: what is said, numbers of moves, HOLD for nothing; shape ``(n,)``.
        offer: OPEN_FAIR, `ANY_OFFER`, or HOLD for no offer.
        prices: the price of the offer, and of what is claimed; shape ``(n,)``.
        rows: where, shape ``(n,)``.
    """
    batch.state["benchmark"][rows] = prices[rows]
    for argument in map(Move, np.unique(arguments[rows])):
        effects = argument.tactic.effects
        if argument is Move.HOLD:
            effects = offer.tactic.effects
        elif offer is not Move.HOLD:
            effects = argument.tactic.with_offer(offer.tactic).effects
        if effects.content > 0.0:
            effects = replace(effects, content=1.0)
        move = offer if offer is Move.OPEN_FAIR else combined(argument, offer)
        usual = batch.effects[move].copy()
        batch.effects[move] = astuple(effects)
        batch.step(np.full(batch.num_rows, move, np.int64), rows & (arguments == argument))
        batch.effects[move] = usual
