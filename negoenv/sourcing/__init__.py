"""Sourcing: several suppliers at once, one order, possibly split; the outside option is made by the buyer itself.

The rules, to be read in this order:

    moves        what can be said, offered and awarded, to whom
    state        what is remembered besides the record of each supplier
    constants    every number of the market, with unit, range and source
    quotes       which prices stand, and what the buyer may do about them
    talking      a round with one supplier: the compiled step of a price negotiation, and its bid
    waiting      what goes on with those that are not talked to
    award        awards, splits, rewards, the next requirement
    rounds       one round, in which order what happens
    observation  what the buyer sees
    scenario     a game as data
    presets      the games that have names
    views, transcript  the observation as a dictionary, and an episode as text
    env          the Gymnasium environments

`negoenv.sourcing.engine` loops over rows and holds no rule.
"""

from negoenv.sourcing.engine.batch import SourcingBatch
from negoenv.sourcing.moves import SourcingAction, SourcingMove, action_of
from negoenv.sourcing.presets import SOURCING_PRESETS, resolve_sourcing
from negoenv.sourcing.scenario import SourcingScenario

__all__ = [
    "SOURCING_PRESETS",
    "SourcingAction",
    "SourcingBatch",
    "SourcingMove",
    "SourcingScenario",
    "action_of",
    "resolve_sourcing",
]
