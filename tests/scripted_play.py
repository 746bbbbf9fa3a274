"""Scripted policies at play: what they saw, which moves they made, and what that earned."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from agents.policy import Policy
from agents.scripted import SCRIPTED, make
from agents.scripted.base import read
from negoenv.base_env import SingleEnv
from negoenv.benchmark.evaluation import Episodes, evaluate
from negoenv.engine.negotiation_batch import NegotiationBatch
from negoenv.game.effects import Family
from negoenv.game.tactics import FAMILY_OF, Move
from negoenv.scenarios.presets import PRESETS
from negoenv.scenarios.scenario import Scenario

PROCUREMENT = PRESETS["Procurement"]
FAMILIES = np.array([FAMILY_OF[move] for move in Move])
CONCESSIONS = FAMILIES == Family.CONCESSION
OVER = -1  # stands for a move in a row whose episode has ended

every_policy = pytest.mark.parametrize("name", SCRIPTED)
every_deterministic_policy = pytest.mark.parametrize("name", [name for name in SCRIPTED if name != "random"])


@dataclass
class Played:
    """What was seen before each move and which move it was, the first axis being rounds."""

    moves: np.ndarray
    observations: np.ndarray
    masks: np.ndarray

    def table(self, step: int) -> dict[str, np.ndarray]:
        return read(self.observations[step], self.masks[step])


def play(
    policy: Policy, num_rows: int, seed: int = 7, reset: bool = True, options: dict[str, Any] | None = None
) -> Played:
    batch = NegotiationBatch(num_rows, PROCUREMENT, split="train")
    running, episode_starts = np.ones(num_rows, np.bool_), np.ones(num_rows, np.bool_)
    batch.seed(seed)
    batch.reset(running, options)
    if reset:
        policy.reset(num_rows, seed)
    moves, seen, masks = [], [], []
    while running.any():
        seen.append(batch.observations.copy())
        masks.append(batch.action_masks.copy())
        chosen = policy.act(seen[-1], masks[-1], episode_starts)
        assert chosen.shape == (num_rows,)
        assert chosen.dtype == np.int64
        assert (batch.action_masks[np.arange(num_rows), chosen] == 1)[running].all()
        moves.append(np.where(running, chosen, OVER))
        batch.step(chosen, running)
        running &= ~batch.terminated
        episode_starts = np.zeros(num_rows, np.bool_)
    return Played(np.array(moves), np.array(seen), np.array(masks))


def score(name: str, scenario: Scenario = PROCUREMENT, num_rows: int = 256) -> Episodes:
    return evaluate(make(name), NegotiationBatch(num_rows, scenario, split="train"), seed=0)


def moves_alone(policy: Policy, seed: int) -> list[int]:
    env = SingleEnv(NegotiationBatch(1, PROCUREMENT, split="train"))
    observation, info = env.reset(seed=seed)
    policy.reset(1, seed)
    moves, over = [], False
    while not over:
        move = policy.act(observation, info["action_mask"])
        assert isinstance(move, int)
        moves.append(move)
        observation, _, over, _, info = env.step(np.int64(move))
    return moves
