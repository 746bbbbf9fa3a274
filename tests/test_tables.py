"""The tables and names of the pages that no command writes, against the code and the records that are shipped.

What is measured is not measured again: names are those of the code, and numbers follow from one another.
"""

import re
from importlib.metadata import requires
from itertools import pairwise

import gymnasium
import pytest
from packaging.requirements import Requirement

from agents.learning.algorithms import ALGORITHMS
from agents.scripted import EVERY_SCRIPTED, SOURCING_SCRIPTED
from negoenv.benchmark.evaluation import Interval
from negoenv.benchmark.scores import Reference, record_path
from negoenv.game.effects import Family
from negoenv.game.state import Outcome
from negoenv.game.supplier_tactics import SupplierTactic
from negoenv.game.tactics import Move
from negoenv.game.term_moves import TermMove
from negoenv.interop.supplier_agent import SUPPLIER_MOVES
from negoenv.ladder.rules import LadderMove
from negoenv.scenarios.presets import PRESETS
from negoenv.sourcing.moves import SourcingAction, SourcingMove
from tests.check_docs import ROOT, pages

NAMED = {member.name for names in (Move, TermMove, SupplierTactic, Family, Outcome, LadderMove, SourcingMove,
                                   SourcingAction) for member in names} | {*SUPPLIER_MOVES}  # fmt: skip
OTHERS = {"NEXT_STEP", "SAME_STEP", "PPO_CFG"}
"""What else is written in capitals: names of Gymnasium and skrl."""

VARIABLES = ("OMP_", "NUMBA_", "MINARI_", "RAY_", "NO_COLOR", "NEGOENV_")
"""What variables of the process's environment begin with."""

CAPITALS = re.compile(r"(?<![\w.])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
LINES = re.compile(r"`([\w/.]+\.py)` \((\d+) lines")


def rows_of(page, *headers):
    """Return the rows, lists of cells, of the page's one table whose headers begin so."""
    lines = (ROOT / page).read_text(encoding="utf-8").splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else [] for line in lines]
    (first,) = [number for number, row in enumerate(cells) if tuple(row[: len(headers)]) == headers]
    end = next(number for number in range(first, len(cells) + 1) if number == len(cells) or not cells[number])
    return cells[first + 2 : end]


def number(cell):
    return float(cell.split(" ")[0])


@pytest.mark.parametrize("page", pages())
def test_names_in_capitals_are_moves_tactics_outcomes_or_families(page):
    found = set(CAPITALS.findall((ROOT / page).read_text(encoding="utf-8")))
    assert not {name for name in found - NAMED - OTHERS if not name.startswith(VARIABLES)}


def test_the_ids_of_the_readme_are_those_that_are_registered():
    told = [name for row in rows_of("README.md", "id") for name in re.findall(r"`(negoenv/[\w-]+)`", row[0])]
    ids = {name for name in gymnasium.registry if re.match(r"negoenv/(?!mo-)", name)}
    assert sorted(told) == sorted(ids)


def test_the_readme_names_every_policy_and_its_scores_are_those_of_the_record():
    rows = rows_of("README.md", "policy", "return", "normalised")
    named = [row[0].split(" ")[0] for row in rows]
    scripted = {name for name in EVERY_SCRIPTED if name not in SOURCING_SCRIPTED}
    assert {name for name in named if name not in ("planner", "PPO")} <= scripted
    returns = [number(row[1]) for row in rows]
    assert returns == sorted(returns, reverse=True)
    record = Reference.model_validate_json(record_path("Procurement").read_text(encoding="utf-8"))
    for name, row in zip(named, rows, strict=True):
        if name != "planner":  # which met fewer suppliers
            score = record.score(Interval(*[number(row[1])] * 3)).mean
            assert score == pytest.approx(number(row[2]), abs=0.006), name


def test_the_policies_of_sourcing_are_those_there_are_and_their_differences_add_up():
    assert [row[0] for row in rows_of("docs/sourcing.md", "policy", "what it does")] == [*SOURCING_SCRIPTED]
    rows = rows_of("docs/sourcing.md", "policy, 4,096 test suppliers")
    squeeze = next(row for row in rows if row[0] == "squeeze")
    for row in rows:
        if row is not squeeze:
            assert row[0].strip("`") in {*EVERY_SCRIPTED, "sourcing_full"}
            assert number(row[1]) - number(squeeze[1]) == pytest.approx(number(row[2]), abs=0.0021), row[0]


def test_what_survives_a_worst_case_is_its_share_of_the_return():
    for buyer, population, worst, survives, *_ in rows_of("docs/neighbours.md", "buyer", "population"):
        assert number(worst) / number(population) == pytest.approx(number(survives), abs=0.007), buyer


def test_the_libraries_that_were_tried_are_of_versions_that_are_asked_for():
    asked = {found.name.lower(): found for found in map(Requirement, requires("negoenv"))}
    tried = {name.lower(): row[1] for row in rows_of("docs/neighbours.md", "library") for name in row[0].split(", ")}
    both = {*asked} & {*tried}
    assert {"gymnasium", "pettingzoo", "negmas", "torchrl", "tianshou", "skrl"} <= both
    for name in both:
        version = re.match(r"[\d.]+", tried[name])
        assert version, name
        assert asked[name].specifier.contains(version.group()), f"{name} {version.group()}"


@pytest.mark.parametrize("page", pages())
def test_files_are_as_long_as_a_page_says(page):
    for path, told in LINES.findall((ROOT / page).read_text(encoding="utf-8")):
        assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) == pytest.approx(int(told), rel=0.1), path


def test_which_move_pays_names_moves_and_games_each_once_the_dearest_first():
    rows = rows_of("docs/design/game.md", "move", "return lost")
    moves = [name for row in rows for name in row[0].split(", ")]
    assert len(moves) == len({*moves})
    assert {*moves} <= {move.name for move in Move}
    lost = [cell.split(" ") for row in rows for cell in row[1].split(", ")]
    assert {game for _, game in lost} <= {*PRESETS}
    assert all(float(one[0]) > 0.0 for one in lost)
    firsts = [float(row[1].split(" ")[0]) for row in rows]
    assert all(dearer >= cheaper for dearer, cheaper in pairwise(firsts))
    assert all(number(times) > 0.0 for row in rows for times in row[2].split(", "))


def test_the_algorithms_of_the_page_of_sb3_are_those_there_are():
    (row,) = [row for row in rows_of("docs/neighbours.md", "library") if row[0].startswith("Stable-Baselines3")]
    told = {name.lower().replace("-", "") for name in re.findall(r"\b[\w-]*(?:PPO|TRPO|A2C|DQN)\b", row[2])}
    ours = {name.replace("_", "") for name in ALGORITHMS} - {"fastppo"}
    assert ours <= told
