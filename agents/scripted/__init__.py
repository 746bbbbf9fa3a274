"""Policies written by hand: baselines, the field's classics, and gradual pressure.

    base      the table they read, their memory, the way to a legal move
    random    uniformly random
    gradual   pressure step by step
    contract  issue_by_issue, logroller, accommodating: for contracts with several issues
    classics  forcing, soft_liner, split_the_difference, hold_out; boulware, conceder; tit_for_tat, micro

    sourcing  squeeze, dual_squeeze, bluffer, sequential_best_offer, loyal: for several suppliers

The others play negotiations with one supplier only, but for the random one, which plays anything.
"""

from negoenv.errors import unknown_name

from ..policy import Policy
from .classics import Boulware, Conceder, Forcing, HoldOut, MiCRO, SoftLiner, SplitTheDifference, TitForTat
from .contract import Accommodating, IssueByIssue, Logroller
from .gradual import Gradual
from .random import Random
from .sourcing import Bluffer, DualSqueeze, Loyal, SequentialBestOffer, Squeeze

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
    IssueByIssue,
    Logroller,
    Accommodating,
)

SCRIPTED: dict[str, type[Policy]] = {policy.name: policy for policy in _POLICIES}
"""Every scripted policy for one supplier by its name, and the random one."""

_OF_SOURCING: tuple[type[Policy], ...] = (Squeeze, DualSqueeze, Bluffer, SequentialBestOffer, Loyal)

SOURCING_SCRIPTED: dict[str, type[Policy]] = {policy.name: policy for policy in _OF_SOURCING}
"""Every scripted policy for several suppliers by its name."""

EVERY_SCRIPTED = SCRIPTED | SOURCING_SCRIPTED
"""Every scripted policy by its name."""

FOR_CONTRACTS = (IssueByIssue.name, Logroller.name, Accommodating.name)
"""Those that are worth playing where there are several issues."""


def make(name: str) -> Policy:
    """Return a new policy of this name.

    Raises:
        NegoenvError: if there is none.
    """
    if name not in EVERY_SCRIPTED:
        raise unknown_name("policy", name, EVERY_SCRIPTED)
    return EVERY_SCRIPTED[name]()
