"""Facts 3 to 6: how suppliers concede and accept, round by round."""

import numpy as np

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.experiment import Floats, Give, Negotiations, by_replay, measured, meet, replays
from negoenv.facts.fact import Confidence, Curve, Effect, Finding, Plot, fact
from negoenv.facts.measures import by_group, curve, difference, share
from negoenv.game.tactics import Move
from negoenv.human import Bargains
from negoenv.human import moments as m

_REPLIES = 8
_STONEWALL = 2  # replies without a concession
_NOTHING = 0.01  # a smaller concession is none, fraction of the gap
_JUMP = 0.5  # and then as much of the gap at once
_FRACTIONS = (-0.01, 0.2, 0.4, 0.6, 1.0)
_SHARES = (0.35, 0.40, 0.45, 0.50, 0.55, 0.60, 0.65)  # of the gap; the third and the fifth are beside the midpoint
_ROUNDS = 20
_STANDING = {"offer": 0.75, "limit": 0.9}
_TEMPTED = {"aspiration": 0.65}


def _given(scenario: str, episodes: int) -> Floats:
    """Return the fraction of the open gap that each reply gives to a buyer of small concessions, NaN after the end.

    The first reply is the one to the opening.
    """
    talks = Negotiations(episodes, scenario)
    replies = []
    for move in (Move.OPEN_MODERATE, *[Move.CONCEDE_SMALL] * (_REPLIES - 1)):
        going_on, ask, gap = ~talks.batch.terminated, talks["ask"], talks["ask"] - talks["offer"]
        talks.play((move,))
        fraction = (ask - talks["ask"]) / np.maximum(gap, _NOTHING)
        replies.append(np.where(going_on & ~talks.batch.terminated, fraction, np.nan))
    return np.stack(replies, axis=1)


def _stonewalls_and_jumps(given: Floats) -> Floats:
    """Return 1 for each supplier that gives nothing at first and then most of the gap at once; NaN if it left early."""
    silent = (given[:, :_STONEWALL] < _NOTHING).all(axis=1)
    jumps = (np.nan_to_num(given[:, _STONEWALL:]) >= _JUMP).any(axis=1)
    stayed = ~np.isnan(given[:, : _STONEWALL + 1]).any(axis=1)
    return np.where(stayed, 1.0 * (silent & jumps), np.nan)


@fact(
    3,
    "Gradual concessions",
    known="Almost no seller stonewalls and then jumps; concessions come gradually.",
    claim="Stonewall-then-jump under 5% of suppliers.",
    source="Backus et al. 2020, QJE (S)",
    confidence=Confidence.S,
    conditions="A buyer of small concessions. Stonewall: the first two replies give nothing; jump: later half of the "
    "gap or more in one reply.",
    reason="On the Marketplace the interval reaches the bound: sellers that are not ready to move differ in how long. "
    "With few suppliers hardly any seller is pressed long enough to be counted, and the interval is wide.",
)
def gradual_concessions(episodes: int) -> Finding:
    """Watch the replies to a patient buyer."""
    arms = {name: _given(name, episodes) for name in ("Procurement", "Marketplace")}
    stubborn = {name: share(_stonewalls_and_jumps(given)) for name, given in arms.items()}
    return Finding(
        tuple(Effect(f"share that stonewalls and jumps, {name}", s, high=0.05) for name, s in stubborn.items()),
        Plot(
            "reply",
            "fraction of the open gap given",
            tuple(
                Curve(name, range(1, _REPLIES + 1), [Interval.of(column) for column in given.T])
                for name, given in arms.items()
            ),
        ),
    )


def _answers(bargains: Bargains) -> tuple[Floats, Floats]:
    """Return the buyer's later gap fractions and the seller's in answer, both flat; NaN outside 0 to 1."""
    fractions = np.where((bargains.gap_fractions >= 0) & (bargains.gap_fractions <= 1), bargains.gap_fractions, np.nan)
    return fractions[:, 3:-1:2].ravel(), fractions[:, 4::2].ravel()


@fact(
    4,
    "Concessions are answered",
    known="A larger concession brings a larger one: gap-fraction slope .12 to .23; human data here .18 (se .09).",
    claim="Slope positive, in that range on the human-fitted population.",
    source="Backus et al. 2020, QJE (S); human data shipped with the package",
    confidence=Confidence.S,
    conditions="Human buyers replayed on the Marketplace. The data's own slope is uncertain: few negotiations go so "
    "far.",
    reason="Steeper than eBay's: the fit does not aim at it, and the chats' own slope is .22 with a standard error of "
    ".14. "
    "A seller that was pulled down by the first offer has a room that shrinks less than the gap.",
)
def reciprocity(episodes: int) -> Finding:
    """Relate the seller's concession to the buyer's last one."""
    buyers, sellers = (np.concatenate(parts) for parts in zip(*map(_answers, replays(episodes)), strict=True))
    return Finding(
        (Effect("slope of gap fractions, Marketplace", by_replay(episodes, m.reciprocity_slope), 0.12, 0.23),),
        Plot(
            "buyer's last concession, fraction of the gap",
            "seller's answer, fraction of the gap",
            (
                by_group("simulated", buyers, sellers, _FRACTIONS),
                by_group("human", *_answers(measured()), _FRACTIONS),
            ),
        ),
    )


@fact(
    5,
    "Splitting the difference",
    known="Splitting the difference is accepted more.",
    claim="Acceptance bump at the midpoint.",
    source="Backus et al. 2020, QJE (S); human data shipped with the package (18% of deals at the exact midpoint)",
    confidence=Confidence.S,
    conditions="Marketplace; the buyer's second offer, against the mean of the two offers beside the midpoint.",
)
def midpoint(episodes: int) -> Finding:
    """Close fractions of the gap after the seller's first counter-offer."""
    arms = {s: meet(episodes, (Move.OPEN_MODERATE, Give(s)), scenario="Marketplace").deal for s in _SHARES}
    _, _, below, middle, above, _, _ = arms.values()
    return Finding(
        (
            Effect("acceptance at the midpoint less beside it", difference(middle, 0.5 * (below + above)), 0.0),
            Effect("share of deals at the exact midpoint", by_replay(episodes, m.midpoint_deals)),
        ),
        Plot(
            "offer, fraction of the gap closed",
            "share accepted by then",
            (curve("Marketplace", _SHARES, lambda s: share(arms[s])),),
        ),
    )


@fact(
    6,
    "Agreements bunch at the deadline",
    known="Agreements bunch at the deadline.",
    claim="Acceptance hazard rises in the last rounds.",
    source="Roth, Murnighan & Schoumaker 1988, AER (A)",
    confidence=Confidence.A,
    conditions="The buyer lets an offer stand that the suppliers, of lower aspirations than usual, accept in the end.",
)
def late_agreements(episodes: int) -> Finding:
    """Let an offer stand, and see when it is taken."""
    talks = Negotiations(episodes, supplier=_TEMPTED, context=_STANDING)
    hazards, taken = [], []
    for _ in range(_ROUNDS):
        before, going_on = talks.deal, ~talks.batch.terminated
        taken.append(talks.play((Move.HOLD,)).deal - before)
        hazards.append(share(taken[-1][going_on]))
    early, late = (
        meet(episodes, (Move.HOLD,), supplier=_TEMPTED, context=_STANDING | {"round": r}).deal for r in (5.0, 18.0)
    )
    bunch = difference(np.sum(taken[-3:], axis=0), np.sum(taken[-6:-3], axis=0))
    return Finding(
        (
            Effect("acceptance of the same offer, round 18 less round 5", difference(late, early), 0.0),
            Effect("agreements in the last three rounds less the three before", bunch, 0.0),
        ),
        Plot("round", "share of open offers accepted", (Curve("all suppliers", range(1, _ROUNDS + 1), hazards),)),
    )
