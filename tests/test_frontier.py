"""Utilities, Pareto frontier and the points on it: against brute force, and against NegMAS where it is installed.

NegMAS (Mohammad, Nakadai & Greenwald 2020, *NegMAS: a platform for automated negotiations*) is no dependency; to run
its part: ``pip install negmas``.
"""

import itertools

import numpy as np
import pytest

from negoenv.game.state import Outcome
from negoenv.game.term_moves import ISSUES
from negoenv.make import make_batch
from negoenv.scenarios.contract_issues import SUPPLY_CONTRACT

ROWS = 12
PRICES = 401  # in the individually rational range of a row
RANGE = SUPPLY_CONTRACT.price.range
EXTENT = RANGE[1] - RANGE[0]
ALL_TERMS = np.array(list(itertools.product(range(5), repeat=len(ISSUES))))
BUYER = np.stack([SUPPLY_CONTRACT.issue(name).buyer_values() for name in ISSUES])
SUPPLIER = np.stack([SUPPLY_CONTRACT.issue(name).supplier_values() for name in ISSUES])
BUYER_WEIGHTS = np.array([SUPPLY_CONTRACT.issue(name).weight for name in ISSUES])


def pick(table, terms):
    """Return the values of the levels in ``terms``, shape ``(..., issues)``."""
    return np.stack([table[k][terms[..., k]] for k in range(len(ISSUES))], axis=-1)


class World:
    """A deal in each of some rows, and what weights and reservation utilities both sides have there."""

    def __init__(self):
        self.batch = batch = make_batch(ROWS, "Contract")
        batch.seed(4)
        batch.reset(np.ones(ROWS, np.bool_))
        rng = np.random.default_rng(0)
        self.terms = rng.integers(0, 5, (ROWS, len(ISSUES)))
        self.terms[:, 3] = rng.integers(2, 5, ROWS)
        worth, burden = batch.issues["worth"][0], batch.issues["burden"][0]
        batch.terms["level"] = self.terms
        batch.terms["worth"] = pick(worth, self.terms).sum(axis=1)
        batch.terms["cost"] = (pick(burden, self.terms) * batch.terms["weight"]).sum(axis=1)
        batch.state["outcome"] = float(Outcome.DEAL)
        batch.state["price"] = rng.uniform(0.5, 0.9, ROWS)
        self.found = batch.outcomes()
        total = batch.terms["weight"].sum(axis=1)
        self.price_weights = 1.0 / (1.0 + total / EXTENT)
        self.weights = batch.terms["weight"] * (self.price_weights / EXTENT)[:, None]
        limit, cost = batch.state["limit"], batch.supplier["reservation_price"].astype(float)
        standard = np.full(len(ISSUES), 2)
        self.walls = np.array(
            [(self.buyer(limit[i], standard), self.supplier(i, cost[i], standard)) for i in range(ROWS)]
        )

    def buyer(self, price, terms):
        """Return the buyer's utility: weights that sum to 1, values from 0 to 1."""
        return 0.5 * (RANGE[1] - price) / EXTENT + (BUYER_WEIGHTS * pick(BUYER, terms)).sum(axis=-1)

    def supplier(self, i, price, terms):
        """Return the supplier's utility in row ``i``."""
        return self.price_weights[i] * (price - RANGE[0]) / EXTENT + (self.weights[i] * pick(SUPPLIER, terms)).sum(-1)

    def outcomes(self, i):
        """Return a grid of the rational prices, and the utilities of both sides at all prices and terms."""
        a, b = 0.5 / EXTENT, self.price_weights[i] / EXTENT
        best = self.best_terms(i)
        high = RANGE[1] + (self.buyer(RANGE[1], best) - self.walls[i, 0]) / a  # where the buyer is indifferent
        low = RANGE[0] - (self.supplier(i, RANGE[0], best) - self.walls[i, 1]) / b
        prices = np.linspace(low, high, PRICES)
        x = self.buyer(prices[:, None], ALL_TERMS[None])
        return prices, np.stack([x, self.supplier(i, prices[:, None], ALL_TERMS[None])], axis=-1)

    def best_terms(self, i):
        """Return the terms with the largest joint surplus, of all that there are."""
        in_money = self.buyer(0.0, ALL_TERMS) * EXTENT / 0.5
        in_money = in_money + self.supplier(i, 0.0, ALL_TERMS) * EXTENT / self.price_weights[i]
        return ALL_TERMS[in_money.argmax()]


@pytest.fixture(scope="module")
def world():
    return World()


def distance(points, place):
    return np.sqrt(((np.reshape(points, (-1, 2)) - place) ** 2).sum(axis=1)).min()


def place_of(world, i):
    return np.array([world.found["buyer_utility"][i], world.found["supplier_utility"][i]])


def grid_error(world, i):
    prices, _ = world.outcomes(i)
    return 2.0 * (prices[1] - prices[0]) / EXTENT


def test_weights_sum_to_one(world):
    assert np.allclose(world.weights.sum(axis=1) + world.price_weights, 1.0)
    assert np.isclose(BUYER_WEIGHTS.sum() + 0.5, 1.0)


def test_utilities_are_those_of_the_weights(world):
    price = world.found["price"]
    for i in range(ROWS):
        assert np.isclose(world.found["buyer_utility"][i], world.buyer(price[i], world.terms[i]))
        assert np.isclose(world.found["supplier_utility"][i], world.supplier(i, price[i], world.terms[i]))


def test_the_frontier_is_that_of_brute_force(world):
    """Of all terms at all prices, no deal lies beyond those at the best terms."""
    for i in range(ROWS):
        _, utilities = world.outcomes(i)
        at_best = utilities[:, (world.best_terms(i) == ALL_TERMS).all(axis=1).argmax()]
        line = at_best[0] - at_best[-1]  # from the dearest deal to the cheapest, so that beyond is to the right
        normal = np.array([-line[1], line[0]]) / np.hypot(*line)
        normal *= np.sign(normal.sum())
        assert ((utilities.reshape(-1, 2) - at_best[0]) @ normal).max() < 1e-9
        assert np.isclose(world.found["pareto_distance"][i], -((place_of(world, i) - at_best[0]) @ normal), atol=1e-9)


def test_the_points_are_those_of_brute_force(world):
    for i in range(ROWS):
        _, utilities = world.outcomes(i)
        gains = utilities.reshape(-1, 2) - world.walls[i]
        rational = gains[(gains >= -1e-9).all(axis=1)]
        ideal = rational.max(axis=0)
        here = place_of(world, i) - world.walls[i]
        points = {
            "nash_distance": rational[rational.prod(axis=1).argmax()],
            "kalai_smorodinsky_distance": rational[(rational / ideal).min(axis=1).argmax()],
            "utilitarian_distance": rational[rational.sum(axis=1).argmax()],
        }
        for name, point in points.items():
            assert abs(world.found[name][i] - np.hypot(*(here - point))) < grid_error(world, i), name


def test_value_created_and_claimed(world):
    found, batch = world.found, world.batch
    limit, cost = batch.state["limit"], batch.supplier["reservation_price"]
    for i in range(ROWS):
        in_money = pick(batch.issues["worth"][0], ALL_TERMS).sum(axis=1)
        in_money = in_money - (pick(batch.issues["burden"][0], ALL_TERMS) * batch.terms["weight"][i]).sum(axis=1)
        created = batch.terms["worth"][i] - batch.terms["cost"][i]
        assert np.isclose(found["value_created"][i], created / in_money.max())
        joint = limit[i] - cost[i] + created
        assert np.isclose(found["frontier_share"][i], joint / (limit[i] - cost[i] + in_money.max()))
        gain = limit[i] + batch.terms["worth"][i] - found["price"][i]
        assert np.isclose(found["value_claimed"][i], gain / max(joint, float(batch.constants["least_surplus"][0])))


def test_negmas_finds_the_same_points(world):
    negmas = pytest.importorskip("negmas")
    ops = pytest.importorskip("negmas.preferences.ops")
    for i in range(3):
        prices, _ = world.outcomes(i)
        prices = prices[:: PRICES // 40]
        issues = [negmas.make_issue(len(prices), "price"), *(negmas.make_issue(5, name) for name in ISSUES)]
        tables = (
            [dict(enumerate((RANGE[1] - prices) / EXTENT)), *(dict(enumerate(values)) for values in BUYER)],
            [dict(enumerate((prices - RANGE[0]) / EXTENT)), *(dict(enumerate(values)) for values in SUPPLIER)],
        )
        weights = ([0.5, *BUYER_WEIGHTS], [world.price_weights[i], *world.weights[i]])
        functions = [
            negmas.LinearAdditiveUtilityFunction(
                dict(zip(("price", *ISSUES), table, strict=True)),
                weights=dict(zip(("price", *ISSUES), map(float, weight), strict=True)),
                issues=issues,
                reserved_value=float(wall) - 1e-9,
            )
            for table, weight, wall in zip(tables, weights, world.walls[i], strict=True)
        ]
        outcomes = [(p, *map(int, terms)) for p in range(len(prices)) for terms in ALL_TERMS]
        points = np.array([[float(f(outcome)) for f in functions] for outcome in outcomes])
        _, mine = world.outcomes(i)
        assert np.allclose(points, mine[:: PRICES // 40].reshape(-1, 2)), "the utilities are the same"
        frontier, _ = ops.pareto_frontier(functions, outcomes=outcomes, sort_by_welfare=True)
        here, error = place_of(world, i), 2.0 * (prices[1] - prices[0]) / EXTENT
        line = np.array(sorted(point for point in frontier if (np.array(point) >= world.walls[i] - 1e-6).all()))
        assert abs(distance(line, here) - world.found["pareto_distance"][i]) < error
        found = {
            "nash_distance": ops.nash_points(functions, frontier, outcomes=outcomes),
            "kalai_smorodinsky_distance": ops.ks_points(functions, frontier, outcomes=outcomes),
            "utilitarian_distance": ops.max_welfare_points(functions, frontier, outcomes=outcomes),
        }
        for name, chosen in found.items():
            if name == "utilitarian_distance":  # NegMAS looks at irrational deals, too
                chosen = [(max(map(tuple, line), key=sum), None)]
            assert abs(distance([point for point, *_ in chosen], here) - world.found[name][i]) < error, name
