"""The reference policies by name: the planner told the truth, and the planner that sees what a buyer sees."""

from collections.abc import Callable

from negoenv.engine.batch import Batch
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.ladder import LadderBatch

from ..policy import Policy
from ..scripted import make
from .hypotheses import Hypotheses, Truth
from .ladder import LadderTypes, climbers
from .particles import Particles
from .planner import Effort, Planner

_SCRIPTED_BASE = "gradual"
PARTICLES = 1024
"""Particles a row, unless told otherwise."""


def default_bases(game: Batch) -> tuple[Policy, ...]:
    """Return the policies that a planner goes on with unless others are named."""
    return climbers(game) if isinstance(game, LadderBatch) else (make(_SCRIPTED_BASE),)


def guesses(game: Batch) -> Hypotheses:
    """Return what can be known of a game's hidden truth by playing it."""
    if isinstance(game, LadderBatch):
        return LadderTypes(game)
    assert isinstance(game, NegotiationBatch)
    return Particles(game, PARTICLES)


REFERENCES: dict[str, Callable[[Batch], Hypotheses]] = {"informed": Truth, "uninformed": guesses}
"""The kinds of planner by name, and how each makes its hypotheses."""


def make_reference(kind: str, bases: tuple[Policy, ...] = (), effort: Effort | None = None) -> Planner:
    """Return a planner.

    Args:
        kind: a name of `REFERENCES`.
        bases: base policies; those of `default_bases` unless given.
        effort: how much it thinks.
    """
    name = ":".join([kind, "+".join(base.name for base in bases)]) if bases else kind
    return Planner(name, REFERENCES[kind], (lambda game: bases) if bases else default_bases, effort)
