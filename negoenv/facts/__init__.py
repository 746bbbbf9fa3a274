"""What the supplier model must show, as code: one experiment for each fact, and the card that reports them all.

`FACTS` holds the facts; `card.run_card` runs them; ``negoenv model-card`` prints the card.
"""

from negoenv.facts import (
    arguments,
    bargaining,
    bluffs,
    concessions,
    demands,
    emotion,
    giving,
    openings,
    partnership,
    pressure,
    ultimatums,
)
from negoenv.facts.card import FactResult, run_card
from negoenv.facts.fact import Confidence, Curve, Effect, Fact, Finding, Plot, Verdict

__all__ = [
    "FACTS",
    "Confidence",
    "Curve",
    "Effect",
    "Fact",
    "FactResult",
    "Finding",
    "Plot",
    "Verdict",
    "run_card",
]

_THEMES = (
    openings,
    bargaining,
    concessions,
    emotion,
    ultimatums,
    bluffs,
    partnership,
    pressure,
    arguments,
    demands,
    giving,
)

FACTS: tuple[Fact, ...] = tuple(
    sorted(
        (value for theme in _THEMES for value in vars(theme).values() if isinstance(value, Fact)),
        key=lambda fact: fact.row,
    )
)
"""All facts, in order."""
