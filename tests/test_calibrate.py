"""The sellers of Marketplace against the data they were fitted to, and the script that fits and checks."""

import subprocess
import sys
from pathlib import Path

import pytest

from negoenv.human import MOMENTS, load_shipped
from negoenv.human.fit import compare, fit
from negoenv.population import Population
from negoenv.scenario import resolve

SCRIPT = Path(__file__).parents[1] / "scripts" / "calibrate.py"


@pytest.mark.parametrize("seed", [1, 2])
def test_marketplace_fits_the_data(seed):
    moments = compare(resolve("Marketplace"), load_shipped().bargains, seed=seed)
    assert {m.name for m in moments} == set(MOMENTS)
    assert max(abs(m.z) for m in moments if MOMENTS[m.name].fitted) < 2.5
    assert max(abs(m.z) for m in moments) < 3.0


def test_procurement_does_not_fit_it():
    moments = compare(resolve("Procurement"), load_shipped().bargains, sellers=2)
    assert max(abs(m.z) for m in moments if MOMENTS[m.name].fitted) > 10.0


def test_a_fit_gives_a_population_that_a_scenario_accepts(tmp_path):
    scenario = resolve("Marketplace")
    population, distance = fit(scenario, load_shipped().bargains, "tried", "test", generations=1, sellers=1)
    assert distance > 0.0
    assert isinstance(scenario.changed({"train": population}).train, Population)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--negotiations", "x.csv"], "Name both --negotiations and --offers"),
        (["--check", "--scenario", "Markt"], "Unknown scenario 'Markt'"),
    ],
)
def test_wrong_use_is_told_in_one_sentence(arguments, sentence):
    done = subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1
