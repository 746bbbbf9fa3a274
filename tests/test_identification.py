"""The kind of a supplier is learned over the negotiation: history tells more than the last observation."""

import json

import pytest
import torch

from agents.studies.identification import STEPS, identify
from negoenv import NegoenvError


def test_history_tells_more_than_the_last_observation_and_the_more_the_later():
    one, _, four, eight = identify("Procurement", 8000)
    assert (one.step, four.step, eight.step) == (STEPS[0], STEPS[2], STEPS[3])
    assert one.now > 0.3, "five kinds, and an answer tells something"
    assert four.now < 0.75, "what one answer tells is not the kind"
    assert four.history > four.now + 0.05
    assert eight.history > four.history


def test_the_same_is_found_again_and_no_global_random_state_is_touched():
    before = torch.random.get_rng_state()
    assert identify("Stalemate", 256) == identify("Stalemate", 256)
    assert torch.equal(before, torch.random.get_rng_state())


def test_an_unknown_scenario_gets_a_sentence():
    with pytest.raises(NegoenvError, match="Unknown scenario"):
        identify("Procurment", 64)


@pytest.mark.parametrize(("episodes", "told"), [(0, "episodes is 0"), (1, "give more")])
def test_too_few_suppliers_get_a_sentence(episodes, told):
    with pytest.raises(NegoenvError, match=told):
        identify("Procurement", episodes)


def test_the_command_prints_a_table_and_writes_it(command, tmp_path):
    path = tmp_path / "kinds.json"
    status, out, error = command("identification", "--episodes", 256, "--json", path)
    assert status == 0, error
    assert "from all so far" in out
    assert [row["step"] for row in json.loads(path.read_text())["steps"]] == list(STEPS)
