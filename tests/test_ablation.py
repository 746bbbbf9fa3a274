"""What a policy plays, and what it loses without: counted and paired on the same suppliers."""

import json

import numpy as np
import pytest

from agents.registry import load_policy
from agents.studies.ablation import PARTS, move_uses
from negoenv import NegoenvError
from negoenv.game.tactics import Move


class _OpensLow:
    """Opens low where that is legal, else moderately; then takes the ask."""

    name = "opens_low"

    def reset(self, num_rows, seed=0):
        pass

    def act(self, observation, action_mask, episode_starts):
        wanted = (Move.OPEN_LOW, Move.OPEN_MODERATE, Move.ACCEPT)
        return np.select([action_mask[:, move] == 1 for move in wanted], wanted, default=Move.HOLD)


def test_what_is_played_is_counted_and_what_is_taken_away_is_not_played():
    whole, uses = move_uses(_OpensLow(), "Procurement", episodes=256)
    found = {use.move: use for use in uses}
    assert set(found) == set(PARTS)
    assert [use.uses for use in uses] == sorted((use.uses for use in uses), reverse=True)
    assert found["OPEN_LOW"].uses == 1.0
    assert found["OPEN_MODERATE"].uses == 0.0
    assert found["OPEN_MODERATE"].cost is None
    assert found["ACCEPT"].cost.low > 0.0, "without a deal the buyer gets nothing"
    assert found["ACCEPT"].cost.mean > found["OPEN_LOW"].cost.mean
    assert len(whole.returns) == 256


def test_parts_of_combined_moves_count():
    _, uses = move_uses(load_policy("gradual"), "Procurement", episodes=64)
    assert sum(use.uses for use in uses) > 1.0


@pytest.mark.parametrize(
    ("scenario", "episodes", "told"),
    [("Procurment", 64, "Unknown scenario"), ("Procurement", 1, "needs at least 2"), ("Ladder", 64, "one supplier")],
)
def test_wrong_uses_get_a_sentence(scenario, episodes, told):
    with pytest.raises(NegoenvError, match=told):
        move_uses(_OpensLow(), scenario, episodes=episodes)


def test_the_command_prints_a_table_and_writes_it(command, tmp_path):
    path = tmp_path / "moves.json"
    status, out, error = command("ablation", "gradual", "--episodes", 64, "--json", path)
    assert status == 0, error
    assert "times a negotiation" in out
    moves = json.loads(path.read_text())["moves"]
    assert {row["move"] for row in moves} == set(PARTS)
    assert all((row["cost"] is None) == (row["uses"] == 0.0) for row in moves)
