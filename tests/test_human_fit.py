"""The machinery that fits sellers to human bargains, resamples and cross-validates them, and checks a fit."""

import math

import numpy as np
import pytest

from agents.studies.calibration.fits import spreads_of
from negoenv import NegoenvError
from negoenv.human import moments_of
from negoenv.human.check import MomentComparison, compare_moments
from negoenv.human.fit import bootstrap_fit, cross_validate, fit
from negoenv.human.measured import HumanEvidence, same_data
from negoenv.human.problem import PARAMETERS, chat_problem
from negoenv.scenarios import populations
from negoenv.scenarios.presets import resolve
from tests.human_sample import DATA, FEW, SCALE, TURNS

pytestmark = pytest.mark.usefixtures("rough")


@pytest.mark.slow
def test_a_fit_comes_nearer_and_repeats_itself():
    scenario, problem = resolve("Procurement"), chat_problem(FEW, SCALE)
    reached = []
    first, again = (fit(scenario, problem, 2, 1, seed=3, progress=reached.append) for _ in range(2))
    assert np.array_equal(first.values, again.values)
    assert len(reached) == 4
    assert reached[1] <= reached[0]
    assert reached[1] == first.distance == again.distance
    bounds = np.array([(p.low, p.high) for p in problem.free])
    assert (bounds[:, 0] <= first.values).all()
    assert (first.values <= bounds[:, 1]).all()


def test_a_warm_start_is_at_least_as_near():
    scenario, problem = resolve("Marketplace"), chat_problem(FEW, SCALE)
    start = problem.values_of(scenario.train)
    cold, warm = (fit(scenario, problem, 1, 1, start=values).distance for values in (None, start))
    assert warm < cold


def test_the_numbers_of_a_population_are_found_again():
    problem = chat_problem(FEW, SCALE)
    values = np.array([0.5 * (p.low + p.high) for p in PARAMETERS])
    population = problem.population(values, "middle", "test")
    assert problem.values_of(population) == pytest.approx(values, abs=1e-4)
    with pytest.raises(NegoenvError, match=r"'ebay' does not name the trait|has 12 archetypes|a fit starts from"):
        problem.values_of(populations.find("marketplace_draws"))


def test_too_few_negotiations_are_refused():
    with pytest.raises(NegoenvError, match=r"^3 engaged negotiations are too few for a fit"):
        chat_problem(DATA.take(np.arange(3)))


@pytest.mark.slow
def test_draws_resample_and_repeat_themselves():
    scenario = resolve("Marketplace")
    first, again = (bootstrap_fit(scenario, FEW, TURNS, 2, generations=1, seed=4) for _ in range(2))
    assert np.array_equal(first.values, again.values)
    assert not np.array_equal(first.values[0], first.values[1])
    population = first.population("two", "test")
    assert population.archetype_names == ("draw_01", "draw_02")
    assert len(spreads_of(first)) == len(PARAMETERS)
    with pytest.raises(NegoenvError, match="65 draws are asked for; 2 to 64 are possible"):
        bootstrap_fit(scenario, FEW, None, 65)


@pytest.mark.slow
def test_a_cross_validation_checks_each_half_with_the_other():
    checks = list(cross_validate(resolve("Marketplace"), FEW, TURNS, splits=1, generations=1))
    assert len(checks) == 2
    one, other = ({m.name: m for m in moments} for moments in checks)
    agreement = moments_of(FEW)["agreement"]
    assert 0.5 * (one["agreement"].measured + other["agreement"].measured) == pytest.approx(agreement, abs=0.01)
    assert one["agreement"].fit_error == other["agreement"].error > 0.0
    assert one["given_silent"].fit_error == other["given_silent"].error > 0.0


# Checks


def test_the_error_of_a_difference_counts_all_three():
    moment = MomentComparison(
        "agreement", measured=0.5, simulated=0.63, error=0.03, fit_error=0.04, simulation_error=0.12
    )
    assert moment.error_of_difference == pytest.approx(0.13)
    assert moment.z == pytest.approx(1.0)
    assert moment.near


def test_what_cannot_be_computed_is_not_near():
    assert not MomentComparison("agreement", math.nan, 0.5, math.nan, 0.0, 0.01).near
    assert MomentComparison("agreement", 0.5, 0.5, 0.0, 0.0, 0.0).near
    assert not MomentComparison("agreement", 0.5, 0.6, 0.0, 0.0, 0.0).near


@pytest.mark.parametrize(("apart", "chance"), [(0.0, 0.9973), (3.0, 0.5), (6.0, 0.0013)])
def test_the_chance_on_unseen_data(apart, chance):
    spread = math.hypot(0.01, 0.01)
    moment = MomentComparison("agreement", 0.5, 0.5 + apart * spread, 0.01, 0.0, 0.0)
    assert moment.chance_on_unseen_data == pytest.approx(chance, abs=1e-4)


@pytest.mark.slow
def test_other_data_has_the_errors_of_both():
    scenario = resolve("Marketplace")
    alone, both = (
        compare_moments(scenario, HumanEvidence(FEW), other, replicas=2) for other in (None, HumanEvidence(DATA))
    )
    for one, two in zip(alone, both, strict=True):
        assert one.fit_error == 0.0
        assert two.error_of_difference == pytest.approx(math.hypot(one.error_of_difference, two.fit_error), nan_ok=True)
    assert same_data(DATA, DATA.take(np.arange(len(DATA))))
    assert not same_data(DATA, FEW)
