"""The manual of each environment, its docstring, against the code."""

import re

import gymnasium as gym
import pytest

from negoenv import NegotiationEnv
from negoenv.game import observation
from negoenv.game.tactics import FAMILY_OF, Move
from negoenv.ladder.env import LadderEnv
from negoenv.ladder.rules import LadderMove

PROCUREMENT = "negoenv/Procurement-v0"


def _section(cls, title):
    return cls.__doc__.split(f"## {title}")[1].split("\n    ## ")[0]


def test_the_manual_lists_the_columns():
    rows = [line.strip() for line in _section(NegotiationEnv, "Observation Space").splitlines() if "| " in line]
    expected = [
        f"| {index} | {c.name} | {c.unit} | [{c.low:g}, {c.high:g}] | {c.meaning} |"
        for index, c in enumerate(observation.COLUMNS)
    ]
    assert rows[1:] == expected
    assert gym.make(PROCUREMENT).observation_space.shape == (len(expected),)


@pytest.mark.parametrize(("cls", "moves"), [(NegotiationEnv, Move), (LadderEnv, LadderMove)])
def test_the_manual_lists_the_moves(cls, moves):
    text = _section(cls, "Action Space")
    assert f"``Discrete({len(moves)})``" in text
    assert {int(code): name for code, name in re.findall(r"(\d+) ([A-Z_]{3,})", text)} == {m: m.name for m in moves}


def test_the_manual_keeps_families_together():
    for line in _section(NegotiationEnv, "Action Space").splitlines():
        families = {FAMILY_OF[Move[name]] for name in re.findall(r"\d+ ([A-Z_]{3,})", line)}
        assert len(families) <= 1 or line.strip().startswith("| retreat and information")


def test_the_manual_lists_the_reward_terms():
    rows = re.findall(r"^ *\| ([a-z_]+) \|", _section(NegotiationEnv, "Rewards"), re.MULTILINE)
    assert tuple(rows[1:]) == gym.make(PROCUREMENT).unwrapped.batch.reward_names


def test_the_manual_names_what_is_reported_at_the_end():
    named = set(re.findall(r"``([a-z_]+)``", _section(NegotiationEnv, "Episode End")))
    assert set(gym.make(PROCUREMENT).unwrapped.batch.outcomes()) <= named


def test_the_manual_of_the_ladder_has_its_sizes():
    for known_type, size in ((True, 328), (False, 164)):
        assert gym.make("negoenv/Ladder-v0", known_type=known_type).observation_space.n == size
        assert f"``Discrete({size})`` with ``known_type={known_type}``" in _section(LadderEnv, "Observation Space")


@pytest.mark.parametrize("cls", [NegotiationEnv, LadderEnv])
def test_the_manual_has_gymnasiums_sections(cls):
    for title in (
        "Description", "Action Space", "Observation Space", "Rewards", "Starting State", "Episode End", "Arguments",
        "Vectorized environment", "Version History",
    ):  # fmt: skip
        assert _section(cls, title).strip()
