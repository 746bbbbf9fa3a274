"""Policies written by hand: baselines, the field's classics, and gradual pressure.

    base             the table they read, their memory, the way to a legal move
    random           uniformly random
    gradual          pressure step by step
    simple           forcing, soft_liner, split_the_difference, hold_out
    time_dependent   boulware, conceder
    reciprocal       tit_for_tat, micro

All but the random one play negotiations only.
"""

from negoenv.errors import unknown_name

from ..policy import Policy
from .gradual import Gradual
from .random import Random
from .reciprocal import MiCRO, TitForTat
from .simple import Forcing, HoldOut, SoftLiner, SplitTheDifference
from .time_dependent import Boulware, Conceder

_POLICIES: tuple[type[Policy], ...] = (
    Random,
    Gradual,
    Forcing,
    SoftLiner,
    Boulware,
    Conceder,
    TitForTat,
    MiCRO,
    SplitTheDifference,
    HoldOut,
)

SCRIPTED: dict[str, type[Policy]] = {policy.name: policy for policy in _POLICIES}
"""Every scripted policy by its name."""


def make(name: str) -> Policy:
    """Return a new policy of this name.

    Raises:
        NegoenvError: if there is none.
    """
    if name not in SCRIPTED:
        raise unknown_name("policy", name, SCRIPTED)
    return SCRIPTED[name]()
