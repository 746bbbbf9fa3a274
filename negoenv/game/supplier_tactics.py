"""The tactics of the supplier: one row each says when it is used and what it does.

It says something with its answer, truly or as a bluff, and a little later what it said comes due. The buyer sees what
was said, not whether it is true; it can ask (`PROBE`, for scarcity also `DENY_SCARCITY`), wait and see, or give in. How
often a supplier does so, and how often it means it, are traits. The tactics are those of the practitioners' literature
(Cialdini, *Influence*; Lewicki, Saunders & Barry, *Negotiation*, chapter on hardball tactics; both
recalled, unverified); magnitudes are assumptions.
"""

from dataclasses import dataclass, fields
from enum import IntEnum, IntFlag
from typing import Any, Self

import numpy as np

from negoenv.numerics.layout import Records


class Occasion(IntFlag):
    """What a tactic of the supplier may answer."""

    OPENING = 1  # the buyer's first offer
    CONCESSION = 2  # a concession of the buyer
    STUCK = 4  # two rounds or more in which nobody moved
    OTHER = 8  # any other move
    STRAINED = 16  # whatever it is, while the supplier is strained


@dataclass(frozen=True)
class SupplierEffects:
    """What a tactic of the supplier does.

    Attributes:
        occasions: when it may be used.
        weight: how often it is chosen of those that may be, relative to the others.
        meaning: what it is.
        phrase: how a transcript tells it; ``{ask}`` is the standing ask.
        outcome: how a transcript tells that it comes due, if it does.
        holds: 1 if the ask stays where it is in that answer, else 0.
        strain: what it adds to the strain that shows, cue.
        now: by how much the ask rises at once, fraction of the gap.
        rounds: rounds until it comes due; 0 if nothing follows.
        gives: 1 if it comes due only if the buyer gives in the meantime, -1 only if it does not, 0 in any case.
        due: by how much the ask rises when it comes due and was meant, fraction of the gap; falls where below 0.
        back: 1 if the ask goes back to where it was when it comes due and was meant, -1 if it was not meant, else 0.
        exit: probability of leaving when it comes due and was meant.
        fallback: what it expects elsewhere if it is true, from what it expected before (0) to its ask (1).
    """

    occasions: Occasion
    meaning: str
    phrase: str
    outcome: str = ""
    weight: float = 1.0
    holds: float = 0.0
    strain: float = 0.0
    now: float = 0.0
    rounds: float = 0.0
    gives: float = 0.0
    due: float = 0.0
    back: float = 0.0
    exit: float = 0.0
    fallback: float = 0.0


O = Occasion  # noqa: E741 - as short as the rows need it


class SupplierTactic(IntEnum):
    """The tactics by number; 0 is none."""

    effects: SupplierEffects

    def __new__(cls, effects: Any) -> Self:
        """Number the next row."""
        number = len(cls.__members__)
        tactic = int.__new__(cls, number)
        tactic._value_ = number
        tactic.effects = effects
        return tactic

    NONE = SupplierEffects(O(0), "No tactic.", "", weight=0.0)
    FLINCH = SupplierEffects(
        O.OPENING, "Shows shock at the offer.", "It winces at your offer.", holds=1.0, strain=0.5,
    )  # fmt: skip
    SCARCITY = SupplierEffects(
        O.STUCK | O.OTHER, "Says that another buyer wants the goods; if so, it may sell to that one.",
        "It says that another buyer wants these goods.", "The other buyer was real.",
        rounds=2.0, gives=-1.0, exit=0.08, fallback=0.35,
    )  # fmt: skip
    PRICE_RISE = SupplierEffects(
        O.STUCK | O.OTHER, "Announces that the price will rise soon.",
        "It says that its prices go up soon.", "Its price goes up, to {ask}.",
        rounds=2.0, due=0.2,
    )  # fmt: skip
    HIGHER_AUTHORITY = SupplierEffects(
        O.CONCESSION | O.OTHER, "Must ask its superiors, who may allow more.",
        "It must ask its superiors first.", "Its superiors allow more: {ask}.",
        holds=1.0, rounds=1.0, due=-0.2,
    )  # fmt: skip
    BAD_COP = SupplierEffects(
        O.CONCESSION | O.OTHER, "Lets a hard colleague talk, and a kind one next if the buyer gives.",
        "A colleague takes over, and is harsh.", "The kinder one is back, and comes down to {ask}.",
        holds=1.0, strain=0.4, rounds=2.0, gives=1.0, due=-0.25,
    )  # fmt: skip
    NIBBLE = SupplierEffects(
        O.CONCESSION, "Asks for a little on top of a concession; who holds out against a bluff gets it back.",
        "It takes that, and asks for a little on top.", "It drops what it asked on top.",
        holds=1.0, now=0.1, rounds=1.0, gives=-1.0, back=-1.0,
    )  # fmt: skip
    EXPLODING_OFFER = SupplierEffects(
        O.CONCESSION | O.STUCK | O.OTHER, "Offers a better price that is good for one round.",
        "It says that this is good today only.", "That price is gone: it asks {ask} again.",
        now=-0.25, rounds=1.0, back=1.0,
    )  # fmt: skip
    THREAT_TO_LEAVE = SupplierEffects(
        O.STRAINED, "Threatens to leave unless the buyer gives.",
        "It says that it will leave if you do not move.", "It meant that.",
        holds=1.0, strain=0.2, rounds=2.0, gives=-1.0, exit=0.4,
    )  # fmt: skip
    SILENCE = SupplierEffects(
        O.CONCESSION | O.STUCK | O.OTHER, "Says nothing, and waits for the buyer to go on.",
        "It says nothing and waits.", holds=1.0,
    )  # fmt: skip
    TIED_CONCESSION = SupplierEffects(
        O.STUCK | O.OTHER, "Promises a step of its own for one of the buyer.",
        "It says: come up, and I come down.", "As it promised, it comes down to {ask}.",
        holds=1.0, rounds=1.0, gives=1.0, due=-0.2,
    )  # fmt: skip


TACTICS = tuple(tactic for tactic in SupplierTactic if tactic is not SupplierTactic.NONE)
"""The tactics but NONE."""

_NUMBERS = [field.name for field in fields(SupplierEffects) if field.name not in ("meaning", "phrase", "outcome")]
SUPPLIER_EFFECT_DTYPE = np.dtype([(name, np.int64 if name == "occasions" else np.float64) for name in _NUMBERS])


def supplier_effect_table() -> Records:
    """Return what the tactics do as records, shape ``(tactics + 1,)``, for the compiled dynamics."""
    rows = np.zeros(len(SupplierTactic), SUPPLIER_EFFECT_DTYPE)
    for tactic in SupplierTactic:
        for name in _NUMBERS:
            rows[name][tactic] = getattr(tactic.effects, name)
    return rows
