"""Part 3: the same claims in one burst and spread out, and two scripted policies that press one way or the other."""

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from negoenv.benchmark.evaluation import Episodes, Interval, paired_difference
from negoenv.facts.measures import ratio, share
from negoenv.facts.pressure import CALM, CLAIMS, burst_moves, spread_moves
from negoenv.game.tactics import Move

from ...registry import load_policy
from .sequences import FixedMoves, plan_in_words
from .under_test import ScenarioUnderTest

_AROUND = 2  # moves beside the claims and their calm rounds: the opening, and the ask taken at the end


@dataclass(frozen=True)
class Burst:
    """One pair of policies that press at once and in steps."""

    at_once: str  # who presses at once; for claims, the moves
    in_steps: str  # who presses in steps
    breakdowns_at_once: Interval  # share of the negotiations that broke down
    breakdowns_in_steps: Interval  # the same
    times: Interval  # breakdowns at once, times those in steps
    gain: Interval  # return in steps less that at once, paired by supplier


def bursts(tested: ScenarioUnderTest) -> dict[str, Burst]:
    """Return the comparisons that the scenario's deadline leaves room for, by name.

    ``claims`` is fact 21 of docs/model_card.md on this scenario's held-out suppliers: breakdowns are counted until the
    claims and their calm rounds are over; the return is that of the whole negotiation, in which the buyer then concedes
    step by step and takes the ask in the last round.
    """
    found = {}
    deadline = tested.scenario.deadline
    calm = min(CALM, (deadline - _AROUND) // len(CLAIMS) - 1)
    if calm >= 1:
        plans = [_to_the_end(moves, deadline) for moves in (burst_moves(calm), spread_moves(calm))]
        pressed = len(spread_moves(calm))
        at_once, in_steps = (tested.play(FixedMoves(plan)) for plan in plans)
        found["claims"] = _pair(plan_in_words(plans[0]), at_once, plan_in_words(plans[1]), in_steps, pressed)
    at_once, in_steps = (tested.play(load_policy(name)) for name in ("forcing", "gradual"))
    found["policies"] = _pair("forcing", at_once, "gradual", in_steps)
    return found


def _to_the_end(moves: tuple[Move, ...], deadline: int) -> list[Move]:
    """Return the moves, then small concessions, and the ask taken in the last round."""
    return [*moves, *[Move.CONCEDE_SMALL] * (deadline - 1 - len(moves)), Move.ACCEPT]


def _pair(burst: str, at_once: Episodes, spread: str, in_steps: Episodes, rounds: float = inf) -> Burst:
    broken = [_broken(episodes, rounds) for episodes in (at_once, in_steps)]
    return Burst(
        burst, spread, share(broken[0]), share(broken[1]), ratio(*broken), paired_difference(in_steps, at_once)
    )


def _broken(episodes: Episodes, rounds: float) -> NDArray[np.float64]:
    """Return 1 where the supplier left within so many rounds, else 0."""
    outcomes = episodes.outcomes
    broken: NDArray[np.bool_] = (outcomes["outcome"] == "breakdown") & (outcomes["rounds"] <= rounds)
    return broken.astype(np.float64)
