"""Facts 13, 14 and 22: threats and ultimatums: timing, belief, fairness."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from negoenv.benchmark.evaluation import Interval
from negoenv.facts.experiment import KEPT, Floats, Step, meet
from negoenv.facts.fact import NEGLIGIBLE, Confidence, Curve, Effect, Finding, Plot, fact
from negoenv.facts.measures import curve, difference, ratio, share
from negoenv.game.constants import CONSTANTS
from negoenv.game.tactics import Move

_PAUSE: tuple[Step, ...] = (Move.HOLD,) * 2
_ROUNDS = range(1, 19, 3)
_COST, _LIMIT = 0.5, 0.9
_SHARES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
_LAST_WORD = {"decisiveness": 0.0, "tolerance": 5.0, "exit_rate": 0.0, "reservation_price": _COST}
_STALEMATE = {"stalemate": 2.0, "round": 17.0, "limit": _LIMIT, "ask": 0.95, "expected_limit": 0.93}
_NOBODY = 0.05  # a smaller share of compliance is none
_MULTIPLES = (0.0, 0.5, 1.0, 1.5, 2.0)  # of the default


def _fall(episodes: int, move: Move, context: Mapping[str, Any] | None = None) -> Floats:
    """Return by how much a move lowers the ask two replies later, compared with HOLD."""
    done, held = (
        meet(episodes, (Move.OPEN_MODERATE, m, Move.HOLD), supplier=KEPT, context=context) for m in (move, Move.HOLD)
    )
    return held["ask"] - done["ask"]


def _complied(episodes: int, surplus_share: float, receptive: float, **context: float) -> Floats:
    """Return 1 for each supplier that takes a final offer of a share of the surplus after a stalemate."""
    offer = _COST + surplus_share * (_LIMIT - _COST)
    supplier = _LAST_WORD | {"receptive_ultimatum": receptive}
    return meet(episodes, (Move.ULTIMATUM,), supplier=supplier, context=_STALEMATE | {"offer": offer} | context).deal


def _relative(label: str, effects: Mapping[int, Floats]) -> Curve:
    """Return effects by round, in units of their mean over the rounds."""
    unit = np.mean([values.mean() for values in effects.values()])
    return Curve(label, tuple(effects), [Interval.of(values / unit) for values in effects.values()])


@fact(
    13,
    "Threats: timing and belief",
    known="Implicit threats work early, explicit ones late; credibility mediates; threats beat anger.",
    claim="SILENT_THREAT early and ULTIMATUM late beat the reverse; without credibility no effect.",
    source="Sinaceur & Neale 2005, GDN (A); Sinaceur et al. 2011, JAP (A)",
    confidence=Confidence.A,
    conditions="Suppliers as they come for the order of the two; for demands, suppliers that neither leave nor "
    "accept. No effect: within a fifth of that of the credible threat, or under 5% compliance.",
)
def timing(episodes: int) -> Finding:
    """Exchange the places of an implicit and an explicit threat; without credibility; and anger instead."""
    before: tuple[Step, ...] = (Move.OPEN_MODERATE, Move.CONCEDE_MODERATE, *_PAUSE)
    right, wrong = (
        meet(episodes, (*before, first, *_PAUSE, *_PAUSE, second, Move.HOLD, Move.ACCEPT)).worth
        for first, second in ((Move.SILENT_THREAT, Move.ULTIMATUM), (Move.ULTIMATUM, Move.SILENT_THREAT))
    )
    threat, anger = _fall(episodes, Move.SILENT_THREAT), _fall(episodes, Move.RAISE_VOICE)
    doubted = _fall(episodes, Move.SILENT_THREAT, {"credibility": 0.0})
    unheard = _complied(episodes, 0.45, 1.0, credibility=0.0)
    return Finding(
        (
            Effect(
                "buyer's share of the surplus, threat then ultimatum less the reverse", difference(right, wrong), 0.0
            ),
            Effect("fall of the ask by an implicit threat", Interval.of(threat), 0.0),
            Effect("without credibility, times that", ratio(doubted, threat), *NEGLIGIBLE),
            Effect("compliance with an ultimatum, without credibility", share(unheard), high=_NOBODY),
            Effect("fall of the ask, threat less anger", difference(threat, anger), 0.0),
        ),
        Plot(
            "round",
            "effect, 1 is its mean over the rounds",
            (
                _relative(
                    "implicit threat: fall of the ask",
                    {r: _fall(episodes, Move.SILENT_THREAT, {"round": r}) for r in _ROUNDS},
                ),
                _relative("ultimatum: compliance", {r: _complied(episodes, 0.45, 1.0, round=r) for r in _ROUNDS}),
            ),
        ),
    )


@fact(
    14,
    "The ultimatum game",
    known="Ultimatum: mean offer 40%, 16% rejected; at a fifth of the surplus about half are rejected.",
    claim="Rejection by the supplier's surplus share: about .5 at 20%, about 0 at 50%.",
    source="Oosterbeek, Sloof & van de Kuilen 2004, Exp. Econ. (A); Knight, JEPS (A)",
    confidence=Confidence.A,
    conditions="The studies' offer is final by rule; here a buyer believed without doubt, after a stalemate, close to "
    "the end. About .5: .4 to .6; about 0: under .05. The 16% are of all offers, not of those of 40%.",
)
def ultimatum_game(episodes: int) -> Finding:
    """Make a final offer of several shares of the surplus."""
    rejected = {s: 1.0 - _complied(episodes, s, 3.0, stalemate=10.0) for s in _SHARES}
    return Finding(
        (
            Effect("rejected at 20% of the surplus", share(rejected[0.2]), 0.4, 0.6),
            Effect("rejected at 50% of the surplus", share(rejected[0.5]), high=_NOBODY),
            Effect("rejected at 40% of the surplus", share(rejected[0.4])),
        ),
        Plot(
            "supplier's share of the surplus",
            "share rejected",
            (curve("final offer", _SHARES, lambda s: share(rejected[s])),),
        ),
    )


@fact(
    22,
    "The leader's ultimatum",
    known="The top leader makes an ultimatum convincing.",
    claim="LEADER_ULTIMATUM complied with more than ULTIMATUM; label: assumption.",
    source="Assumption (no study found)",
    confidence=Confidence.ASSUMPTION,
    conditions="Suppliers as they come, after two rounds of stalemate, close to the end. Magnitude: leader_belief.",
)
def leader(episodes: int) -> Finding:
    """Let the top leader speak, or somebody else."""

    def more(belief: float) -> Interval:
        boss, other = (
            meet(
                episodes,
                (move,),
                constants={"leader_belief": belief},
                supplier={"decisiveness": 0.0},
                context=_STALEMATE | {"offer": 0.7},
            ).deal
            for move in (Move.LEADER_ULTIMATUM, Move.ULTIMATUM)
        )
        return difference(boss, other)

    usual = CONSTANTS.by_name["leader_belief"].default
    sweep = curve("leader_belief", [usual * multiple for multiple in _MULTIPLES], more)
    return Finding(
        (Effect("share that complies, top leader less anybody else", sweep.y[2], 0.0),),
        Plot("how much more the leader is believed (leader_belief)", "difference in compliance", (sweep,)),
    )
