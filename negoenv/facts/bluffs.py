"""Facts 15 and 16: alternatives that are believed, and bluffs that are found out."""

import numpy as np

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.experiment import FIRM, KEPT, Floats, Offer, meet
from negoenv.facts.fact import Confidence, Effect, Finding, Plot, fact
from negoenv.facts.measures import curve, difference, share, slope_interval
from negoenv.game.tactics import Move

_BELIEFS = (0.0, 0.25, 0.5, 0.75, 1.0)
_DOUBTING = KEPT | {"gullibility": 0.2, "receptive_strong": 1.0, "informedness": 0.0}
_INFORMED = {"informedness": 1.0}
_OFFERS = (0.70, 0.74, 0.78, 0.82, 0.86)
_OFFER = 0.78
_LIMIT = 0.9


@fact(
    15,
    "Believed alternatives",
    known="A believed alternative helps in proportion to the belief, a phantom one too until exposed.",
    claim="Effect grows with believed likelihood.",
    source="Pinkley et al. 2019, OBHDP (A)",
    confidence=Confidence.A,
    conditions="Suppliers that take little at its word, so that belief matters. Exposed: those of them who, if "
    "informed, find out a claim.",
)
def believed_alternatives(episodes: int) -> Finding:
    """Cite competitors to suppliers that believe in them to several degrees; then be found out."""

    def ask(*moves: Move, informed: bool = False, belief: float = 0.0) -> tuple[Floats, Floats]:
        supplier = _DOUBTING | (_INFORMED if informed else {})
        talks = meet(episodes, (Move.OPEN_MODERATE, *moves), supplier=supplier, context={"belief": belief})
        return talks["ask"], talks["bluffs"]

    cite, hold = Move.CITE_COMPETITORS, Move.HOLD
    falls = {b: ask(hold, hold, belief=b)[0] - ask(cite, hold, belief=b)[0] for b in _BELIEFS}
    calm, unseen, (seen, bluffs) = (
        ask(hold, hold, hold)[0],
        ask(cite, cite, hold)[0],
        ask(cite, cite, hold, informed=True),
    )
    return Finding(
        (
            Effect(
                "fall of the ask for a unit of belief",
                slope_interval(np.repeat(_BELIEFS, episodes), np.concatenate(list(falls.values()))),
                0.0,
            ),
            Effect("fall of the ask by a phantom alternative", Interval.of(calm - unseen), 0.0),
            Effect("the same once exposed, less unexposed", Interval.of((unseen - seen)[bluffs > 0.0]), high=0.0),
        ),
        Plot(
            "supplier's belief in the alternatives",
            "fall of the ask, fraction of the first ask",
            (curve("claim of competitors", _BELIEFS, lambda b: Interval.of(falls[b])),),
        ),
    )


@fact(
    16,
    "Exposed liars",
    known="Exposed liars have later offers rejected more.",
    claim="After an exposed bluff acceptance at the same price falls.",
    source="Boles, Croson & Murnighan 2000, OBHDP (A); Croson et al. 2003, JEBO (A)",
    confidence=Confidence.A,
    conditions="The same offer, to the same suppliers that repeat their ask, with and without a bluff found out "
    "before it.",
)
def exposed_liars(episodes: int) -> Finding:
    """Offer the same price after a bluff that was found out, and without one."""
    conditions = {"supplier": FIRM | _INFORMED | {"aspiration": 0.5}, "context": {"limit": _LIMIT}}
    found_out = meet(episodes, (Move.CITE_COMPETITORS,), **conditions)["bluffs"] > 0.0

    def accepted(first: Move, price: float) -> Floats:
        return meet(episodes, (first, Offer(price), Move.HOLD, Move.HOLD), **conditions).deal[found_out]

    honest, liar = ({p: accepted(move, p) for p in _OFFERS} for move in (Move.HOLD, Move.CITE_COMPETITORS))
    less = difference(liar[_OFFER], honest[_OFFER])
    return Finding(
        (Effect(f"share that accepts {_OFFER:g}, exposed liar less honest", less, high=0.0),),
        Plot(
            "offer, fraction of the first ask",
            "share accepted within three rounds",
            (
                curve("honest", _OFFERS, lambda price: share(honest[price])),
                curve("after an exposed bluff", _OFFERS, lambda price: share(liar[price])),
            ),
        ),
    )
