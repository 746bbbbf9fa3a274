"""The game in words: what is told, what an answer is taken for, and a function of text as a policy."""

import gymnasium as gym
import numpy as np
import pytest

from agents.reporting.report import report_on
from agents.text_policy import TextPolicy
from negoenv import Move, NegoenvError
from negoenv.interop.text import parse_move, told_moves, told_observation
from tests.contract import ONE


def situation(*moves):
    env = gym.make(ONE)
    observation, info = env.reset(seed=1)
    for move in moves:
        observation, *_, info = env.step(int(move))
    return observation, info["action_mask"]


def test_a_situation_is_told():
    observation, mask = situation()
    text = told_observation(observation)
    left = int(text.split()[0])
    assert text.startswith(f"{left} rounds left. The supplier asks 100.0%. You have made no offer yet. A deal above ")
    assert len(told_moves(observation, mask).splitlines()) == mask.sum()
    observation, mask = situation(Move.OPEN_FAIR, Move.PROBE)
    text = told_observation(observation)
    assert text.startswith(f"{left - 2} rounds left. ")
    assert "Your offer is" in text
    assert "You estimate its cost at" in text
    moves = told_moves(observation, mask)
    assert "{" not in text + moves
    assert f"\n{Move.CITE_COMPETITORS.name}: " in moves


@pytest.mark.parametrize(
    "answer",
    [
        "HOLD",
        "MOVE: HOLD",
        "I would think of PROBE first.\nMOVE: HOLD",
        "move: hold",
        "**MOVE:** `HOLD`.",
        "HOLD, HOLD",
    ],
)
def test_an_answer_names_a_move(answer):
    assert parse_move(answer, situation(Move.OPEN_FAIR)[1]) is Move.HOLD


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ("", "names no move"),
        (None, "names no move"),
        ("MOVE: HOLDD", "names no move. Did you mean 'HOLD'"),
        ("PROBE or HOLD", "names 2 moves"),
        ("MOVE: OPEN_LOW", "OPEN_LOW is not legal now"),
        ("\x1b[2J", "names no move"),
        ("x" * 10**6, "names no move"),
    ],
)
def test_what_names_none_is_told(answer, told):
    with pytest.raises(NegoenvError, match=told) as error:
        parse_move(answer, situation(Move.OPEN_FAIR)[1])
    assert str(error.value).isprintable()


def test_observations_of_another_game_are_refused():
    with pytest.raises(NegoenvError, match=r"An observation has the shape \(3,\)"):
        told_observation(np.zeros(3, np.float32))


def test_a_function_of_text_is_a_policy():
    """It concedes by what it reads alone."""
    prompts = []

    def reads(prompt):
        prompts.append(prompt)
        if "no offer yet" in prompt:
            return "MOVE: OPEN_FAIR"
        return "I give a little.\nMOVE: CONCEDE_MODERATE" if "\nCONCEDE_MODERATE:" in prompt else "MOVE: HOLD"

    policy = TextPolicy(reads)
    report = report_on(policy, "Procurement", episodes=8)
    assert report.policy == "reads"
    assert (report.episodes.outcomes["illegal_moves"] == 0).all()
    assert (report.episodes.outcomes["outcome"] == "deal").sum() > 4
    assert policy.misunderstood == 0
    assert policy.asked == len(prompts)


def test_who_is_not_understood_is_asked_again_and_then_holds():
    prompts = []
    policy = TextPolicy(lambda prompt: prompts.append(prompt) or "as you like", "vague", attempts=2)
    observation, mask = situation(Move.OPEN_FAIR)
    assert policy.act(observation, mask) == Move.HOLD
    assert len(prompts) == 2
    assert prompts[1].startswith(prompts[0])
    assert "names no move" in prompts[1]
    with pytest.raises(NegoenvError, match="attempts is 0"):
        TextPolicy(str, attempts=0)
