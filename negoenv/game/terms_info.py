"""What became of a contract with several issues, beside what game theory would have it be.

Price enters the utilities of both sides linearly, so value can be handed over one for one in money: the Pareto frontier
is the straight line of the deals at the terms with the largest joint surplus, at any price. Issues are weighed
separately, so those terms are the best level of each issue, found by trying all of them; everything else follows in
closed form. Utilities are those of Raiffa (1982): weights that sum to 1, values from 0 to 1. The points are those of
Nash (1950), Kalai & Smorodinsky (1975) and the largest sum of utilities, among deals that leave neither side worse off
than without one; without a bound on the price the first two are the same point of a straight frontier.
"""

import math

import numpy as np

from negoenv.game.persuasion import Record
from negoenv.game.state import Outcome
from negoenv.game.term_moves import ISSUES
from negoenv.game.terms import attainable, buyer_gain
from negoenv.numerics.compiled import compiled
from negoenv.numerics.layout import Records

UTILITIES = (
    "buyer_utility",
    "supplier_utility",
    "frontier_share",
    "value_created",
    "value_claimed",
    "pareto_distance",
    "nash_distance",
    "kalai_smorodinsky_distance",
    "utilitarian_distance",
    "principle_kept",
)
"""What is reported of a deal besides its price: utilities of both sides, the joint surplus as a share of the most that
the best terms give, how much of what the best terms add to the standard ones the deal adds, the buyer's share of the
joint surplus, distances in the plane of the utilities, and 1 if no principle was given up, else 0."""

CONTRACT_INFO = np.dtype([(name, np.float64) for name in (*UTILITIES, *ISSUES)])
"""What is told of one row after its episode besides `negoenv.game.episode_info.EPISODE_INFO`; of a deal only."""

_DEAL = int(Outcome.DEAL)
_N = len(ISSUES)


@compiled
def supplier_price_weight(t: Record, g: Record) -> float:
    """Return the supplier's weight of the price, where all of its weights sum to 1."""
    total = 0.0
    for k in range(_N):
        total += t.weight[k]
    return 1.0 / (1.0 + total / (g.price_range[1] - g.price_range[0]))


@compiled
def write_contract_info(s: Record, p: Record, c: Record, t: Record, g: Record, report: Record) -> None:
    """Write what the terms of a deal came to, after the report on its price was written; NaN without a deal."""
    if int(s.outcome) != _DEAL:
        fill_contract_info(report, np.nan)
        return
    extent = g.price_range[1] - g.price_range[0]
    a = g.price_weight / extent  # utility that a price unit is worth to the buyer
    b = supplier_price_weight(t, g) / extent
    price = s.price + t.cost
    gain, margin = buyer_gain(s.price, s, t), s.price - p.reservation_price
    whole = attainable(s, p, c, t)
    joint = gain + margin
    supplier_base = 0.0
    for k in range(_N):
        supplier_base += b * t.weight[k] * g.standing[k]
    report.buyer_utility = a * (g.price_range[1] - price + t.worth) + g.base[0]
    report.supplier_utility = b * (price - g.price_range[0] - t.cost) + supplier_base
    report.frontier_share = joint / whole
    report.value_created = (t.worth - t.cost) / t.best if t.best > 0.0 else 1.0
    report.value_claimed = gain / max(joint, c.least_surplus)
    report.pareto_distance = max(0.0, t.best - t.worth + t.cost) * a * b / math.sqrt(a * a + b * b)
    half = 0.5 * max(0.0, s.limit + t.best - p.reservation_price)
    x, y = a * gain, b * margin
    report.nash_distance = math.hypot(x - a * half, y - b * half)
    report.kalai_smorodinsky_distance = report.nash_distance
    if a > b:
        report.utilitarian_distance = math.hypot(x - 2.0 * a * half, y)
    else:
        report.utilitarian_distance = math.hypot(x, y - 2.0 * b * half)
    kept = 1.0
    for k in range(_N):
        kept = 0.0 if t.level[k] < g.least[k] else kept
    report.principle_kept = kept
    report.payment = g.values[0, int(t.level[0])]
    report.delivery = g.values[1, int(t.level[1])]
    report.volume = g.values[2, int(t.level[2])]
    report.service = g.values[3, int(t.level[3])]


@compiled
def fill_contract_info(report: Record, value: float) -> None:
    """Write the same number everywhere."""
    report.buyer_utility = value
    report.supplier_utility = value
    report.frontier_share = value
    report.value_created = value
    report.value_claimed = value
    report.pareto_distance = value
    report.nash_distance = value
    report.kalai_smorodinsky_distance = value
    report.utilitarian_distance = value
    report.principle_kept = value
    report.payment = value
    report.delivery = value
    report.volume = value
    report.service = value


def contract_columns(reports: Records) -> dict[str, np.ndarray]:
    """Return what is reported by name, views of the ``reports``."""
    return {name: reports[name] for name in CONTRACT_INFO.names or ()}
