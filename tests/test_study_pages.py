"""The tables of pages that a study has measured are those that their commands print, of the games as they are."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

from agents.studies import sourcing
from agents.studies.contract import MEASURED_CONTRACT, contract_page
from agents.studies.pages import measured_on
from agents.studies.sourcing import MEASURED_SOURCING, sourcing_page
from agents.studies.trade_off import MEASURED_TRADE_OFF
from negoenv.make import make_batch

DOCS = Path(__file__).parents[1] / "docs"


def measured(page: str, part: str) -> str:
    """Return what the command has written into a page."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return text.split(f"<!-- begin {part} -->\n")[1].split(f"\n<!-- end {part} -->")[0]


def labels(text: str) -> list[str]:
    """Return the first cell of each row of the tables, and the other cells of each row above a rule."""
    lines = text.splitlines()
    heads = [line for line, after in pairwise(lines) if re.match(r"\| -", after)]
    return heads + [line.split("|")[1].strip() for line in lines if line.startswith("|")]


@pytest.mark.parametrize(
    ("page", "part", "game"),
    [
        ("sourcing.md", MEASURED_SOURCING, "Sourcing"),
        ("contract.md", MEASURED_CONTRACT, "Contract"),
        ("neighbours.md", MEASURED_TRADE_OFF, "Procurement"),
    ],
)
def test_the_numbers_of_a_page_are_of_the_game_as_it_is(page, part, game):
    """If the game was changed on purpose, run the command that the page names above them."""
    assert measured(page, part).splitlines()[0].startswith(measured_on(make_batch(1, game, "test")))


@pytest.mark.slow
def test_the_page_of_sourcing_has_the_tables_that_the_command_prints(monkeypatch):
    monkeypatch.setattr(sourcing, "ROWS", 16)
    assert labels(sourcing_page(4, progress=False)) == labels(measured("sourcing.md", MEASURED_SOURCING))


@pytest.mark.slow
def test_the_page_of_contracts_has_the_table_that_the_command_prints():
    shown = measured("contract.md", MEASURED_CONTRACT)
    printed = contract_page(("logroller", "random"), "gradual", 8)
    head = labels(printed)[0]
    assert head in shown
    assert [name for name in labels(printed) if name.startswith("gradual (")] == ["gradual (weights seen)"]
    assert "logroller less random" in printed


@pytest.mark.parametrize("name", ["sourcing-study", "contract-study", "trade-off"])
def test_wrong_use_of_a_study_is_told_in_a_sentence(name, command, tmp_path):
    for options in (("--epsiodes", 5), ("--page", tmp_path / "none.md")):
        status, out, err = command(name, *options)
        assert (status, out) == (2, "")
        assert "Traceback" not in err


def test_an_unknown_policy_is_told_before_anything_is_played(command):
    status, _, err = command("contract-study", "logroler", "--episodes", 4, "--no-progress")
    assert status == 2
    assert "logroler" in err
