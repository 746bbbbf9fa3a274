"""Policies written by hand: baselines, the field's classics, and gradual pressure.

    base      the table they read, their memory, the way to a legal move
    random    uniformly random
    gradual   pressure step by step
    contract  issue_by_issue, logroller, accommodating: for contracts with several issues
    classics  forcing, soft_liner, split_the_difference, hold_out; boulware, conceder; tit_for_tat, micro

All but the random one play negotiations only.
"""

from negoenv.errors import unknown_name

from ..policy import Policy
from .classics import Boulware, Conceder, Forcing, HoldOut, MiCRO, SoftLiner, SplitTheDifference, TitForTat
from .contract import Accommodating, IssueByIssue, Logroller
from .gradual import Gradual
from .random import Random

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
"""Every scripted policy by its name."""

FOR_CONTRACTS = (IssueByIssue.name, Logroller.name, Accommodating.name)
"""Those that are worth playing where there are several issues."""


def make(name: str) -> Policy:
    """Return a new policy of this name.

    Raises:
        NegoenvError: if there is none.
    """
    if name not in SCRIPTED:
        raise unknown_name("policy", name, SCRIPTED)
    return SCRIPTED[name]()
