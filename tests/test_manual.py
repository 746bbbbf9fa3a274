"""The manual of each environment, its docstring, against the code."""

import re

import gymnasium as gym
import pytest

from negoenv import NegotiationEnv
from negoenv.engine.action_spaces import ACTION_SPACES
from negoenv.game import observation
from negoenv.game.tactics import FAMILY_OF, SIMPLE, Move
from negoenv.ladder.env import LadderEnv
from negoenv.ladder.rules import LadderMove

PROCUREMENT = "negoenv/Procurement-v0"
IN_WORDS = {10: "ten", 11: "eleven", 12: "twelve"}


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
    listed = {int(code): name for code, name in re.findall(r"\b(\d+) ([A-Z]{3}\w+)\b(?!\+)", text)}
    assert listed == {move: move.name for move in moves if "+" not in move.name}


def test_the_manual_says_what_is_said_and_offered_at_once():
    text = _section(NegotiationEnv, "Action Space")
    offers = text.split("in this order: ")[1].split(", and the named prices.")[0]
    names = [*re.findall(r"[A-Z_]+", offers), *(move.name for move in SIMPLE if move.name.startswith("OFFER_"))]
    assert f"goes with {IN_WORDS[len(names)]} offers" in text
    told = {}
    for first, last, argument in re.findall(r"(\d+)-(\d+) ([A-Z_]+)\+", text):
        numbers = range(int(first), int(last) + 1)
        told |= dict(zip(numbers, [f"{argument}+{name}" for name in names], strict=True))
    assert told == {move: move.name for move in Move if not move.simple}


@pytest.mark.parametrize("name", ACTION_SPACES)
def test_the_manual_has_the_size_of_every_action_space(name):
    env = gym.make(PROCUREMENT, action_space=name).unwrapped
    text = " ".join(_section(NegotiationEnv, "Action Space").split())
    told = re.search(rf'"{name}" (?:\(default\) )?is ``(.+?)``', text)[1]
    if name == "price":
        assert told == f"Dict(argument={env.action_space['argument']}, price=Box(0, 2, (1,)))"
        assert env.action_space["price"] == gym.spaces.Box(0.0, 2.0, (1,))
    else:
        assert told == str(env.action_space).replace(" ", ", ")
    env.reset(seed=0)
    if name != "discrete":
        assert f"The mask, of length {len(env.action_masks())}," in text


def test_the_manual_keeps_families_together():
    for line in _section(NegotiationEnv, "Action Space").splitlines():
        families = {FAMILY_OF[Move[name]] for name in re.findall(r"\d+ ([A-Z]{3}\w+)\b(?!\+)", line)}
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
